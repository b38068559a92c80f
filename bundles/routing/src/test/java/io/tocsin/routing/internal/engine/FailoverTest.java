package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.testing.Conservation;
import io.tocsin.routing.testing.ScriptedCarrier;
import io.tocsin.routing.testing.ScriptedCarrier.Link;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A carrier that drops dead in the middle of an alert, and one that puts us off. What certainly did not leave goes by the
 * other account at once; what may have left follows its category; whoever is not concerned does not notice.
 */
class FailoverTest {
    private static final int PEOPLE = 3000;
    private static final int WINDOW = 20;
    private static final Duration PATIENCE = Duration.ofHours(2);
    private static final AtomicInteger TENANTS = new AtomicInteger();
    private static TestDatabase db;

    private Rig rig;
    private int tenant;
    /** What a carrier that died had been given and never answered. */
    private final Queue<CompletableFuture<SendOutcome>> unanswered = new ConcurrentLinkedQueue<>();

    private final Map<String, Queue<OutboundMessage>> byAccount = new ConcurrentHashMap<>();

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
        tenant = db.tenant("failover-" + TENANTS.incrementAndGet());
        rig = new Rig(db.database());
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    private CompletableFuture<SendOutcome> delivered(ScriptedCarrier carrier, Link link, OutboundMessage message) {
        CompletableFuture<SendOutcome> accepted = carrier.accept(message).toCompletableFuture();
        link.receipt(message, Receipt.State.DELIVERED);
        return accepted;
    }

    private Queue<OutboundMessage> sentBy(String account) {
        return byAccount.computeIfAbsent(account, a -> new ConcurrentLinkedQueue<>());
    }

    private static Set<String> addresses(Queue<OutboundMessage> messages, boolean possibleDuplicates) {
        return messages.stream()
                .filter(message -> message.possibleDuplicate() == possibleDuplicates)
                .map(OutboundMessage::address)
                .collect(Collectors.toSet());
    }

    private static Link link(ScriptedCarrier carrier, String account) {
        return carrier.links().stream()
                .filter(l -> l.accountId().equals(account))
                .findFirst()
                .orElseThrow();
    }

    /** The first account takes so many and then answers nothing more; what it holds is in doubt once it is down. */
    @ParameterizedTest
    @EnumSource(Category.class)
    void theOtherAccountTakesTheRestWhenOneDropsDead(Category category) {
        String first = Integer.toString(tenant * 10 + 1);
        String second = Integer.toString(tenant * 10 + 2);
        rig.account(tenant * 10 + 1, "sms", 1, null, tenant)
                .account(tenant * 10 + 2, "sms", 2, null, tenant)
                .microBatch(50);
        ScriptedCarrier carrier = new ScriptedCarrier(WINDOW);
        carrier.script((link, message) -> {
            Queue<OutboundMessage> sent = sentBy(link.accountId());
            sent.add(message);
            if (link.accountId().equals(second) || sent.size() <= PEOPLE / 3) {
                return delivered(carrier, link, message);
            }
            CompletableFuture<SendOutcome> never = new CompletableFuture<>();
            unanswered.add(never);
            return never;
        });
        rig.engine("node-" + tenant, Map.of("sms", carrier));
        await().atMost(Rig.LIMIT).until(() -> carrier.links().size() == 2);
        long alert = rig.alert()
                .category(category)
                .step("sms", PATIENCE, 3, Until.DELIVERED)
                .recipients(PEOPLE)
                .launch(tenant);
        await().atMost(Rig.LIMIT).until(() -> unanswered.size() == WINDOW);
        assertThat(sentBy(second))
                .as("the second is for when the first is down")
                .isEmpty();

        // What was intended when it died and not handed over: such a channel says that it is certainly not sent.
        carrier.script((link, message) -> {
            if (link.accountId().equals(first)) {
                return CompletableFuture.completedFuture(
                        new SendOutcome.Retry("not-connected", Duration.ZERO, SendOutcome.Scope.ACCOUNT));
            }
            sentBy(second).add(message);
            return delivered(carrier, link, message);
        });
        link(carrier, first).health(ChannelHealth.down("connection lost"));
        unanswered.forEach(never -> never.complete(new SendOutcome.InDoubt("connection-lost")));
        await().atMost(Rig.LIMIT).until(() -> rig.totals(tenant, alert).delivered() >= PEOPLE - WINDOW);
        Set<String> doubtful = sentBy(first).stream()
                .skip(PEOPLE / 3)
                .map(OutboundMessage::address)
                .collect(Collectors.toSet());
        assertThat(doubtful).hasSize(WINDOW);
        assertThat(addresses(sentBy(second), false))
                .as("what certainly did not leave goes by the other at once; who is in doubt is nobody of those")
                .hasSize(PEOPLE - PEOPLE / 3 - WINDOW)
                .doesNotContainAnyElementsOf(doubtful);

        boolean again = category != Category.INFORMATION;
        rig.clock.plus(Duration.ofSeconds(301));
        await().atMost(Rig.LIMIT)
                .until(() -> rig.totals(tenant, alert).delivered() == (again ? PEOPLE : PEOPLE - WINDOW));
        rig.clock.plus(PATIENCE);
        await().atMost(Rig.LIMIT).until(() -> rig.state(tenant, alert) == Alert.State.CLOSED);
        Totals totals = Conservation.assertSettled(db.database(), tenant, alert);
        assertThat(totals.delivered()).isEqualTo(again ? PEOPLE : PEOPLE - WINDOW);
        assertThat(totals.unknown()).isEqualTo(again ? 0 : WINDOW);
        assertThat(totals.flagged()).isEqualTo(again ? WINDOW : 0);
        assertThat(addresses(sentBy(second), true)).isEqualTo(again ? doubtful : Set.of());
        assertThat(sentBy(second))
                .as("one message each by the second account")
                .extracting(OutboundMessage::address)
                .doesNotHaveDuplicates();
    }

