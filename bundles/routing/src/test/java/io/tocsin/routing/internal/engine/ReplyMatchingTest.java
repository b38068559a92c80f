package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.InboundMessage;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Replies.Received;
import io.tocsin.routing.internal.engine.ReplyMatching.Matched;
import io.tocsin.routing.internal.engine.ReplyMatching.Person;
import io.tocsin.routing.internal.ledger.LedgerStore;
import io.tocsin.routing.testing.MovableClock;
import io.tocsin.routing.testing.TestAlerts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of several alerts that wrote to one telephone, one is answered: decision 45, rule by rule. */
class ReplyMatchingTest {
    private static final int HERE = 11;
    private static final int ELSEWHERE = 12;
    private static final String PHONE = "+33639980002";
    private static TestDatabase db;

    private final MovableClock clock = new MovableClock();
    private final LedgerStore ledger = LedgerStore.at(clock);
    private int tenant;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void aTenant() {
        db.clear();
        tenant = db.tenant("commune");
        sql("insert into channel_endpoint_kind values ('sms', 'mobile')");
    }

    @Test
    void afterAnAllClearAChoiceOfTheFirstIsItsAnswerAndNeverTheAllClears() {
        long first = asks("1", "En sécurité");
        sql("update alert set state = 'cancelled', ended_at = now() where alert_id = " + first);
        long allClear = following(first, "all-clear");

        assertThat(reply("1 merci", HERE, Optional.empty()))
                .hasValue(new Matched(person(first), Optional.of("1"), Optional.of(allClear)));
        assertThat(reply("D'accord, merci", HERE, Optional.empty()))
                .as("no choice of the first: said to the all-clear")
                .hasValue(new Matched(person(allClear), Optional.of(Choices.REPLY), Optional.empty()));
    }

    @Test
    void anAllClearOfACorrectionIsSeenThroughToWhatAskedSomething() {
        long first = asks("1", "En sécurité");
        long correction = following(first, "correction");
        long allClear = following(correction, "all-clear");

        assertThat(reply("en securite", HERE, Optional.empty()))
                .hasValue(new Matched(person(first), Optional.of("1"), Optional.of(allClear)));
    }

    @Test
    void whatFollowsNothingIsNotSeenThrough() {
        asks("1", "En sécurité");
        long information = launch();

        assertThat(reply("1", HERE, Optional.empty()))
                .hasValue(new Matched(person(information), Optional.of(Choices.REPLY), Optional.empty()));
    }

    @Test
    void aReferenceSaysWhichWhateverElseWroteToTheNumber() {
        long first = asks("1", "En sécurité");
        long allClear = following(first, "all-clear");

        assertThat(reply("1", HERE, Optional.of(new TargetRef(tenant, first, 1, 1).reference())))
                .hasValue(new Matched(person(first), Optional.of("1"), Optional.empty()));
        assertThat(reply("1", HERE, Optional.of(new TargetRef(tenant, allClear, 1, 1).reference())))
                .hasValue(new Matched(person(allClear), Optional.of(Choices.REPLY), Optional.empty()));
    }

    @Test
    void theAlertThatLeftByTheAccountTheReplyCameInOnIsMeantBeforeALaterOne() {
        long here = asks("1", "En sécurité");
        long elsewhere = asks("1", "Je viens");
        accepted(here, HERE);
        accepted(elsewhere, ELSEWHERE);

        assertThat(reply("1", HERE, Optional.empty()).orElseThrow().person()).isEqualTo(person(here));
        assertThat(reply("1", ELSEWHERE, Optional.empty()).orElseThrow().person())
                .isEqualTo(person(elsewhere));
        assertThat(reply("1", 99, Optional.empty()).orElseThrow().person())
                .as("an account that only receives: the latest")
                .isEqualTo(person(elsewhere));
    }

    @Test
    void whoAnswersBeforeTheirMessageLeftAnswersTheAlertThatIsOpenAndNotYesterdays() {
        long yesterdays = asks("1", "En sécurité");
        accepted(yesterdays, HERE);
        sql("update alert set state = 'closed', ended_at = now() - interval '20 hours' where alert_id = " + yesterdays);
        long open = asks("1", "Je viens");

        assertThat(reply("1", HERE, Optional.empty()).orElseThrow().person()).isEqualTo(person(open));
    }

    @Test
    void whoAnswersBeforeTheirMessageOfTheLatestLeftAnswersTheLatest() {
        long before = asks("1", "En sécurité");
        accepted(before, HERE);
        long latest = asks("1", "Je viens");

        assertThat(reply("1", HERE, Optional.empty()).orElseThrow().person())
                .as("two alerts are open, and the later one's message waits to be tried again")
                .isEqualTo(person(latest));
        accepted(latest, ELSEWHERE);
        assertThat(reply("1", HERE, Optional.empty()).orElseThrow().person())
                .as("it left, by another account")
                .isEqualTo(person(before));
    }

