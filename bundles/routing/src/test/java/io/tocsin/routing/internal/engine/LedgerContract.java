package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.Receipt;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.AttemptRows.Counted;
import io.tocsin.routing.internal.engine.AttemptRows.Later;
import io.tocsin.routing.internal.engine.AttemptRows.Mark;
import io.tocsin.routing.internal.engine.AttemptRows.Row;
import io.tocsin.routing.internal.engine.BatchRows.Candidate;
import io.tocsin.routing.internal.engine.BatchRows.Fenced;
import io.tocsin.routing.internal.engine.BatchRows.Wanted;
import io.tocsin.routing.internal.engine.DispatchLedger.Session;
import io.tocsin.routing.internal.engine.Fact.Intent;
import io.tocsin.routing.internal.engine.Fact.Receipted;
import io.tocsin.routing.internal.engine.ReattachRows.Doubt;
import io.tocsin.routing.internal.engine.ReattachRows.Question;
import io.tocsin.routing.internal.engine.ReceiptRows.Found;
import io.tocsin.routing.internal.engine.ReceiptRows.Place;
import io.tocsin.routing.internal.engine.StopRows.AlertKey;
import io.tocsin.routing.internal.engine.StopRows.Person;
import io.tocsin.routing.internal.engine.WaveRows.Due;
import io.tocsin.routing.internal.engine.WaveRows.Group;
import io.tocsin.routing.internal.engine.WaveRows.GroupState;
import io.tocsin.routing.internal.ledger.Replacement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What any ledger must do for dispatch: asked of PostgreSQL ({@link JdbcLedgerTest}) and of the simulation's
 * ({@link SimLedgerTest}), so that what the simulation proves is true of the real one.
 */
abstract class LedgerContract {
    static final Duration LEASE = Duration.ofSeconds(15);

    /** A ledger and what the domain does to it. */
    interface World {
        DispatchLedger ledger();

        /** Another tenant each time. */
        int tenant();

        /** Lets numbers of a tenant's people that begin so have a cap. @param channels none: all @return its id */
        int cap(int tenant, double perSecond, List<String> channels, String... prefixes);

        /** Says what a tenant and its agency weigh. */
        void weigh(int tenant, int agencyWeight, int tenantWeight);

        /** Launches with recipients who each have a mobile, a second one and a mailbox. */
        long launch(int tenant, Category category, int recipients, List<Step> steps);

        /** The address of a recipient's endpoint, by rank from 0: two mobiles, a mailbox. */
        String address(int recipientNo, int rank);

        boolean answer(int tenant, long alert, int recipientNo);

        boolean pause(int tenant, long alert);

        boolean resume(int tenant, long alert);

        boolean cancel(int tenant, long alert);

        int relaunch(int tenant, long alert, List<Integer> people);

        Totals totals(int tenant, long alert);

        Map<String, Long> observations(int tenant, long alert);

        Alert.State state(int tenant, long alert);

        /** Lets the lease of every batch of an alert run out. */
        void leasesRunOut(int tenant, long alert);

        /** The ledger's own time. */
        Instant now();
    }

    private World world;
    private int tenant;
    private int account;

    abstract World world();

    @BeforeEach
    void setUp() {
        world = world();
        tenant = world.tenant();
        account = tenant * 10;
    }

    private <T> T in(DispatchLedger.Work<T> work) {
        return world.ledger().transact(work);
    }

    // The same by type: AssertJ must know what it is asked about.

    private <T> List<T> list(DispatchLedger.Work<List<T>> work) {
        return in(work);
    }

    private <K, V> Map<K, V> map(DispatchLedger.Work<Map<K, V>> work) {
        return in(work);
    }

    private <T> Set<T> set(DispatchLedger.Work<Set<T>> work) {
        return in(work);
    }

    private <T> Optional<T> maybe(DispatchLedger.Work<Optional<T>> work) {
        return in(work);
    }

    private boolean yes(DispatchLedger.Work<Boolean> work) {
        return in(work);
    }

    private long number(DispatchLedger.Work<? extends Number> work) {
        return in(work).longValue();
    }

    /** An alert of which something may be observed. */
    private long written(int recipients) {
        long alert = alert(recipients);
        Written.targets(world.ledger(), tenant, alert, world.now().plusSeconds(60), key -> true);
        return alert;
    }

    private void run(RowsWork work) {
        in(t -> {
            work.run(t);
            return null;
        });
    }

    private interface RowsWork {
        void run(DispatchLedger.Tables tables) throws java.sql.SQLException;
    }

    private static List<Step> sms(Until until) {
        return List.of(new Step("sms", Duration.ofMinutes(5), 3, until));
    }

    private static List<Step> smsThenMail() {
        return List.of(
                new Step("sms", Duration.ofMinutes(5), 3, Until.DELIVERED),
                new Step("mail", Duration.ofMinutes(5), 2, Until.DELIVERED));
    }

    private long alert(int recipients) {
        return world.launch(tenant, Category.OPERATIONAL, recipients, sms(Until.DELIVERED));
    }

    private List<Candidate> due() {
        return in(t -> t.batches().due(world.now().plusSeconds(1), List.of("sms", "mail"), 8)).stream()
                .filter(c -> c.tenantId() == tenant)
                .toList();
    }

    private HeldBatch lease(Candidate candidate, String owner) {
        return tryLease(candidate, owner).orElseThrow();
    }

    private Optional<HeldBatch> tryLease(Candidate c, String owner) {
        Map<HeldBatch.Key, Long> tokens = in(t -> t.batches().lease(List.of(new Wanted(c, account)), owner, LEASE));
        return Optional.ofNullable(tokens.get(c.key()))
                .map(token -> new HeldBatch(
                        c.key(), c.channel(), c.category(), token, c.watermark(), c.end(), c.caps(), Long.MAX_VALUE));
    }

    private List<Intent> advance(HeldBatch batch, int from, int to) {
        return in(t -> t.batches().advance(batch, from, to, LEASE));
    }

    private TargetRef target(long alert, int wave, int position) {
        return new TargetRef(tenant, alert, wave, position);
    }

    private void observe(long alert, int wave, int position, String kind, String carrierId) {
        observe(target(alert, wave, position), 0, 1, kind, carrierId);
    }

    private void observe(TargetRef target, int segment, int segments, String kind, String carrierId) {
        run(t -> {
            t.attempts()
                    .append(
                            List.of(new Row(target, segment, segments, kind, "c", account, carrierId, world.now())),
                            "node");
            t.attempts()
                    .count(
                            List.of(new Counted(target.tenantId(), target.alertId(), target.waveNo(), kind, 1, 1)),
                            "node");
        });
    }

