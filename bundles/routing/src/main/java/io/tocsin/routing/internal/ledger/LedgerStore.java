package io.tocsin.routing.internal.ledger;

import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.ComingAlerts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The ledger in PostgreSQL: what the domain changes of an alert's dispatch, and what it reads ({@link LedgerViews}). */
@Component
public final class LedgerStore implements Ledger {
    private final Clock clock;
    private final ComingAlerts coming;

    @Activate
    public LedgerStore(@Reference ComingAlerts coming) {
        this(Clock.systemUTC(), coming);
    }

    /** One whose launches nobody makes way for. */
    public LedgerStore() {
        this(Clock.systemUTC(), new ComingAlerts());
    }

    /** The same by another clock. No constructor: a component has one only of as many parameters as the one it is made by. */
    public static LedgerStore at(Clock clock) {
        return new LedgerStore(clock, new ComingAlerts());
    }

    public LedgerStore(Clock clock, ComingAlerts coming) {
        this.clock = clock;
        this.coming = coming;
    }

    @Override
    public Alert create(Connection connection, Alert alert, List<Message> messages) {
        coming.coming(alert.category());
        return sql(() -> {
            Alert stored = insertAlert(connection, alert);
            insertMessages(connection, stored, messages);
            return stored;
        });
    }

    private static Alert insertAlert(Connection connection, Alert alert) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into alert (tenant_id, scenario_slug, scenario_version, title, category, drill, state, policy,
                    recipients, launched_by, launched_at)
                values (?, ?, ?, ?, ?, ?, 'running', ?::jsonb, ?, ?, ?)
                returning
                """
                        + AlertRows.COLUMNS)) {
            insert.setInt(1, alert.tenantId());
            insert.setString(2, alert.scenario());
            insert.setInt(3, alert.scenarioVersion());
            insert.setString(4, alert.title());
            insert.setShort(5, (short) alert.category().ordinal());
            insert.setBoolean(6, alert.drill());
            insert.setString(7, PolicyJson.write(alert.policy()));
            insert.setInt(8, alert.recipients());
            insert.setString(9, alert.launchedBy());
            insert.setTimestamp(10, Timestamp.from(alert.launchedAt()));
            return AlertRows.read(insert).get(0);
        }
    }

    private static void insertMessages(Connection connection, Alert alert, List<Message> messages) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into alert_message (tenant_id, alert_id, channel, language, ordinal, subject, body_text, body_html)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            int ordinal = 0;
            for (Message message : messages) {
                insert.setInt(1, alert.tenantId());
                insert.setLong(2, alert.alertId());
                insert.setString(3, message.channel());
                insert.setString(4, message.language());
                insert.setInt(5, ordinal++);
                insert.setString(6, message.subject());
                insert.setString(7, message.text());
                insert.setString(8, message.html().orElse(null));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @Override
    public Alert openFirstWave(Connection connection, int tenantId, long alertId, int recipients) {
        return sql(() -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "update alert set recipients = ? where tenant_id = ? and alert_id = ? returning "
                            + AlertRows.COLUMNS)) {
                update.setInt(1, recipients);
                update.setInt(2, tenantId);
                update.setLong(3, alertId);
                Alert alert = AlertRows.read(update).stream()
                        .findFirst()
                        .orElseThrow(() -> new NoSuchElementException("no alert " + alertId));
                WaveWriter.openStep(connection, alert, 1, clock.instant());
                return alert;
            }
        });
    }

    @Override
    public OpenedWave relaunch(
            Connection connection,
            int tenantId,
            long alertId,
            String channel,
            Duration patience,
            int maxAttempts,
            String rule,
            List<Integer> recipientNos) {
        return sql(() -> {
            Alert alert = lock(connection, tenantId, alertId)
                    .orElseThrow(() -> new NoSuchElementException("no alert " + alertId));
            if (alert.state() == Alert.State.CANCELLED) {
                throw new IllegalStateException("alert " + alertId + " was cancelled: launch a new one");
            }
            int wave = WaveWriter.nextWave(connection, alert);
            int targets = WaveWriter.openRelaunch(
                    connection, alert, wave, channel, patience, maxAttempts, rule, recipientNos, clock.instant());
            if (targets > 0 && alert.state() == Alert.State.CLOSED) {
                try (PreparedStatement reopen = connection.prepareStatement(
                        """
                        update alert set state = 'running', ended_at = null, step = jsonb_array_length(policy -> 'cascade')
                        where tenant_id = ? and alert_id = ?
                        """)) {
                    reopen.setInt(1, tenantId);
                    reopen.setLong(2, alertId);
                    reopen.executeUpdate();
                }
            }
            return new OpenedWave(wave, targets);
        });
    }

    private static Optional<Alert> lock(Connection connection, int tenantId, long alertId) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select " + AlertRows.COLUMNS + " from alert where tenant_id = ? and alert_id = ? for update")) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            return AlertRows.read(query).stream().findFirst();
        }
    }

    @Override
    public Optional<Alert> alert(Connection connection, int tenantId, long alertId) {
        return sql(() -> AlertRows.find(connection, tenantId, alertId));
    }

    @Override
    public List<Alert> alerts(Connection connection, int tenantId, Optional<Long> beforeAlertId, int limit) {
        return sql(() -> {
            try (PreparedStatement query = connection.prepareStatement(
                    "select " + AlertRows.COLUMNS
                            + """
                     from alert where tenant_id = ? and alert_id < ? order by alert_id desc limit ?
                    """)) {
                query.setInt(1, tenantId);
                query.setLong(2, beforeAlertId.orElse(Long.MAX_VALUE));
                query.setInt(3, limit);
                return AlertRows.read(query);
            }
        });
    }

    @Override
    public List<Alert> alerts(Connection connection, int tenantId, Collection<Long> alertIds) {
        return sql(() -> {
            try (PreparedStatement query = connection.prepareStatement("select " + AlertRows.COLUMNS
                    + "from alert where tenant_id = ? and alert_id = any (?) order by alert_id desc")) {
                query.setInt(1, tenantId);
                query.setArray(2, connection.createArrayOf("int8", alertIds.toArray()));
                return AlertRows.read(query);
            }
        });
    }

    @Override
    public boolean pause(Connection connection, int tenantId, long alertId) {
        return sql(() -> {
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    update alert set state = 'paused', paused_at = ?
                    where tenant_id = ? and alert_id = ? and state = 'running'
                    """)) {
                update.setTimestamp(1, Timestamp.from(clock.instant()));
                update.setInt(2, tenantId);
                update.setLong(3, alertId);
                return update.executeUpdate() == 1;
            }
        });
    }

    /** Deadlines move by as long as the pause was: people keep the patience they were promised. */
    @Override
    public boolean resume(Connection connection, int tenantId, long alertId) {
        return sql(() -> {
            Timestamp now = Timestamp.from(clock.instant());
            try (PreparedStatement shift = connection.prepareStatement(
                            """
                            update wave w set deadline = w.deadline + (?::timestamptz - a.paused_at)
                            from alert a
                            where a.tenant_id = ? and a.alert_id = ? and a.state = 'paused'
                              and w.tenant_id = a.tenant_id and w.alert_id = a.alert_id and w.closed_at is null
                            """);
                    PreparedStatement update = connection.prepareStatement(
                            """
                            update alert set state = 'running', paused_at = null
                            where tenant_id = ? and alert_id = ? and state = 'paused'
                            """)) {
                shift.setTimestamp(1, now);
                shift.setInt(2, tenantId);
                shift.setLong(3, alertId);
                shift.executeUpdate();
                update.setInt(1, tenantId);
                update.setLong(2, alertId);
                return update.executeUpdate() == 1;
            }
        });
    }

    @Override
    public boolean cancel(Connection connection, int tenantId, long alertId, Instant at) {
        return sql(() -> end(connection, tenantId, alertId, "cancelled", at));
    }

    @Override
    public boolean close(Connection connection, int tenantId, long alertId, Instant at) {
        return sql(() -> end(connection, tenantId, alertId, "closed", at));
    }

    /**
     * Ends an alert. Batches nobody holds will never leave; those a node holds are settled by their holder (or by whoever
     * takes over from it), because what may have left must first be known by name.
     */
    public static boolean end(Connection connection, int tenantId, long alertId, String state, Instant at)
            throws SQLException {
        try (PreparedStatement alert = connection.prepareStatement(
                        """
                        update alert set state = ?, ended_at = ?, paused_at = null
                        where tenant_id = ? and alert_id = ? and state in ('running', 'paused')
                        """);
                PreparedStatement waves = connection.prepareStatement(
                        "update wave set closed_at = ? where tenant_id = ? and alert_id = ? and closed_at is null");
                PreparedStatement batches = connection.prepareStatement(
                        """
                        update batch set settled = true, lease_token = lease_token + 1
                        where tenant_id = ? and alert_id = ? and not settled and lease_owner is null
                        """)) {
            alert.setString(1, state);
            alert.setTimestamp(2, Timestamp.from(at));
            alert.setInt(3, tenantId);
            alert.setLong(4, alertId);
            if (alert.executeUpdate() == 0) {
                return false;
            }
            waves.setTimestamp(1, Timestamp.from(at));
            waves.setInt(2, tenantId);
            waves.setLong(3, alertId);
            waves.executeUpdate();
            batches.setInt(1, tenantId);
            batches.setLong(2, alertId);
            batches.executeUpdate();
            return true;
        }
    }

    @Override
    public boolean answer(
            Connection connection,
            int tenantId,
            long alertId,
            int recipientNo,
            String choice,
            String channel,
            String source,
            Instant at) {
        return sql(() -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    """
                    insert into answer (tenant_id, alert_id, recipient_no, choice, channel, source, at)
                    select r.tenant_id, r.alert_id, r.recipient_no, ?, ?, ?, ?
                    from recipient r where r.tenant_id = ? and r.alert_id = ? and r.recipient_no = ?
                    on conflict do nothing
                    """)) {
                insert.setString(1, choice);
                insert.setString(2, channel);
                insert.setString(3, source);
                insert.setTimestamp(4, Timestamp.from(at));
                insert.setInt(5, tenantId);
                insert.setLong(6, alertId);
                insert.setInt(7, recipientNo);
                return insert.executeUpdate() == 1;
            }
        });
    }

    @Override
    public Totals totals(Connection connection, int tenantId, long alertId) {
        return sql(() -> LedgerViews.totals(connection, tenantId, alertId));
    }

    @Override
    public List<WaveProgress> progress(Connection connection, int tenantId, long alertId) {
        return sql(() -> LedgerViews.progress(connection, tenantId, alertId));
    }

    @Override
    public List<WaveProgress> progressByStep(Connection connection, int tenantId, long alertId) {
        return sql(() -> StepView.progress(connection, tenantId, alertId));
    }

    @Override
    public List<PersonState> people(
            Connection connection,
            int tenantId,
            long alertId,
            Optional<Totals.State> state,
            int afterRecipientNo,
            int limit) {
        return sql(() -> LedgerViews.people(connection, tenantId, alertId, state, afterRecipientNo, limit));
    }

    @Override
    public List<Observation> history(Connection connection, int tenantId, long alertId, int recipientNo) {
        return sql(() -> LedgerViews.history(connection, tenantId, alertId, recipientNo));
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
