package io.tocsin.routing.internal.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

/**
 * Sounds and documents of tenants that nothing names any more. What an alert was launched with stays for as long as the alert does; the
 * rest goes a day after its name was given to something else or taken away, so that a launch under way finds it.
 */
final class UnusedContents {
    /** Content by the names that mean it. */
    private static final Map<String, String> NAMES = Map.of("sound", "recording", "document_content", "document");

    private static final String JUDGE =
            """
            update %1$s c
            set unused_since = case when %3$s then 'infinity' else coalesce(c.unused_since, now()) end
            where (c.unused_since is null or c.unused_since < now() - interval '1 day') and not %2$s
            """;
    private static final String DELETE =
            "delete from %1$s c where c.unused_since < now() - interval '1 day' and not %2$s and not %3$s";
    private static final String IS_NAMED =
            "exists (select from %s n where n.tenant_id = c.tenant_id and n.sha256 = c.sha256)";
    /** As it was frozen: {@code {{document.SLUG.SHA256}}}. */
    private static final String IS_FROZEN =
            """
            exists (
                select from alert_message m
                where m.tenant_id = c.tenant_id and position(encode(c.sha256, 'hex') in m.body_text) > 0)""";

    private UnusedContents() {}

    static Void sweep(Connection connection) throws SQLException {
        for (Map.Entry<String, String> each : NAMES.entrySet()) {
            for (String statement : new String[] {JUDGE, DELETE}) {
                try (PreparedStatement sweep = connection.prepareStatement(
                        statement.formatted(each.getKey(), IS_NAMED.formatted(each.getValue()), IS_FROZEN))) {
                    sweep.executeUpdate();
                }
            }
        }
        return null;
    }
}
