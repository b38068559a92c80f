package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.InboundMessage;
import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.api.Hints;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.AttemptRows.Mark;
import io.tocsin.routing.internal.ledger.AlertRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Messages people write to us, turned into answers: whose it is (by our reference, else by its address in the latest alert
 * that wrote to it), which choice it means, and whether it is their first. Every message is kept, understood or not, once.
 */
final class Replies implements GroupWriting.Writer<Replies.Received> {
    private static final int FULL = 20_000;
    private static final int LONGEST_TEXT = 2000;

    /** How long after its end an alert still takes answers by address. */
    private static final Duration AFTER_THE_END = Duration.ofHours(24);

    record Received(
            int accountId,
            String channel,
            Set<Integer> tenants,
            InboundMessage message,
            CompletableFuture<Void> durable) {}

    private record Person(int tenantId, long alertId, int recipientNo) {}

    private final Database database;
    private final Hints hints;
    private final Clock clock;
    private final Counters counters;

    /** Alerts somebody answered: told once that is on disk. What a group that failed left here does no harm. */
    private final Set<Hint> answered = ConcurrentHashMap.newKeySet();

    private final GroupAppender<Received> appender;

    Replies(Database database, Hints hints, Settings settings, Clock clock, Counters counters) {
        this.database = database;
        this.hints = hints;
        this.clock = clock;
        this.counters = counters;
        this.appender = new GroupAppender<>("replies", settings.groupSize(), settings.groupAge(), this);
    }

    void start() {
        appender.start();
    }

    boolean close(Duration limit) {
        return appender.close(limit);
    }

    /** Takes a message. @return completes once it is durable; exceptionally if it should be delivered again */
    CompletionStage<Void> inbound(int accountId, String channel, Set<Integer> tenants, InboundMessage message) {
        if (appender.backlog() >= FULL) {
            return CompletableFuture.failedFuture(new IllegalStateException("too many messages wait for the database"));
        }
        CompletableFuture<Void> durable = new CompletableFuture<>();
        appender.add(new Received(accountId, channel, tenants, message, durable), false);
        return durable;
    }

    @Override
    public void write(List<Received> group, Mark mark) {
        database.asEngine(connection -> {
            GroupMarks.write(connection, mark);
            write(connection, group);
            return null;
        });
    }

    @Override
    public boolean committed(Mark mark) {
        return database.asEngine(connection -> GroupMarks.isLatest(connection, mark));
    }

    private void write(Connection connection, List<Received> group) throws SQLException {
        Map<Person, Alert> alerts = new HashMap<>();
        for (Received received : group) {
            if (isNew(connection, received)) {
                Optional<Person> person = person(connection, received);
                if (person.isPresent()) {
                    Alert alert = alerts.get(person.get());
                    if (alert == null) {
                        alert = AlertRows.find(connection, person.get().tenantId, person.get().alertId)
                                .orElseThrow();
                        alerts.put(person.get(), alert);
                    }
                    classify(connection, received, person.get(), alert);
                }
            }
        }
    }

