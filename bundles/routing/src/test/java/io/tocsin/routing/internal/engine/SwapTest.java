package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SelfCheck;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.api.InstalledChannels.Standing;
import io.tocsin.routing.api.InstalledChannels.Version;
import io.tocsin.routing.api.SwapListener;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.testing.Conservation;
import io.tocsin.routing.testing.ScriptedCarrier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A version of a channel takes the place of another while an alert runs: nobody is lost, nobody is reached twice. */
@Timeout(240)
class SwapTest {
    private static final int CROWD = 1200;
    private static final AtomicInteger TENANTS = new AtomicInteger();
    private static TestDatabase db;

    private final ScriptedCarrier before = new ScriptedCarrier(20).delivers();
    private final ScriptedCarrier after = new ScriptedCarrier(20).script((link, message) -> {
        String id = "after-" + message.reference();
        link.receipt(id, Receipt.State.DELIVERED);
        return CompletableFuture.completedFuture(new SendOutcome.Accepted(id));
    });
    private final Providers providers = new Providers();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private Rig rig;
    private Engine engine;
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
        tenant = db.tenant("swap-" + TENANTS.incrementAndGet());
        rig = new Rig(db.database())
                .account(tenant * 10 + 1, "sms", 1, 200, tenant)
                .listener(new SwapListener() {
                    @Override
                    public void swapped(Version serving, Version superseded) {
                        told.add(superseded.installed().version() + " → "
                                + serving.installed().version());
                    }

                    @Override
                    public void failed(Version candidate) {
                        told.add(candidate.installed().version() + " failed: " + candidate.detail());
                    }
                });
        install("1.0.0", before);
        engine = rig.engine("node-" + tenant, providers);
        await().atMost(Rig.LIMIT).until(() -> before.links().size() == 1);
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    @Test
    void aNewVersionTakesOverWhileMessagesLeave() {
        long alert = launch();
        await().atMost(Rig.LIMIT).until(() -> before.sent().size() > 50);
        install("1.1.0", after);
        await().atMost(Rig.LIMIT).until(() -> told.contains("1.0.0 → 1.1.0"));
        Totals totals = settled(alert);
        assertThat(totals.delivered()).isEqualTo(CROWD);
        assertThat(before.sent()).isNotEmpty();
        assertThat(after.sent()).isNotEmpty();
        assertThat(sent()).hasSize(CROWD).doesNotHaveDuplicates();
        assertThat(before.links()).singleElement().matches(ScriptedCarrier.Link::closed);
        assertThat(after.links()).singleElement().matches(link -> !link.closed());
        assertThat(standing("1.0.0")).isEqualTo(Standing.SUPERSEDED);
        assertThat(version("1.1.0")).satisfies(serving -> {
            assertThat(serving.standing()).isEqualTo(Standing.SERVING);
            assertThat(serving.accounts()).isEqualTo(1);
            assertThat(serving.up()).isEqualTo(1);
        });
    }

    @Test
    void whatTheOldVersionHasInFlightIsHeardOfByTheNewOne() {
        List<OutboundMessage> kept = new CopyOnWriteArrayList<>();
        before.script((link, message) -> {
            kept.add(message);
            return before.accept(message);
        });
        long alert = launch();
        await().atMost(Rig.LIMIT).until(() -> kept.size() > 50);
        install("1.1.0", after);
        await().atMost(Rig.LIMIT).until(() -> told.contains("1.0.0 → 1.1.0"));
        // receipts of what the old version sent come in by the new one's connection
        kept.forEach(message -> after.links().get(0).receipt(before.idOf(message), Receipt.State.DELIVERED));
        assertThat(settled(alert).delivered()).isEqualTo(CROWD);
        assertThat(sent()).doesNotHaveDuplicates();
    }

    @Test
    void aVersionThatCannotBeOpenedStaysOutAndSaysWhy() {
        long alert = launch();
        install("1.1.0", (account, events) -> {
            throw new IllegalStateException("no library");
        });
        await().atMost(Rig.LIMIT).until(() -> told.size() == 1);
        assertThat(told.get(0))
                .contains("1.1.0 failed", "sms-" + (tenant * 10 + 1), "cannot be opened: IllegalStateException");
        assertThat(standing("1.1.0")).isEqualTo(Standing.REFUSED);
        assertThat(standing("1.0.0")).isEqualTo(Standing.SERVING);
        assertThat(settled(alert).delivered()).isEqualTo(CROWD);
        assertThat(before.links()).singleElement().matches(link -> !link.closed());
    }

    @Test
    void aVersionThatIsDownWhereTheOldOneIsUpStaysOut() {
        install("1.1.0", (account, events) -> {
            ScriptedCarrier.Link link = (ScriptedCarrier.Link) after.open(account, events);
            link.health(ChannelHealth.down("the carrier refused the bind"));
            return link;
        });
        await().atMost(Rig.LIMIT).until(() -> told.size() == 1);
        assertThat(told.get(0)).contains("the carrier refused the bind", "the version before it goes on");
        await().atMost(Rig.LIMIT).until(() -> after.links().get(0).closed());
        assertThat(before.links().get(0).closed()).isFalse();
    }

