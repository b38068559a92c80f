package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.Receipt;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.CarrierAccounts.Route;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.internal.ComingAlerts;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.AttemptRows.Mark;
import io.tocsin.routing.internal.engine.AttemptRows.Row;
import io.tocsin.routing.internal.engine.SimStore.Recipient;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Receipts that came before their response find their message, whatever happens to those who heard them. */
class WaitingReceiptsTest {
    private static final int ACCOUNT = 7;

    private Instant now = Instant.parse("2026-03-01T06:00:00Z");
    private String failing = "";
    private final SimStore store = new SimStore(() -> now, 500);
    private final SimLedger ledger = new SimLedger(store, statement -> {
        if (statement.equals(failing)) {
            failing = "";
            throw new SQLException("scripted", "40001");
        }
    });
    private long alert;

    @BeforeEach
    void launch() {
        store.shares.put(1, new FairOrder.Shares(1, 1, 1));
        alert = store.launch(
                        new Alert(
                                1,
                                0,
                                "crue",
                                1,
                                "Crue",
                                Category.OPERATIONAL,
                                false,
                                Alert.State.RUNNING,
                                new DispatchPolicy(
                                        List.of(new Step("sms", Duration.ofHours(1), 1, Until.DELIVERED)),
                                        Map.of(),
                                        Map.of(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()),
                                1,
                                "test",
                                now,
                                Optional.empty()),
                        List.of(),
                        List.of(new Recipient(
                                1, "Personne", "fr", "{}", "[{\"kind\":\"mobile\",\"address\":\"+33639980001\"}]")))
                .alertId;
        store.commit();
    }

    /** A node whose recorder writes when it is told to. */
    private final class Written implements Rounds.Drivers {
        private final List<Fact> facts = new ArrayList<>();
        private GroupWriting.Writer<Fact> writer;
        private long groups;
        private final Rounds rounds;

        Written(String name) {
            Settings settings = new Settings(
                    name,
                    Duration.ofSeconds(10),
                    10,
                    10,
                    Duration.ZERO,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    10,
                    7,
                    new Swap.Limits(Duration.ofSeconds(30), Duration.ofSeconds(10)));
            rounds = new Rounds(
                    new Rounds.Surroundings(
                            ledger,
                            null,
                            null,
                            new Providers(),
                            r -> true,
                            new ComingAlerts(this::nanos),
                            new SwapListeners(),
                            clock(),
                            this::nanos,
                            Life.Pace.USUAL),
                    settings,
                    new Counters(),
                    this);
        }

        private long nanos() {
            return Duration.between(Instant.EPOCH, now).toNanos();
        }

        private Clock clock() {
            return new Clock() {
                @Override
                public Instant instant() {
                    return now;
                }

                @Override
                public java.time.ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(java.time.ZoneId zone) {
                    return this;
                }
            };
        }

        @Override
        public Appender<Fact> appender(GroupWriting.Writer<Fact> made) {
            writer = made;
            return new Appender<>() {
                @Override
                public void start() {
                    // Writes when it is told to.
                }

                @Override
                public void add(Fact fact, boolean urgent) {
                    facts.add(fact);
                }

                @Override
                public int backlog() {
                    return facts.size();
                }

                @Override
                public boolean stuck() {
                    return false;
                }

                @Override
                public boolean close(Duration limit) {
                    return true;
                }
            };
        }

        void write() {
            List<Fact> group = List.copyOf(facts);
            writer.write(group, new Mark(new UUID(0, 1), ++groups));
            writer.durable(group);
            facts.clear();
        }

        void hears(String carrierId) {
            rounds.record()
                    .receipt(
                            ACCOUNT,
                            Set.of(1),
                            new Receipt(
                                    carrierId, Optional.empty(), Optional.empty(), Receipt.State.DELIVERED, "", now));
        }

        @Override
        public LaneDriver lane(Lane lane, Send send) {
            throw new IllegalStateException("there are no accounts");
        }

        @Override
        public CompletionStage<Void> inbound(Route route, InboundMessage message) {
            throw new IllegalStateException("there are no accounts");
        }

        @Override
        public void hungry() {
            // Nothing is claimed.
        }
    }

    private void accepted(String carrierId) {
        ledger.transact(t -> {
            t.attempts()
                    .append(
                            List.of(new Row(
                                    new TargetRef(1, alert, 1, 0), 0, 1, "accepted", "", ACCOUNT, carrierId, now)),
                            "another");
            return null;
        });
    }

    private long delivered() {
        return store.totals(alert).delivered();
    }

    @Test
    void alsoWhenTheTransactionThatFindsItIsRolledBack() {
        Written node = new Written("n1");
        node.hears("early");
        node.write();
        accepted("early");
        node.rounds.upkeep();
        failing = "commit";
        assertThatThrownBy(node::write).isInstanceOf(DatabaseException.class);
        assertThat(delivered()).isZero();
        node.write();
        assertThat(delivered()).isEqualTo(1);
    }

    @Test
    void alsoWhenTheNodeThatHeardItIsGone() {
        Written here = new Written("n1");
        Written gone = new Written("n2");
        here.rounds.upkeep();
        here.write();
        beat(here, gone);
        gone.hears("early");
        gone.write();
        accepted("early");
        here.rounds.upkeep();
        assertThat(here.facts).as("nothing to look for").isEmpty();
        for (int i = 0; i < 5; i++) {
            beat(here);
        }
        here.rounds.upkeep();
        here.write();
        assertThat(delivered()).isEqualTo(1);
    }

    private void beat(Written... nodes) {
        now = now.plusSeconds(3);
        for (Written node : nodes) {
            node.rounds.life().round();
            node.rounds.upkeep();
            if (!node.facts.isEmpty()) {
                node.write();
            }
        }
    }
}