    private void later(long alert, int wave, int position, String kind) {
        run(t -> t.attempts().decideLater(List.of(later(alert, wave, position, kind, world.now(), world.now()))));
    }

    private Later later(long alert, int wave, int position, String kind, Instant asked, Instant together) {
        return new Later(target(alert, wave, position), kind, "c", new Moment(asked, together));
    }

    private List<Due> takeDue(long alert) {
        return in(t -> t.waves().takeDue(tenant, alert, world.now().plusSeconds(1), 100));
    }

    private GroupState group(long alert) {
        List<GroupState> groups = in(t -> t.waves().groups(tenant, alert));
        assertThat(groups).hasSize(1);
        return groups.get(0);
    }

    // Leases and watermarks.

    @Test
    void aBatchIsLeasedByOneAsItWasSeen() {
        alert(3);
        Candidate seen = due().get(0);
        assertThat(seen.messages()).isEqualTo(3);
        HeldBatch held = lease(seen, "a#1");
        assertThat(held.token).isEqualTo(seen.token() + 1);
        assertThat(tryLease(seen, "b#1")).as("as it was seen before").isEmpty();
        assertThat(due()).isEmpty();
    }

    @Test
    void theWatermarkMovesForTheHolderOnlyAndPassesTargetsInOrder() {
        long alert = alert(5);
        HeldBatch held = lease(due().get(0), "a#1");
        List<Intent> passed = advance(held, 0, 3);
        assertThat(passed).extracting(i -> i.target().position()).containsExactly(0, 1, 2);
        assertThat(passed).extracting(Intent::recipientNo).containsExactly(1, 2, 3);
        assertThat(passed)
                .extracting(Intent::address)
                .containsExactly(world.address(1, 0), world.address(2, 0), world.address(3, 0));
        assertThat(passed).extracting(Intent::tryNo).containsOnly(1);
        assertThat(passed).noneMatch(Intent::possibleDuplicate).noneMatch(Intent::answered);
        assertThat(advance(held, 0, 3)).as("the same again").hasSize(3);
        assertThat(advance(held, 1, 2)).as("from where it is not").isEmpty();
        assertThat(advance(held, 3, 5)).hasSize(2);
        HeldBatch stale =
                new HeldBatch(held.key, "sms", held.category, held.token - 1, 0, 5, List.of(), Long.MAX_VALUE);
        assertThat(advance(stale, 5, 5)).isEmpty();
        assertThat(world.totals(tenant, alert).pending()).isEqualTo(5);
    }

    @Test
    void nothingIsIntendedOfAnAlertThatDoesNotRun() {
        long alert = alert(2);
        HeldBatch held = lease(due().get(0), "a#1");
        assertThat(world.pause(tenant, alert)).isTrue();
        assertThat(advance(held, 0, 2)).isEmpty();
        assertThat(world.resume(tenant, alert)).isTrue();
        assertThat(advance(held, 0, 1)).hasSize(1);
        assertThat(world.cancel(tenant, alert)).isTrue();
        assertThat(advance(held, 1, 2)).isEmpty();
        assertThat(world.state(tenant, alert)).isEqualTo(Alert.State.CANCELLED);
    }

    @Test
    void whoHasAnsweredIsPassedAndSaidSo() {
        long alert = alert(3);
        assertThat(world.answer(tenant, alert, 2)).isTrue();
        assertThat(world.answer(tenant, alert, 2)).as("only the first counts").isFalse();
        HeldBatch held = lease(due().get(0), "a#1");
        assertThat(advance(held, 0, 3)).extracting(Intent::answered).containsExactly(false, true, false);
    }

    @Test
    void aReleasedBatchIsFreeWhereItsHolderLeftItAndTheOldTokenMovesNothing() {
        alert(4);
        HeldBatch held = lease(due().get(0), "a#1");
        held.promise(2);
        held.intended();
        assertThat(advance(held, 0, 2)).hasSize(2);
        // An intent whose answer was lost.
        assertThat(advance(held, 2, 4)).hasSize(2);
        run(t -> t.batches().release(List.of(held)));
        Candidate again = due().get(0);
        assertThat(again.watermark()).isEqualTo(2);
        assertThat(advance(held, 2, 4))
                .as("still on its way when the lease ended")
                .isEmpty();
        run(t -> t.batches().release(List.of(held)));
        assertThat(due()).containsExactly(again);
        HeldBatch next = lease(again, "b#1");
        assertThat(advance(next, 2, 4)).hasSize(2);
    }

    @Test
    void aBatchIntendedToItsEndIsSettledByItsRelease() {
        long alert = alert(2);
        HeldBatch held = lease(due().get(0), "a#1");
        advance(held, 0, 2);
        held.promise(2);
        held.intended();
        assertThat(group(alert).drained()).isFalse();
        assertThat(group(alert).leased()).isTrue();
        run(t -> t.batches().release(List.of(held)));
        assertThat(due()).isEmpty();
        assertThat(group(alert).drained()).isTrue();
        assertThat(group(alert).leased()).isFalse();
    }

    @Test
    void aLeaseThatRanOutIsFencedAndWhatIsSilentIsNamed() {
        long alert = alert(4);
        HeldBatch held = lease(due().get(0), "a#1");
        advance(held, 0, 3);
        observe(alert, 1, 1, "accepted", "id-1-" + tenant);
        assertThat(fence()).isEmpty();
        world.leasesRunOut(tenant, alert);
        List<Fenced> fenced = fence();
        assertThat(fenced).containsExactly(new Fenced(held.key, "a#1", held.token + 1));
        List<HeldBatch.Key> keys = List.of(held.key);
        assertThat(list(t -> t.batches().silent(keys)))
                .extracting(s -> s.target().position())
                .containsExactlyInAnyOrder(0, 2);
        assertThat(list(t -> t.batches().silent(keys))).allSatisfy(s -> {
            assertThat(s.accountId()).isEqualTo(account);
            assertThat(s.category()).isEqualTo(Category.OPERATIONAL);
        });
        assertThat(advance(held, 3, 4)).isEmpty();
        assertThat(map(t -> t.batches().renew(List.of(held), LEASE))).isEmpty();
        run(t -> t.batches().free(keys));
        assertThat(due()).singleElement().satisfies(c -> assertThat(c.watermark())
                .isEqualTo(3));
    }

    private List<Fenced> fence() {
        return in(t -> t.batches().fence(100)).stream()
                .filter(f -> f.key().tenantId() == tenant)
                .toList();
    }

