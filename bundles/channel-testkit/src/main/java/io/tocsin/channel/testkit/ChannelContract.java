package io.tocsin.channel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.api.CostEstimate;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.LineCapacity;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Preflight;
import io.tocsin.channel.api.SelfCheck;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.Setting;
import io.tocsin.channel.api.SettingsDefinition;
import io.tocsin.channel.testkit.CarrierPeer.Answer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The cases any channel must pass, whatever its protocol. A channel's author extends this class and provides the
 * provider and the carrier's side; see the README beside it for the table in words.
 *
 * <p>Limits here only stop a hung test: nothing asserts how long something takes.
 */
public abstract class ChannelContract {
    /** No address of any kind. */
    private static final String NOBODYS = "nobody\u2019s, whatever the channel";

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final RecordingEvents events = new RecordingEvents();
    private CapturedLog log;
    private Set<Thread> threadsBefore;
    private ChannelProvider provider;
    private CarrierPeer peer;
    private Channel channel;
    private final List<AtomicInteger> answers = new CopyOnWriteArrayList<>();

    /** A new provider, as the container would make it. */
    protected abstract ChannelProvider provider();

    /** A new carrier on a free port of the loopback, answering {@link Answer#ACCEPT} until told otherwise. */
    protected abstract CarrierPeer startPeer() throws Exception;

    /** The n-th valid address of this channel, from the ranges reserved for fiction; different for different n. */
    protected abstract String address(int n);

    /**
     * The interface that {@code @ChannelType(settings = …)} names: what it says of each setting is tried. Empty, as when left
     * out, for a channel that checks its settings alone.
     */
    protected Optional<Class<?>> definition() {
        return Optional.empty();
    }

    /**
     * Settings that opening must refuse, each alone wrong in otherwise good settings, beside those that follow from the
     * {@link #definition()}.
     */
    protected abstract Stream<BadSetting> badSettings();

    /** A message to an address; a channel that needs a subject or html overrides it. */
    protected OutboundMessage message(String reference, String address) {
        return new OutboundMessage(
                reference,
                address,
                Optional.empty(),
                "fr",
                "Exercice",
                "Ceci est un exercice.",
                Optional.empty(),
                Optional.empty(),
                OutboundMessage.Category.OPERATIONAL,
                true,
                false);
    }

    @BeforeEach
    void start() throws Exception {
        threadsBefore = Thread.getAllStackTraces().keySet();
        log = new CapturedLog();
        peer = startPeer();
        provider = provider();
    }

    @AfterEach
    void stop() {
        try {
            if (channel != null) {
                channel.close();
                assertThat(answers)
                        .as("every message is answered exactly once, at the latest when the channel is closed")
                        .extracting(AtomicInteger::get)
                        .allMatch(times -> times == 1);
            }
            peer.close();
            for (String secret : secrets()) {
                assertThat(log.text()).as("a secret in the log").doesNotContain(secret);
            }
            awaitNoThreadLeft();
        } finally {
            log.close();
        }
    }

    @Test
    void acceptedMessageIsAcceptedOnce() throws Exception {
        openAndAwaitUp();
        assertThat(outcome(send(1))).isInstanceOf(SendOutcome.Accepted.class);
        assertThat(peer.accepted()).containsExactly(address(1));
    }

    @Test
    void aWindowOfMessagesIsAcceptedEachOnce() throws Exception {
        openAndAwaitUp();
        List<CompletableFuture<SendOutcome>> sent = sendWindow();
        for (CompletableFuture<SendOutcome> one : sent) {
            assertThat(outcome(one)).isInstanceOf(SendOutcome.Accepted.class);
        }
        assertThat(peer.accepted()).hasSize(sent.size()).doesNotHaveDuplicates();
    }

