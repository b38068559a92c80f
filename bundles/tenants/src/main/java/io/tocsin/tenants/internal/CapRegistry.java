package io.tocsin.tenants.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.tenants.api.Cap;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Caps inside the caller's transaction: checked, saved, journaled. Only what an administrator says of them: what is taken of
 * their permits is routing's, in other columns of the same rows.
 */
public final class CapRegistry {
    /** Of one owner. */
    public static final int MOST = 200;

    public static final int MOST_PREFIXES = 100;

    private final Journal journal;

    CapRegistry(Journal journal) {
        this.journal = journal;
    }

    /** Those of an agency itself, or of one tenant, by name. */
    public List<Cap> of(Connection c, int agencyId, Optional<Integer> tenantId) {
        return sql(() -> {
            try (PreparedStatement query = c.prepareStatement(
                    """
                    select cap_id, agency_id, tenant_id, slug, channels, prefixes, per_second from cap
                    where agency_id = ? and tenant_id is not distinct from ? order by slug
                    """)) {
                query.setInt(1, agencyId);
                query.setObject(2, tenantId.orElse(null), java.sql.Types.INTEGER);
                List<Cap> caps = new ArrayList<>();
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        caps.add(new Cap(
                                row.getInt(1),
                                row.getInt(2),
                                Optional.ofNullable((Integer) row.getObject(3)),
                                row.getString(4),
                                texts(row.getArray(5)),
                                texts(row.getArray(6)),
                                row.getDouble(7)));
                    }
                }
                return caps;
            }
        });
    }

    /** Makes a cap, or changes the one of its name. Equal to what is stored it changes nothing. */
    public Cap save(Connection c, Cap cap, Actor actor) {
        List<Cap> present = of(c, cap.agencyId(), cap.tenantId());
        Optional<Cap> before =
                present.stream().filter(p -> p.name().equals(cap.name())).findFirst();
        check(cap, before.isPresent() ? 0 : present.size());
        Cap wanted = new Cap(
                before.map(Cap::id).orElse(0),
                cap.agencyId(),
                cap.tenantId(),
                cap.name(),
                cap.channels().stream().distinct().sorted().toList(),
                cap.prefixes().stream().map(Rules::digits).distinct().sorted().toList(),
                cap.perSecond());
        if (before.filter(wanted::equals).isPresent()) {
            return wanted;
        }
        int id = sql(() -> insert(c, wanted));
        journal.append(
                c,
                wanted.tenantId().orElse(Journal.PLATFORM),
                actor,
                before.isEmpty() ? "cap.created" : "cap.changed",
                "cap",
                wanted.name(),
                Map.of(
                        "channels", wanted.channels(),
                        "prefixes", wanted.prefixes(),
                        "per-second", Double.toString(wanted.perSecond())));
        return new Cap(
                id,
                wanted.agencyId(),
                wanted.tenantId(),
                wanted.name(),
                wanted.channels(),
                wanted.prefixes(),
                wanted.perSecond());
    }

    private static void check(Cap cap, int others) {
        Checks checks = new Checks();
        checks.rule("name", cap.name(), Rules::slug);
        for (int i = 0; i < cap.channels().size(); i++) {
            checks.rule("channels[" + i + "]", cap.channels().get(i), Rules::channel);
        }
        if (cap.prefixes().isEmpty()) {
            checks.problem("prefixes", "is missing or empty; write how the numbers begin, such as +33 3 53 01");
        }
        if (cap.prefixes().size() > MOST_PREFIXES) {
            checks.problem("prefixes", tooManyPrefixes(cap.prefixes().size()));
        }
        for (int i = 0; i < cap.prefixes().size(); i++) {
            checks.rule("prefixes[" + i + "]", cap.prefixes().get(i), Rules::prefix);
        }
        Rules.perSecond(cap.perSecond()).ifPresent(problem -> checks.problem("per-second", problem));
        if (others >= MOST) {
            checks.problem("name", "would be one cap more than " + MOST + "; remove one, or give one more prefixes");
        }
        checks.refuse();
    }

    public static String tooManyPrefixes(int n) {
        return "has " + n + " entries; " + MOST_PREFIXES + " at most: write shorter ones, or several caps";
    }

    private static int insert(Connection c, Cap cap) throws SQLException {
        try (PreparedStatement insert = c.prepareStatement(
                """
                insert into cap (agency_id, tenant_id, slug, channels, prefixes, per_second) values (?, ?, ?, ?, ?, ?)
                on conflict (agency_id, tenant_id, slug) do update
                set channels = excluded.channels, prefixes = excluded.prefixes, per_second = excluded.per_second,
                    version = cap.version + 1
                returning cap_id
                """)) {
            insert.setInt(1, cap.agencyId());
            insert.setObject(2, cap.tenantId().orElse(null), java.sql.Types.INTEGER);
            insert.setString(3, cap.name());
            insert.setArray(4, c.createArrayOf("text", cap.channels().toArray()));
            insert.setArray(5, c.createArrayOf("text", cap.prefixes().toArray()));
            insert.setDouble(6, cap.perSecond());
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** Whoever waits for it waits no more. @return whether there was one */
    public boolean remove(Connection c, int agencyId, Optional<Integer> tenantId, String name, Actor actor) {
        boolean removed = sql(() -> {
            try (PreparedStatement delete = c.prepareStatement(
                    "delete from cap where agency_id = ? and tenant_id is not distinct from ? and slug = ?")) {
                delete.setInt(1, agencyId);
                delete.setObject(2, tenantId.orElse(null), java.sql.Types.INTEGER);
                delete.setString(3, name);
                return delete.executeUpdate() == 1;
            }
        });
        if (removed) {
            journal.append(c, tenantId.orElse(Journal.PLATFORM), actor, "cap.removed", "cap", name, Map.of());
        }
        return removed;
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    private interface Query<T> {
        T run() throws SQLException;
    }

    private static <T> T sql(Query<T> query) {
        try {
            return query.run();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }
}