    @Test
    void aLeaseIsRenewedForItsHolderOnly() {
        long alert = alert(2);
        HeldBatch held = lease(due().get(0), "a#1");
        HeldBatch stale =
                new HeldBatch(held.key, "sms", held.category, held.token - 1, 0, 2, List.of(), Long.MAX_VALUE);
        assertThat(map(t -> t.batches().renew(List.of(stale), LEASE))).isEmpty();
        world.leasesRunOut(tenant, alert);
        assertThat(map(t -> t.batches().renew(List.of(stale, held), LEASE))).isEqualTo(Map.of(held.key, held.token));
        assertThat(fence()).isEmpty();
    }

    @Test
    void aNodeThatStartsAgainVoidsItsFormerLeases() {
        alert(2);
        String name = "again-" + tenant;
        Node first = in(t -> t.nodes().register(name));
        lease(due().get(0), first.owner());
        Node second = in(t -> t.nodes().register(name));
        assertThat(second.incarnation()).isEqualTo(first.incarnation() + 1);
        assertThat(fence()).extracting(Fenced::owner).containsExactly(first.owner());
        assertThat(number(t -> t.nodes().living(LEASE))).isPositive();
        assertThat(list(t -> t.nodes().all(LEASE))).anySatisfy(n -> {
            assertThat(n.name()).isEqualTo(name);
            assertThat(n.alive()).isTrue();
        });
    }

    private Optional<List<NodeLife>> beat(Session session, NodeLife life) {
        return session.transact(t -> t.nodes().beat(life));
    }

    private boolean lives(String name) {
        return list(t -> t.nodes().all(LEASE)).stream().anyMatch(n -> n.name().equals(name) && n.alive());
    }

    @Test
    void aSignOfLifeIsGivenOnTheSessionTheLifeBeganOn() {
        Node node = in(t -> t.nodes().register("lives-" + tenant));
        Session session = world.ledger().session();
        Session another = world.ledger().session();
        NodeLife life = session.transact(t -> t.nodes().begin(node)).orElseThrow();
        assertThat(life.owner()).isEqualTo(node.owner());
        assertThat(beat(session, life)).isPresent();
        assertThat(beat(another, life)).isEmpty();
        assertThat(yes(t -> t.nodes().beat(life).isEmpty())).isTrue();

        NodeLife next = another.transact(t -> t.nodes().begin(node)).orElseThrow();
        assertThat(next.number()).isEqualTo(life.number() + 1);
        assertThat(beat(session, life)).as("it began another").isEmpty();
        assertThat(beat(another, next)).isPresent();
        session.close();
        another.close();
        Assertions.assertThatThrownBy(() -> beat(another, next)).isInstanceOf(DatabaseException.class);
    }

    @Test
    void whoseSessionIsGoneIsSeenAndItsLeasesAreEnded() {
        alert(2);
        Node dead = in(t -> t.nodes().register("gone-" + tenant));
        Node other = in(t -> t.nodes().register("looks-" + tenant));
        Session session = world.ledger().session();
        Session looks = world.ledger().session();
        NodeLife life = session.transact(t -> t.nodes().begin(dead)).orElseThrow();
        NodeLife looking = looks.transact(t -> t.nodes().begin(other)).orElseThrow();
        HeldBatch held = lease(due().get(0), dead.owner());
        run(t -> t.lines().keep(account, new LineRows.Share(dead.owner() + "/1", 7, 7), LEASE));
        run(t -> t.lines().keep(account, new LineRows.Share(other.owner() + "/1", 3, 3), LEASE));
        assertThat(beat(looks, looking).orElseThrow()).doesNotContain(life);
        assertThat(lives(dead.name())).isTrue();

        session.close();
        await().until(() -> beat(looks, looking).orElseThrow().contains(life));
        assertThat(lives(dead.name())).as("until somebody ends it").isTrue();
        assertThat(fence()).isEmpty();
        assertThat(yes(t -> t.nodes().end(life))).isTrue();
        assertThat(lives(dead.name())).isFalse();
        assertThat(fence()).extracting(Fenced::key).containsExactly(held.key);
        assertThat(list(t -> t.lines().hold(account)))
                .extracting(LineRows.Share::holder)
                .containsExactly(other.owner() + "/1");
        assertThat(yes(t -> t.nodes().end(life))).as("once").isFalse();
        assertThat(beat(looks, looking).orElseThrow()).doesNotContain(life);
        looks.close();
    }

    @Test
    void whoBeganAnewMeanwhileKeepsItsLeases() {
        alert(2);
        Node node = in(t -> t.nodes().register("back-" + tenant));
        Session first = world.ledger().session();
        NodeLife life = first.transact(t -> t.nodes().begin(node)).orElseThrow();
        lease(due().get(0), node.owner());
        first.close();
        Session second = world.ledger().session();
        NodeLife next = second.transact(t -> t.nodes().begin(node)).orElseThrow();
        assertThat(yes(t -> t.nodes().end(life))).isFalse();
        assertThat(fence()).isEmpty();
        assertThat(lives(node.name())).isTrue();

        assertThat(yes(t -> t.nodes().end(next))).isTrue();
        assertThat(fence()).hasSize(1);
        assertThat(beat(second, next)).as("others ended it").isEmpty();
        NodeLife third = second.transact(t -> t.nodes().begin(node)).orElseThrow();
        assertThat(beat(second, third)).isPresent();
        assertThat(lives(node.name())).isTrue();
        second.close();
    }

    /** Who starts again has no life until it begins one; a release before never does, and finds the row as this one left it. */
    @Test
    void whoHasNoLifeIsNotSeenGone() {
        Node first = in(t -> t.nodes().register("old-" + tenant));
        Node other = in(t -> t.nodes().register("sees-" + tenant));
        Session session = world.ledger().session();
        NodeLife life = session.transact(t -> t.nodes().begin(first)).orElseThrow();
        session.close();
        Node again = in(t -> t.nodes().register("old-" + tenant));
        Session looks = world.ledger().session();
        NodeLife looking = looks.transact(t -> t.nodes().begin(other)).orElseThrow();
        assertThat(beat(looks, looking).orElseThrow())
                .extracting(NodeLife::name)
                .doesNotContain(again.name());
        assertThat(yes(t -> t.nodes().end(life))).isFalse();
        assertThat(lives(again.name())).isTrue();
        assertThat(looks.<Boolean>transact(t -> t.nodes().begin(first).isEmpty()))
                .as("superseded")
                .isTrue();
        looks.close();
    }