    @Test
    void throttledMessageIsWorthAnotherTry() throws Exception {
        openAndAwaitUp();
        peer.answer(Answer.THROTTLE);
        SendOutcome outcome = outcome(send(1));
        assertThat(outcome).isInstanceOf(SendOutcome.Retry.class);
        assertThat(((SendOutcome.Retry) outcome).code()).isNotBlank().hasSizeLessThanOrEqualTo(64);
        assertThat(peer.accepted()).isEmpty();
    }

    @Test
    void refusedAddressIsRejectedAsTheAddressFault() throws Exception {
        openAndAwaitUp();
        peer.answer(Answer.REFUSE_ADDRESS);
        SendOutcome outcome = outcome(send(1));
        assertThat(outcome).isInstanceOf(SendOutcome.Rejected.class);
        assertThat(((SendOutcome.Rejected) outcome).fault()).isEqualTo(SendOutcome.Fault.ADDRESS);
        assertThat(((SendOutcome.Rejected) outcome).code())
                .isNotBlank()
                .hasSizeLessThanOrEqualTo(64)
                .doesNotContain(address(1));
        peer.answer(Answer.ACCEPT);
        assertThat(outcome(send(2))).as("the next recipient").isInstanceOf(SendOutcome.Accepted.class);
    }

    @Test
    void droppedConnectionLeavesTheMessageInDoubtAndTheChannelComesBack() throws Exception {
        openAndAwaitUp();
        peer.answer(Answer.DROP);
        assertThat(outcome(send(1))).isInstanceOf(SendOutcome.InDoubt.class);
        peer.answer(Answer.ACCEPT);
        await().atMost(LIMIT).until(() -> outcome(send(2)) instanceof SendOutcome.Accepted);
        assertThat(peer.accepted()).as("the channel never resends by itself").containsExactly(address(2));
    }

