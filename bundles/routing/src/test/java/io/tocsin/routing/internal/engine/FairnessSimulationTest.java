package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.SimCarrier.Submitted;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is sent to when many want the same account: seen at the carrier, message by message. */
class FairnessSimulationTest {
    private static final int WINDOW = 8;
    private static final int MICRO_BATCH = 4;
    private static final int BATCH = 50;
    private static final int PER_SECOND = 50;

    private static SimScenario shared(long seed, int nodes) {
        SimScenario scenario = new SimScenario(seed, false, SimFlaw.NONE, BATCH, MICRO_BATCH, 20);
        SimCarrier carrier = scenario.account(11, "sms", 1, 1, WINDOW, Optional.of(PER_SECOND));
        carrier.failures = 0;
        IntStream.rangeClosed(1, nodes).forEach(i -> scenario.start("n" + i));
        scenario.sim.pass(Duration.ofSeconds(3));
        return scenario;
    }

    private static long launch(SimScenario scenario, int tenant, Category category, int recipients) {
        return scenario.launch(
                        tenant,
                        category,
                        List.of(new Step("sms", Duration.ofMinutes(30), 1, Until.DELIVERED)),
                        false,
                        recipients)
                .alertId;
    }

    private static long alertOf(Submitted submitted) {
        return TargetRef.parse(submitted.message().reference()).orElseThrow().alertId();
    }

    private static long count(List<Submitted> sent, long alert) {
        return sent.stream().filter(s -> alertOf(s) == alert).count();
    }

    /** Up to and with the last message of an alert. */
    private static List<Submitted> untilLast(List<Submitted> sent, long alert) {
        int last = IntStream.range(0, sent.size())
                .filter(i -> alertOf(sent.get(i)) == alert)
                .max()
                .orElseThrow();
        return sent.subList(0, last + 1);
    }