    @Test
    void whatANodeCanSendByIsKnownToTheOthersWhileItLives() {
        Node north = in(t -> t.nodes().register("north-" + tenant));
        Node south = in(t -> t.nodes().register("south-" + tenant));
        assertThat(anybody(account)).as("nobody said anything").isFalse();
        run(t -> t.reach().tell(north, Map.of(account, false, account + 1, true)));
        assertThat(anybody(account)).isFalse();
        run(t -> t.reach().tell(south, Map.of(account, true)));
        assertThat(anybody(account, account + 2)).isTrue();
        assertThat(anybody(account + 1)).isTrue();
        run(t -> t.reach().tell(north, Map.of(account, true)));
        assertThat(anybody(account + 1)).as("an account it has no more").isFalse();
        run(t -> t.reach().tell(south, Map.of()));
        assertThat(anybody(account)).as("the other's").isTrue();
        assertThat(this.<Boolean>in(t -> t.reach().anybody(List.of(account), Duration.ofSeconds(-1))))
                .as("of nodes that give no sign of life any more")
                .isFalse();
    }

    private boolean anybody(Integer... accounts) {
        return this.<Boolean>in(t -> t.reach().anybody(List.of(accounts), LEASE));
    }

    @Test
    void aTransactionThatFailsLeavesNothing() {
        long alert = alert(2);
        Candidate seen = due().get(0);
        Assertions.assertThatThrownBy(() -> run(t -> {
                    t.batches().lease(List.of(new Wanted(seen, account)), "a#1", LEASE);
                    t.attempts()
                            .append(
                                    List.of(new Row(
                                            target(alert, 1, 0),
                                            0,
                                            1,
                                            "accepted",
                                            "",
                                            account,
                                            "nul\u0000",
                                            world.now())),
                                    "node");
                }))
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.sqlState()).isEqualTo("22021"));
        assertThat(due()).containsExactly(seen);
        assertThat(world.observations(tenant, alert)).isEmpty();
    }

    @Test
    void aGroupIsKnownByItsMark() {
        UUID appender = UUID.randomUUID();
        assertThat(yes(t -> t.attempts().committed(new Mark(appender, 1)))).isFalse();
        run(t -> t.attempts().begin(new Mark(appender, 1)));
        assertThat(yes(t -> t.attempts().committed(new Mark(appender, 1)))).isTrue();
        run(t -> t.attempts().begin(new Mark(appender, 2)));
        assertThat(yes(t -> t.attempts().committed(new Mark(appender, 1)))).isFalse();
    }

    // Observations and receipts.

    @Test
    void aReceiptFindsTheLatestMessageWithItsId() {
        long alert = written(3);
        String id = "reused-" + tenant;
        observe(alert, 1, 0, "accepted", id);
        observe(alert, 1, 2, "accepted", id);
        Map<Integer, Place> places =
                in(t -> t.receipts().byCarrierId(List.of(receipt("unknown"), receipt(id), receipt(""))));
        assertThat(places).containsOnlyKeys(1);
        assertThat(places.get(1)).isEqualTo(new Place(target(alert, 1, 2), 0));
        assertThat(yes(t -> t.receipts().exists(target(alert, 1, 2)))).isTrue();
        assertThat(yes(t -> t.receipts().exists(target(alert, 1, 3)))).isFalse();
    }

    private Receipted receipt(String id) {
        return receipt(id, Optional.empty(), world.now());
    }

    private Receipted receipt(String id, Optional<String> address, Instant seenAt) {
        return new Receipted(
                account,
                Set.of(tenant),
                new Receipt(id, Optional.empty(), address, Receipt.State.DELIVERED, "000", seenAt),
                seenAt,
                new CompletableFuture<>());
    }

    @Test
    void aMessageTheCarrierNamesLaterIsFoundByThatName() {
        long alert = alert(2);
        String id = "named-" + tenant;
        run(t -> t.attempts()
                .refer(List.of(new Row(target(alert, 1, 1), 0, 1, "buffered", "c", account, id, world.now()))));
        assertThat(in(t -> t.receipts().byCarrierId(List.of(receipt(id)))).get(0))
                .isEqualTo(new Place(target(alert, 1, 1), 0));
    }

    @Test
    void aReceiptWaitsUntilItsIdIsKnown() {
        long alert = alert(2);
        String id = "early-" + tenant;
        Instant since = world.now().minusSeconds(60);
        run(t -> t.receipts().keep(List.of(receipt(id))));
        assertThat(takeKnown(since)).isEmpty();
        assertThat(yes(t -> t.receipts().anyWaiting(since))).isTrue();
        observe(alert, 1, 1, "accepted", id);
        assertThat(takeKnown(world.now().plusSeconds(60))).as("seen before").isEmpty();
        assertThat(takeKnown(since)).singleElement().satisfies(f -> {
            assertThat(f.place()).isEqualTo(new Place(target(alert, 1, 1), 0));
            assertThat(f.receipt().state()).isEqualTo(Receipt.State.DELIVERED);
            assertThat(f.receipt().code()).isEqualTo("000");
            assertThat(f.receipt().carrierId()).isEqualTo(id);
        });
        assertThat(takeKnown(since)).as("taken once").isEmpty();
    }

    private List<Found> takeKnown(Instant since) {
        return in(t -> t.receipts().takeKnown(since)).stream()
                .filter(f -> f.accountId() == account)
                .toList();
    }

    @Test
    void aReceiptWithoutItsResponseFindsTheDoubtAtItsAddress() {
        long alert = written(3);
        Instant now = world.now();
        observe(alert, 1, 0, "in-doubt", null);
        observe(alert, 1, 1, "in-doubt", null);
        observe(alert, 1, 1, "accepted", "known-" + tenant);
        run(t -> t.receipts()
                .keep(List.of(
                        receipt("lost-0-" + tenant, Optional.of(world.address(1, 0)), now),
                        receipt("lost-1-" + tenant, Optional.of(world.address(2, 0)), now),
                        receipt("lost-2-" + tenant, Optional.empty(), now))));
        assertThat(takeByAddress(now.minusSeconds(60), now.minusSeconds(5)))
                .as("too young to guess")
                .isEmpty();
        assertThat(takeByAddress(now.minusSeconds(60), now.plusSeconds(1)))
                .extracting(Found::place)
                .containsExactly(new Place(target(alert, 1, 0), 0));
    }

    private List<Found> takeByAddress(Instant since, Instant until) {
        return in(t -> t.receipts().takeByAddress(since, until)).stream()
                .filter(f -> f.accountId() == account)
                .toList();
    }

    // Decisions.

    @Test
    void whatIsDueIsTakenOnceWithWhatIsKnownByThen() {
        long alert = written(6);
        List<List<String>> observed = List.of(
                List.of("retry"),
                List.of("in-doubt"),
                List.of("in-doubt", "accepted"),
                List.of("accepted", "delivered"),
                List.of("accepted", "failed"),
                List.of("in-doubt", "retry"));
        for (int position = 0; position < observed.size(); position++) {
            for (String kind : observed.get(position)) {
                observe(alert, 1, position, kind, null);
            }
            later(alert, 1, position, "retry");
        }
        world.answer(tenant, alert, 3);
        assertThat(list(t -> t.waves().takeDue(tenant, alert, world.now().minusSeconds(60), 100)))
                .isEmpty();
        assertThat(list(t -> t.waves().running(world.now().plusSeconds(1)))).anySatisfy(p -> {
            assertThat(p.alertId()).isEqualTo(alert);
            assertThat(p.followups()).isTrue();
            assertThat(p.openWaves()).isTrue();
        });
        List<Due> due = takeDue(alert);
        assertThat(due)
                .extracting(Due::position, Due::state, Due::person)
                .containsExactlyInAnyOrder(
                        Assertions.tuple(0, "retry", "pending"),
                        Assertions.tuple(1, "in-doubt", "pending"),
                        Assertions.tuple(2, "accepted", "answered"),
                        Assertions.tuple(3, "delivered", "delivered"),
                        Assertions.tuple(4, "failed", "pending"),
                        Assertions.tuple(5, "retry", "pending"));
        assertThat(due).allSatisfy(d -> {
            assertThat(d.over()).isFalse();
            assertThat(d.root()).isEqualTo(1);
            assertThat(d.channel()).isEqualTo("sms");
            assertThat(d.maxAttempts()).isEqualTo(3);
            assertThat(d.tryNo()).isEqualTo(1);
        });
        assertThat(takeDue(alert)).isEmpty();
    }

    @Test
    void whoWouldComeTooLateWithTheOthersIsDueAsAsked() {
        long alert = written(4);
        Instant over = group(alert).deadline();
        for (int position = 0; position < 4; position++) {
            observe(alert, 1, position, "retry", null);
        }
        run(t -> t.attempts()
                .decideLater(List.of(
                        later(alert, 1, 0, "retry", over.minusSeconds(40), over.minusSeconds(30)),
                        later(alert, 1, 1, "retry", over.minusSeconds(12), over.minusSeconds(2)),
                        later(alert, 1, 2, "retry", over.minusSeconds(10), over),
                        later(alert, 1, 3, "retry", over.plusSeconds(1), over.plusSeconds(5)))));
        assertThat(list(t -> t.waves().takeDue(tenant, alert, over.minusSeconds(31), 100)))
                .isEmpty();
        assertThat(list(t -> t.waves().takeDue(tenant, alert, over.minusSeconds(3), 100)))
                .extracting(Due::position)
                .as("the one that waits for others, and the one whose others come when its step is over")
                .containsExactlyInAnyOrder(0, 2);
        assertThat(list(t -> t.waves().takeDue(tenant, alert, over.minusSeconds(2), 100)))
                .extracting(Due::position)
                .containsExactly(1);
        assertThat(list(t -> t.waves().takeDue(tenant, alert, over.plusSeconds(4), 100)))
                .isEmpty();
        assertThat(list(t -> t.waves().takeDue(tenant, alert, over.plusSeconds(5), 100)))
                .extracting(Due::position)
                .containsExactly(3);
    }

    @Test
    void segmentsMakeAMessage() {
        long alert = written(3);
        observe(target(alert, 1, 0), 0, 2, "accepted", "a-" + tenant);
        observe(target(alert, 1, 0), 1, 2, "accepted", "b-" + tenant);
        observe(target(alert, 1, 0), 0, 1, "delivered", null);
        observe(target(alert, 1, 1), 0, 2, "accepted", "d-" + tenant);
        observe(target(alert, 1, 1), 1, 2, "in-doubt", null);
        observe(target(alert, 1, 2), 0, 1, "buffered", null);
        for (int position = 0; position < 3; position++) {
            later(alert, 1, position, "in-doubt");
        }
        assertThat(takeDue(alert))
                .extracting(Due::position, Due::state)
                .containsExactlyInAnyOrder(
                        Assertions.tuple(0, "accepted"),
                        Assertions.tuple(1, "in-doubt"),
                        Assertions.tuple(2, "accepted"));
        observe(target(alert, 1, 0), 1, 1, "delivered", null);
        assertThat(world.totals(tenant, alert).delivered()).isEqualTo(1);
    }

    @Test
    void weightsAreThoseOfTheMoment() {
        alert(3);
        assertThat(due()).singleElement().satisfies(c -> assertThat(
                        List.of(c.shares().agencyWeight(), c.shares().tenantWeight()))
                .containsExactly(1, 1));
        world.weigh(tenant, 3, 100);
        assertThat(due()).singleElement().satisfies(c -> assertThat(
                        List.of(c.shares().agencyWeight(), c.shares().tenantWeight()))
                .containsExactly(3, 100));
        world.weigh(tenant, 1, 1);
    }

    @Test
    void aBatchHasPeopleUnderTheSameCapsOnly() {
        int exchange = world.cap(tenant, 20, List.of(), "+3363998001", "+3363998002");
        int site = world.cap(tenant, 2, List.of("sms", "voice"), "+33639980015", "+33639980016");
        world.cap(tenant, 1, List.of("voice"), "+336");
        world.cap(world.tenant(), 1, List.of(), "+336");
        long alert = alert(620);
        List<Candidate> due = due();
        assertThat(due)
                .extracting(Candidate::caps)
                .containsExactly(List.of(), List.of(), List.of(exchange), List.of(exchange, site));
        assertThat(due)
                .extracting(c -> c.key().batchNo(), Candidate::watermark, Candidate::end)
                .as("twenty of the first hundred are at the exchange, two of them at the site")
                .containsExactly(
                        Assertions.tuple(0, 0, 500),
                        Assertions.tuple(1, 500, 600),
                        Assertions.tuple(2, 600, 618),
                        Assertions.tuple(3, 618, 620));
        assertThat(advance(lease(due.get(3), "a#1"), 618, 620))
                .extracting(Intent::recipientNo, Intent::address)
                .containsExactly(
                        Assertions.tuple(15, world.address(15, 0)), Assertions.tuple(16, world.address(16, 0)));
        assertThat(world.totals(tenant, alert).recipients()).isEqualTo(620);
    }

    @Test
    void thoseWhoWaitForACapHideNobody() {
        int everybody = world.cap(tenant, 20, List.of(), "+3363998");
        alert(1000);
        assertThat(due())
                .as("smaller batches, so that others under the cap have their turns")
                .hasSize(8)
                .allMatch(c -> c.caps().equals(List.of(everybody)) && c.messages() == 100);
        int some = world.cap(tenant, 20, List.of(), "+33639980001");
        alert(1000);
        assertThat(due()).filteredOn(c -> c.caps().equals(List.of(everybody))).hasSize(16);
        assertThat(due())
                .filteredOn(c -> c.caps().equals(List.of(everybody, some)))
                .singleElement()
                .satisfies(c -> assertThat(c.messages()).isEqualTo(1));
    }

    @Test
    void whoIsTriedAgainFallsUnderTheSameCaps() {
        int cap = world.cap(tenant, 20, List.of(), "+33639980002");
        long alert = alert(3);
        Alert held = in(t -> t.waves().hold(tenant, alert)).orElseThrow();
        List<Replacement> two = List.of(
                new Replacement(2, world.address(2, 0), 1, 2, true, 2),
                new Replacement(3, world.address(3, 0), 1, 1, true, 2));
        run(t -> t.waves().openReplacements(held, "resend", 1, "rule", two, world.now()));
        assertThat(due())
                .filteredOn(c -> c.key().waveNo() == 2)
                .extracting(Candidate::caps, Candidate::messages)
                .containsExactlyInAnyOrder(Assertions.tuple(List.of(), 1), Assertions.tuple(List.of(cap), 1));
    }

    @Test
    void permitsAreAsTheyWereLeftAndARateIsThatOfTheMoment() {
        int cap = world.cap(tenant, 20, List.of(), "+336");
        CapRows.Held first = in(t -> t.caps().hold(List.of(cap))).orElseThrow();
        assertThat(first.caps())
                .extracting(CapPermits::capId, CapPermits::perSecond)
                .containsExactly(Assertions.tuple(cap, 20.0));
        Instant later = first.now().plusSeconds(3600);
        CapPermits left = new CapPermits(cap, 20, later, later.plusSeconds(1), later.plusSeconds(2), 7);
        run(t -> t.caps().update(List.of(left), 4, first.now()));
        CapRows.Held second = in(t -> t.caps().hold(List.of(cap, -1))).orElseThrow();
        assertThat(second.caps()).as("one that is no more is left out").containsExactly(left);
        assertThat(second.now()).isAfterOrEqualTo(first.now());
        assertThat(in(t -> t.caps().hold(List.of(-1))).orElseThrow().caps()).isEmpty();
    }

    private AccountTimeRows.Answer takeTime(Duration ahead, boolean urgent) {
        return in(t -> t.accountTimes().take(account, Duration.ofHours(1), Duration.ofHours(1), ahead, urgent));
    }

    @Test
    void anAccountsTimeIsTakenStretchByStretch() {
        AccountTimeRows.Answer first = takeTime(Duration.ofMinutes(1), false);
        assertThat(first).isEqualTo(new AccountTimeRows.Answer(true, Duration.ZERO));
        AccountTimeRows.Answer early = takeTime(Duration.ofMinutes(1), false);
        assertThat(early.taken()).isFalse();
        assertThat(early.in()).isBetween(Duration.ofMinutes(50), Duration.ofMinutes(59));
        AccountTimeRows.Answer next = takeTime(Duration.ofHours(1), false);
        assertThat(next.taken()).isTrue();
        assertThat(next.in()).isBetween(Duration.ofMinutes(50), Duration.ofMinutes(60));
        int other = account + 1;
        assertThat(in(t -> t.accountTimes().take(other, Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO, false))
                        .taken())
                .isTrue();
    }

    @Test
    void lifeSafetyTakesTimeBeforeTheOthersButForOneStretchInSixteen() {
        Duration ahead = Duration.ofDays(1);
        assertThat(takeTime(ahead, false).taken()).isTrue();
        for (int i = 0; i < AccountTimeRows.MOST_URGENT_IN_A_ROW; i++) {
            assertThat(takeTime(ahead, true).taken()).isTrue();
            boolean last = i == AccountTimeRows.MOST_URGENT_IN_A_ROW - 1;
            if (!last) {
                AccountTimeRows.Answer refused = takeTime(ahead, false);
                assertThat(refused.taken()).isFalse();
                assertThat(refused.in()).isGreaterThan(Duration.ofMinutes(30));
            }
        }
        assertThat(takeTime(ahead, false).taken()).isTrue();
        assertThat(takeTime(ahead, true).taken()).isTrue();
        assertThat(takeTime(ahead, false).taken()).isFalse();
    }

    @Test
    void timeTakenBeforeTheServersClockWasPutBackIsFree() {
        for (int i = 0; i < 5; i++) {
            takeTime(Duration.ofDays(1), false);
        }
        assertThat(takeTime(Duration.ZERO, false)).isEqualTo(new AccountTimeRows.Answer(true, Duration.ZERO));
    }

    private List<Question> ask(Node node) {
        return in(t -> t.reattach().take(node, List.of(account), List.of(), 100, LEASE, Reattach.LIMIT));
    }

    private List<Question> askOwn(Node node) {
        return in(t -> t.reattach().take(node, List.of(account), List.of(account), 100, LEASE, Reattach.LIMIT));
    }

    private void doubt(long alert, int position) {
        observe(alert, 1, position, "in-doubt", null);
        later(alert, 1, position, "in-doubt");
        run(t -> t.reattach()
                .doubt(List.of(new Doubt(target(alert, 1, position), account, "had-" + tenant)), Reattach.LIMIT));
    }

    @Test
    void nothingIsDecidedAboutADoubtBeforeItWasAskedFor() {
        long alert = written(3);
        Node node = in(t -> t.nodes().register("asks-" + tenant));
        assertThat(ask(node)).isEmpty();
        for (int position = 0; position < 3; position++) {
            doubt(alert, position);
        }
        assertThat(takeDue(alert)).isEmpty();
        List<Question> asked = ask(node);
        assertThat(asked).extracting(q -> q.intent().target().position()).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(asked).allSatisfy(question -> {
            Intent intent = question.intent();
            assertThat(question.accountId()).isEqualTo(account);
            assertThat(intent.address()).isEqualTo(world.address(intent.recipientNo(), 0));
            assertThat(intent.rootWave()).isEqualTo(1);
            assertThat(intent.tryNo()).isEqualTo(1);
            assertThat(intent.category()).isEqualTo(Category.OPERATIONAL);
            assertThat(intent.language()).isEqualTo("fr");
        });
        assertThat(ask(node)).as("asked for once").isEmpty();
        assertThat(takeDue(alert)).isEmpty();

        assertThat(yes(t -> t.reattach().found(target(alert, 1, 0), node.owner())))
                .isTrue();
        run(t -> t.reattach().notFound(target(alert, 1, 1)));
        run(t -> t.reattach().again(target(alert, 1, 2), Duration.ZERO));
        assertThat(takeDue(alert)).extracting(Due::position).containsExactlyInAnyOrder(0, 1);
        assertThat(ask(node)).extracting(q -> q.intent().target().position()).containsExactly(2);
    }

    @Test
    void whereEachNodeHasASwitchOfItsOwnNobodyElseAsksForWhatItHad() {
        long alert = written(1);
        doubt(alert, 0);
        Node other = in(t -> t.nodes().register("other-" + tenant));
        assertThat(askOwn(other)).isEmpty();
        Node back = in(t -> t.nodes().register("had-" + tenant));
        assertThat(askOwn(back)).hasSize(1);
        assertThat(askOwn(back)).as("asked for once").isEmpty();
        run(t -> t.reattach().again(target(alert, 1, 0), Duration.ZERO));
        assertThat(askOwn(other)).isEmpty();
        assertThat(askOwn(back)).hasSize(1);
        in(t -> t.nodes().register("had-" + tenant));
        assertThat(askOwn(other)).as("who asked died of it").isEmpty();
        assertThat(ask(other)).as("a node of a shared switch").hasSize(1);
    }

    @Test
    void whatWhoDiedHadFoundIsAskedForByAnotherUnlessItHasEnded() {
        long alert = written(3);
        Node dead = in(t -> t.nodes().register("dies-" + tenant));
        for (int position = 0; position < 3; position++) {
            doubt(alert, position);
        }
        assertThat(ask(dead)).hasSize(3);
        run(t -> {
            t.reattach().found(target(alert, 1, 0), dead.owner());
            t.reattach().found(target(alert, 1, 1), dead.owner());
        });
        observe(alert, 1, 1, "delivered", null);
        Node next = in(t -> t.nodes().register("dies-" + tenant));
        assertThat(ask(next)).extracting(q -> q.intent().target().position()).containsExactlyInAnyOrder(0, 2);
        assertThat(yes(t -> t.reattach().found(target(alert, 1, 0), next.owner())))
                .as("known to be found")
                .isFalse();
        assertThat(takeDue(alert)).extracting(Due::position).doesNotContain(2);
    }

    @Test
    void nobodyWaitsForAnAnswerForEver() {
        long alert = written(1);
        observe(alert, 1, 0, "in-doubt", null);
        later(alert, 1, 0, "in-doubt");
        run(t -> t.reattach().doubt(List.of(new Doubt(target(alert, 1, 0), account, "had-" + tenant)), Duration.ZERO));
        assertThat(takeDue(alert)).hasSize(1);
    }

    @Test
    void aNodeThatComesIsWaitedForUntilItCanAsk() {
        long alert = written(1);
        observe(alert, 1, 0, "in-doubt", null);
        later(alert, 1, 0, "in-doubt");
        run(t -> t.reattach().doubt(List.of(new Doubt(target(alert, 1, 0), account, "had-" + tenant)), Duration.ZERO));
        Node node = in(t -> t.nodes().register("comes-" + tenant));
        assertThat(takeDue(alert)).isEmpty();
        assertThat(ask(node)).hasSize(1);
    }

    @Test
    void whoTakesOverKnowsWhatCanBeAskedFor() {
        run(t -> t.reattach().canAsk("sms"));
        run(t -> t.reattach().canAsk("sms"));
        long alert = alert(2);
        HeldBatch held = lease(due().get(0), "dead#1");
        advance(held, 0, 1);
        world.leasesRunOut(tenant, alert);
        List<Fenced> fenced = in(t -> t.batches().fence(1000));
        assertThat(fenced).extracting(Fenced::key).contains(held.key);
        assertThat(list(t -> t.batches().silent(List.of(held.key))))
                .singleElement()
                .satisfies(silent -> {
                    assertThat(silent.askable()).isTrue();
                    assertThat(silent.accountId()).isEqualTo(account);
                });
        run(t -> t.batches().free(List.of(held.key)));
    }

    @Test
    void whoHasAnsweredOrWasCalledOffIsKnownByWhoRings() {
        AlertKey alert = new AlertKey(tenant, alert(3));
        AlertKey other = new AlertKey(tenant, alert(3));
        world.answer(tenant, alert.alertId(), 1);
        world.answer(tenant, alert.alertId(), 2);
        world.answer(tenant, other.alertId(), 3);
        List<Person> people = List.of(new Person(alert, 1), new Person(alert, 3), new Person(other, 1));
        StopRows.Stopped early = in(t -> t.stops().stopped(people, List.of(alert, other), Duration.ZERO));
        assertThat(early.answered()).containsExactly(new Person(alert, 1));
        assertThat(early.cancelled()).isEmpty();

        world.cancel(tenant, other.alertId());
        StopRows.Stopped late = in(t -> t.stops().stopped(List.of(), List.of(alert, other), Duration.ofMinutes(1)));
        assertThat(late.answered())
                .containsExactlyInAnyOrder(new Person(alert, 1), new Person(alert, 2), new Person(other, 3));
        assertThat(late.cancelled()).containsExactly(other);
    }

    @Test
    void linesAreHeldUntilTheLeaseEndsOrTheyAreGivenBack() {
        LineRows.Share first = new LineRows.Share("n1#1/1", 5, 8);
        LineRows.Share second = new LineRows.Share("n2#1/1", 3, 3);
        run(t -> t.lines().keep(account, second, LEASE));
        run(t -> t.lines().keep(account, first, LEASE));
        assertThat(list(t -> t.lines().hold(account))).containsExactly(first, second);
        assertThat(list(t -> t.lines().hold(account + 1))).isEmpty();

        LineRows.Share more = new LineRows.Share("n1#1/1", 6, 8);
        run(t -> t.lines().keep(account, more, LEASE));
        run(t -> t.lines().drop(account, "n2#1/1"));
        assertThat(list(t -> t.lines().hold(account))).containsExactly(more);

        run(t -> t.lines().keep(account, more, Duration.ZERO));
        assertThat(list(t -> t.lines().hold(account))).isEmpty();
    }

    @Test
    void aTargetIsTakenOverOnce() {
        long alert = alert(3);
        Alert held = in(t -> t.waves().hold(tenant, alert)).orElseThrow();
        List<Replacement> two = List.of(
                new Replacement(3, world.address(3, 1), 1, 2, false, 1),
                new Replacement(1, world.address(1, 0), 1, 0, true, 2));
        run(t -> t.waves().openReplacements(held, "resend", 1, "rule", two, world.now()));
        run(t -> t.waves().openReplacements(held, "resend", 1, "rule", two, world.now()));
        List<Candidate> waiting = due();
        assertThat(waiting).extracting(c -> c.key().waveNo()).containsExactly(1, 2);
        HeldBatch second = lease(waiting.get(1), "a#1");
        List<Intent> passed = advance(second, 0, 2);
        assertThat(passed).extracting(Intent::recipientNo).containsExactly(1, 3);
        assertThat(passed).extracting(Intent::possibleDuplicate).containsExactly(true, false);
        assertThat(passed).extracting(Intent::tryNo).containsExactly(2, 1);
        assertThat(world.totals(tenant, alert).flagged()).isEqualTo(1);
    }

    @Test
    void aStepThatIsOverIsClosedAndTheNextTakesTheUnreached() {
        long alert = world.launch(tenant, Category.OPERATIONAL, 4, smsThenMail());
        HeldBatch held = lease(due().get(0), "a#1");
        advance(held, 0, 1);
        observe(alert, 1, 0, "accepted", null);
        observe(alert, 1, 0, "delivered", null);
        world.answer(tenant, alert, 2);
        GroupState state = group(alert);
        assertThat(state.kind()).isEqualTo("cascade");
        assertThat(state.step()).isEqualTo(1);
        assertThat(state.targets()).isEqualTo(4);
        assertThat(state.delivered()).isEqualTo(1);
        assertThat(state.answered()).isEqualTo(1);
        Alert row = in(t -> t.waves().hold(tenant, alert)).orElseThrow();
        run(t -> {
            t.waves().close(state.group(), world.now());
            t.waves().openStep(row, 2, world.now());
        });
        assertThat(advance(held, 1, 2)).as("its wave is closed").isEmpty();
        assertThat(due()).singleElement().satisfies(c -> {
            assertThat(c.channel()).isEqualTo("mail");
            assertThat(c.messages()).isEqualTo(2);
        });
        assertThat(yes(t -> t.waves().nothingOpen(tenant, alert))).isFalse();
        Group mail = group(alert).group();
        run(t -> t.waves().close(mail, world.now()));
        assertThat(yes(t -> t.waves().nothingOpen(tenant, alert))).isTrue();
        run(t -> t.waves().endAsDone(tenant, alert, world.now()));
        assertThat(world.state(tenant, alert)).isEqualTo(Alert.State.CLOSED);
        assertThat(maybe(t -> t.waves().hold(tenant, alert))).isEmpty();
        Totals totals = world.totals(tenant, alert);
        assertThat(totals).isEqualTo(new Totals(4, 1, 1, 2, 0, 0, 0));
    }

    @Test
    void aClosedWavesFreeBatchIsSettledAndItsHeldOneByItsHolder() {
        long alert = alert(2);
        Candidate seen = due().get(0);
        run(t -> t.waves().close(new Group(tenant, alert, 1), world.now()));
        assertThat(tryLease(seen, "a#1")).as("settled meanwhile").isEmpty();
        long other = alert(2);
        HeldBatch held = lease(due().get(0), "a#1");
        run(t -> t.waves().close(new Group(tenant, other, 1), world.now()));
        run(t -> t.batches().release(List.of(held)));
        assertThat(due()).isEmpty();
    }

    @Test
    void patienceStartsAnew() {
        long alert = alert(1);
        Instant at = world.now().plusSeconds(600);
        run(t -> t.waves().extend(new Group(tenant, alert, 1), at));
        assertThat(group(alert).deadline()).isBetween(at.plusSeconds(299), at.plusSeconds(301));
    }

    @Test
    void theUndecidedAreCounted() {
        long alert = alert(6);
        Group group = new Group(tenant, alert, 1);
        assertThat(number(t -> t.waves().undecided(group, false))).isEqualTo(6);
        Written.targets(world.ledger(), tenant, alert, world.now().plusSeconds(60), key -> true);
        assertThat(number(t -> t.waves().undecided(group, false))).isEqualTo(6);
        observe(alert, 1, 0, "accepted", null);
        observe(alert, 1, 0, "delivered", null);
        observe(alert, 1, 1, "rejected", null);
        observe(alert, 1, 2, "retry", null);
        observe(alert, 1, 3, "in-doubt", null);
        world.answer(tenant, alert, 5);
        assertThat(number(t -> t.waves().undecided(group, false))).isEqualTo(2);
        assertThat(number(t -> t.waves().undecided(group, true))).isEqualTo(3);
        later(alert, 1, 2, "retry");
        assertThat(number(t -> t.waves().undecided(group, false))).isEqualTo(3);
        Alert row = in(t -> t.waves().find(tenant, alert)).orElseThrow();
        run(t -> t.waves()
                .openReplacements(
                        row,
                        "retry",
                        1,
                        "rule",
                        List.of(new Replacement(4, world.address(4, 0), 1, 3, true, 2)),
                        world.now()));
        assertThat(number(t -> t.waves().undecided(group, false)))
                .as("the one that took over")
                .isEqualTo(3);
        assertThat(world.totals(tenant, alert).conserved()).isTrue();
    }

    @Test
    void whatIsKnownOfPeopleAtTheEnd() {
        long alert = alert(6);
        HeldBatch held = lease(due().get(0), "a#1");
        advance(held, 0, 5);
        observe(alert, 1, 0, "accepted", null);
        observe(alert, 1, 1, "in-doubt", null);
        observe(alert, 1, 2, "retry", null);
        observe(alert, 1, 3, "skipped", null);
        assertThat(world.totals(tenant, alert)).isEqualTo(new Totals(6, 0, 0, 2, 0, 4, 0));
        world.cancel(tenant, alert);
        assertThat(world.totals(tenant, alert))
                .as("the fifth may have left without a word, the sixth certainly did not")
                .isEqualTo(new Totals(6, 0, 0, 3, 3, 0, 0));
        assertThat(world.observations(tenant, alert))
                .isEqualTo(Map.of("accepted", 1L, "in-doubt", 1L, "retry", 1L, "skipped", 1L));
    }

    @Test
    void aRelaunchOpensAClosedAlertAgain() {
        long alert = alert(3);
        run(t -> {
            t.waves().close(new Group(tenant, alert, 1), world.now());
            t.waves().endAsDone(tenant, alert, world.now());
        });
        assertThat(world.relaunch(tenant, alert, List.of(1, 3))).isEqualTo(2);
        assertThat(world.state(tenant, alert)).isEqualTo(Alert.State.RUNNING);
        assertThat(group(alert).kind()).isEqualTo("relaunch");
        assertThat(due()).singleElement().satisfies(c -> assertThat(c.messages())
                .isEqualTo(2));
    }

    @Test
    void anAlertsTextsAreThere() {
        long alert = alert(1);
        assertThat(maybe(t -> t.waves().launched(tenant, alert))).hasValueSatisfying(launched -> {
            assertThat(launched.tenantLanguage()).isEqualTo("fr");
            assertThat(launched.messages())
                    .extracting(AlertText.Written::channel)
                    .contains("sms");
        });
        assertThat(maybe(t -> t.waves().launched(tenant, alert + 1_000_000))).isEmpty();
        assertThat(set(t -> t.waves().endpointKinds("sms"))).containsExactly("mobile");
    }
}
