package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Documents;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Recordings;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a tenant keeps under names of its own, and scenarios name: the tables {@code recording} and {@code document}, each beside a table of
 * what they name, by its SHA-256.
 *
 * @param kind the table, the first word of what is journaled, and of the place in a text
 * @param used how a scenario uses it, in words
 */
record KeptNames(String kind, String used, int most) {
    static final KeptNames RECORDINGS = new KeptNames("recording", "heard", Recordings.MOST);
    static final KeptNames DOCUMENTS = new KeptNames("document", "printed", Documents.MOST);

    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,51}");

    static boolean isSlug(String slug) {
        return SLUG.matcher(slug).matches();
    }

    /** @throws LaunchRefusedException for a slug or a name for people that is none */
    static void check(String slug, String name) {
        if (!isSlug(slug)) {
            throw refused(
                    "slug", "\"" + slug + "\" must be 1 to 52 of a-z, 0-9 and -, starting with a letter or digit");
        }
        if (name.isBlank() || name.length() > 200) {
            throw refused("name", "must be 1 to 200 characters");
        }
    }

    /** Slug to SHA-256, hexadecimal. */
    Map<String, String> hashes(Connection connection, int tenantId) throws SQLException {
        Map<String, String> hashes = new TreeMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("select slug, sha256 from " + kind + " where tenant_id = ?")) {
            statement.setInt(1, tenantId);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    hashes.put(row.getString(1), HexFormat.of().formatHex(row.getBytes(2)));
                }
            }
        }
        return hashes;
    }

    /** @throws LaunchRefusedException if it would be one too many */
    void checkRoom(Connection connection, int tenantId, String slug) throws SQLException {
        Map<String, String> there = hashes(connection, tenantId);
        if (!there.containsKey(slug) && there.size() >= most) {
            throw refused("slug", most + " " + kind + "s are there already; remove those not in use");
        }
    }

    /** Lets a name mean something from now on, and journals it. @param sha256 of what is there already */
    void save(
            Connection connection,
            int tenantId,
            String slug,
            String name,
            byte[] sha256,
            Map<String, Object> details,
            Journal journal,
            Actor actor,
            Instant at)
            throws SQLException {
        String sql =
                """
                insert into %s (tenant_id, slug, name, sha256, updated_by, updated_at) values (?, ?, ?, ?, ?, ?)
                on conflict (tenant_id, slug) do update
                    set name = excluded.name, sha256 = excluded.sha256, updated_by = excluded.updated_by,
                        updated_at = excluded.updated_at
                """
                        .formatted(kind);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setString(2, slug);
            statement.setString(3, name.strip());
            statement.setBytes(4, sha256);
            statement.setString(5, actor.name());
            statement.setTimestamp(6, Timestamp.from(at));
            statement.executeUpdate();
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("sha256", HexFormat.of().formatHex(sha256));
        told.putAll(details);
        journal.append(connection, tenantId, actor, kind + ".saved", kind, slug, told);
    }

    /**
     * Takes a name away, and journals it.
     *
     * @return false if there is none
     * @throws LaunchRefusedException while an active scenario names it
     */
    boolean remove(Connection connection, int tenantId, String slug, Journal journal, Actor actor) throws SQLException {
        String place = kind + "." + slug;
        List<String> users = new ScenarioTable()
                .active(connection, tenantId).stream()
                        .filter(scenario -> names(scenario, place))
                        .map(Scenario::slug)
                        .toList();
        if (!users.isEmpty()) {
            throw refused(
                    "slug", "is " + used + " in the scenarios " + users + "; take {{" + place + "}} out of them first");
        }
        try (PreparedStatement statement =
                connection.prepareStatement("delete from " + kind + " where tenant_id = ? and slug = ?")) {
            statement.setInt(1, tenantId);
            statement.setString(2, slug);
            if (statement.executeUpdate() == 0) {
                return false;
            }
        }
        journal.append(connection, tenantId, actor, kind + ".removed", kind, slug, Map.of());
        return true;
    }

    private static boolean names(Scenario scenario, String place) {
        return scenario.messages().values().stream()
                .flatMap(channels -> channels.values().stream())
                .anyMatch(message -> ScenarioRules.places(message).contains(place));
    }

    static LaunchRefusedException refused(String field, String problem) {
        return new LaunchRefusedException(List.of(new Problem(field, problem)));
    }
}
