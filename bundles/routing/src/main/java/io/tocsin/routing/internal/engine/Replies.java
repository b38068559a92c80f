package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.InboundMessage;
import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.api.Hints;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.internal.engine.AttemptRows.Mark;
import io.tocsin.routing.internal.engine.ReplyMatching.Person;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Messages people write to us, turned into answers: whose it is and what it means ({@link ReplyMatching}), and whether it is their first.
 * Every message is kept, understood or not, once.
 */
final class Replies implements GroupWriting.Writer<Replies.Received> {
    private static final int FULL = 20_000;
    private static final int LONGEST_TEXT = 2000;

    record Received(
            int accountId,
            String channel,
            Set<Integer> tenants,
            InboundMessage message,
            CompletableFuture<Void> durable) {}

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
        ReplyMatching matching = new ReplyMatching(connection, clock.instant());
        for (Received received : group) {
            if (isNew(connection, received)) {
                Optional<ReplyMatching.Matched> matched = matching.match(received);
                if (matched.isPresent()) {
                    classify(connection, received, matched.get());
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

    private void classify(Connection connection, Received received, ReplyMatching.Matched matched) throws SQLException {
        Person person = matched.person();
        String outcome = "not-understood";
        if (matched.choice().isPresent()) {
            boolean first =
                    insertAnswer(connection, received, person, matched.choice().get());
            outcome = first ? "answered" : "repeated";
        }
        try (PreparedStatement update = connection.prepareStatement(
                """
                update inbound_message set tenant_id = ?, alert_id = ?, recipient_no = ?, outcome = ?, later_alert_id = ?
                where account_id = ? and inbound_id = ?
                """)) {
            update.setInt(1, person.tenantId());
            update.setLong(2, person.alertId());
            update.setInt(3, person.recipientNo());
            update.setString(4, outcome);
            update.setObject(5, matched.passed().orElse(null), Types.BIGINT);
            update.setInt(6, received.accountId);
            update.setString(7, received.message.id());
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
            insert.setInt(1, person.tenantId());
            insert.setLong(2, person.alertId());
            insert.setInt(3, person.recipientNo());
            insert.setString(4, choice);
            insert.setString(5, received.channel);
            insert.setTimestamp(6, Timestamp.from(credible(received.message.at())));
            boolean first = insert.executeUpdate() == 1;
            if (first) {
                answered.add(Hint.stopped(person.tenantId(), person.alertId()));
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
