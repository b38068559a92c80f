package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.CostEstimate;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.Preflight;
import io.tocsin.channel.api.Preflight.Objection;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.CostEstimates.Estimate;
import io.tocsin.routing.api.CostEstimates.Pace;
import io.tocsin.routing.testing.ScriptedCarrier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever a channel does when it is asked for a price, somebody who wants to launch gets an answer. */
class CostsTest {
    private static final CountDownLatch OVER = new CountDownLatch(1);
    private static TestDatabase db;
    private static Rig rig;
    private static int tenant;
    private static int stranger;
    private static Costs costs;

    @BeforeAll
    static void start() {
        db = TestDatabase.start();
        tenant = db.tenant("costs");
        stranger = db.tenant("stranger");
        rig = new Rig(db.database())
                .account(1, "priced", 1, null, tenant)
                .account(2, "plain", 1, null, tenant)
                .account(3, "throws", 1, null, tenant)
                .account(4, "hangs", 1, null, tenant)
                .account(5, "nothing", 1, null, tenant)
                .account(6, "strict", 1, null, tenant);
        Engine engine = rig.engine(
                "costs",
                Map.<String, ChannelProvider>of(
                        "priced",
                                asked(m -> new CostEstimate.Cost(
                                        m.text().length(), OptionalLong.of(4_500), Optional.of("EUR"))),
                        "plain", new ScriptedCarrier(5),
                        "throws",
                                asked(m -> {
                                    throw new IllegalArgumentException(m.text());
                                }),
                        "hangs",
                                asked(m -> {
                                    untilOver();
                                    return new CostEstimate.Cost(1);
                                }),
                        "nothing", asked(m -> null),
                        "strict", (account, events) -> new Strict()));
        costs = new Costs(engine.lanes());
        await().atMost(Rig.LIMIT)
                .until(() -> List.of("priced", "plain", "throws", "hangs", "nothing", "strict").stream()
                        .allMatch(channel ->
                                engine.lanes().laneFor(tenant, channel).isPresent()));
    }

    @AfterAll
    static void stop() {
        OVER.countDown();
        rig.close();
        db.close();
    }

    @Test
    void theChannelThatWouldCarryThemSaysWhatMessagesCost() {
        Estimate estimate = costs.estimate(tenant, "priced", List.of(message("a"), message("four")));
        assertThat(estimate.unknown()).isEmpty();
        assertThat(estimate.costs()).extracting(CostEstimate.Cost::parts).containsExactly(1, 4);
        assertThat(estimate.costs().get(1).millicents()).hasValue(4_500);
        assertThat(estimate.costs().get(1).currency()).contains("EUR");
    }

    @Test
    void whatIsNotSaidIsUnknownWithTheReason() {
        assertThat(costs.estimate(tenant, "plain", List.of(message("x"))).unknown())
                .contains("channel plain does not say what its messages cost");
        assertThat(costs.estimate(tenant, "throws", List.of(message("Zoé"))).unknown())
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("failed", "IllegalArgumentException")
                        .doesNotContain("Zoé"));
        assertThat(costs.estimate(tenant, "hangs", List.of(message("x"))).unknown())
                .hasValueSatisfying(why -> assertThat(why).contains("did not say within"));
        assertThat(costs.estimate(tenant, "nothing", List.of(message("x"))).unknown())
                .hasValueSatisfying(why -> assertThat(why).contains("failed", "NullPointerException"));
        assertThat(costs.estimate(stranger, "priced", List.of(message("x"))).unknown())
                .hasValueSatisfying(why -> assertThat(why).contains("no account of channel priced"));
        assertThat(costs.estimate(tenant, "fax", List.of(message("x"))).unknown())
                .hasValueSatisfying(why -> assertThat(why).contains("no account of channel fax"));
    }

    @Test
    void howFastMessagesLeaveIsWhatBoundsTheAccountThatWouldCarryThem() {
        Pace pace = costs.pace(tenant, "plain");
        assertThat(pace.account()).hasValueSatisfying(name -> assertThat(name).isNotBlank());
        assertThat(pace.together()).isEqualTo(5);
        assertThat(pace.lines()).isEmpty();
        assertThat(pace.median()).as("before its first message").isEmpty();
        assertThat(pace.unknown()).isEmpty();
        assertThat(costs.pace(stranger, "plain").unknown())
                .hasValueSatisfying(why -> assertThat(why).contains("no account of channel plain"));
    }

    @Test
    void whatStandsAgainstMessagesIsSaidWithHowManyItIs() {
        Estimate estimate = costs.estimate(tenant, "strict", List.of(message("a"), message(""), message("")));
        assertThat(estimate.unknown()).as("its costs").isPresent();
        assertThat(estimate.objections()).containsExactly(Map.entry(new Objection("text-empty", "write one"), 2));
        assertThat(costs.estimate(tenant, "strict", List.of(message("throw"))).objections())
                .as("one that fails to say keeps nobody from launching")
                .isEmpty();
    }

    private static OutboundMessage message(String text) {
        return new OutboundMessage(
                "estimate",
                "+33639980001",
                Optional.empty(),
                "fr",
                "",
                text,
                Optional.empty(),
                Optional.empty(),
                Category.OPERATIONAL,
                false,
                false);
    }

    private static void untilOver() {
        try {
            OVER.await();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private static ChannelProvider asked(Function<OutboundMessage, CostEstimate.Cost> cost) {
        return (account, events) -> new Priced(cost);
    }

    /** Sends, once it has looked. */
    private static final class Strict extends Sender implements Preflight {
        @Override
        public Optional<Objection> objection(OutboundMessage message) {
            if (message.text().equals("throw")) {
                throw new IllegalStateException("broken");
            }
            return message.text().isEmpty() ? Optional.of(new Objection("text-empty", "write one")) : Optional.empty();
        }
    }

    private static final class Priced extends Sender implements CostEstimate {
        private final Function<OutboundMessage, CostEstimate.Cost> cost;

        Priced(Function<OutboundMessage, CostEstimate.Cost> cost) {
            this.cost = cost;
        }

        @Override
        public Cost estimate(OutboundMessage message) {
            return cost.apply(message);
        }
    }

    private static class Sender implements Channel {
        @Override
        public CompletionStage<SendOutcome> send(OutboundMessage message) {
            return CompletableFuture.completedFuture(new SendOutcome.Accepted("x"));
        }

        @Override
        public int window() {
            return 1;
        }

        @Override
        public ChannelHealth health() {
            return ChannelHealth.up();
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
