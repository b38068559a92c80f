package io.tocsin.routing.internal.ledger;

import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.internal.LogScope;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens waves: the rows of {@code wave}, {@code target} and {@code batch}. The caller holds the alert's row, so that two
 * waves never take the same number.
 */
public final class WaveWriter {
    /** Positions of a batch, the unit of lease. */
    public static final int BATCH = 500;

    private static final Logger LOG = LoggerFactory.getLogger(WaveWriter.class);

    private WaveWriter() {}

    /** One target to be tried again: the target it replaces and how. */
    public record Replacement(
            int recipientNo, String address, int waveNo, int position, boolean possibleDuplicate, int tryNo) {}

    /**
     * Opens the first step from {@code step} (counted from 1) on that has somebody to try, and notes on the alert how far the
     * cascade has come. The first step of all takes everybody; a later one those whom the step before it did not satisfy.
     *
     * @return the wave's number; empty when the cascade is at its end
     */
    public static OptionalInt openStep(Connection c, Alert alert, int step, Instant now) throws SQLException {
        List<Step> cascade = alert.policy().cascade();
        OptionalInt opened = OptionalInt.empty();
        int at = step;
        for (; at <= cascade.size() && opened.isEmpty(); at++) {
            Step tried = cascade.get(at - 1);
            int wave = nextWave(c, alert);
            int targets = at == 1
                    ? WaveOfEverybody.batch(c, alert, wave, tried.channel(), now)
                    : targetUnsatisfied(
                            c, alert, wave, tried.channel(), cascade.get(at - 2).until());
            if (targets > 0) {
                String rule = at == 1
                        ? "everybody with an endpoint for " + tried.channel()
                        : "not " + (cascade.get(at - 2).until() == Until.ANSWERED ? "answered" : "delivered")
                                + " after step " + (at - 1);
                insertWave(
                        c,
                        alert,
                        wave,
                        "cascade",
                        wave,
                        at,
                        tried.channel(),
                        rule,
                        targets,
                        tried.maxAttempts(),
                        tried.patience(),
                        now,
                        now.plus(tried.patience()));
                if (at == 1) {
                    WaveOfEverybody.keepKinds(c, alert, wave, tried.channel());
                } else {
                    insertBatches(c, alert, wave, tried.channel(), targets, now);
                }
                tell(alert, wave, "cascade", tried.channel(), targets);
                opened = OptionalInt.of(wave);
            }
        }
        try (PreparedStatement update =
                c.prepareStatement("update alert set step = ? where tenant_id = ? and alert_id = ?")) {
            update.setInt(1, Math.min(at - 1, cascade.size()));
            update.setInt(2, alert.tenantId());
            update.setLong(3, alert.alertId());
            update.executeUpdate();
        }
        return opened;
    }

    private static void tell(Alert alert, int wave, String kind, String channel, int targets) {
        try (LogScope about = LogScope.alert(alert.tenantId(), alert.alertId())) {
            LOG.info(
                    "wave.opened tenant={} alert={} wave={} kind={} channel={} targets={}",
                    alert.tenantId(),
                    alert.alertId(),
                    wave,
                    kind,
                    channel,
                    targets);
        }
    }

    /** Opens a relaunch for chosen people; those without an endpoint are left out. @return the number of targets */
    static int openRelaunch(
            Connection c,
            Alert alert,
            int wave,
            String channel,
            Duration patience,
            int maxAttempts,
            String rule,
            List<Integer> recipientNos,
            Instant now)
            throws SQLException {
        int targets = targetChosen(c, alert, wave, channel, recipientNos);
        if (targets > 0) {
            insertWave(
                    c,
                    alert,
                    wave,
                    "relaunch",
                    wave,
                    0,
                    channel,
                    rule,
                    targets,
                    maxAttempts,
                    patience,
                    now,
                    now.plus(patience));
            insertBatches(c, alert, wave, channel, targets, now);
            tell(alert, wave, "relaunch", channel, targets);
        }
        return targets;
    }