    /** 421, 450, 451: what a mail server that has enough says. Its neighbours go on. */
    @Test
    void aMailServerThatPutsUsOffSlowsItsAccountOnlyAndRecoversByItself() {
        int neighbour = db.tenant("failover-neighbour-" + tenant);
        rig.account(tenant * 10 + 1, "mail", 1, null, tenant).account(neighbour * 10 + 1, "mail", 1, null, neighbour);
        String slowed = Integer.toString(tenant * 10 + 1);
        List<SendOutcome> refusals = List.of(
                new SendOutcome.Retry("smtp-421-4.3.2", Duration.ofSeconds(5), SendOutcome.Scope.ACCOUNT),
                new SendOutcome.Retry("smtp-451-4.3.0", Duration.ofSeconds(5), SendOutcome.Scope.ACCOUNT),
                new SendOutcome.Retry("smtp-450-4.7.1", Duration.ZERO, SendOutcome.Scope.MESSAGE));
        Set<String> away = ConcurrentHashMap.newKeySet();
        away.add(slowed);
        ScriptedCarrier mail = new ScriptedCarrier(WINDOW);
        mail.script((link, message) -> {
            Queue<OutboundMessage> sent = sentBy(link.accountId());
            sent.add(message);
            return away.contains(link.accountId())
                    ? CompletableFuture.completedFuture(refusals.get(sent.size() % refusals.size()))
                    : delivered(mail, link, message);
        });
        rig.engine("node-" + tenant, Map.of("mail", mail));
        await().atMost(Rig.LIMIT).until(() -> mail.links().size() == 2);
        long putOff = rig.alert()
                .step("mail", PATIENCE, 20, Until.DELIVERED)
                .recipients(400)
                .launch(tenant);
        await().atMost(Rig.LIMIT).until(() -> sentBy(slowed).size() >= refusals.size());
        long other = rig.alert()
                .step("mail", PATIENCE, 1, Until.DELIVERED)
                .recipients(400)
                .launch(neighbour);
        await().atMost(Rig.LIMIT).until(() -> rig.state(neighbour, other) == Alert.State.CLOSED);
        assertThat(Conservation.assertSettled(db.database(), neighbour, other).delivered())
                .isEqualTo(400);
        assertThat(rig.totals(tenant, putOff).pending())
                .as("nobody is given up meanwhile")
                .isEqualTo(400);
        assertThat(sentBy(slowed).size())
                .as("an account that was told to wait is not asked for everybody")
                .isLessThan(400);

        away.clear();
        await().atMost(Rig.LIMIT).until(() -> {
            rig.clock.plus(Duration.ofSeconds(5));
            return rig.state(tenant, putOff) == Alert.State.CLOSED;
        });
        Totals totals = Conservation.assertSettled(db.database(), tenant, putOff);
        assertThat(totals.delivered()).isEqualTo(400);
        assertThat(totals.flagged())
                .as("what was put off certainly did not leave")
                .isZero();
    }
}
