package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.internal.engine.WaveRows.GroupState;
import io.tocsin.routing.testing.Conservation;
import io.tocsin.routing.testing.ScriptedCarrier;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** A carrier that one site reaches and the other does not, over PostgreSQL. */
class ReachTest {
    private static TestDatabase db;

    private Rig rig;
    private int tenant;
    private int account;
    private String test;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void setUp(TestInfo info) {
        test = info.getTestMethod().orElseThrow().getName().toLowerCase();
        tenant = db.tenant("reach-" + test);
        account = tenant * 10 + 1;
        rig = new Rig(db.database()).account(account, "sms", 1, null, tenant);
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    private static void link(ScriptedCarrier carrier, ChannelHealth health) {
        await().atMost(Rig.LIMIT).until(() -> !carrier.links().isEmpty());
        carrier.links().forEach(link -> link.health(health));
    }

    private boolean cannot(String node) {
        return db.database().<Boolean>asEngine(c -> {
            try (var query =
                    c.prepareStatement("select not sends from node_account where node = ? and account_id = ?")) {
                query.setString(1, node);
                query.setInt(2, account);
                var row = query.executeQuery();
                return row.next() && row.getBoolean(1);
            }
        });
    }

    @Test
    void whatANodeHoldsWhenItsCarrierGoesLeavesFromTheOther() {
        ScriptedCarrier there = new ScriptedCarrier(20);
        ScriptedCarrier here = new ScriptedCarrier(20);
        here.script((link, m) -> here.sent().size() < 40 ? here.accept(m) : new CompletableFuture<>());
        Engine loses = rig.engine("here-" + test, Map.of("sms", here));
        long alert = rig.alert().recipients(2000).launch(tenant);
        await().atMost(Rig.LIMIT).until(() -> here.sent().size() > 40);

        rig.engine("there-" + test, Map.of("sms", there.delivers()));
        link(here, ChannelHealth.down("unbound"));

        await().atMost(Rig.LIMIT).until(() -> cannot("here-" + test));
        await().atMost(Rig.LIMIT).until(() -> loses.lanes().all().stream()
                .allMatch(lane -> lane.held().isEmpty()));
        await().atMost(Rig.LIMIT).until(() -> there.sent().size() + here.sent().size() >= 2000);
        assertThat(here.sent())
                .as(
                        "what was prepared for a place in the window then, and nothing more, is given to a carrier that is away")
                .hasSizeLessThanOrEqualTo(61);
        assertThat(there.sent()).as("nobody is written to by both").doesNotContainAnyElementsOf(here.sent());
        Conservation.assertHolds(db.database(), tenant, alert);
    }

    @Test
    void aStepGoesOnWhileAnotherNodeHasTheCarrier() {
        ScriptedCarrier here = new ScriptedCarrier(20);
        rig.engine("here-" + test, Map.of("sms", here));
        link(here, ChannelHealth.down("unbound"));
        await().atMost(Rig.LIMIT).until(() -> cannot("here-" + test));
        JdbcLedger ledger = new JdbcLedger(db.database());
        // A node whose lanes are full of more urgent messages: it will come to this alert, and holds nothing of it yet.
        Node there = ledger.transact(t -> t.nodes().register("there-" + test));
        ledger.transact(t -> {
            t.reach().tell(there, Map.of(account, true));
            return null;
        });
        Duration patience = Duration.ofMinutes(5);
        long alert = rig.alert()
                .recipients(10)
                .step("sms", patience, 1, Until.DELIVERED)
                .launch(tenant);
        Instant deadline = group(ledger, alert).deadline();

        rig.clock.plus(patience.plusSeconds(1));

        await().atMost(Rig.LIMIT).until(() -> ledger.transact(t -> t.waves().groups(tenant, alert)).stream()
                .allMatch(group -> group.deadline().isAfter(deadline)));
        assertThat(group(ledger, alert).drained()).isFalse();

        ledger.transact(t -> {
            t.reach().tell(there, Map.of(account, false));
            return null;
        });
        rig.clock.plus(patience.plusSeconds(1));

        await().atMost(Rig.LIMIT).until(() -> rig.state(tenant, alert) == Alert.State.CLOSED);
        assertThat(rig.totals(tenant, alert).failed()).isEqualTo(10);
    }

    private GroupState group(JdbcLedger ledger, long alert) {
        return ledger.transact(t -> t.waves().groups(tenant, alert)).get(0);
    }
}
