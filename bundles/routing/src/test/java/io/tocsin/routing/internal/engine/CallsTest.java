package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Dialogue;
import io.tocsin.channel.api.InboundCall;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.IncomingCalls;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.testing.Conservation;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that occupy a line for as long as they take, over a real PostgreSQL. */
class CallsTest {
    private static final AtomicInteger TENANTS = new AtomicInteger();
    private static final int LINES = 10;
    private static TestDatabase db;

    private Rig rig;
    private int tenant;
    private int account;
    private final Switchboard board = new Switchboard(LINES);

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
        // not voice, whose messages are spoken first
        db.database().asEngine(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into channel_endpoint_kind values ('phone', 'mobile'),"
                            + " ('trunk', 'mobile'), ('trunk', 'landline')")) {
                return insert.executeUpdate();
            }
        });
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void setUp() {
        tenant = db.tenant("calls-" + TENANTS.incrementAndGet());
        account = tenant * 10 + 1;
        rig = new Rig(db.database())
                .account(account, "phone", 1, null, tenant)
                .lease(Duration.ofSeconds(3))
                .sendTimeout(Duration.ofSeconds(1));
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    private Engine node(String name) {
        return rig.engine(name + tenant, Map.of("phone", board));
    }

    private long launch(int people) {
        return rig.alert()
                .step("phone", Duration.ofMinutes(30), 3, Until.DELIVERED)
                .recipients(people)
                .launch(tenant);
    }

    private void awaitUp(int calls) {
        await().atMost(Rig.LIMIT).until(() -> board.up.size() == calls);
    }

    private void awaitClosed(long alert) {
        await().atMost(Rig.LIMIT).until(() -> rig.state(tenant, alert) == Alert.State.CLOSED);
    }

    /** Ends calls as they come up, until everybody was called. */
    private void hearThemAll(long alert) {
        await().pollInterval(Duration.ofMillis(5)).atMost(Rig.LIMIT).until(() -> {
            assertThat(board.up.size()).isLessThanOrEqualTo(LINES);
            board.up.values().forEach(Switchboard.Call::heard);
            return rig.state(tenant, alert) == Alert.State.CLOSED;
        });
    }

    @Test
    void linesAreRefilledAsCallsEndAndNeverMoreAreUsedThanThereAre() {
        node("a");
        long alert = launch(60);
        awaitUp(LINES);
        List<Switchboard.Call> some = new ArrayList<>(board.up.values()).subList(0, 4);
        some.forEach(Switchboard.Call::heard);
        await().atMost(Rig.LIMIT).until(() -> board.placed.size() == LINES + 4);
        assertThat(board.up).hasSize(LINES);
        hearThemAll(alert);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).delivered())
                .isEqualTo(60);
        assertThat(board.placed).hasSize(60);
    }

    @Test
    void aCallLongerThanAnyOtherMessageIsNoFailureAndKeepsItsLease() {
        Engine engine = node("a");
        long alert = launch(LINES);
        awaitUp(LINES);
        // The time limit of other messages is a second, the lease three: both pass.
        long begun = System.nanoTime();
        await().atMost(Rig.LIMIT)
                .until(() -> System.nanoTime() - begun > Duration.ofSeconds(4).toNanos());
        assertThat(rig.totals(tenant, alert).pending()).isEqualTo(LINES);
        assertThat(engine.lanes().all().get(0).breaker().trouble()).isEmpty();
        assertThat(observations(alert)).isEmpty();
        hearThemAll(alert);
        assertThat(observations(alert)).doesNotContainKey("in-doubt").containsEntry("delivered", (long) LINES);
    }

    private Map<String, Long> observations(long alert) {
        return rig.waves(tenant, alert).get(0).observations();
    }

    @Test
    void whatAChannelNeverEndsIsInDoubtOnceItsTimeIsUp() {
        Switchboard silent = new Switchboard(LINES, Duration.ofMillis(1));
        Engine engine = rig.engine("silent" + tenant, Map.of("phone", silent));
        long alert = launch(2);
        await().atMost(Rig.LIMIT).until(() -> observations(alert).getOrDefault("in-doubt", 0L) == 2);
        assertThat(engine.lanes().all().get(0).window().inFlight()).isZero();
    }

    @Test
    void withoutALineNothingLeavesAndAnotherAccountTakesOver() {
        rig.account(account + 1, "phone", 2, null, tenant);
        board.lines(0);
        Switchboard other = new Switchboard(LINES);
        Engine engine = rig.engine(
                "a" + tenant,
                Map.of("phone", (opened, events) -> (opened.id().equals(Integer.toString(account)) ? board : other)
                        .open(opened, events)));
        launch(5);
        await().atMost(Rig.LIMIT).until(() -> other.up.size() == 5);
        assertThat(board.placed).isEmpty();
        board.lines(3);
        await().atMost(Rig.LIMIT)
                .until(() ->
                        engine.lanes().laneFor(tenant, "phone").orElseThrow().accountId() == account);
    }

    @Test
    void nodesShareTheLines() {
        node("a");
        node("b");
        long alert = launch(1200);
        awaitUp(LINES);
        hearThemAll(alert);
        assertThat(board.placed).hasSize(1200);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).delivered())
                .isEqualTo(1200);
    }

    /** Fewer people than two batches of messages: the lines of both sites are busy all the same, and those of the lost one nobody's. */
    @Test
    void eachNodeCallsByTheLinesOfItsOwnSwitchAndOneWithoutLeavesThemToTheOther() {
        rig.close();
        rig = new Rig(db.database())
                .account(account + 3, "trunk", 1, null, tenant)
                .lease(Duration.ofSeconds(3));
        Switchboard here = new Switchboard(LINES);
        Switchboard there = new Switchboard(LINES);
        int own = LINES / 2;
        here.lines(own);
        there.lines(own);
        rig.engine("a" + tenant, Map.of("trunk", here));
        rig.engine("b" + tenant, Map.of("trunk", there));
        long alert = rig.alert()
                .step("trunk", Duration.ofMinutes(30), 3, Until.DELIVERED)
                .recipients(200)
                .launch(tenant);
        await().atMost(Rig.LIMIT).until(() -> here.up.size() == own && there.up.size() == own);

        here.lines(0);
        here.up.values().forEach(Switchboard.Call::heard);
        int left = here.placed.size();
        await().pollInterval(Duration.ofMillis(5)).atMost(Rig.LIMIT).until(() -> {
            assertThat(there.up.size()).as("its own, not those that are away").isLessThanOrEqualTo(own);
            there.up.values().forEach(Switchboard.Call::heard);
            return there.placed.size() > 100;
        });
        assertThat(here.placed)
                .as("what was on its way to a line when they went, and nothing more")
                .hasSizeLessThanOrEqualTo(left + own);

        here.lines(own);
        int before = here.placed.size();
        await().pollInterval(Duration.ofMillis(5)).atMost(Rig.LIMIT).until(() -> {
            here.up.values().forEach(Switchboard.Call::heard);
            there.up.values().forEach(Switchboard.Call::heard);
            return rig.state(tenant, alert) == Alert.State.CLOSED;
        });
        assertThat(here.placed).as("its lines are used again").hasSizeGreaterThan(before);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).delivered())
                .isEqualTo(200);
    }

    @Test
    void theRateOfAnAccountHoldsForCallsOfAllNodesTogether() {
        int perSecond = 20;
        rig.close();
        rig = new Rig(db.database()).account(account + 2, "phone", 1, perSecond, tenant);
        Switchboard large = new Switchboard(500);
        rig.engine("a" + tenant, Map.of("phone", large));
        rig.engine("b" + tenant, Map.of("phone", large));
        List<Long> at = new ArrayList<>();
        launch(100);
        await().pollInterval(Duration.ofMillis(1)).atMost(Rig.LIMIT).until(() -> {
            while (at.size() < large.placed.size()) {
                at.add(System.nanoTime());
            }
            return at.size() == 100;
        });
        long most = at.stream()
                .mapToLong(from -> at.stream()
                        .filter(t ->
                                t >= from && t - from < Duration.ofSeconds(1).toNanos())
                        .count())
                .max()
                .orElseThrow();
        // A tenth saved up, a stretch that began early, and what a node had intended when it was held up.
        assertThat(most).isLessThanOrEqualTo(perSecond + perSecond / 10 + perSecond / 4 + 2 * 2);
    }

    @Test
    void outcomesOfCallsAreTriedAgainLikeAnyOther() {
        node("a");
        long alert = launch(1);
        awaitUp(1);
        board.up
                .values()
                .forEach(call -> call.ends(new SendOutcome.Retry("busy", Duration.ZERO, SendOutcome.Scope.MESSAGE)));
        rig.clock.plus(Duration.ofSeconds(10));
        await().atMost(Rig.LIMIT).until(() -> board.placed.size() == 2);
        hearThemAll(alert);
        Totals totals = Conservation.assertSettled(db.database(), tenant, alert);
        assertThat(totals.delivered()).isEqualTo(1);
    }

    @Test
    void callsOfANodeThatDiedAreFoundByAnotherAndPlacedOnce() {
        Engine dead = node("a");
        long alert = launch(LINES);
        awaitUp(LINES);
        dead.abandon();
        node("b");
        await().atMost(Rig.LIMIT).until(() -> observations(alert).getOrDefault("accepted", 0L) == LINES);
        assertThat(observations(alert)).containsEntry("in-doubt", (long) LINES);
        rig.clock.plus(Duration.ofMinutes(10));
        hearThemAll(alert);
        assertThat(board.placed).as("nobody was called twice").hasSize(LINES);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).delivered())
                .isEqualTo(LINES);
    }

    @Test
    void callsOfANodeThatDiedAreLeftToItWhereEachHasASwitchOfItsOwn() {
        board.ofOneNode();
        Switchboard there = new Switchboard(LINES).ofOneNode();
        Engine dead = node("a");
        long alert = launch(3);
        awaitUp(3);
        rig.engine("b" + tenant, Map.of("phone", there));
        dead.abandon();
        await().atMost(Rig.LIMIT).until(() -> observations(alert).getOrDefault("in-doubt", 0L) == 3);
        node("a");
        await().atMost(Rig.LIMIT).until(() -> observations(alert).getOrDefault("accepted", 0L) == 3);
        assertThat(there.asked).as("a switch that cannot know them").hasValue(0);
        rig.clock.plus(Duration.ofMinutes(10));
        hearThemAll(alert);
        assertThat(board.placed).as("nobody was called twice").hasSize(3);
        assertThat(there.placed).isEmpty();
    }

    @Test
    void callsOfANodeThatStopsAreFoundWhenItStartsAgain() {
        Engine first = node("a");
        long alert = launch(3);
        awaitUp(3);
        first.stop();
        assertThat(observations(alert)).containsEntry("in-doubt", 3L);
        rig.clock.plus(Duration.ofMinutes(10));
        node("a");
        await().atMost(Rig.LIMIT).until(() -> observations(alert).getOrDefault("accepted", 0L) == 3);
        hearThemAll(alert);
        assertThat(board.placed).as("nobody was called twice").hasSize(3);
    }

    @Test
    void aCallTheSwitchDoesNotKnowMayHaveRungAndIsPlacedAgainFlaggedOnceItSaidSo() {
        Engine dead = node("a");
        long alert = rig.alert()
                .step("phone", Duration.ofMinutes(30), 3, Until.DELIVERED)
                .category(Category.LIFE_SAFETY)
                .recipients(2)
                .launch(tenant);
        awaitUp(2);
        board.forgets(true);
        dead.abandon();
        board.restarts();
        node("b");
        await().atMost(Rig.LIMIT).until(() -> observations(alert).getOrDefault("in-doubt", 0L) == 2);
        rig.clock.plus(Duration.ofMinutes(1));
        // asked in vain, more than once, by a node that looks for what is due several times meanwhile
        await().atMost(Rig.LIMIT).until(() -> board.asked.get() >= 4);
        assertThat(board.placed).hasSize(2);
        board.forgets(false);
        await().atMost(Rig.LIMIT).until(() -> board.placed.size() == 4);
        assertThat(board.placed.stream()
                        .filter(OutboundMessage::possibleDuplicate)
                        .count())
                .isEqualTo(2);
        hearThemAll(alert);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).flagged())
                .isEqualTo(2);
    }

    private void answer(long alert, int recipientNo) {
        db.database().inTenant(tenant, connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    """
                    insert into answer (tenant_id, alert_id, recipient_no, choice, channel, source, at)
                    values (?, ?, ?, '1', 'web', 'link', now())
                    """)) {
                insert.setInt(1, tenant);
                insert.setLong(2, alert);
                insert.setInt(3, recipientNo);
                return insert.executeUpdate();
            }
        });
    }

    private Switchboard.Call callOf(int recipientNo) {
        return board.up.values().stream()
                .filter(call -> call.message.text().startsWith("Bonjour Personne " + recipientNo + " "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whoAnswersElsewhereIsRungNoLongerAndNotTriedAgain() {
        node("a");
        long alert = rig.alert()
                .step("phone", Duration.ofMinutes(30), 3, Until.ANSWERED)
                .choice("1", "Oui")
                .recipients(3)
                .launch(tenant);
        awaitUp(3);
        Switchboard.Call listening = callOf(2);
        listening.answered = true;
        answer(alert, 1);
        answer(alert, 2);
        await().atMost(Rig.LIMIT).until(() -> board.up.size() == 2);
        await().atMost(Rig.LIMIT).until(() -> board.withdrawn.size() == 2);
        assertThat(board.up).as("who listens hears it to its end").containsKey(listening.message.reference());
        listening.heard();
        answer(alert, 3);
        awaitClosed(alert);
        assertThat(board.placed).hasSize(3);
        assertThat(board.withdrawn).as("each is told once").doesNotHaveDuplicates();
        assertThat(observations(alert)).containsEntry("skipped", 2L).doesNotContainKey("rejected");
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).answered())
                .isEqualTo(3);
    }

    @Test
    void aCancelledAlertRingsNoLonger() {
        node("a");
        long alert = launch(4);
        awaitUp(4);
        db.database().inTenant(tenant, c -> rig.ledger.cancel(c, tenant, alert, rig.clock.instant()));
        await().atMost(Rig.LIMIT).until(() -> observations(alert).getOrDefault("skipped", 0L) == 4);
        assertThat(board.up).isEmpty();
        assertThat(board.placed).hasSize(4);
    }

    @Test
    void aCallThatWasFoundAgainIsTakenBackAsWell() {
        Engine dead = node("a");
        long alert = launch(2);
        awaitUp(2);
        dead.abandon();
        node("b");
        await().atMost(Rig.LIMIT).until(() -> observations(alert).getOrDefault("accepted", 0L) == 2);
        String reference = callOf(1).message.reference();
        answer(alert, 1);
        await().atMost(Rig.LIMIT).until(() -> board.withdrawn.contains(reference));
    }

    @Test
    void whoCallsIsPutThroughToTheDoorThatTakesCalls() {
        node("a");
        await().atMost(Rig.LIMIT).until(() -> !board.links.isEmpty());
        InboundCall call = new InboundCall("in-1", Optional.of("+33639980001"), "+33199000001", Instant.now());
        assertThat(board.links.get(0).events.called(call))
                .as("nobody is there")
                .failsWithin(Rig.LIMIT)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("nobody takes calls on this node");

        List<IncomingCalls.Line> lines = new CopyOnWriteArrayList<>();
        Dialogue dialogue = new Dialogue() {
            @Override
            public CompletionStage<Turn> next(Heard heard) {
                return CompletableFuture.completedFuture(new Turn(List.of(), new HangUp()));
            }

            @Override
            public void ended() {
                // nothing was begun
            }
        };
        rig.incoming.set(Optional.of((line, heard) -> {
            lines.add(line);
            return CompletableFuture.completedFuture(dialogue);
        }));
        assertThat(board.links.get(0).events.called(call))
                .succeedsWithin(Rig.LIMIT)
                .isSameAs(dialogue);
        assertThat(lines).containsExactly(new IncomingCalls.Line(account, "phone", Set.of(tenant)));

        rig.incoming.set(Optional.of((line, heard) -> {
            throw new IllegalStateException("broken");
        }));
        assertThat(board.links.get(0).events.called(call)).failsWithin(Rig.LIMIT);
    }

    @Test
    void linesAreShown() {
        Engine engine = node("a");
        launch(LINES);
        awaitUp(LINES);
        assertThat(engine.lanes().status()).singleElement().satisfies(status -> {
            assertThat(status.inFlight()).isEqualTo(LINES);
            assertThat(status.lines()).contains(new DispatchStatus.Lines(LINES, LINES));
        });
    }

    /** The version before is drained as long as calls last, while the new one places the next. */
    @Test
    void callsOutlastTheVersionThatPlacedThem() {
        Switchboard next = new Switchboard(LINES);
        Providers providers = new Providers();
        Providers.Installed before = new Providers.Installed("phone", List.of(), "1", board);
        providers.add(before);
        Engine engine = rig.engine("a" + tenant, providers);
        long alert = launch(LINES);
        awaitUp(LINES);
        providers.add(new Providers.Installed("phone", List.of(), "2", next));
        engine.accountsChanged();
        await().atMost(Rig.LIMIT).until(() -> providers.standings().stream()
                .anyMatch(stood ->
                        stood.installed() == before && stood.standing() == InstalledChannels.Standing.SUPERSEDED));
        long more = launch(4);
        board.up.values().stream().limit(4).forEach(Switchboard.Call::heard);
        await().atMost(Rig.LIMIT).until(() -> next.up.size() == 4);
        assertThat(board.up).as("goes on").hasSize(LINES - 4);
        assertThat(board.links).noneMatch(Switchboard.Link::closed);
        board.up.values().forEach(Switchboard.Call::heard);
        await().atMost(Rig.LIMIT).until(() -> board.links.stream().allMatch(Switchboard.Link::closed));
        next.up.values().forEach(Switchboard.Call::heard);
        awaitClosed(alert);
        awaitClosed(more);
        assertThat(observations(alert)).doesNotContainKey("in-doubt");
    }

    @Test
    void aBundleThatIsTakenAwayDoesNotWaitForItsCalls() {
        Providers providers = new Providers();
        providers.add(new Providers.Installed("phone", List.of(), "1", board));
        Engine engine = rig.engine("a" + tenant, providers);
        long alert = launch(3);
        awaitUp(3);
        providers.remove(board);
        engine.lanes().closeAllOf(board);
        assertThat(board.links).allMatch(Switchboard.Link::closed);
        await().atMost(Rig.LIMIT).until(() -> observations(alert).getOrDefault("in-doubt", 0L) == 3);
        providers.add(new Providers.Installed("phone", List.of(), "2", board));
        engine.accountsChanged();
        await().atMost(Rig.LIMIT).until(() -> observations(alert).getOrDefault("accepted", 0L) == 3);
        assertThat(board.placed).hasSize(3);
    }
}