    /**
     * Opens a retry or resend wave. Targets somebody already took over are left out.
     *
     * @param root the cascade or relaunch wave that goes on
     */
    public static void openReplacements(
            Connection c, Alert alert, String kind, int root, String rule, List<Replacement> replacements, Instant now)
            throws SQLException {
        int wave = nextWave(c, alert);
        int targets = insertReplacements(c, alert, wave, replacements);
        if (targets == 0) {
            return;
        }
        String channel;
        try (PreparedStatement insert = c.prepareStatement(
                """
                insert into wave (tenant_id, alert_id, wave_no, kind, root_wave, step, channel, rule, targets, max_attempts,
                    patience, opened_at, deadline)
                select tenant_id, alert_id, ?, ?, root_wave, step, channel, ?, ?, max_attempts, patience, ?, deadline
                from wave where tenant_id = ? and alert_id = ? and wave_no = ?
                returning channel
                """)) {
            insert.setInt(1, wave);
            insert.setString(2, kind);
            insert.setString(3, rule);
            insert.setInt(4, targets);
            insert.setTimestamp(5, Timestamp.from(now));
            insert.setInt(6, alert.tenantId());
            insert.setLong(7, alert.alertId());
            insert.setInt(8, root);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                channel = row.getString(1);
            }
        }
        insertBatches(c, alert, wave, channel, targets, now);
        tell(alert, wave, kind, channel, targets);
    }

    static int nextWave(Connection c, Alert alert) throws SQLException {
        try (PreparedStatement query = c.prepareStatement(
                "select coalesce(max(wave_no), 0) + 1 from wave where tenant_id = ? and alert_id = ?")) {
            query.setInt(1, alert.tenantId());
            query.setLong(2, alert.alertId());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static int targetUnsatisfied(Connection c, Alert alert, int wave, String channel, Until until)
            throws SQLException {
        Plans.wholeAlert(c);
        try (PreparedStatement insert = c.prepareStatement(
                """
                insert into target (tenant_id, alert_id, wave_no, position, recipient_no, address)
                select ?, ?, ?, row_number() over (order by r.recipient_no) - 1, r.recipient_no, r.address
                from (
                    select recipient_no, first_address(endpoints, (select endpoint_kinds(array[?]))) as address
                    from recipient where tenant_id = ? and alert_id = ?
                ) r
                join alert_people(?, ?) p on p.recipient_no = r.recipient_no
                where r.address is not null and p.state <> all (?)
                """)) {
            bindTarget(insert, alert, wave, channel);
            insert.setInt(7, alert.tenantId());
            insert.setLong(8, alert.alertId());
            String[] satisfied =
                    until == Until.ANSWERED ? new String[] {"answered"} : new String[] {"answered", "delivered"};
            insert.setArray(9, c.createArrayOf("text", satisfied));
            return insert.executeUpdate();
        }
    }

    private static int targetChosen(Connection c, Alert alert, int wave, String channel, List<Integer> recipientNos)
            throws SQLException {
        try (PreparedStatement insert = c.prepareStatement(
                """
                insert into target (tenant_id, alert_id, wave_no, position, recipient_no, address)
                select ?, ?, ?, row_number() over (order by r.recipient_no) - 1, r.recipient_no, r.address
                from (
                    select recipient_no, first_address(endpoints, (select endpoint_kinds(array[?]))) as address
                    from recipient where tenant_id = ? and alert_id = ? and recipient_no = any (?)
                ) r
                where r.address is not null
                """)) {
            bindTarget(insert, alert, wave, channel);
            insert.setArray(7, c.createArrayOf("int4", recipientNos.toArray()));
            return insert.executeUpdate();
        }
    }

    private static void bindTarget(PreparedStatement insert, Alert alert, int wave, String channel)
            throws SQLException {
        insert.setInt(1, alert.tenantId());
        insert.setLong(2, alert.alertId());
        insert.setInt(3, wave);
        insert.setString(4, channel);
        insert.setInt(5, alert.tenantId());
        insert.setLong(6, alert.alertId());
    }

    private static int insertReplacements(Connection c, Alert alert, int wave, List<Replacement> replacements)
            throws SQLException {
        try (PreparedStatement insert = c.prepareStatement(
                """
                insert into target (tenant_id, alert_id, wave_no, position, recipient_no, address, replaces_wave,
                    replaces_position, possible_duplicate, try_no)
                select ?, ?, ?, row_number() over (order by n.recipient_no, n.replaces_position) - 1, n.recipient_no,
                    n.address, n.replaces_wave, n.replaces_position, n.possible_duplicate, n.try_no
                from unnest(?::int[], ?::text[], ?::int[], ?::int[], ?::boolean[], ?::smallint[])
                    n (recipient_no, address, replaces_wave, replaces_position, possible_duplicate, try_no)
                where not exists (
                    select from target y where y.tenant_id = ? and y.alert_id = ?
                      and y.replaces_wave = n.replaces_wave and y.replaces_position = n.replaces_position)
                """)) {
            insert.setInt(1, alert.tenantId());
            insert.setLong(2, alert.alertId());
            insert.setInt(3, wave);
            insert.setArray(4, array(c, "int4", replacements.stream().map(Replacement::recipientNo)));
            insert.setArray(5, array(c, "text", replacements.stream().map(Replacement::address)));
            insert.setArray(6, array(c, "int4", replacements.stream().map(Replacement::waveNo)));
            insert.setArray(7, array(c, "int4", replacements.stream().map(Replacement::position)));
            insert.setArray(8, array(c, "bool", replacements.stream().map(Replacement::possibleDuplicate)));
            insert.setArray(9, array(c, "int2", replacements.stream().map(r -> (short) r.tryNo())));
            insert.setInt(10, alert.tenantId());
            insert.setLong(11, alert.alertId());
            return insert.executeUpdate();
        }
    }

    private static Array array(Connection c, String type, java.util.stream.Stream<?> values) throws SQLException {
        return c.createArrayOf(type, values.toArray());
    }

    private static void insertWave(
            Connection c,
            Alert alert,
            int wave,
            String kind,
            int root,
            int step,
            String channel,
            String rule,
            int targets,
            int maxAttempts,
            Duration patience,
            Instant openedAt,
            Instant deadline)
            throws SQLException {
        try (PreparedStatement insert = c.prepareStatement(
                """
                insert into wave (tenant_id, alert_id, wave_no, kind, root_wave, step, channel, rule, targets, max_attempts,
                    patience, opened_at, deadline)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, make_interval(secs => ?), ?, ?)
                """)) {
            insert.setInt(1, alert.tenantId());
            insert.setLong(2, alert.alertId());
            insert.setInt(3, wave);
            insert.setString(4, kind);
            insert.setInt(5, root);
            insert.setInt(6, step);
            insert.setString(7, channel);
            insert.setString(8, rule);
            insert.setInt(9, targets);
            insert.setInt(10, Math.max(1, maxAttempts));
            insert.setDouble(11, patience.toMillis() / 1000.0);
            insert.setTimestamp(12, Timestamp.from(openedAt));
            insert.setTimestamp(13, Timestamp.from(deadline));
            insert.executeUpdate();
        }
    }

    private static void insertBatches(Connection c, Alert alert, int wave, String channel, int targets, Instant dueAt)
            throws SQLException {
        try (PreparedStatement insert = c.prepareStatement(
                """
                insert into batch (tenant_id, alert_id, wave_no, batch_no, channel, priority, due_at, first_position,
                    end_position, watermark)
                select ?, ?, ?, p / ?, ?, ?, ?, p, least(p + ?, ?), p
                from generate_series(0, ? - 1, ?) p
                """)) {
            insert.setInt(1, alert.tenantId());
            insert.setLong(2, alert.alertId());
            insert.setInt(3, wave);
            insert.setInt(4, BATCH);
            insert.setString(5, channel);
            insert.setShort(6, (short) alert.category().ordinal());
            insert.setTimestamp(7, Timestamp.from(dueAt));
            insert.setInt(8, BATCH);
            insert.setInt(9, targets);
            insert.setInt(10, targets);
            insert.setInt(11, BATCH);
            insert.executeUpdate();
        }
    }
}