    @Test
    void aReplyReadsAFewRowsHoweverManyTheAlertsHave() {
        for (int alert = 0; alert < 3; alert++) {
            acceptedByAll(written(crowd().choice("1", "Je viens").launch(tenant)), HERE);
        }

        long read = db.database().asEngine(connection -> {
            long before = rowsRead(connection);
            assertThat(new ReplyMatching(connection, Instant.now()).match(received("1", HERE, Optional.empty())))
                    .isPresent();
            return rowsRead(connection) - before;
        });

        assertThat(read)
                .as("rows of targets and attempts, of 3 alerts that no statistics know")
                .isBetween(3L, 60L);
    }

    @Test
    void aDayAfterItsEndAnAlertTakesNothingAnyMore() {
        long first = asks("1", "En sécurité");
        sql("update alert set state = 'closed', ended_at = now() - interval '25 hours' where alert_id = " + first);
        long allClear = following(first, "all-clear");

        assertThat(reply("1", HERE, Optional.empty()))
                .hasValue(new Matched(person(allClear), Optional.of(Choices.REPLY), Optional.empty()));
        sql("update alert set state = 'closed', ended_at = now() - interval '25 hours'");
        assertThat(reply("1", HERE, Optional.empty())).isEmpty();
    }

    @Test
    void theAnswerIsKeptWithTheAlertItPassed() {
        long first = asks("1", "En sécurité");
        long allClear = following(first, "all-clear");
        Replies replies = new Replies(
                db.database(),
                hint -> {},
                new Settings(
                        "n",
                        Duration.ofSeconds(15),
                        250,
                        1000,
                        Duration.ofMillis(20),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        400,
                        7,
                        new Swap.Limits(Duration.ofSeconds(3), Duration.ofSeconds(1))),
                clock,
                new Counters());

        replies.write(List.of(received("1", HERE, Optional.empty())), new AttemptRows.Mark(UUID.randomUUID(), 1));

        assertThat(count("answer where alert_id = " + first + " and recipient_no = 2 and choice = '1'"))
                .isEqualTo(1);
        assertThat(count("answer where alert_id = " + allClear)).isZero();
        assertThat(count("inbound_message where outcome = 'answered' and alert_id = " + first + " and later_alert_id = "
                        + allClear))
                .isEqualTo(1);
    }

    private long asks(String key, String meaning) {
        return written(alerts().choice(key, meaning).launch(tenant));
    }

    private long launch() {
        return written(alerts().launch(tenant));
    }

    private TestAlerts alerts() {
        return new TestAlerts(db.database(), ledger, clock).recipients(3);
    }

    private TestAlerts crowd() {
        return new TestAlerts(db.database(), ledger, clock).recipients(4000);
    }

    private void acceptedByAll(long alert, int account) {
        sql(
                """
                insert into attempt (tenant_id, alert_id, wave_no, position, kind, code, account_id, at, node)
                select tenant_id, alert_id, wave_no, position, 'accepted', '', %d, now(), 'n' from target
                where tenant_id = %d and alert_id = %d
                """
                        .formatted(account, tenant, alert));
    }

    /** By the session, of what it has not told the server's statistics yet. */
    private static long rowsRead(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(
                        """
                        select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_all_tables
                        where relname = 'target' or relname like 'attempt%'
                        """)) {
            row.next();
            return row.getLong(1);
        }
    }

    private long written(long alert) {
        Written.targets(db.database(), tenant, alert);
        return alert;
    }

    private long following(long first, String kind) {
        long alert = launch();
        sql("insert into alert_follow_up values (%d, %d, %d, '%s', 'everybody')".formatted(tenant, alert, first, kind));
        return alert;
    }

    private void accepted(long alert, int account) {
        sql(
                """
                insert into attempt (tenant_id, alert_id, wave_no, position, kind, code, account_id, at, node)
                values (%d, %d, 1, 1, 'accepted', '', %d, now(), 'n')
                """
                        .formatted(tenant, alert, account));
    }

    private Person person(long alert) {
        return new Person(tenant, alert, 2);
    }

    private Received received(String text, int account, Optional<String> reference) {
        return new Received(
                account,
                "sms",
                Set.of(tenant),
                new InboundMessage("r", PHONE, "36111", reference, text, Instant.now()),
                new CompletableFuture<>());
    }

    private Optional<Matched> reply(String text, int account, Optional<String> reference) {
        return db.database().asEngine(connection -> new ReplyMatching(
                        connection, Instant.now().plus(Duration.ofSeconds(1)))
                .match(received(text, account, reference)));
    }

    private static long count(String of) {
        return db.database().asEngine(c -> {
            try (var statement = c.createStatement();
                    var row = statement.executeQuery("select count(*) from " + of)) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    private static void sql(String sql) {
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.execute(sql);
            }
        });
    }
}
