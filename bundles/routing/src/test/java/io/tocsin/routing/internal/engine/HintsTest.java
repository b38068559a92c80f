package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.internal.TwoMembers;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.testing.Conservation;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What hints of another node do to this one, over a real cluster of two. The engine here looks by itself once in ten minutes: all
 * it does sooner it does because of a hint. Every other test of dispatch is the proof that it needs none.
 */
class HintsTest {
    private static final Logger LOG = LoggerFactory.getLogger(HintsTest.class);
    private static final Engine.Pace NEVER = new Engine.Pace(600_000, 600_000, 600_000);
    private static final int LINES = 4;
    private static final int TIMES = 15;

    private final TestDatabase db = TestDatabase.start();
    private final Switchboard board = new Switchboard(LINES);
    private int tenant;
    private int account;
    private Rig rig;

    @BeforeEach
    void setUp() {
        tenant = db.tenant("hints");
        account = tenant * 10 + 1;
        db.database().asEngine(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into channel_endpoint_kind values ('phone', 'mobile')")) {
                return insert.executeUpdate();
            }
        });
        rig = new Rig(db.database());
    }

    @AfterEach
    void tearDown() {
        rig.close();
        db.close();
    }

    private Engine node(String name, Engine.Pace pace) {
        return rig.pace(pace).engine(name, Map.of("phone", board));
    }

    private long launch(int people) {
        return rig.alert()
                .step("phone", Duration.ofMinutes(30), 3, Until.ANSWERED)
                .choice("1", "Oui")
                .recipients(people)
                .launch(tenant);
    }

    private void answer(long alert, int recipientNo) {
        db.database()
                .inTenant(
                        tenant,
                        c -> rig.ledger.answer(c, tenant, alert, recipientNo, "1", "web", "link", Instant.now()));
    }

    private static void until(BooleanSupplier done) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Rig.LIMIT)
                .until(done::getAsBoolean);
    }

    @Test
    void anotherNodesHintsAreActedOnAtOnce() {
        try (TwoMembers members = new TwoMembers()) {
            Engine engine = node("b", NEVER);
            members.second(engine::heard);

            rig.account(account, "phone", 1, null, tenant);
            members.first().give(Hint.accounts());
            until(() -> !engine.lanes().all().isEmpty());

            long alert = launch(2);
            members.first().give(Hint.work(tenant, alert));
            until(() -> board.up.size() == 2);

            answer(alert, 1);
            members.first().give(Hint.stopped(tenant, alert));
            until(() -> board.withdrawn.size() == 1);

            db.database().inTenant(tenant, c -> rig.ledger.cancel(c, tenant, alert, Instant.now()));
            members.first().give(Hint.stopped(tenant, alert));
            until(() -> board.withdrawn.size() == 2);
        }
        assertThat(Conservation.assertHolds(db.database(), tenant, 1).answered())
                .isEqualTo(1);
    }

    /** No time is asserted: the figures are for docs/performance.md. */
    @Test
    void howMuchSoonerItIs() {
        rig.account(account, "phone", 1, null, tenant);
        try (TwoMembers members = new TwoMembers()) {
            Engine engine = node("b", Engine.Pace.USUAL);
            until(() -> !engine.lanes().all().isEmpty());
            List<Long> polled = new ArrayList<>();
            List<Long> hinted = new ArrayList<>();
            for (int i = 0; i < TIMES; i++) {
                polled.add(untilWithdrawn(() -> {}));
            }
            members.second(engine::heard);
            for (int i = 0; i < TIMES; i++) {
                hinted.add(untilWithdrawn(() -> members.first().give(Hint.stopped(tenant, 0))));
            }
            LOG.info(
                    "hints: from an answer's commit on one node to a call taken back on another, median of {}:"
                            + " {} ms by polls, {} ms by hints",
                    TIMES,
                    median(polled),
                    median(hinted));
            assertThat(board.withdrawn).doesNotHaveDuplicates().hasSize(2 * TIMES);
        }
    }

    private long untilWithdrawn(Runnable hint) {
        int before = board.withdrawn.size();
        long alert = launch(1);
        until(() -> board.up.size() == 1);
        answer(alert, 1);
        long committed = System.nanoTime();
        hint.run();
        until(() -> board.withdrawn.size() == before + 1);
        long millis = Duration.ofNanos(System.nanoTime() - committed).toMillis();
        until(() -> board.up.isEmpty());
        return millis;
    }

    private static long median(List<Long> millis) {
        return millis.stream().sorted().skip(millis.size() / 2).findFirst().orElseThrow();
    }
}
