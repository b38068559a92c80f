package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.api.Database;
import java.util.List;

/** Writes caps for tests, as whoever administers a tenant would. */
final class Caps {
    private Caps() {}

    /** A tenant's own. @param channels none: all @return its id */
    static int of(
            Database database, int tenant, String slug, double perSecond, List<String> channels, String... prefixes) {
        return database.asEngine(c -> {
            try (var insert = c.prepareStatement(
                    """
                    insert into cap (agency_id, tenant_id, slug, channels, prefixes, per_second)
                    select agency_id, tenant_id, ?, ?, ?, ? from tenant where tenant_id = ? returning cap_id
                    """)) {
                insert.setString(1, slug);
                insert.setArray(2, c.createArrayOf("text", channels.toArray()));
                insert.setArray(3, c.createArrayOf("text", prefixes));
                insert.setDouble(4, perSecond);
                insert.setInt(5, tenant);
                var row = insert.executeQuery();
                row.next();
                return row.getInt(1);
            }
        });
    }

    static void rate(Database database, int cap, double perSecond) {
        database.asEngine(c -> {
            try (var update = c.prepareStatement("update cap set per_second = ? where cap_id = ?")) {
                update.setDouble(1, perSecond);
                update.setInt(2, cap);
                return update.executeUpdate();
            }
        });
    }

    /** Batches of an alert that somebody holds, or that may still be sent. */
    static long unsettled(Database database, long alert) {
        return database.asEngine(c -> {
            try (var query = c.prepareStatement("select count(*) from batch where alert_id = ? and not settled")) {
                query.setLong(1, alert);
                var row = query.executeQuery();
                row.next();
                return row.getLong(1);
            }
        });
    }

    static void remove(Database database, int cap) {
        database.asEngine(c -> {
            try (var delete = c.prepareStatement("delete from cap where cap_id = ?")) {
                delete.setInt(1, cap);
                return delete.executeUpdate();
            }
        });
    }
}
