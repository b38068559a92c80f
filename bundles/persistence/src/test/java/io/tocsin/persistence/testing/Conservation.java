package io.tocsin.persistence.testing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The law of conservation, the same for every test, story and bench: each person of an alert is in exactly one state, and
 * nothing left before its intent was on disk. Counted by the platform's own {@code alert_totals} and by the watermarks of
 * the ledger, each in one statement: it holds at every moment, whatever nodes are doing meanwhile.
 */
public final class Conservation {
    private static final String TOTALS =
            "select recipients, answered, delivered, failed, unknown, pending, flagged from alert_totals(?, ?)";

    private static final String FROZEN = "select count(*) from recipient where tenant_id = ? and alert_id = ?";

    /** Ranges are met position by position: as ranges, that would be each target times each batch. */
    private static final String TARGETS =
            """
            with heard as materialized (
                select wave_no, position, bool_or(kind <> 'skipped') as sent
                from attempt where tenant_id = ? and alert_id = ? group by wave_no, position
            ), held as materialized (
                select wave_no, generate_series(first_position, end_position - 1) as position, watermark, lease_owner
                from batch
                where tenant_id = ? and alert_id = ?
            )
            select count(*) filter (where b.watermark is null) as unbatched,
                count(*) filter (where t.position >= b.watermark and h.sent) as unintended,
                count(*) filter (where t.position < b.watermark and b.lease_owner is null and h.wave_no is null) as silent
            from target t
            left join held b on b.wave_no = t.wave_no and b.position = t.position
            left join heard h on h.wave_no = t.wave_no and h.position = t.position
            where t.tenant_id = ? and t.alert_id = ?
            """;

    /** Targets of a wave of everybody are written when their batch is leased: before any of it is intended. */
    private static final String UNWRITTEN =
            """
            select coalesce(sum(b.end_position - b.first_position - w.targets), 0)
            from batch b
            cross join lateral (
                select count(*) as targets from target t
                where t.tenant_id = b.tenant_id and t.alert_id = b.alert_id and t.wave_no = b.wave_no
                  and t.position >= b.first_position and t.position < b.end_position
            ) w
            where b.tenant_id = ? and b.alert_id = ? and b.watermark > b.first_position
            """;

    private Conservation() {}

    /**
     * How one alert stands.
     *
     * @param frozen people of the audience, counted apart
     * @param unbatched targets that no batch will ever send
     * @param unintended targets of which something left although no intent was written
     * @param silent targets that were intended, are in nobody's hands any more, and of which nothing is known
     * @param unwritten positions without a target in batches of which something was intended
     */
    public record Account(
            int tenantId,
            long alertId,
            long recipients,
            long answered,
            long delivered,
            long failed,
            long unknown,
            long pending,
            long flagged,
            long frozen,
            long unbatched,
            long unintended,
            long silent,
            long unwritten) {

        /** What breaks the law, in words; empty when it holds. */
        public List<String> broken() {
            List<String> broken = new ArrayList<>(brokenSum(recipients, answered, delivered, failed, unknown, pending));
            if (frozen != recipients) {
                broken.add(recipients + " people counted of " + frozen + " frozen");
            }
            if (unbatched > 0) {
                broken.add(unbatched + " targets that are in no batch");
            }
            if (unintended > 0) {
                broken.add(unintended + " targets that left without an intent");
            }
            if (silent > 0) {
                broken.add(silent + " targets below the watermark of a batch nobody holds, without a word");
            }
            if (unwritten > 0) {
                broken.add(unwritten + " positions without a target in batches that are intended");
            }
            return broken;
        }

        public boolean holds() {
            return broken().isEmpty();
        }
    }

    /** @param connection of a role that sees the ledger of every tenant, or of this one */
    public static Account of(Connection connection, int tenantId, long alertId) throws SQLException {
        long[] totals = numbers(connection, TOTALS, 1, tenantId, alertId);
        long[] frozen = numbers(connection, FROZEN, 1, tenantId, alertId);
        long[] targets = numbers(connection, TARGETS, 3, tenantId, alertId);
        return new Account(
                tenantId,
                alertId,
                totals[0],
                totals[1],
                totals[2],
                totals[3],
                totals[4],
                totals[5],
                totals[6],
                frozen[0],
                targets[0],
                targets[1],
                targets[2],
                numbers(connection, UNWRITTEN, 1, tenantId, alertId)[0]);
    }

    /** The one row of a query that names the alert so many times. */
    private static long[] numbers(Connection connection, String sql, int times, int tenantId, long alertId)
            throws SQLException {
        try (Statement planner = connection.createStatement();
                PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < times; i++) {
                query.setInt(2 * i + 1, tenantId);
                query.setLong(2 * i + 2, alertId);
            }
            // An alert that nobody has analyzed yet looks like one row: two series of 100,000 would be looked through
            // for each other.
            planner.execute("set enable_nestloop = off");
            try (ResultSet row = query.executeQuery()) {
                row.next();
                long[] numbers = new long[row.getMetaData().getColumnCount()];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = row.getLong(i + 1);
                }
                planner.execute("reset enable_nestloop");
                return numbers;
            }
        }
    }

    /** @throws AssertionError saying what breaks the law for this alert */
    public static Account check(Connection connection, int tenantId, long alertId) throws SQLException {
        Account account = of(connection, tenantId, alertId);
        if (!account.holds()) {
            throw new AssertionError(account.broken() + ": " + account);
        }
        return account;
    }

    /**
     * Checks every alert of every tenant.
     *
     * @param connection of a role that sees the ledger of every tenant
     * @throws AssertionError naming each alert that breaks the law, and how
     */
    public static List<Account> checkAll(Connection connection) throws SQLException {
        List<Account> accounts = new ArrayList<>();
        try (PreparedStatement query =
                        connection.prepareStatement("select tenant_id, alert_id from alert order by 1, 2");
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                accounts.add(of(connection, rows.getInt(1), rows.getLong(2)));
            }
        }
        String broken = accounts.stream()
                .filter(account -> !account.holds())
                .map(account -> account.broken() + ": " + account)
                .reduce("", (all, one) -> all + "\n" + one);
        if (!broken.isEmpty()) {
            throw new AssertionError(broken);
        }
        return accounts;
    }

    /** The same sum of what a door shows. @throws AssertionError when people are lost or counted twice */
    public static void checkShown(
            long recipients, long answered, long delivered, long failed, long unknown, long pending) {
        List<String> broken = brokenSum(recipients, answered, delivered, failed, unknown, pending);
        if (!broken.isEmpty()) {
            throw new AssertionError(broken.get(0));
        }
    }

    private static List<String> brokenSum(
            long recipients, long answered, long delivered, long failed, long unknown, long pending) {
        return answered + delivered + failed + unknown + pending == recipients
                ? List.of()
                : List.of("recipients " + recipients + " is not answered " + answered + " + delivered " + delivered
                        + " + failed " + failed + " + unknown " + unknown + " + pending " + pending);
    }
}
