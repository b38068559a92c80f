package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SettingsDefinition;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.DispatchStatus.AccountStatus;
import io.tocsin.routing.api.DispatchStatus.AccountTraffic;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.testing.Conservation;
import io.tocsin.routing.testing.ScriptedCarrier;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A channel that hangs, throws or lies harms its own account and no other. */
@Timeout(240)
class HostileChannelTest {
    private static TestDatabase db;
    private static final AtomicInteger TENANTS = new AtomicInteger();

    private final CountDownLatch released = new CountDownLatch(1);
    private final ScriptedCarrier wild = new ScriptedCarrier(10);
    private final ScriptedCarrier mail = new ScriptedCarrier(10).delivers();
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
        tenant = db.tenant("hostile-" + TENANTS.incrementAndGet());
        rig = new Rig(db.database())
                .sendTimeout(Duration.ofSeconds(1))
                .account(tenant * 10 + 1, "sms", 1, null, tenant)
                .account(tenant * 10 + 2, "mail", 1, null, tenant);
    }

    @AfterEach
    void tearDown() {
        released.countDown();
        rig.close();
    }

    @Test
    void oneThatHangsInOpenKeepsNoOtherClosed() {
        Engine engine = start((account, events) -> {
            hang();
            return wild.open(account, events);
        });
        reachEverybodyByMail();
        assertThat(status(engine)).satisfies(account -> {
            assertThat(account.health().state()).isEqualTo(ChannelHealth.State.DOWN);
            assertThat(account.health().detail()).contains("is being opened");
        });
        released.countDown();
        await().atMost(Rig.LIMIT).until(() -> status(engine).health().state() == ChannelHealth.State.UP);
    }

    @Test
    void oneThatHangsInOpenDoesNotKeepTheNodeFromStopping() {
        Engine engine = start((account, events) -> {
            hang();
            return wild.open(account, events);
        });
        await().atMost(Rig.LIMIT).until(() -> engine.lanes().all().size() == 1);
        engine.stop();
        released.countDown();
        await().atMost(Rig.LIMIT)
                .until(() -> wild.links().size() == 1 && wild.links().get(0).closed());
    }

    @Test
    void oneThatHangsInSendKeepsOneMessageAndComesBack() {
        AtomicInteger calls = new AtomicInteger();
        wild.script((link, message) -> {
            if (calls.incrementAndGet() == 4) {
                hang();
            }
            return wild.accept(message);
        });
        long alert = launchWild(60);
        Engine engine = start(wild);
        reachEverybodyByMail();
        // nobody but the one is in doubt: the others go once the account had its pause, on another thread
        await().atMost(Rig.LIMIT).until(() -> observations(alert, "accepted") == 59);
        assertThat(observations(alert, "in-doubt")).isEqualTo(1);
        assertThat(wild.sent())
                .extracting(OutboundMessage::reference)
                .doesNotHaveDuplicates()
                .hasSize(60);
        Conservation.assertHolds(db.database(), tenant, alert);
        assertThat(traffic(engine).counts()).containsEntry("timed-out", 1L).containsEntry("accepted", 59L);
        released.countDown();
        await().atMost(Rig.LIMIT).until(() -> observations(alert, "accepted") == 60);
        assertThat(traffic(engine).counts()).containsEntry("late", 1L);
    }

    @Test
    void oneThatThrowsAgainAndAgainIsLeftAloneThenTriedWithOneMessage() {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger concurrent = new AtomicInteger();
        wild.script((link, message) -> {
            if (calls.incrementAndGet() <= Breaker.FAILURES_IN_A_ROW + 1) {
                concurrent.incrementAndGet();
                sneak(new java.io.IOException("guest"));
            }
            return wild.accept(message);
        });
        long alert = launchWild(60);
        Engine engine = start(wild);
        await().atMost(Rig.LIMIT).until(() -> status(engine).health().detail().contains("left alone"));
        assertThat(status(engine).health().state()).isEqualTo(ChannelHealth.State.DOWN);
        reachEverybodyByMail();
        await().atMost(Rig.LIMIT).until(() -> observations(alert, "accepted") == 60 - concurrent.get());
        assertThat(observations(alert, "in-doubt"))
                .as("those it threw at, and no more")
                .isEqualTo(Breaker.FAILURES_IN_A_ROW + 1)
                .isEqualTo(concurrent.get());
        assertThat(status(engine).health().state()).isEqualTo(ChannelHealth.State.UP);
        assertThat(traffic(engine).counts()).containsEntry("failed", (long) concurrent.get());
        assertThat(traffic(engine).median()).isPresent();
        Conservation.assertHolds(db.database(), tenant, alert);
    }

    @Test
    void oneThatNeverAnswersHasOneWindowInDoubtAndNoMore() {
        wild.script((link, message) -> new CompletableFuture<>());
        long alert = launchWild(200);
        Engine engine = start(wild);
        await().atMost(Rig.LIMIT).until(() -> status(engine).health().detail().contains("no word in time"));
        int sent = wild.sent().size();
        assertThat(sent)
                .as("two windows at most, one by one given up")
                .isLessThanOrEqualTo(20 + Breaker.FAILURES_IN_A_ROW);
        wild.script((link, message) -> wild.accept(message));
        await().atMost(Rig.LIMIT).until(() -> observations(alert, "accepted") + observations(alert, "in-doubt") == 200);
        assertThat(observations(alert, "in-doubt")).isLessThanOrEqualTo(sent + 5L);
        Conservation.assertHolds(db.database(), tenant, alert);
    }

    @Test
    void whateverItAnswersItIsOneOutcome() {
        AtomicInteger calls = new AtomicInteger();
        wild.script((link, message) -> switch (calls.incrementAndGet() % 8) {
            case 0 -> null;
            case 1 -> CompletableFuture.completedFuture(null);
            case 2 -> CompletableFuture.failedFuture(new IllegalStateException("guest"));
            case 3 -> new Stuttering(wild.accepted(message));
            case 4 -> {
                throw new AssertionError("guest");
            }
            case 5 ->
                CompletableFuture.completedFuture(
                        new SendOutcome.Rejected("x\n".repeat(500), SendOutcome.Fault.CARRIER));
            case 6 -> elsewhere(wild.accepted(message));
            default -> wild.accept(message);
        });
        long alert = launchWild(80);
        Engine engine = start(wild);
        await().atMost(Rig.LIMIT)
                .until(() -> observations(alert, "accepted")
                                + observations(alert, "in-doubt")
                                + observations(alert, "rejected")
                        == 80);
        assertThat(observations(alert, "in-doubt")).isEqualTo(40);
        assertThat(observations(alert, "rejected")).isEqualTo(10);
        assertThat(observations(alert, "accepted")).isEqualTo(30);
        assertThat(engine.counters().values()).containsEntry("submitted", 80L);
        Conservation.assertHolds(db.database(), tenant, alert);
    }

    @Test
    void whatItReportsOfNothingIsRefused() {
        start(wild);
        await().atMost(Rig.LIMIT).until(() -> wild.links().size() == 1);
        var events = wild.links().get(0).events();
        assertThat(events.receipt(null).toCompletableFuture()).isCompletedExceptionally();
        assertThat(events.inbound(null).toCompletableFuture()).isCompletedExceptionally();
        events.health(null);
        reachEverybodyByMail();
    }

    @Test
    void anAccountThatBreaksItsChannelsDefinitionIsNotOpened() throws Exception {
        Providers providers = new Providers();
        String definition = "<MetaData><OCD id='WildAccount' name='wild account'><AD id='host' type='String'"
                + " description='where it lives'/></OCD></MetaData>";
        providers.add(new Providers.Installed(
                new InstalledChannels.Installed(
                        "sms",
                        "1",
                        List.of("mobile"),
                        List.of("text"),
                        Optional.of(SettingsDefinition.read(
                                new ByteArrayInputStream(definition.getBytes(StandardCharsets.UTF_8)))),
                        Optional.empty()),
                "",
                -1,
                wild));
        Engine engine = rig.engine("node-" + tenant, providers);
        await().atMost(Rig.LIMIT).until(() -> engine.lanes().status().stream()
                .anyMatch(a -> a.health().detail().equals("host: is missing: write where it lives")));
        assertThat(wild.links()).isEmpty();
    }

    @Test
    void aRefusedChannelIsNamedAndServesNothing() {
        Providers providers = new Providers();
        providers.add(new Providers.Installed(
                new InstalledChannels.Installed(
                        "sms",
                        "1",
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.of("its settings cannot be used: build with bnd")),
                "",
                -1,
                wild));
        Engine engine = rig.engine("node-" + tenant, providers);
        await().atMost(Rig.LIMIT).until(() -> engine.lanes().status().stream()
                .anyMatch(a -> a.health().detail().contains("is refused: its settings")));
        assertThat(wild.links()).isEmpty();
        assertThat(providers.said()).hasSize(1);
    }

    private Engine start(ChannelProvider hostile) {
        return rig.engine("node-" + tenant, Map.of("sms", hostile, "mail", mail));
    }

    private long launchWild(int recipients) {
        return rig.alert()
                .category(Category.INFORMATION)
                .recipients(recipients)
                .step("sms", Duration.ofMinutes(5), 3, Until.DELIVERED)
                .launch(tenant);
    }

    /** The lane of another account goes on. */
    private void reachEverybodyByMail() {
        long alert = rig.alert()
                .recipients(40)
                .step("mail", Duration.ofMinutes(5), 3, Until.DELIVERED)
                .launch(tenant);
        await().atMost(Rig.LIMIT).until(() -> rig.state(tenant, alert) == Alert.State.CLOSED);
        assertThat(Conservation.assertSettled(db.database(), tenant, alert).delivered())
                .isEqualTo(40);
    }

    private AccountStatus status(Engine engine) {
        return engine.lanes().status().stream()
                .filter(a -> a.channel().equals("sms"))
                .findFirst()
                .orElseThrow();
    }

    private AccountTraffic traffic(Engine engine) {
        return engine.lanes().traffic().stream()
                .filter(a -> a.channel().equals("sms"))
                .findFirst()
                .orElseThrow();
    }

    private long observations(long alert, String kind) {
        return rig.waves(tenant, alert).stream()
                .mapToLong(w -> w.observations().getOrDefault(kind, 0L))
                .sum();
    }

    /** Even when it is interrupted. */
    private void hang() {
        while (true) {
            try {
                released.await();
                return;
            } catch (InterruptedException e) {
                // a guest that does not listen
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static CompletableFuture<SendOutcome> elsewhere(SendOutcome outcome) {
        CompletableFuture<SendOutcome> answer = new CompletableFuture<>();
        new Thread(() -> answer.complete(outcome), "somewhere-else").start();
        return answer;
    }

    /** Says everything twice. */
    private static final class Stuttering extends CompletableFuture<SendOutcome> {
        private final SendOutcome outcome;

        Stuttering(SendOutcome outcome) {
            this.outcome = outcome;
        }

        @Override
        public CompletableFuture<SendOutcome> whenComplete(BiConsumer<? super SendOutcome, ? super Throwable> action) {
            action.accept(outcome, null);
            action.accept(new SendOutcome.Rejected("changed-my-mind", SendOutcome.Fault.CARRIER), null);
            return this;
        }
    }
}
