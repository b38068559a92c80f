package io.tocsin.tenants.internal.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What was last applied of each folder, in the database: shared by all nodes, surviving restarts. */
final class FolderRecords {
    private final ObjectMapper json = new ObjectMapper();

    /** @param state {@code applied} or {@code suspended} (the folder went away) */
    record Applied(String slug, String state, String content, Made made, List<String> notices, Instant at) {}

    /**
     * What the files made, so that what they no longer name can be put away, and what the API made is left alone.
     *
     * @param contacts file name to the digest of its content and import plan
     * @param recordings slug to the digest of its file
     * @param documents the same
     * @param lexicon whether there was one
     */
    record Made(
            Set<String> users,
            Set<String> accounts,
            Set<String> caps,
            Set<String> lists,
            Set<String> scenarios,
            Map<String, String> contacts,
            Map<String, String> recordings,
            Map<String, String> documents,
            boolean lexicon) {
        static final Made NOTHING =
                new Made(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Map.of(), Map.of(), Map.of(), false);

        Made {
            // Folders applied before there were caps, recordings or documents say nothing of them.
            caps = caps == null ? Set.of() : caps;
            recordings = recordings == null ? Map.of() : recordings;
            documents = documents == null ? Map.of() : documents;
        }
    }

    /** Takes the one lock of applying folders, until the transaction ends; false when another node has it. */
    boolean lock(Connection c) throws SQLException {
        String stayIdle = """
                set local idle_in_transaction_session_timeout = 0""";
        try (PreparedStatement set = c.prepareStatement(stayIdle)) {
            set.execute();
        }
        String lock = """
                select pg_try_advisory_xact_lock(hashtext('tocsin.tenant-folders'))""";
        try (PreparedStatement select = c.prepareStatement(lock);
                ResultSet row = select.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    List<Applied> all(Connection c) throws SQLException {
        String all =
                """
                select slug, state, content, made, notices, applied_at from tenant_folder order by slug""";
        try (PreparedStatement select = c.prepareStatement(all);
                ResultSet row = select.executeQuery()) {
            List<Applied> found = new ArrayList<>();
            while (row.next()) {
                found.add(new Applied(
                        row.getString(1),
                        row.getString(2),
                        HexFormat.of().formatHex(row.getBytes(3)),
                        read(row.getString(4)),
                        List.of((String[]) row.getArray(5).getArray()),
                        row.getObject(6, OffsetDateTime.class).toInstant()));
            }
            return found;
        }
    }

    Optional<Applied> find(Connection c, String slug) throws SQLException {
        return all(c).stream().filter(applied -> applied.slug().equals(slug)).findFirst();
    }

    void save(Connection c, Applied applied, String node) throws SQLException {
        String save =
                """
                insert into tenant_folder (slug, state, content, made, notices, node, applied_at)
                values (?, ?, ?, ?::jsonb, ?, ?, ?)
                on conflict (slug) do update set state = excluded.state, content = excluded.content, made = excluded.made,
                    notices = excluded.notices, node = excluded.node, applied_at = excluded.applied_at""";
        try (PreparedStatement insert = c.prepareStatement(save)) {
            insert.setString(1, applied.slug());
            insert.setString(2, applied.state());
            insert.setBytes(3, HexFormat.of().parseHex(applied.content()));
            insert.setString(4, write(applied.made()));
            insert.setArray(5, c.createArrayOf("text", applied.notices().toArray()));
            insert.setString(6, node);
            insert.setObject(7, applied.at().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    void forget(Connection c, String slug) throws SQLException {
        String forget = """
                delete from tenant_folder where slug = ?""";
        try (PreparedStatement delete = c.prepareStatement(forget)) {
            delete.setString(1, slug);
            delete.executeUpdate();
        }
    }

    private String write(Made made) {
        try {
            return json.writeValueAsString(made);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Made read(String text) {
        try {
            return json.readValue(text, Made.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("tenant_folder.made cannot be read", e);
        }
    }
}
