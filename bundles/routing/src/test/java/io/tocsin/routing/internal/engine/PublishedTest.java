package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.testing.Conservation;
import io.tocsin.routing.testing.ScriptedCarrier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Published is not reached, whatever the channel says: the cascade goes on, and the figures tell the two apart. */
class PublishedTest {
    private static TestDatabase db;

    private final ScriptedCarrier sms = new ScriptedCarrier(20).delivers();
    /** One that claims that everybody reads what it publishes. */
    private final ScriptedCarrier pages = new ScriptedCarrier(20).delivers();

    private Rig rig;
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
    void setUp() {
        db.clear();
        tenant = db.tenant("commune");
        rig = new Rig(db.database()).account(1, "publish", 1, null, tenant).account(2, "sms", 1, null, tenant);
        Providers providers = new Providers();
        providers.add(installed("publish", "publication", pages, true));
        providers.add(installed("sms", "mobile", sms, false));
        rig.engine("node", providers);
        await().atMost(Rig.LIMIT).until(() -> kinds() == 2);
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    private static Providers.Installed installed(
            String type, String kind, ChannelProvider provider, boolean publishes) {
        return new Providers.Installed(
                new InstalledChannels.Installed(
                        type, "1.0.0", List.of(kind), List.of("text"), Optional.empty(), Optional.empty(), publishes),
                "io.tocsin.channel-" + type,
                type.length(),
                provider);
    }

    private long kinds() {
        return db.database().asEngine(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("select count(*) from channel_endpoint_kind")) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    /** The first is a page; the second has a page and a telephone; the others have telephones. */
    private long launch(Until until) {
        return rig.alert()
                .recipients(10)
                .endpoints(
                        """
                        case i
                        when 1 then jsonb_build_array(jsonb_build_object('kind', 'publication', 'address', 'commune/ville'))
                        when 2 then jsonb_build_array(
                            jsonb_build_object('kind', 'publication', 'address', 'commune/ecoles'),
                            jsonb_build_object('kind', 'mobile', 'address', '+33639980002'))
                        else jsonb_build_array(jsonb_build_object('kind', 'mobile', 'address', '+3363998000' || (i - 1)))
                        end
                        """)
                .step("publish", Duration.ofMinutes(1), 3, until)
                .step("sms", Duration.ofMinutes(5), 3, Until.DELIVERED)
                .launch(tenant);
    }

    @Test
    void aPublicationReachesNobodyAndStopsNothing() {
        long alert = launch(Until.DELIVERED);
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).published() == 2);
        await().atMost(Rig.LIMIT)
                .until(() -> rig.waves(tenant, alert).get(0).observations().getOrDefault("buffered", 0L) == 2);
        assertThat(rig.totals(tenant, alert)).isEqualTo(new Totals(10, 0, 0, 0, 0, 10, 0, 2));
        assertThat(sms.sent()).isEmpty();

        rig.clock.plus(Duration.ofSeconds(61));
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).delivered() == 9);
        rig.clock.plus(Duration.ofMinutes(6));
        await().atMost(Rig.LIMIT).until(() -> rig.state(tenant, alert) == Alert.State.CLOSED);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert))
                .as("who reads a page, nobody knows")
                .isEqualTo(new Totals(10, 0, 9, 0, 1, 0, 0, 2));
        assertThat(sms.sent()).hasSize(9);
        assertThat(pages.sent()).hasSize(2);
    }

    @Test
    void nobodyAnswersOnAPage() {
        long alert = launch(Until.ANSWERED);
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).published() == 2);
        assertThat(pages.links().get(0).reply("in-1", "commune/ville", "1").toCompletableFuture())
                .succeedsWithin(Rig.LIMIT);
        assertThat(rig.totals(tenant, alert).answered()).isZero();
    }

    @Test
    void whatIsNotPublishedFails() {
        pages.answers((link, message) -> new io.tocsin.channel.api.SendOutcome.Rejected(
                "outlet-unknown", io.tocsin.channel.api.SendOutcome.Fault.ADDRESS));
        long alert = launch(Until.DELIVERED);
        await().atMost(Rig.LIMIT).until(() -> pages.sent().size() == 2);
        rig.clock.plus(Duration.ofSeconds(61));
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).delivered() == 9);
        assertThat(rig.totals(tenant, alert)).isEqualTo(new Totals(10, 0, 9, 1, 0, 0, 0, 0));
    }
}
