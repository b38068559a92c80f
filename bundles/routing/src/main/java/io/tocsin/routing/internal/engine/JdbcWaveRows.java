package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Template;
import io.tocsin.routing.internal.ledger.AlertRows;
import io.tocsin.routing.internal.ledger.LedgerStore;
import io.tocsin.routing.internal.ledger.Plans;
import io.tocsin.routing.internal.ledger.Replacement;
import io.tocsin.routing.internal.ledger.WaveWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@link WaveRows} in PostgreSQL. */
final class JdbcWaveRows implements WaveRows {
    private final Connection connection;

    JdbcWaveRows(Connection connection) {
        this.connection = connection;
    }

    @Override
    public List<Pending> running(Instant now) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select a.tenant_id, a.alert_id,
                    exists (select from followup f
                        where f.tenant_id = a.tenant_id and f.alert_id = a.alert_id and f.due_at <= ?),
                    exists (select from wave w
                        where w.tenant_id = a.tenant_id and w.alert_id = a.alert_id and w.closed_at is null)
                from alert a where a.state = 'running'
                """)) {
            query.setTimestamp(1, Timestamp.from(now));
            List<Pending> running = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    running.add(new Pending(row.getInt(1), row.getLong(2), row.getBoolean(3), row.getBoolean(4)));
                }
            }
            return running;
        }
    }

    @Override
    public Optional<Alert> hold(int tenantId, long alertId) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select from alert where tenant_id = ? and alert_id = ? and state = 'running' for update skip locked
                """)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
            }
        }
        return find(tenantId, alertId);
    }

    @Override
    public Optional<Alert> find(int tenantId, long alertId) throws SQLException {
        return AlertRows.find(connection, tenantId, alertId);
    }

    @Override
    public List<GroupState> groups(int tenantId, long alertId) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select r.wave_no, r.kind, r.step, r.channel, r.targets, r.deadline,
                    not exists (select from batch b join wave w on w.tenant_id = b.tenant_id and w.alert_id = b.alert_id
                            and w.wave_no = b.wave_no
                        where b.tenant_id = r.tenant_id and b.alert_id = r.alert_id and not b.settled
                          and w.root_wave = r.wave_no),
                    exists (select from batch b join wave w on w.tenant_id = b.tenant_id and w.alert_id = b.alert_id
                            and w.wave_no = b.wave_no
                        where b.tenant_id = r.tenant_id and b.alert_id = r.alert_id and not b.settled
                          and w.root_wave = r.wave_no and b.lease_until > now()),
                    coalesce(t.ended, 0), coalesce(t.delivered, 0),
                    (select count(*) from answer n where n.tenant_id = r.tenant_id and n.alert_id = r.alert_id)
                from wave r
                left join lateral (
                    select sum(n) filter (where y.kind in ('failed', 'expired', 'rejected', 'skipped', 'retry')) as ended,
                        sum(n) filter (where y.kind = 'delivered') as delivered
                    from tally y join wave w on w.tenant_id = y.tenant_id and w.alert_id = y.alert_id and w.wave_no = y.wave_no
                    where y.tenant_id = r.tenant_id and y.alert_id = r.alert_id and w.root_wave = r.wave_no
                ) t on true
                where r.tenant_id = ? and r.alert_id = ? and r.closed_at is null and r.root_wave = r.wave_no
                """)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            List<GroupState> groups = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    groups.add(new GroupState(
                            new Group(tenantId, alertId, row.getInt(1)),
                            row.getString(2),
                            row.getInt(3),
                            row.getString(4),
                            row.getInt(5),
                            row.getTimestamp(6).toInstant(),
                            row.getBoolean(7),
                            row.getBoolean(8),
                            row.getLong(9),
                            row.getLong(10),
                            row.getLong(11)));
                }
            }
            return groups;
        }
    }

    /**
     * Fenced (offset 0), each due target and person is looked up by its key. A planner without statistics expects one row of
     * the alert, whatever the key, and reads all of them for each that is due.
     */
    @Override
    public List<Due> takeDue(int tenantId, long alertId, Instant now, int atMost) throws SQLException {
        Plans.fewRows(connection);
        try (PreparedStatement query = connection.prepareStatement(
                """
                with due as (
                    delete from followup f
                    where f.ctid = any (array(
                        select d.ctid from followup d
                        where d.tenant_id = ? and d.alert_id = ? and d.due_at <= ? and not exists (
                            select from reattach q
                            where q.tenant_id = d.tenant_id and q.alert_id = d.alert_id and q.wave_no = d.wave_no
                              and q.position = d.position and not q.found and q.until > now())
                        order by d.due_at limit ?))
                    returning f.wave_no, f.position, f.kind, f.code
                )
                select d.wave_no, d.position, d.kind, d.code, observed_of(a.tenant_id, a.alert_id, d.wave_no, d.position),
                    p.state, g.closed_at is not null or g.deadline <= ?, w.root_wave, w.channel, w.max_attempts,
                    t.recipient_no, t.address, t.try_no, t.possible_duplicate, r.endpoints::text
                from due d
                cross join (values (?::integer, ?::bigint)) a (tenant_id, alert_id)
                cross join lateral (
                    select x.recipient_no, x.address, x.try_no, x.possible_duplicate from target x
                    where x.tenant_id = a.tenant_id and x.alert_id = a.alert_id and x.wave_no = d.wave_no
                      and x.position = d.position
                    offset 0
                ) t
                join wave w on w.tenant_id = a.tenant_id and w.alert_id = a.alert_id and w.wave_no = d.wave_no
                join wave g on g.tenant_id = a.tenant_id and g.alert_id = a.alert_id and g.wave_no = w.root_wave
                cross join lateral (
                    select x.endpoints from recipient x
                    where x.tenant_id = a.tenant_id and x.alert_id = a.alert_id and x.recipient_no = t.recipient_no
                    offset 0
                ) r
                cross join lateral person_of(a.tenant_id, a.alert_id, t.recipient_no) p
                """)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            query.setTimestamp(3, Timestamp.from(now));
            query.setInt(4, atMost);
            query.setTimestamp(5, Timestamp.from(now));
            query.setInt(6, tenantId);
            query.setLong(7, alertId);
            List<Due> due = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    due.add(new Due(
                            row.getInt(1),
                            row.getInt(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getBoolean(7),
                            row.getInt(8),
                            row.getString(9),
                            row.getInt(10),
                            row.getInt(11),
                            row.getString(12),
                            row.getInt(13),
                            row.getBoolean(14),
                            row.getString(15)));
                }
            }
            return due;
        }
    }

    @Override
    public Set<String> endpointKinds(String channel) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select kind from channel_endpoint_kind where channel = ?")) {
            query.setString(1, channel);
            Set<String> kinds = new HashSet<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    kinds.add(row.getString(1));
                }
            }
            return kinds;
        }
    }

    @Override
    public void openReplacements(
            Alert alert, String kind, int root, String rule, List<Replacement> replacements, Instant now)
            throws SQLException {
        WaveWriter.openReplacements(connection, alert, kind, root, rule, replacements, now);
    }

    @Override
    public void openStep(Alert alert, int step, Instant now) throws SQLException {
        WaveWriter.openStep(connection, alert, step, now);
    }

    @Override
    public void extend(Group group, Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update wave set deadline = ?::timestamptz + patience
                where tenant_id = ? and alert_id = ? and root_wave = ? and closed_at is null
                """)) {
            update.setTimestamp(1, Timestamp.from(now));
            bind(update, 2, group);
            update.executeUpdate();
        }
    }

    @Override
    public long undecided(Group group, boolean answerAwaited) throws SQLException {
        Plans.wholeAlert(connection);
        try (PreparedStatement query = connection.prepareStatement("select undecided_people(?, ?, ?, ?)")) {
            bind(query, 1, group);
            query.setBoolean(4, answerAwaited);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Override
    public void close(Group group, Instant now) throws SQLException {
        try (PreparedStatement waves = connection.prepareStatement(
                        """
                        update wave set closed_at = ?
                        where tenant_id = ? and alert_id = ? and root_wave = ? and closed_at is null
                        """);
                PreparedStatement batches = connection.prepareStatement(
                        """
                        update batch b set settled = true, lease_token = b.lease_token + 1
                        from wave w
                        where b.tenant_id = ? and b.alert_id = ? and w.root_wave = ? and w.tenant_id = b.tenant_id
                          and w.alert_id = b.alert_id and w.wave_no = b.wave_no and not b.settled and b.lease_owner is null
                        """)) {
            waves.setTimestamp(1, Timestamp.from(now));
            bind(waves, 2, group);
            waves.executeUpdate();
            bind(batches, 1, group);
            batches.executeUpdate();
        }
    }

    @Override
    public boolean nothingOpen(int tenantId, long alertId) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select from wave where tenant_id = ? and alert_id = ? and closed_at is null limit 1")) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            try (ResultSet row = query.executeQuery()) {
                return !row.next();
            }
        }
    }

    @Override
    public void endAsDone(int tenantId, long alertId, Instant now) throws SQLException {
        LedgerStore.end(connection, tenantId, alertId, "closed", now);
    }

    @Override
    public Optional<Launched> launched(int tenantId, long alertId) throws SQLException {
        Optional<Alert> alert = find(tenantId, alertId);
        if (alert.isEmpty()) {
            return Optional.empty();
        }
        String name;
        String language;
        try (PreparedStatement query =
                connection.prepareStatement("select name, language from tenant where tenant_id = ?")) {
            query.setInt(1, tenantId);
            try (ResultSet row = query.executeQuery()) {
                boolean found = row.next();
                name = found ? row.getString(1) : "";
                language = found ? row.getString(2) : "fr";
            }
        }
        List<AlertText.Written> messages = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                """
                select channel, language, subject, body_text, body_html from alert_message
                where tenant_id = ? and alert_id = ? order by ordinal
                """)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    messages.add(new AlertText.Written(
                            row.getString(1),
                            row.getString(2),
                            new Template(row.getString(3)),
                            new Template(row.getString(4)),
                            Optional.ofNullable(row.getString(5)).map(Template::new)));
                }
            }
        }
        return Optional.of(new Launched(alert.get(), name, language, messages));
    }

    private static void bind(PreparedStatement statement, int first, Group group) throws SQLException {
        statement.setInt(first, group.tenantId());
        statement.setLong(first + 1, group.alertId());
        statement.setInt(first + 2, group.root());
    }
}