    /** Messages of others that left between a launch and the last first message of its alert. */
    private static long others(List<Submitted> sent, long launchedAt, long alert) {
        return untilLast(sent, alert).stream()
                .filter(s -> s.at() >= launchedAt && alertOf(s) != alert)
                .count();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void lifeSafetyWaitsForWhatIsOnItsWayOnly(long seed) {
        int nodes = 1 + (int) (seed % 2);
        SimScenario scenario = shared(seed, nodes);
        launch(scenario, 1, Category.INFORMATION, 900);
        launch(scenario, 1, Category.OPERATIONAL, 900);
        scenario.sim.pass(Duration.ofSeconds(4));
        long at = scenario.sim.nanos();
        long urgent = launch(scenario, 2, Category.LIFE_SAFETY, 60);
        scenario.sim.pass(Duration.ofSeconds(12));
        List<Submitted> sent = scenario.monitor.sent;
        long urgents = count(sent, urgent);
        assertThat(urgents).isGreaterThanOrEqualTo(50);
        // What each node had intended and its turns for the others, what leaves until the next look for batches, and
        // (with
        // two nodes) the stretch of the account's time that one had taken before it could know.
        int onTheWay = nodes * (2 + 60 / MICRO_BATCH / 16 + 1) * MICRO_BATCH + PER_SECOND / 2;
        int stretch = nodes == 1 ? 0 : PER_SECOND / 4 + 1;
        assertThat(others(sent, at, urgent)).isLessThanOrEqualTo(onTheWay + stretch);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aCarriersRateIsForAllNodesTogether(long seed) {
        int nodes = 2 + (int) (seed % 3);
        SimScenario scenario = shared(seed, nodes);
        for (int i = 0; i < 3; i++) {
            launch(scenario, 1 + i % 2, Category.OPERATIONAL, 900);
        }
        scenario.sim.pass(Duration.ofSeconds(30));
        List<Submitted> sent = scenario.monitor.sent;
        for (int i = 0; i < sent.size(); i++) {
            long from = sent.get(i).at();
            long inASecond = sent.stream()
                    .filter(s -> s.at() >= from && s.at() < from + 1_000_000_000L)
                    .count();
            // What they saved up together, and what a stretch is late by the time its answer took.
            assertThat(inASecond).isLessThanOrEqualTo(PER_SECOND + Math.max(PER_SECOND / 10, nodes) + MICRO_BATCH);
        }
        assertThat(sent).hasSizeGreaterThan(28 * PER_SECOND * 9 / 10);
    }

    /** Of ten people two are at the exchange. */
    private static boolean capped(Submitted submitted) {
        return submitted.message().address().matches("\\+33639980.[12].");
    }

    private static SimScenario cappedAt(double perSecond, long seed, int nodes) {
        SimScenario scenario = shared(seed, nodes);
        scenario.cap(
                1,
                1,
                perSecond,
                Set.of(),
                IntStream.range(0, 10)
                        .boxed()
                        .flatMap(i -> Stream.of("+33639980" + i + "1", "+33639980" + i + "2"))
                        .toArray(String[]::new));
        return scenario;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whatAnExchangeTakesIsForAllNodesAlertsAndTenantsTogetherAndDelaysNobodyElse(long seed) {
        int nodes = 1 + (int) (seed % 3);
        double perSecond = 5;
        SimScenario scenario = cappedAt(perSecond, seed, nodes);
        launch(scenario, 1, Category.OPERATIONAL, 450);
        launch(scenario, 2, Category.OPERATIONAL, 450);
        scenario.sim.pass(Duration.ofSeconds(25));
        List<Submitted> free =
                scenario.monitor.sent.stream().filter(s -> !capped(s)).toList();
        // 720 people, less the few without a mobile, at 50 a second.
        assertThat(free).hasSizeGreaterThan(630);
        assertThat(free.get(free.size() - 1).at() - free.get(0).at()).isLessThan(18_000_000_000L);
        scenario.sim.pass(Duration.ofSeconds(25));
        List<Submitted> held = scenario.monitor.sent.stream()
                .filter(FairnessSimulationTest::capped)
                .toList();
        for (Submitted first : held) {
            long inASecond = held.stream()
                    .filter(s -> s.at() >= first.at() && s.at() < first.at() + 1_000_000_000L)
                    .count();
            // And what one intent was late by its way to the carrier.
            assertThat(inASecond).isLessThanOrEqualTo((long) perSecond + 1 + 1);
        }
        assertThat(held).as("all of them get their turn").hasSizeGreaterThan(150);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void lifeSafetyToAnExchangeOvertakesInformationToItAndStarvesNobody(long seed) {
        int nodes = 1 + (int) (seed % 3);
        SimScenario scenario = cappedAt(5, seed, nodes);
        long patient = launch(scenario, 1, Category.INFORMATION, 900);
        scenario.sim.pass(Duration.ofSeconds(5));
        long at = scenario.sim.nanos();
        long urgent = launch(scenario, 2, Category.LIFE_SAFETY, 300);
        scenario.sim.pass(Duration.ofSeconds(30));
        List<Submitted> sent = untilLast(
                scenario.monitor.sent.stream()
                        .filter(s -> capped(s) && s.at() >= at)
                        .toList(),
                urgent);
        assertThat(count(sent, urgent)).isGreaterThan(45);
        // One in sixteen, and what was on its way: an intent of each node, and the permit that was asked for meanwhile.
        assertThat(count(sent, patient)).isBetween(2L, sent.size() / 16 + nodes + 1L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aNodeWithNothingToSendLeavesItsTimeToTheOther(long seed) {
        SimScenario scenario = shared(seed, 2);
        long alert = launch(scenario, 1, Category.OPERATIONAL, BATCH);
        scenario.sim.pass(Duration.ofSeconds(5));
        List<Submitted> sent = untilLast(scenario.monitor.sent, alert);
        // One batch, which one node holds: at the whole rate it takes a second, at half of it two.
        assertThat(sent).hasSizeGreaterThan(BATCH - 10);
        assertThat(sent.get(sent.size() - 1).at() - sent.get(0).at()).isLessThan(1_300_000_000L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void nobodyStarvesBehindLifeSafety(long seed) {
        SimScenario scenario = shared(seed, 1);
        long urgent = launch(scenario, 1, Category.LIFE_SAFETY, 900);
        launch(scenario, 1, Category.LIFE_SAFETY, 900);
        long patient = launch(scenario, 2, Category.INFORMATION, 60);
        scenario.sim.pass(Duration.ofSeconds(60));
        List<Submitted> sent = scenario.monitor.sent;
        assertThat(count(sent, urgent)).isGreaterThan(800);
        // A turn in sixteen would be 56 of the 900 of either urgent alert; some are lost to batches claimed at once.
        assertThat(count(untilLast(sent, urgent), patient)).isGreaterThan(30);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void informationLeavesWhileOperationalMessagesDo(long seed) {
        SimScenario scenario = shared(seed, 1);
        long operational = launch(scenario, 1, Category.OPERATIONAL, 900);
        long information = launch(scenario, 1, Category.INFORMATION, 900);
        scenario.sim.pass(Duration.ofSeconds(60));
        List<Submitted> sent = scenario.monitor.sent;
        assertThat(count(sent, operational)).isGreaterThan(800);
        assertThat(count(untilLast(sent, operational), information)).isBetween(130L, 320L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void ofTwoTenantsTheHeavierGetsItsShareAndTheOtherItsOwn(long seed) {
        SimScenario scenario = shared(seed, 1);
        scenario.weigh(1, 3);
        long heavy = launch(scenario, 1, Category.OPERATIONAL, 900);
        long light = launch(scenario, 2, Category.OPERATIONAL, 900);
        scenario.sim.pass(Duration.ofSeconds(60));
        List<Submitted> sent = untilLast(scenario.monitor.sent, heavy);
        assertThat(count(sent, heavy)).isGreaterThan(800);
        assertThat(count(sent, light)).isBetween(220L, 400L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aLargeTenantDoesNotDelayASmallOne(long seed) {
        SimScenario scenario = shared(seed, 1);
        for (int i = 0; i < 4; i++) {
            launch(scenario, 1, Category.OPERATIONAL, 500);
        }
        scenario.sim.pass(Duration.ofSeconds(6));
        long at = scenario.sim.nanos();
        long small = launch(scenario, 2, Category.OPERATIONAL, 100);
        scenario.sim.pass(Duration.ofSeconds(120));
        // An equal share between the two tenants, and what was claimed before.
        assertThat(others(scenario.monitor.sent, at, small)).isLessThanOrEqualTo(100 + 500 + 2 * BATCH);
        assertThat(count(scenario.monitor.sent, small)).isGreaterThan(80);
    }
}