    @Test
    void absentCarrierMakesTheChannelDownNotUnopenable() throws Exception {
        Map<String, String> settings = peer.settings();
        peer.close();
        channel = provider.open(new ChannelAccount("absent", settings), events);
        SendOutcome outcome = outcome(send(1));
        assertThat(outcome).isInstanceOf(SendOutcome.Retry.class);
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.DOWN);
        await().atMost(LIMIT).until(() -> !channel.health().detail().isBlank());
    }

    @Test
    void refusedCredentialsAreSaidWithoutTheSecret() throws Exception {
        Map<String, String> settings = new HashMap<>(peer.settings());
        if (peer.secretSettings().isEmpty()) {
            return;
        }
        String secret = peer.secretSettings().get(0);
        String wrong = "Wrong" + settings.get(secret).substring(0, 2);
        settings.put(secret, wrong);
        channel = provider.open(new ChannelAccount("refused", settings), events);
        await().atMost(LIMIT).until(() -> {
            SendOutcome outcome = outcome(send(1));
            assertThat(outcome).isNotInstanceOf(SendOutcome.Accepted.class);
            return channel.health().state() == ChannelHealth.State.DOWN
                    && !channel.health().detail().isBlank();
        });
        assertThat(channel.health().detail()).doesNotContain(wrong);
        assertThat(log.text()).doesNotContain(wrong);
        assertThat(peer.accepted()).isEmpty();
    }

    @Test
    void slowPeerDoesNotBlockSend() throws Exception {
        openAndAwaitUp();
        peer.answer(Answer.STALL);
        List<CompletableFuture<SendOutcome>> sent = assertTimeoutPreemptively(LIMIT, this::sendWindow);
        await().atMost(LIMIT).until(() -> peer.read() > 0);
        assertThat(sent).as("nothing was answered yet").noneMatch(CompletableFuture::isDone);
        peer.answer(Answer.ACCEPT);
        for (CompletableFuture<SendOutcome> one : sent) {
            assertThat(outcome(one)).isInstanceOf(SendOutcome.Accepted.class);
        }
    }

    @Test
    void closingCompletesWhatIsPendingAndMayBeRepeated() throws Exception {
        openAndAwaitUp();
        peer.answer(Answer.STALL);
        List<CompletableFuture<SendOutcome>> sent = sendWindow();
        await().atMost(LIMIT).until(() -> peer.read() > 0);
        channel.close();
        assertThat(sent).allMatch(CompletableFuture::isDone);
        assertThat(sent.stream().map(CompletableFuture::join))
                .as("what was read and never answered may have left")
                .anyMatch(SendOutcome.InDoubt.class::isInstance)
                .noneMatch(SendOutcome.Accepted.class::isInstance);
        channel.close();
        assertThat(outcome(send(99))).as("a closed channel sends nothing").isInstanceOf(SendOutcome.Retry.class);
    }

    @Test
    void theWindowIsFreeAgainWhateverTheCarrierAnswered() throws Exception {
        openAndAwaitUp();
        for (Answer answer : List.of(Answer.THROTTLE, Answer.REFUSE_ADDRESS, Answer.ACCEPT)) {
            peer.answer(answer);
            for (CompletableFuture<SendOutcome> one : sendWindow()) {
                outcome(one);
            }
        }
        peer.answer(Answer.ACCEPT);
        await().atMost(LIMIT).until(() -> outcome(send(1)) instanceof SendOutcome.Accepted);
        for (CompletableFuture<SendOutcome> one : sendWindow()) {
            assertThat(outcome(one)).isInstanceOf(SendOutcome.Accepted.class);
        }
    }

    @Test
    void theCarrierNeverHoldsMoreThanTheWindow() throws Exception {
        openAndAwaitUp();
        peer.answer(Answer.STALL);
        List<CompletableFuture<SendOutcome>> sent = sendWindow();
        await().atMost(LIMIT).until(() -> peer.read() > 0);
        assertThat(peer.read()).isLessThanOrEqualTo(channel.window());
        peer.answer(Answer.ACCEPT);
        for (CompletableFuture<SendOutcome> one : sent) {
            outcome(one);
        }
        assertThat(peer.read()).as("each is given to the carrier once").isEqualTo(sent.size());
    }

    @Test
    void whatPeopleWriteBecomesNoHeader() throws Exception {
        openAndAwaitUp();
        String wicked = "Exercice\r\nBcc: " + address(66) + "\r\nTo: " + address(66) + "\r\n\r\n" + address(66);
        OutboundMessage plain = message("contract-wicked", address(1));
        SendOutcome outcome = outcome(send(new OutboundMessage(
                plain.reference(),
                plain.address(),
                Optional.of(wicked),
                "fr\r\nBcc: " + address(66),
                wicked,
                plain.text(),
                plain.html(),
                plain.answerUrl(),
                plain.category(),
                plain.drill(),
                plain.possibleDuplicate())));
        assertThat(outcome).isNotInstanceOf(SendOutcome.InDoubt.class);
        assertThat(peer.accepted()).doesNotContain(address(66)).hasSizeLessThanOrEqualTo(1);
        assertThat(outcome(send(2))).isInstanceOf(SendOutcome.Accepted.class);
        assertThat(peer.accepted()).doesNotContain(address(66));
    }

    /** What not every channel can. */
    @TestFactory
    Stream<DynamicTest> abilitiesKeepTheirPromises() throws Exception {
        channel = provider.open(new ChannelAccount("contract", peer.settings()), events);
        List<DynamicTest> tests = new ArrayList<>();
        if (channel instanceof CostEstimate estimate) {
            tests.add(DynamicTest.dynamicTest("what a message costs is known without the carrier", () -> {
                assertThat(estimate.estimate(message("contract-1", address(1))).parts())
                        .isPositive();
                assertThat(peer.read()).isZero();
            }));
        }
        if (channel instanceof Preflight preflight) {
            tests.add(DynamicTest.dynamicTest(
                    "nothing stands against what it sends, and it says so without the carrier", () -> {
                        assertThat(preflight.objection(message("contract-1", address(1))))
                                .isEmpty();
                        assertThat(peer.read()).isZero();
                    }));
            tests.add(DynamicTest.dynamicTest(
                    "what it would reject it says with its code, the cure, and nothing of the message", () -> {
                        OutboundMessage refused = message("contract-2", NOBODYS);
                        Optional<Preflight.Objection> objection = preflight.objection(refused);
                        assertThat(objection)
                                .as("against an address that is none")
                                .isPresent();
                        assertThat(objection.get().cure()).isNotBlank().doesNotContain(NOBODYS);
                        await().atMost(LIMIT)
                                .until(() -> outcome(send(refused)) instanceof SendOutcome.Rejected rejected
                                        && rejected.code()
                                                .equals(objection.get().code()));
                    }));
        }
        if (channel instanceof LineCapacity capacity) {
            tests.add(DynamicTest.dynamicTest(
                    "lines fit the window", () -> assertThat(capacity.lines()).isBetween(0, channel.window())));
        }
        if (channel instanceof SelfCheck self) {
            tests.add(DynamicTest.dynamicTest("a self-check proves that it works and sends nothing", () -> {
                assertThat(checked(self).state()).isEqualTo(ChannelHealth.State.UP);
                assertThat(peer.read()).isZero();
            }));
        }
        if (peer instanceof TalkingPeer talking) {
            tests.add(DynamicTest.dynamicTest("what a stranger's headers say stays outside", () -> talk(talking)));
        }
        if (channel instanceof SelfCheck) {
            tests.add(
                    DynamicTest.dynamicTest("a self-check says why when the carrier is not there", this::checkAbsent));
        }
        return tests.stream();
    }

    private void talk(TalkingPeer talking) throws Exception {
        awaitUp();
        talking.say(address(7), "1", StrangersHeaders.ALL);
        await().atMost(LIMIT).until(() -> events.inbound().size() == 1);
        InboundMessage heard = events.inbound().get(0);
        assertThat(heard.from()).isEqualTo(address(7));
        assertThat(heard.text().strip()).isEqualTo("1");
        assertThat(List.of(heard.id(), heard.to(), heard.reference().orElse("")))
                .noneMatch(said -> said.contains(StrangersHeaders.MARK));
        assertThat(outcome(send(1))).as("and leads nowhere else").isInstanceOf(SendOutcome.Accepted.class);
        assertThat(peer.accepted()).containsExactly(address(1));
    }

    private void checkAbsent() throws Exception {
        Map<String, String> settings = peer.settings();
        channel.close();
        peer.close();
        channel = provider.open(new ChannelAccount("absent", settings), events);
        ChannelHealth absent = checked((SelfCheck) channel);
        assertThat(absent.state()).isEqualTo(ChannelHealth.State.DOWN);
        assertThat(absent.detail()).as("why").isNotBlank();
    }

    @TestFactory
    Stream<DynamicTest> theDefinitionKnowsGoodSettingsAndSecrets() {
        return definition().map(SettingsDefinition::of).stream()
                .map(defined -> DynamicTest.dynamicTest(defined.title(), () -> {
                    assertThat(defined.problems(peer.settings()))
                            .as("settings that are good")
                            .isEmpty();
                    assertThat(defined.settings().stream()
                                    .filter(Setting::secret)
                                    .map(Setting::name)
                                    .filter(peer.settings()::containsKey))
                            .as("what the definition marks AttributeType.PASSWORD")
                            .containsExactlyInAnyOrderElementsOf(peer.secretSettings());
                }));
    }

    @TestFactory
    Stream<DynamicTest> wrongSettingIsNamed() {
        Stream<BadSetting> defined =
                definition().map(SettingsDefinition::of).map(DefinedCases::of).orElse(Stream.empty());
        return Stream.concat(defined, badSettings())
                .distinct()
                .map(bad -> DynamicTest.dynamicTest(bad.toString(), () -> {
                    Map<String, String> settings = new HashMap<>(peer.settings());
                    settings.remove(bad.setting());
                    bad.value().ifPresent(value -> settings.put(bad.setting(), value));
                    ChannelSettingsException refused =
                            catchThrowableOfType(ChannelSettingsException.class, () -> provider.open(
                                            new ChannelAccount("bad", settings), events)
                                    .close());
                    assertThat(refused).as("opening must fail").isNotNull();
                    assertThat(refused.setting()).isEqualTo(bad.setting());
                    assertThat(refused.getMessage().length())
                            .as("says what to write instead")
                            .isGreaterThan(bad.setting().length() + 10);
                    StringWriter trace = new StringWriter();
                    refused.printStackTrace(new PrintWriter(trace));
                    for (String secret : secrets()) {
                        assertThat(trace.toString()).doesNotContain(secret);
                    }
                }));
    }

    @Test
    void secretsStayInside() throws Exception {
        openAndAwaitUp();
        outcome(send(1));
        peer.answer(Answer.DROP);
        outcome(send(2));
        peer.answer(Answer.ACCEPT);
        await().atMost(LIMIT).until(() -> outcome(send(3)) instanceof SendOutcome.Accepted);
        for (String secret : secrets()) {
            assertThat(channel.toString()).doesNotContain(secret);
            assertThat(provider.toString()).doesNotContain(secret);
            assertThat(channel.health().toString()).doesNotContain(secret);
            assertThat(events.healths()).noneMatch(h -> h.toString().contains(secret));
            assertThat(threadsStarted()).noneMatch(name -> name.contains(secret));
            assertThat(log.text()).doesNotContain(secret);
        }
        assertThat(log.text()).as("an address in the log").doesNotContain(address(3));
    }

    /** Opens a channel on the peer and waits until it can send. */
    private void openAndAwaitUp() throws Exception {
        channel = provider.open(new ChannelAccount("contract", peer.settings()), events);
        assertThat(channel.window()).isPositive();
        awaitUp();
    }

    private void awaitUp() {
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
    }

    private CompletableFuture<SendOutcome> send(int n) {
        return send(message("contract-" + n, address(n)));
    }

    /** Counts the answers: a stage of a channel's own making may give more than one. */
    private CompletableFuture<SendOutcome> send(OutboundMessage message) {
        AtomicInteger times = new AtomicInteger();
        answers.add(times);
        CompletableFuture<SendOutcome> first = new CompletableFuture<>();
        CompletionStage<SendOutcome> stage = channel.send(message);
        assertThat(stage).as("what send returned").isNotNull();
        stage.whenComplete((outcome, failure) -> {
            times.incrementAndGet();
            if (outcome == null) {
                first.completeExceptionally(new AssertionError("an outcome is never null or a failure", failure));
            } else {
                first.complete(outcome);
            }
        });
        return first;
    }

    private static ChannelHealth checked(SelfCheck channel) throws Exception {
        return channel.check().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** What a channel's libraries tie to garbage collection counts as left until it is collected. */
    private void awaitNoThreadLeft() {
        await().atMost(LIMIT).untilAsserted(() -> {
            if (!threadsStarted().isEmpty()) {
                System.gc();
            }
            assertThat(threadsStarted()).as("threads left after closing").isEmpty();
        });
    }

    private List<CompletableFuture<SendOutcome>> sendWindow() {
        List<CompletableFuture<SendOutcome>> sent = new ArrayList<>();
        for (int n = 1; n <= channel.window(); n++) {
            sent.add(send(n));
        }
        return sent;
    }

    private static SendOutcome outcome(CompletableFuture<SendOutcome> sent) throws Exception {
        return sent.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private List<String> secrets() {
        return peer.secretSettings().stream().map(peer.settings()::get).toList();
    }

    /** Names of threads started since the test began and still alive, but for those the JVM shares. */
    private Set<String> threadsStarted() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !threadsBefore.contains(thread) && thread.isAlive())
                .map(Thread::getName)
                .filter(name -> !name.startsWith("ForkJoinPool")
                        && !name.startsWith("CompletableFutureDelayScheduler")
                        && !name.startsWith("awaitility")
                        && !name.startsWith("junit-timeout"))
                .collect(Collectors.toSet());
    }
}
