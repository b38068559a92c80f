package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.testing.Conservation;
import io.tocsin.routing.testing.ScriptedCarrier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two engines over a real PostgreSQL, and a local exchange that takes no more. A cap of one message in months shows what a cap
 * does without a clock: one leaves, the others wait, until its rate is raised.
 */
class CapDispatchTest {
    private static final double ONE_IN_MONTHS = 1e-7;
    private static final double ALL_AT_ONCE = 100_000;
    private static final String EXCHANGE = "+33639980";
    private static final AtomicInteger TENANTS = new AtomicInteger();
    private static TestDatabase db;

    private Rig rig;
    private int tenant;
    private final ScriptedCarrier sms = new ScriptedCarrier(20).delivers();

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
        tenant = db.tenant("caps-" + TENANTS.incrementAndGet());
        rig = new Rig(db.database()).account(tenant * 10 + 1, "sms", 1, null, tenant);
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    private Engine twoNodes() {
        rig.engine("node-a" + tenant, Map.of("sms", sms));
        return rig.engine("node-b" + tenant, Map.of("sms", sms));
    }

    private int cap(String slug, double perSecond, String... prefixes) {
        return Caps.of(db.database(), tenant, slug, perSecond, List.of(), prefixes);
    }

    private long to(String prefix) {
        return sms.sent().stream()
                .map(OutboundMessage::address)
                .filter(a -> a.startsWith(prefix))
                .count();
    }

    /** Of 1500 people 1000 have a number at the exchange. */
    private long alert(Category category) {
        return rig.alert()
                .category(category)
                .step("sms", Duration.ofHours(1), 1, Until.DELIVERED)
                .recipients(1500)
                .endpoints(
                        """
                        jsonb_build_array(jsonb_build_object('kind', 'mobile',
                            'address', '+3363998' || case when i % 3 = 0 then 1 else 0 end || lpad((i % 1000)::text, 3, '0')))
                        """)
                .launch(tenant);
    }

    @Test
    void bothNodesTogetherKeepACapAndNobodyElseWaitsForIt() {
        int cap = cap("bourg", ONE_IN_MONTHS, EXCHANGE);
        long first = alert(Category.OPERATIONAL);
        long second = alert(Category.OPERATIONAL);
        Engine node = twoNodes();
        await().atMost(Rig.LIMIT)
                .until(() -> rig.totals(tenant, first).delivered()
                                + rig.totals(tenant, second).delivered()
                        == 2 * 500 + 1);
        assertThat(to(EXCHANGE)).isEqualTo(1);
        assertThat(to("+33639981")).isEqualTo(2 * 500);
        assertThat(node.caps())
                .filteredOn(c -> c.capId() == cap)
                .singleElement()
                .satisfies(c -> {
                    assertThat(c.name()).isEqualTo("caps-" + TENANTS + ".bourg");
                    assertThat(c.perSecond()).isEqualTo(ONE_IN_MONTHS);
                    assertThat(c.waiting()).isEqualTo(2 * 1000 - 1);
                    assertThat(c.waitingByTenant()).containsExactly(Map.entry(tenant, 2 * 1000 - 1L));
                });

        Caps.rate(db.database(), cap, ALL_AT_ONCE);
        await().atMost(Rig.LIMIT).until(() -> rig.state(tenant, first) == Alert.State.CLOSED);
        await().atMost(Rig.LIMIT).until(() -> rig.state(tenant, second) == Alert.State.CLOSED);
        assertThat(to(EXCHANGE)).isEqualTo(2 * 1000);
        for (long alert : List.of(first, second)) {
            assertThat(Conservation.assertSettled(db.database(), tenant, alert).delivered())
                    .isEqualTo(1500);
        }
    }

    @Test
    void ofTwoCapsTheStricterHoldsItsSiteOnly() {
        cap("bourg", ALL_AT_ONCE, EXCHANGE);
        int site = cap("usine", ONE_IN_MONTHS, EXCHANGE + "1");
        long alert = alert(Category.OPERATIONAL);
        twoNodes();
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).delivered() == 1500 - sites() + 1);
        assertThat(to(EXCHANGE + "1")).isEqualTo(1);
        Caps.rate(db.database(), site, ALL_AT_ONCE);
        await().atMost(Rig.LIMIT).until(() -> rig.state(tenant, alert) == Alert.State.CLOSED);
        assertThat(to(EXCHANGE + "1")).isEqualTo(sites());
    }

    /** People with a number at the site: 100 to 199, and the second thousand's. */
    private static long sites() {
        return IntStream.rangeClosed(1, 1500)
                .filter(i -> i % 3 != 0 && i % 1000 / 100 == 1)
                .count();
    }

    @Test
    void lifeSafetyToTheExchangeOvertakesInformationToIt() {
        int cap = cap("bourg", ONE_IN_MONTHS, EXCHANGE);
        twoNodes();
        long patient = alert(Category.INFORMATION);
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, patient).delivered() == 501);
        long urgent = alert(Category.LIFE_SAFETY);
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, urgent).delivered() == 500);
        assertThat(to(EXCHANGE)).as("the only one there was is gone").isEqualTo(1);
        Caps.rate(db.database(), cap, 100);
        await().atMost(Rig.LIMIT).until(() -> to(EXCHANGE) > 160);
        assertThat(sms.sent().stream()
                        .filter(m -> m.address().startsWith(EXCHANGE))
                        .skip(1)
                        .limit(160)
                        .filter(m ->
                                TargetRef.parse(m.reference()).orElseThrow().alertId() == urgent)
                        .count())
                .as("all but one in sixteen takings")
                .isGreaterThan(130);
        Caps.rate(db.database(), cap, ALL_AT_ONCE);
        await().atMost(Rig.LIMIT).until(() -> rig.state(tenant, urgent) == Alert.State.CLOSED);
        await().atMost(Rig.LIMIT).until(() -> rig.state(tenant, patient) == Alert.State.CLOSED);
        assertThat(to(EXCHANGE)).isEqualTo(2000);
    }

    @Test
    void whatWaitsForACapIsGivenBackWhenItsAlertIsStopped() {
        cap("bourg", ONE_IN_MONTHS, EXCHANGE);
        long alert = alert(Category.OPERATIONAL);
        twoNodes();
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).delivered() == 501);
        db.database().inTenant(tenant, c -> rig.ledger.cancel(c, tenant, alert, rig.clock.instant()));
        await().atMost(Rig.LIMIT).until(() -> Caps.unsettled(db.database(), alert) == 0);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).delivered())
                .isEqualTo(501);
    }

    @Test
    void aCapThatIsTakenAwayHoldsNobodyAnyMore() {
        int cap = cap("bourg", ONE_IN_MONTHS, EXCHANGE);
        long alert = alert(Category.OPERATIONAL);
        twoNodes();
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).delivered() == 501);
        Caps.remove(db.database(), cap);
        await().atMost(Rig.LIMIT).until(() -> rig.state(tenant, alert) == Alert.State.CLOSED);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).delivered())
                .isEqualTo(1500);
    }
}