    /** Keeps the message, unless the carrier delivered it before. */
    private boolean isNew(Connection connection, Received received) throws SQLException {
        InboundMessage message = received.message;
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into inbound_message (account_id, inbound_id, from_address, text, outcome, at)
                values (?, ?, ?, ?, 'unknown-sender', ?)
                on conflict do nothing
                """)) {
            insert.setInt(1, received.accountId);
            insert.setString(2, message.id());
            insert.setString(3, message.from());
            insert.setString(4, storable(message.text()));
            insert.setTimestamp(5, Timestamp.from(credible(message.at())));
            return insert.executeUpdate() == 1;
        }
    }

    private static String storable(String text) {
        String clean = text.replace("\u0000", "");
        return clean.length() <= LONGEST_TEXT ? clean : clean.substring(0, LONGEST_TEXT);
    }

    private Instant credible(Instant at) {
        Instant now = clock.instant();
        return at.isAfter(now) || at.isBefore(now.minus(Duration.ofDays(3))) ? now : at;
    }

    private Optional<Person> person(Connection connection, Received received) throws SQLException {
        Optional<TargetRef> reference = received.message.reference().flatMap(TargetRef::parse);
        if (reference.isPresent() && received.tenants.contains(reference.get().tenantId())) {
            Optional<Person> referred = byReference(connection, reference.get());
            if (referred.isPresent()) {
                return referred;
            }
        }
        return byAddress(connection, received);
    }

    private static Optional<Person> byReference(Connection connection, TargetRef target) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select tenant_id, alert_id, recipient_no from target
                where tenant_id = ? and alert_id = ? and wave_no = ? and position = ?
                """)) {
            query.setInt(1, target.tenantId());
            query.setLong(2, target.alertId());
            query.setInt(3, target.waveNo());
            query.setInt(4, target.position());
            return person(query);
        }
    }

    /** The latest open alert that wrote to this address; else the latest that ended not long ago. */
    private Optional<Person> byAddress(Connection connection, Received received) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select t.tenant_id, t.alert_id, t.recipient_no
                from target t
                join alert a on a.tenant_id = t.tenant_id and a.alert_id = t.alert_id
                where t.address in (?, lower(?)) and t.tenant_id = any (?) and (a.ended_at is null or a.ended_at > ?)
                order by a.ended_at is null desc, t.alert_id desc, t.wave_no desc limit 1
                """)) {
            query.setString(1, received.message.from());
            query.setString(2, received.message.from());
            query.setArray(3, connection.createArrayOf("int4", received.tenants.toArray()));
            query.setTimestamp(4, Timestamp.from(clock.instant().minus(AFTER_THE_END)));
            return person(query);
        }
    }

    private static Optional<Person> person(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            return row.next()
                    ? Optional.of(new Person(row.getInt(1), row.getLong(2), row.getInt(3)))
                    : Optional.empty();
        }
    }

    private void classify(Connection connection, Received received, Person person, Alert alert) throws SQLException {
        Optional<String> choice = Choices.read(alert.policy().choices(), received.message.text());
        String outcome = "not-understood";
        if (choice.isPresent()) {
            outcome = insertAnswer(connection, received, person, choice.get()) ? "answered" : "repeated";
        }
        try (PreparedStatement update = connection.prepareStatement(
                """
                update inbound_message set tenant_id = ?, alert_id = ?, recipient_no = ?, outcome = ?
                where account_id = ? and inbound_id = ?
                """)) {
            update.setInt(1, person.tenantId);
            update.setLong(2, person.alertId);
            update.setInt(3, person.recipientNo);
            update.setString(4, outcome);
            update.setInt(5, received.accountId);
            update.setString(6, received.message.id());
            update.executeUpdate();
        }
        counters.add("inbound-" + outcome, 1);
    }

    private boolean insertAnswer(Connection connection, Received received, Person person, String choice)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into answer (tenant_id, alert_id, recipient_no, choice, channel, source, at)
                values (?, ?, ?, ?, ?, 'reply', ?) on conflict do nothing
                """)) {
            insert.setInt(1, person.tenantId);
            insert.setLong(2, person.alertId);
            insert.setInt(3, person.recipientNo);
            insert.setString(4, choice);
            insert.setString(5, received.channel);
            insert.setTimestamp(6, Timestamp.from(credible(received.message.at())));
            boolean first = insert.executeUpdate() == 1;
            if (first) {
                answered.add(Hint.stopped(person.tenantId, person.alertId));
            }
            return first;
        }
    }

    @Override
    public void durable(List<Received> group) {
        counters.add("inbound", group.size());
        answered.removeIf(hint -> {
            hints.give(hint);
            return true;
        });
        group.forEach(r -> r.durable.complete(null));
    }

    /** Counted, and acknowledged: the carrier need not deliver it for ever. */
    @Override
    public void setAside(Received received, DatabaseException why, Mark mark) {
        counters.add("set-aside", 1);
    }
}
