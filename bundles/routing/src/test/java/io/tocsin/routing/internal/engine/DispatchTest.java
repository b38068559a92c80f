package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.Ledger.WaveProgress;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.testing.Conservation;
import io.tocsin.routing.testing.ScriptedCarrier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The engine over a real PostgreSQL with a scripted carrier: one alert's way, and what can go wrong on it. */
class DispatchTest {
    private static TestDatabase db;
    private static final AtomicInteger TENANTS = new AtomicInteger();

    private Rig rig;
    private int tenant;
    private final ScriptedCarrier sms = new ScriptedCarrier(20);
    private final ScriptedCarrier mail = new ScriptedCarrier(20);

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void setUp() {
        tenant = db.tenant("dispatch-" + TENANTS.incrementAndGet());
        rig = new Rig(db.database())
                .account(tenant * 10 + 1, "sms", 1, null, tenant)
                .account(tenant * 10 + 2, "mail", 1, null, tenant);
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    private Engine start() {
        return rig.engine("node-" + tenant, Map.of("sms", sms, "mail", mail));
    }

    private boolean yes(Database.Work<Boolean> work) {
        return db.database().inTenant(tenant, work);
    }

    private <T> List<T> list(Database.Work<List<T>> work) {
        return db.database().inTenant(tenant, work);
    }

    private void awaitTotals(long alert, java.util.function.Predicate<Totals> expected) {
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert), expected);
    }

    private void awaitState(long alert, Alert.State state) {
        await().atMost(Rig.LIMIT).until(() -> rig.state(tenant, alert), s -> s == state);
    }

    @Test
    void everybodyIsReachedAndTheAlertClosesByItself() {
        sms.delivers();
        long alert = rig.alert().recipients(1200).launch(tenant);
        start();
        awaitState(alert, Alert.State.CLOSED);
        Totals totals = Conservation.assertSettled(db.database(), tenant, alert);
        assertThat(totals.delivered()).isEqualTo(1200);
        assertThat(sms.sent())
                .hasSize(1200)
                .extracting(OutboundMessage::reference)
                .doesNotHaveDuplicates();
        OutboundMessage first = sms.sent().get(0);
        assertThat(first.text()).isEqualTo("Bonjour Personne 1 : Crue de la rivière");
        assertThat(TargetRef.parse(first.reference())).contains(new TargetRef(tenant, alert, 1, 0));
        assertThat(rig.waves(tenant, alert).get(0).observations())
                .containsEntry("accepted", 1200L)
                .containsEntry("delivered", 1200L);
    }

    @Test
    void aCarriersRateIsForBothNodesTogether() {
        int perSecond = 300;
        rig.close();
        rig = new Rig(db.database()).account(tenant * 10 + 5, "sms", 1, perSecond, tenant);
        List<Long> sentAt = new CopyOnWriteArrayList<>();
        sms.answers((link, message) -> {
            sentAt.add(System.nanoTime());
            return sms.accepted(message);
        });
        rig.engine("node-a" + tenant, Map.of("sms", sms));
        rig.engine("node-b" + tenant, Map.of("sms", sms));
        long alert = rig.alert().recipients(1500).launch(tenant);
        await().atMost(Rig.LIMIT).until(() -> sentAt.size() == 1500);
        long most = sentAt.stream()
                .mapToLong(from -> sentAt.stream()
                        .filter(at -> at >= from && at - from < TimeUnit.SECONDS.toNanos(1))
                        .count())
                .max()
                .orElseThrow();
        // A tenth saved up, a stretch that began early, and what either node had intended when it was held up.
        assertThat(most).isLessThanOrEqualTo(perSecond + perSecond / 10 + perSecond / 4 + 2 * 2 * 20);
        assertThat(rig.totals(tenant, alert).recipients()).isEqualTo(1500);
    }

    @Test
    void aLimitThatComesWhileAnAlertRunsHoldsTheRest() {
        rig.close();
        int other = db.tenant("beside-" + TENANTS.incrementAndGet());
        int account = tenant * 10 + 6;
        rig = new Rig(db.database()).account(account, "sms", 1, 300, tenant, other);
        sms.delivers();
        long alert = rig.alert().recipients(2000).launch(tenant);
        Engine engine = start();
        await().atMost(Rig.LIMIT).until(() -> sentOf(tenant) > 0);

        rig.limit(account, other);
        engine.accountsChanged();
        await().atMost(Rig.LIMIT)
                .until(() -> engine.lanes().laneFor(tenant, "sms").isEmpty()
                        && engine.lanes().laneFor(other, "sms").isPresent());
        // what is intended by then still leaves
        await().atMost(Rig.LIMIT).until(() -> engine.lanes().all().stream()
                .allMatch(lane -> lane.held().isEmpty() && lane.window().inFlight() == 0));
        long beside = rig.alert().recipients(300).launch(other);
        await().atMost(Rig.LIMIT).until(() -> rig.state(other, beside) == Alert.State.CLOSED);
        long left = sentOf(tenant);
        assertThat(left).isBetween(1L, 1999L);
        assertThat(sms.links()).as("the account stays open").hasSize(1);
        assertThat(rig.state(tenant, alert)).isEqualTo(Alert.State.RUNNING);
        awaitTotals(alert, t -> t.delivered() == left && t.pending() == 2000 - left);

        rig.limit(account, tenant, other);
        engine.accountsChanged();
        awaitState(alert, Alert.State.CLOSED);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).delivered())
                .isEqualTo(2000);
        assertThat(sms.sent()).extracting(OutboundMessage::reference).doesNotHaveDuplicates();
    }

    private long sentOf(int whose) {
        return sms.sent().stream()
                .filter(message -> TargetRef.parse(message.reference())
                        .filter(target -> target.tenantId() == whose)
                        .isPresent())
                .count();
    }

    @Test
    void acceptedIsNotDelivered() {
        start();
        long alert = rig.alert().launch(tenant);
        await().atMost(Rig.LIMIT).until(() -> sms.sent().size() == 10);
        awaitTotals(alert, t -> t.pending() == 10);
        assertThat(yes(c -> rig.ledger.close(c, tenant, alert, rig.clock.instant())))
                .isTrue();
        awaitTotals(alert, t -> t.unknown() == 10);
    }

    @Test
    void anAnswerStopsWhatIsPending() {
        long alert = rig.alert()
                .recipients(50)
                .step("sms", Duration.ofMinutes(5), 3, Until.ANSWERED)
                .choice("1", "Oui")
                .launch(tenant);
        for (int no = 1; no <= 20; no++) {
            int person = no;
            assertThat(yes(c -> rig.ledger.answer(c, tenant, alert, person, "1", "web", "link", Instant.now())))
                    .isTrue();
        }
        assertThat(yes(c -> rig.ledger.answer(c, tenant, alert, 20, "1", "web", "link", Instant.now())))
                .isFalse();
        start();
        awaitTotals(alert, t -> t.answered() == 20 && t.pending() == 30);
        await().atMost(Rig.LIMIT).until(() -> sms.sent().size() == 30);
        awaitTotals(alert, t -> rig.waves(tenant, alert).get(0).observations().getOrDefault("skipped", 0L) == 20);
        assertThat(list(c -> rig.ledger.history(c, tenant, alert, 3)))
                .extracting("kind")
                .contains("answered");
        assertThat(list(c -> rig.ledger.people(c, tenant, alert, Optional.of(Totals.State.ANSWERED), 5, 100)))
                .hasSize(15);
        assertThat(list(c -> rig.ledger.people(c, tenant, alert, Optional.empty(), 18, 5)))
                .extracting("state")
                .containsExactly(
                        Totals.State.ANSWERED,
                        Totals.State.ANSWERED,
                        Totals.State.PENDING,
                        Totals.State.PENDING,
                        Totals.State.PENDING);
    }

    @Test
    void aMessageIsTriedAgainUntilItsAttemptsAreUsedUp() {
        Map<String, Integer> tries = new ConcurrentHashMap<>();
        sms.answers((link, m) -> {
            int n = tries.merge(m.address(), 1, Integer::sum);
            if (m.address().endsWith("1")) {
                return new SendOutcome.Retry("busy", Duration.ZERO, SendOutcome.Scope.MESSAGE);
            }
            return n < 2
                    ? new SendOutcome.Retry("congestion", Duration.ZERO, SendOutcome.Scope.MESSAGE)
                    : sms.accepted(m);
        });
        long alert = rig.alert()
                .recipients(5)
                .step("sms", Duration.ofMinutes(30), 3, Until.DELIVERED)
                .launch(tenant);
        start();
        await().atMost(Rig.LIMIT).until(() -> sms.sent().size() == 5);
        rig.clock.plus(Duration.ofSeconds(6));
        await().atMost(Rig.LIMIT).until(() -> sms.sent().size() == 10);
        rig.clock.plus(Duration.ofSeconds(11));
        await().atMost(Rig.LIMIT).until(() -> sms.sent().size() == 11);
        rig.clock.plus(Duration.ofSeconds(60));
        awaitTotals(alert, t -> t.failed() == 1 && t.pending() == 4);
        oneKeyForEachAddress();
        assertThat(rig.waves(tenant, alert))
                .extracting(WaveProgress::kind)
                .containsExactly("cascade", "retry", "retry");
        assertThat(sms.sent()).hasSize(11).noneMatch(OutboundMessage::possibleDuplicate);
    }

    @Test
    void theNextStepTakesThoseNotReachedWhenPatienceIsOver() {
        sms.script((link, m) -> {
            CompletableFuture<SendOutcome> accepted = sms.accept(m).toCompletableFuture();
            if (!m.address().endsWith("3")) {
                link.receipt(m, Receipt.State.DELIVERED);
            }
            return accepted;
        });
        mail.delivers();
        long alert = rig.alert()
                .recipients(20)
                .step("sms", Duration.ofMinutes(5), 3, Until.DELIVERED)
                .step("mail", Duration.ofMinutes(5), 3, Until.DELIVERED)
                .launch(tenant);
        start();
        awaitTotals(alert, t -> t.delivered() == 18 && t.pending() == 2);
        assertThat(mail.sent()).isEmpty();
        rig.clock.plus(Duration.ofMinutes(5));
        awaitState(alert, Alert.State.CLOSED);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).delivered())
                .isEqualTo(20);
        assertThat(mail.sent())
                .extracting(OutboundMessage::address)
                .containsExactlyInAnyOrder("p3@example.org", "p13@example.org");
    }

    @Test
    void theNextStepComesEarlyWhenNobodyIsLeftToWaitFor() {
        sms.answers((link, m) -> new SendOutcome.Rejected("invalid-number", SendOutcome.Fault.ADDRESS));
        mail.delivers();
        long alert = rig.alert()
                .recipients(8)
                .step("sms", Duration.ofHours(1), 3, Until.DELIVERED)
                .step("mail", Duration.ofHours(1), 3, Until.DELIVERED)
                .launch(tenant);
        start();
        awaitState(alert, Alert.State.CLOSED);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).delivered())
                .isEqualTo(8);
    }

    @Test
    void theNextRankedEndpointIsTriedWhenOneFails() {
        sms.script((link, m) -> {
            CompletableFuture<SendOutcome> accepted = sms.accept(m).toCompletableFuture();
            link.receipt(m, m.address().startsWith("+3363998") ? Receipt.State.FAILED : Receipt.State.DELIVERED);
            return accepted;
        });
        long alert = rig.alert()
                .recipients(3)
                .endpoints(
                        """
                jsonb_build_array(jsonb_build_object('kind', 'mobile', 'address', '+3363998000' || i),
                    jsonb_build_object('kind', 'mobile', 'address', '+3319900000' || i))
                """)
                .launch(tenant);
        start();
        awaitState(alert, Alert.State.CLOSED);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).delivered())
                .isEqualTo(3);
        assertThat(sms.sent()).hasSize(6);
    }

    @Test
    void peopleWithoutAnEndpointFail() {
        long alert = rig.alert().recipients(4).endpoints("'[]'::jsonb").launch(tenant);
        start();
        awaitState(alert, Alert.State.CLOSED);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).failed())
                .isEqualTo(4);
    }

    @Test
    void aDoubtAboutLifeAndSafetyIsSentAgainAndFlagged() {
        sms.script((link, m) -> m.possibleDuplicate()
                ? delivered(link, m)
                : CompletableFuture.completedFuture(new SendOutcome.InDoubt("socket")));
        long alert = rig.alert().category(Category.LIFE_SAFETY).recipients(6).launch(tenant);
        start();
        await().atMost(Rig.LIMIT).until(() -> sms.sent().size() == 6);
        awaitTotals(alert, t -> t.pending() == 6 && t.flagged() == 0);
        rig.clock.plus(Duration.ofSeconds(31));
        awaitState(alert, Alert.State.CLOSED);
        Totals totals = Conservation.assertSettled(db.database(), tenant, alert);
        assertThat(totals.delivered()).isEqualTo(6);
        assertThat(totals.flagged()).isEqualTo(6);
        assertThat(sms.sent()).hasSize(12);
        oneKeyForEachAddress();
    }

    /** However often a message was tried, a receiver knows it by one key, and by no reference. */
    private void oneKeyForEachAddress() {
        assertThat(sms.sent()).extracting(OutboundMessage::reference).doesNotHaveDuplicates();
        Map<String, Set<String>> keys = sms.sent().stream()
                .collect(Collectors.groupingBy(
                        OutboundMessage::address, Collectors.mapping(OutboundMessage::repeatKey, Collectors.toSet())));
        assertThat(keys.values()).allSatisfy(each -> assertThat(each).hasSize(1));
        assertThat(keys.values().stream().flatMap(Set::stream)).doesNotHaveDuplicates();
    }

    @Test
    void aDoubtAboutInformationIsNeverSentAgain() {
        sms.answers((link, m) -> new SendOutcome.InDoubt("socket"));
        long alert = rig.alert().category(Category.INFORMATION).recipients(6).launch(tenant);
        start();
        await().atMost(Rig.LIMIT).until(() -> sms.sent().size() == 6);
        rig.clock.plus(Duration.ofMinutes(4));
        awaitTotals(alert, t -> t.pending() == 6);
        rig.clock.plus(Duration.ofMinutes(2));
        awaitState(alert, Alert.State.CLOSED);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).unknown())
                .isEqualTo(6);
        assertThat(sms.sent()).hasSize(6);
    }

    @Test
    void aReceiptSettlesADoubtBeforeAnythingIsSentAgain() {
        sms.answers((link, m) -> new SendOutcome.InDoubt("socket"));
        long alert = rig.alert().category(Category.LIFE_SAFETY).recipients(4).launch(tenant);
        start();
        await().atMost(Rig.LIMIT).until(() -> sms.sent().size() == 4);
        for (OutboundMessage m : sms.sent()) {
            sms.links()
                    .get(0)
                    .events()
                    .receipt(new Receipt(
                            "unheard",
                            Optional.of(m.reference()),
                            Optional.empty(),
                            Receipt.State.DELIVERED,
                            "",
                            Instant.now()));
        }
        awaitTotals(alert, t -> t.delivered() == 4);
        rig.clock.plus(Duration.ofSeconds(40));
        awaitState(alert, Alert.State.CLOSED);
        assertThat(sms.sent()).hasSize(4);
    }

    @Test
    void aResponseAfterItsTimeTellsTheIdThatReceiptsWillHave() {
        sms.answers((link, m) -> new SendOutcome.InDoubt("response-timeout"));
        long alert = rig.alert().category(Category.INFORMATION).recipients(2).launch(tenant);
        start();
        await().atMost(Rig.LIMIT).until(() -> sms.sent().size() == 2);
        for (OutboundMessage m : sms.sent()) {
            sms.links()
                    .get(0)
                    .events()
                    .receipt(new Receipt(
                            "late-" + m.reference(),
                            Optional.of(m.reference()),
                            Optional.of(m.address()),
                            Receipt.State.BUFFERED,
                            "late-response",
                            Instant.now()));
        }
        awaitTotals(alert, t -> rig.waves(tenant, alert).get(0).observations().getOrDefault("buffered", 0L) == 2);
        sms.links().get(0).receipt("late-" + sms.sent().get(1).reference(), Receipt.State.DELIVERED);
        awaitTotals(alert, t -> t.delivered() == 1);
    }

    @Test
    void aReceiptMayComeBeforeItsResponse() {
        List<CompletableFuture<Void>> durable = new java.util.concurrent.CopyOnWriteArrayList<>();
        Map<OutboundMessage, CompletableFuture<SendOutcome>> responses = new ConcurrentHashMap<>();
        sms.script((link, m) -> {
            durable.add(link.receipt("early-" + tenant + "-" + m.address(), Receipt.State.DELIVERED)
                    .toCompletableFuture());
            CompletableFuture<SendOutcome> response = new CompletableFuture<>();
            responses.put(m, response);
            return response;
        });
        long alert = rig.alert().recipients(5).launch(tenant);
        start();
        await().atMost(Rig.LIMIT).until(() -> responses.size() == 5);
        await().atMost(Rig.LIMIT).until(() -> durable.stream().allMatch(CompletableFuture::isDone));
        awaitTotals(alert, t -> t.pending() == 5);
        responses.forEach((m, r) -> r.complete(new SendOutcome.Accepted("early-" + tenant + "-" + m.address())));
        awaitState(alert, Alert.State.CLOSED);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).delivered())
                .isEqualTo(5);
    }

    @Test
    void aCarrierMayReuseItsIds() {
        sms.answers((link, m) -> new SendOutcome.Accepted("same-" + tenant));
        Engine engine = start();
        long first = rig.alert().recipients(1).launch(tenant);
        await().atMost(Rig.LIMIT).until(() -> engine.counters().values().getOrDefault("accepted", 0L) == 1);
        long second = rig.alert().recipients(1).launch(tenant);
        await().atMost(Rig.LIMIT).until(() -> engine.counters().values().getOrDefault("accepted", 0L) == 2);
        sms.links().get(0).receipt("same-" + tenant, Receipt.State.DELIVERED);
        awaitTotals(second, t -> t.delivered() == 1);
        assertThat(rig.totals(tenant, first).delivered()).isZero();
    }

    @Test
    void aLongMessageIsDeliveredWhenAllItsSegmentsAre() {
        sms.answers(
                (link, m) -> new SendOutcome.Accepted(List.of("a" + m.address() + tenant, "b" + m.address() + tenant)));
        Engine engine = start();
        long alert = rig.alert().recipients(2).launch(tenant);
        await().atMost(Rig.LIMIT).until(() -> engine.counters().values().getOrDefault("accepted", 0L) == 2);
        String one = sms.sent().get(0).address() + tenant;
        String two = sms.sent().get(1).address() + tenant;
        ScriptedCarrier.Link link = sms.links().get(0);
        link.receipt("a" + one, Receipt.State.DELIVERED);
        link.receipt("a" + one, Receipt.State.DELIVERED);
        link.receipt("a" + two, Receipt.State.DELIVERED);
        awaitTotals(alert, t -> rig.waves(tenant, alert).get(0).observations().getOrDefault("delivered", 0L) == 3);
        assertThat(rig.totals(tenant, alert).delivered()).isZero();
        link.receipt("b" + one, Receipt.State.DELIVERED);
        link.receipt("b" + two, Receipt.State.FAILED);
        awaitTotals(alert, t -> t.delivered() == 1 && t.failed() == 1);
    }

    @Test
    void aPoisonousRowIsSetAsideAndTheRestGoesOn() {
        sms.answers((link, m) -> m.address().endsWith("07") ? new SendOutcome.Accepted("nul\u0000") : sms.accepted(m));
        long alert = rig.alert().recipients(40).launch(tenant);
        start();
        await().atMost(Rig.LIMIT).until(() -> sms.sent().size() == 40);
        awaitTotals(alert, t -> rig.waves(tenant, alert).get(0).observations().getOrDefault("accepted", 0L) == 39);
        assertThat(db.database().<Long>asEngine(c -> {
                    try (var q = c.prepareStatement(
                            "select count(*) from set_aside where alert_id = ? and reason like '22%'")) {
                        q.setLong(1, alert);
                        var row = q.executeQuery();
                        row.next();
                        return row.getLong(1);
                    }
                }))
                .isEqualTo(1);
        awaitTotals(alert, t -> rig.waves(tenant, alert).get(0).observations().getOrDefault("in-doubt", 0L) == 1);
    }

    @Test
    void pauseStopsResumeGoesOnCancelEnds() {
        rig.microBatch(10);
        ScriptedCarrier slow = new ScriptedCarrier(5);
        Map<OutboundMessage, CompletableFuture<SendOutcome>> open = new ConcurrentHashMap<>();
        slow.script((link, m) -> open.computeIfAbsent(m, k -> new CompletableFuture<>()));
        long alert = rig.alert().recipients(300).launch(tenant);
        rig.engine("node-" + tenant, Map.of("sms", slow));
        await().atMost(Rig.LIMIT).until(() -> slow.sent().size() == 5);
        assertThat(yes(c -> rig.ledger.pause(c, tenant, alert))).isTrue();
        assertThat(yes(c -> rig.ledger.pause(c, tenant, alert))).isFalse();
        slow.script((link, m) -> slow.accept(m));
        open.forEach((m, f) -> f.complete(slow.accepted(m)));
        await().atMost(Rig.LIMIT).until(() -> unreleased(alert) == 0);
        int sentWhilePaused = slow.sent().size();
        assertThat(sentWhilePaused).isLessThanOrEqualTo(5 + 3 * 10);
        assertThat(rig.totals(tenant, alert).pending()).isEqualTo(300);
        assertThat(yes(c -> rig.ledger.resume(c, tenant, alert))).isTrue();
        await().atMost(Rig.LIMIT).until(() -> slow.sent().size() > sentWhilePaused + 20);
        assertThat(yes(c -> rig.ledger.cancel(c, tenant, alert, rig.clock.instant())))
                .isTrue();
        await().atMost(Rig.LIMIT).until(() -> unreleased(alert) == 0);
        Totals totals = Conservation.assertSettled(db.database(), tenant, alert);
        assertThat(totals.unknown()).isEqualTo(slow.sent().size());
        assertThat(totals.failed()).isEqualTo(300 - slow.sent().size());
    }

    private long unreleased(long alert) {
        return db.database().asEngine(c -> {
            try (var q =
                    c.prepareStatement("select count(*) from batch where alert_id = ? and lease_owner is not null")) {
                q.setLong(1, alert);
                var row = q.executeQuery();
                row.next();
                return row.getLong(1);
            }
        });
    }

    @Test
    void aMessageTheChannelForgetsIsInDoubtAfterTheTimeLimitAndALateWordIsHeard() {
        rig.sendTimeout(Duration.ofSeconds(1));
        CompletableFuture<SendOutcome> late = new CompletableFuture<>();
        sms.script((link, m) -> late);
        long alert = rig.alert().recipients(1).launch(tenant);
        start();
        awaitTotals(
                alert,
                t -> !rig.waves(tenant, alert).isEmpty()
                        && rig.waves(tenant, alert).get(0).observations().containsKey("in-doubt"));
        late.complete(new SendOutcome.Accepted("late-" + tenant));
        awaitTotals(alert, t -> rig.waves(tenant, alert).get(0).observations().containsKey("accepted"));
        sms.links().get(0).receipt("late-" + tenant, Receipt.State.DELIVERED);
        awaitTotals(alert, t -> t.delivered() == 1);
    }

    @Test
    void aChannelThatThrowsLeavesADoubt() {
        sms.script((link, m) -> {
            throw new IllegalStateException("broken");
        });
        long alert = rig.alert().category(Category.INFORMATION).recipients(3).launch(tenant);
        start();
        awaitTotals(alert, t -> rig.waves(tenant, alert).get(0).observations().getOrDefault("in-doubt", 0L) == 3);
    }

    @Test
    void anotherAccountTakesOverFromOneThatIsDown() {
        rig.account(tenant * 10 + 3, "sms", 2, null, tenant);
        ScriptedCarrier carrier = new ScriptedCarrier(20);
        Set<String> used = ConcurrentHashMap.newKeySet();
        carrier.answers((link, m) -> {
            used.add(link.accountId());
            return carrier.accepted(m);
        });
        rig.engine("node-" + tenant, Map.of("sms", carrier));
        await().atMost(Rig.LIMIT).until(() -> carrier.links().size() == 2);
        carrier.links().stream()
                .filter(l -> l.accountId().endsWith("1"))
                .forEach(l -> l.health(ChannelHealth.down("unbound")));
        rig.alert().recipients(30).launch(tenant);
        await().atMost(Rig.LIMIT).until(() -> carrier.sent().size() == 30);
        assertThat(used).containsExactly(Integer.toString(tenant * 10 + 3));
    }

    @Test
    void anAccountWhoseChannelIsNotInstalledIsShownWithTheCure() {
        rig.account(tenant * 10 + 4, "pigeon", 1, null, tenant);
        Engine engine = start();
        await().atMost(Rig.LIMIT).until(() -> engine.lanes().status().size() == 3);
        assertThat(engine.lanes().status())
                .filteredOn(a -> a.channel().equals("pigeon"))
                .singleElement()
                .satisfies(a -> {
                    assertThat(a.accountId()).isEqualTo(tenant * 10 + 4);
                    assertThat(a.health().state()).isEqualTo(ChannelHealth.State.DOWN);
                    assertThat(a.health().detail())
                            .contains("channel type \"pigeon\" is not installed", "install", "tocsin:channels");
                });
    }

    @Test
    void anAccountThatIsThrottledLosesNobody() {
        AtomicInteger calls = new AtomicInteger();
        sms.answers((link, m) -> calls.incrementAndGet() <= 15
                ? new SendOutcome.Retry("throttled", Duration.ZERO, SendOutcome.Scope.ACCOUNT)
                : delivered(link, m).join());
        long alert = rig.alert()
                .recipients(40)
                .step("sms", Duration.ofMinutes(5), 1, Until.DELIVERED)
                .launch(tenant);
        start();
        await().atMost(Rig.LIMIT).until(() -> {
            rig.clock.plus(Duration.ofMillis(200));
            return rig.state(tenant, alert) == Alert.State.CLOSED;
        });
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).delivered())
                .isEqualTo(40);
        assertThat(rig.totals(tenant, alert).flagged()).isZero();
    }

    @Test
    void anOperatorSuspendsAndResumesTheRouteOfAnAccount() throws Exception {
        Engine engine = start();
        await().atMost(Rig.LIMIT).until(() -> engine.lanes().all().size() == 2);
        String route = DispatchRoutes.routeId("sms-" + (tenant * 10 + 1));
        engine.routes().context().getRouteController().suspendRoute(route);
        long alert = rig.alert().recipients(30).launch(tenant);
        long other = rig.alert()
                .step("mail", Duration.ofMinutes(5), 1, Until.DELIVERED)
                .recipients(3)
                .launch(tenant);
        await().atMost(Rig.LIMIT).until(() -> mail.sent().size() == 3);
        assertThat(sms.sent()).isEmpty();
        assertThat(rig.totals(tenant, alert).pending()).isEqualTo(30);
        assertThat(rig.totals(tenant, other).pending()).isEqualTo(3);
        engine.routes().context().getRouteController().resumeRoute(route);
        await().atMost(Rig.LIMIT).until(() -> sms.sent().size() == 30);
    }

    @Test
    void repliesBecomeAnswersOnceWhoeverTheyAreFrom() {
        long alert = rig.alert()
                .recipients(3)
                .step("sms", Duration.ofMinutes(5), 1, Until.ANSWERED)
                .choice("1", "En sécurité")
                .choice("2", "Besoin d'aide")
                .launch(tenant);
        start();
        await().atMost(Rig.LIMIT).until(() -> sms.sent().size() == 3);
        ScriptedCarrier.Link link = sms.links().get(0);
        link.reply("r1-" + tenant, "+33639980001", "2, vite !")
                .toCompletableFuture()
                .join();
        link.reply("r1-" + tenant, "+33639980001", "2, vite !")
                .toCompletableFuture()
                .join();
        link.reply("r2-" + tenant, "+33639980001", "1").toCompletableFuture().join();
        link.reply("r3-" + tenant, "+33639980002", "qui êtes-vous ?")
                .toCompletableFuture()
                .join();
        link.reply("r4-" + tenant, "+33639980003", "EN SECURITE")
                .toCompletableFuture()
                .join();
        link.reply("r5-" + tenant, "+33639989999", "1").toCompletableFuture().join();
        awaitTotals(alert, t -> t.answered() == 2);
        assertThat(list(c -> rig.ledger.people(c, tenant, alert, Optional.of(Totals.State.ANSWERED), 0, 10)))
                .extracting(p -> p.choice().orElse(""))
                .containsExactly("2", "1");
        assertThat(outcomes())
                .containsExactlyInAnyOrder("answered", "repeated", "not-understood", "answered", "unknown-sender");
    }

    private List<String> outcomes() {
        return db.database().asEngine(c -> {
            List<String> outcomes = new java.util.ArrayList<>();
            try (var q = c.prepareStatement("select outcome from inbound_message where account_id = ?")) {
                q.setInt(1, tenant * 10 + 1);
                var row = q.executeQuery();
                while (row.next()) {
                    outcomes.add(row.getString(1));
                }
            }
            return outcomes;
        });
    }

    @Test
    void aRelaunchReachesThoseChosenEvenAfterTheEnd() {
        sms.delivers();
        mail.delivers();
        long alert = rig.alert()
                .recipients(10)
                .step("sms", Duration.ofMinutes(5), 1, Until.DELIVERED)
                .step("mail", Duration.ofMinutes(5), 1, Until.DELIVERED)
                .launch(tenant);
        start();
        awaitState(alert, Alert.State.CLOSED);
        var opened = db.database()
                .inTenant(
                        tenant,
                        c -> rig.ledger.relaunch(
                                c, tenant, alert, "mail", Duration.ofMinutes(1), 1, "by hand", List.of(2, 4)));
        assertThat(opened.targets()).isEqualTo(2);
        awaitState(alert, Alert.State.CLOSED);
        assertThat(mail.sent())
                .extracting(OutboundMessage::address)
                .containsExactlyInAnyOrder("p2@example.org", "p4@example.org");
    }

    private CompletableFuture<SendOutcome> delivered(ScriptedCarrier.Link link, OutboundMessage m) {
        CompletableFuture<SendOutcome> accepted = sms.accept(m).toCompletableFuture();
        link.receipt(m, Receipt.State.DELIVERED);
        return accepted;
    }
}