    @Test
    void aVersionThatFailsItsSelfCheckStaysOut() {
        install("1.1.0", (account, events) -> new Checked(after.open(account, events), ChannelHealth.down("no route")));
        await().atMost(Rig.LIMIT).until(() -> told.size() == 1);
        assertThat(told.get(0)).contains("its self-check says: no route");
    }

    @Test
    void aVersionWhoseSelfCheckComesOutWellTakesOver() {
        install("1.1.0", (account, events) -> new Checked(after.open(account, events), ChannelHealth.up()));
        await().atMost(Rig.LIMIT).until(() -> told.contains("1.0.0 → 1.1.0"));
    }

    @Test
    void aVersionThatFailsAsSoonAsItSendsIsGoneBackFrom() {
        rig.watch(Duration.ofMinutes(10));
        rig.close();
        engine = rig.engine("again-" + tenant, providers);
        after.script((link, message) -> {
            throw new IllegalStateException("a defect");
        });
        long alert = launch();
        install("1.1.0", after);
        await().atMost(Rig.LIMIT).until(() -> told.size() == 1);
        assertThat(told.get(0)).contains("1.1.0 failed", "failures in a row", "the version before it is back");
        // what the failing version had been handed is in doubt by name, and nothing else is
        await().atMost(Rig.LIMIT)
                .until(() -> rig.totals(tenant, alert).delivered()
                        == CROWD - after.sent().size());
        assertThat(after.sent()).isNotEmpty();
        assertThat(rig.waves(tenant, alert).stream()
                        .mapToLong(wave -> wave.observations().getOrDefault("in-doubt", 0L))
                        .sum())
                .isEqualTo(after.sent().size());
        assertThat(sent()).hasSize(CROWD).doesNotHaveDuplicates();
    }

    @Test
    void whenTheServingVersionGoesTheOneThatProvesItselfServesAtOnce() {
        long alert = launch();
        await().atMost(Rig.LIMIT).until(() -> !before.sent().isEmpty());
        install("1.1.0", after);
        await().atMost(Rig.LIMIT).until(() -> after.links().size() == 1);
        providers.remove(before);
        engine.lanes().closeAllOf(before);
        engine.accountsChanged();
        assertThat(settled(alert).delivered()).isEqualTo(CROWD);
        assertThat(sent()).hasSize(CROWD).doesNotHaveDuplicates();
        assertThat(after.sent()).isNotEmpty();
    }

    @Test
    void goingBackToAnOlderVersionIsASwapToo() {
        install("1.1.0", after);
        await().atMost(Rig.LIMIT).until(() -> told.contains("1.0.0 → 1.1.0"));
        long alert = launch();
        await().atMost(Rig.LIMIT).until(() -> !after.sent().isEmpty());
        providers.choose(bundle("1.0.0"));
        engine.accountsChanged();
        await().atMost(Rig.LIMIT).until(() -> told.contains("1.1.0 → 1.0.0"));
        assertThat(settled(alert).delivered()).isEqualTo(CROWD);
        assertThat(sent()).hasSize(CROWD).doesNotHaveDuplicates();
        assertThat(before.sent()).isNotEmpty();
    }

    /** A channel that can try its carrier. */
    private record Checked(Channel channel, ChannelHealth health) implements Channel, SelfCheck {
        @Override
        public CompletionStage<SendOutcome> send(OutboundMessage message) {
            return channel.send(message);
        }

        @Override
        public int window() {
            return channel.window();
        }

        @Override
        public ChannelHealth health() {
            return channel.health();
        }

        @Override
        public CompletionStage<ChannelHealth> check() {
            return CompletableFuture.completedFuture(health);
        }

        @Override
        public void close() {
            channel.close();
        }
    }

    private void install(String version, ChannelProvider provider) {
        providers.add(new Providers.Installed(
                new InstalledChannels.Installed(
                        "sms", version, List.of("mobile"), List.of("text"), Optional.empty(), Optional.empty()),
                "io.tocsin.sms",
                bundle(version),
                provider));
        if (engine != null) {
            engine.accountsChanged();
        }
    }

    private static long bundle(String version) {
        return Integer.parseInt(version.replace(".", ""));
    }

    private long launch() {
        return rig.alert()
                .category(Category.INFORMATION)
                .recipients(CROWD)
                .step("sms", Duration.ofMinutes(5), 3, Until.DELIVERED)
                .launch(tenant);
    }

    private Totals settled(long alert) {
        await().atMost(Rig.LIMIT).until(() -> {
            engine.accountsChanged();
            return rig.totals(tenant, alert).pending() == 0 || rig.state(tenant, alert) == Alert.State.CLOSED;
        });
        return Conservation.assertHolds(db.database(), tenant, alert);
    }

    private List<String> sent() {
        List<String> references = new ArrayList<>();
        before.sent().forEach(message -> references.add(message.reference()));
        after.sent().forEach(message -> references.add(message.reference()));
        return references;
    }

    private Standing standing(String version) {
        return version(version).standing();
    }

    private Version version(String version) {
        return engine.lanes().versions().stream()
                .filter(each -> each.installed().version().equals(version))
                .findFirst()
                .orElseThrow();
    }
}
