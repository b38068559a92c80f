package io.tocsin.routing.internal.ledger;

import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.internal.LogScope;
import io.tocsin.routing.internal.ledger.Targets.Stretch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens waves: the rows of {@code wave}, {@code target} and {@code batch}. The caller holds the alert's row, so that two
 * waves never take the same number.
 */
public final class WaveWriter {
    /** Positions of a batch, the unit of lease. */
    public static final int BATCH = 500;

    /** Fewer where a cap makes them slow: whoever waits for the same cap has a turn after each batch. */
    public static final int CAPPED_BATCH = 100;

    /** Fewer still of calls: each holds a line for a minute, and the lines may be several nodes', each with a switch of its own. */
    public static final int CALLED_BATCH = 20;

    private static final Logger LOG = LoggerFactory.getLogger(WaveWriter.class);

    private WaveWriter() {}

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
            Targets chosen = new Targets(c, alert, wave, tried.channel());
            boolean everybody = at == 1 && !chosen.underCaps();
            List<Stretch> stretches = everybody
                    ? List.of()
                    : at == 1
                            ? chosen.everybody()
                            : chosen.unsatisfied(cascade.get(at - 2).until());
            int targets = everybody ? WaveOfEverybody.batch(c, alert, wave, tried.channel(), now) : targets(stretches);
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
                if (everybody) {
                    WaveOfEverybody.keepKinds(c, alert, wave, tried.channel());
                } else {
                    insertBatches(c, alert, wave, tried.channel(), stretches, now);
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
        List<Stretch> stretches = new Targets(c, alert, wave, channel).named(recipientNos);
        int targets = targets(stretches);
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
            insertBatches(c, alert, wave, channel, stretches, now);
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
        String channel = channelOf(c, alert, root);
        List<Stretch> stretches = new Targets(c, alert, wave, channel).replacing(replacements);
        int targets = targets(stretches);
        if (targets == 0) {
            return;
        }
        try (PreparedStatement insert = c.prepareStatement(
                """
                insert into wave (tenant_id, alert_id, wave_no, kind, root_wave, step, channel, rule, targets, max_attempts,
                    patience, opened_at, deadline, people, first_try, last_try)
                select r.tenant_id, r.alert_id, n.wave_no, n.kind, r.root_wave, r.step, r.channel, ?, ?, r.max_attempts,
                    r.patience, ?, r.deadline, x.people, x.first_try, x.last_try
                from wave r
                cross join (values (?::integer, ?::text)) n (wave_no, kind)
                cross join lateral (
                    select count(distinct t.recipient_no) filter (where not e.earlier) as people,
                        min(t.try_no) as first_try, max(t.try_no) as last_try
                    from target t
                    cross join lateral (
                        select exists (
                            select from target z
                            join wave v on v.tenant_id = z.tenant_id and v.alert_id = z.alert_id and v.wave_no = z.wave_no
                            where z.tenant_id = t.tenant_id and z.recipient_no = t.recipient_no
                              and z.alert_id = t.alert_id and v.root_wave = r.wave_no and v.kind = n.kind
                            offset 0) as earlier
                    ) e
                    where t.tenant_id = r.tenant_id and t.alert_id = r.alert_id and t.wave_no = n.wave_no
                ) x
                where r.tenant_id = ? and r.alert_id = ? and r.wave_no = ?
                """)) {
            insert.setString(1, rule);
            insert.setInt(2, targets);
            insert.setTimestamp(3, Timestamp.from(now));
            insert.setInt(4, wave);
            insert.setString(5, kind);
            insert.setInt(6, alert.tenantId());
            insert.setLong(7, alert.alertId());
            insert.setInt(8, root);
            insert.executeUpdate();
        }
        insertBatches(c, alert, wave, channel, stretches, now);
        tell(alert, wave, kind, channel, targets);
    }

    private static String channelOf(Connection c, Alert alert, int wave) throws SQLException {
        try (PreparedStatement query =
                c.prepareStatement("select channel from wave where tenant_id = ? and alert_id = ? and wave_no = ?")) {
            query.setInt(1, alert.tenantId());
            query.setLong(2, alert.alertId());
            query.setInt(3, wave);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private static int targets(List<Stretch> stretches) {
        return stretches.stream().mapToInt(Stretch::targets).sum();
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

    /** How many people of a channel's wave are leased at once: fewer where what is sent occupies a line, as all that reaches a landline does. */
    static int batch(Connection c, String channel) throws SQLException {
        try (PreparedStatement query = c.prepareStatement(
                "select exists (select from channel_endpoint_kind where channel = ? and kind in ('landline', 'fax'))")) {
            query.setString(1, channel);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1) ? CALLED_BATCH : BATCH;
            }
        }
    }

    /** Cuts a wave: everybody in a batch falls under the same caps. */
    private static void insertBatches(
            Connection c, Alert alert, int wave, String channel, List<Stretch> stretches, Instant dueAt)
            throws SQLException {
        int n = stretches.size();
        int batch = batch(c, channel);
        int[] firsts = new int[n];
        int[] ends = new int[n];
        int[] sizes = new int[n];
        String[] caps = new String[n];
        int position = 0;
        for (int i = 0; i < n; i++) {
            Stretch stretch = stretches.get(i);
            firsts[i] = position;
            position += stretch.targets();
            ends[i] = position;
            sizes[i] = stretch.caps().isEmpty() ? batch : Math.min(batch, CAPPED_BATCH);
            caps[i] = stretch.caps().stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
        }
        try (PreparedStatement insert = c.prepareStatement(
                """
                insert into batch (tenant_id, alert_id, wave_no, batch_no, channel, priority, due_at, first_position,
                    end_position, watermark, caps)
                select ?, ?, ?, row_number() over (order by p) - 1, ?, ?, ?, p, least(p + s.size, s.end_position), p,
                    s.caps::integer[]
                from unnest(?::int[], ?::int[], ?::int[], ?::text[]) s (first_position, end_position, size, caps)
                cross join generate_series(s.first_position, s.end_position - 1, s.size) p
                """)) {
            insert.setInt(1, alert.tenantId());
            insert.setLong(2, alert.alertId());
            insert.setInt(3, wave);
            insert.setString(4, channel);
            insert.setShort(5, (short) alert.category().ordinal());
            insert.setTimestamp(6, Timestamp.from(dueAt));
            insert.setObject(7, firsts);
            insert.setObject(8, ends);
            insert.setObject(9, sizes);
            insert.setArray(10, c.createArrayOf("text", caps));
            insert.executeUpdate();
        }
    }
}
