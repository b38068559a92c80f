package io.tocsin.channel.voice.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.CallScript;
import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.Dialogue;
import io.tocsin.channel.api.InboundCall;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.LineCapacity;
import io.tocsin.channel.api.Reattachment;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.Withdrawal;
import io.tocsin.channel.testkit.RecordingEvents;
import io.tocsin.lab.people.PhoneFate;
import io.tocsin.lab.people.PhonePeople;
import io.tocsin.lab.phone.PlantOptions;
import io.tocsin.lab.phone.SimulatedPlant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An account on a plant: what other calls than those asked for do to it, and its own when others have them. */
class PlantCallsTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final int LINES = 3;

    /** Rings for ever; all others pick up and listen until they are hung up on. */
    private static final String RINGS = "+33639980002";

    /** Wants to talk to somebody. */
    private static final String TRANSFERS = "+33639980009";

    @TempDir
    Path sounds;

    private Given given;
    private SimulatedPlant plant;
    private final List<Channel> opened = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        given = new Given(sounds);
        given.sound("long", new byte[8_000 * 120]);
        plant = SimulatedPlant.start(PlantOptions.builder()
                .account("tocsin", Given.SECRET)
                .people(PlantCallsTest::called)
                .build());
    }

    private static PhonePeople.Reaction called(PhonePeople.Ring ring) {
        if (ring.telephone().equals(RINGS)) {
            return new PhonePeople.Refuses(PhoneFate.RINGS_OUT, Duration.ofMinutes(5), true, Optional.empty());
        }
        return listens(
                ring.telephone().equals(TRANSFERS) ? List.of(new PhonePeople.Press(true, AT_ONCE, "8")) : List.of());
    }

    private static PhonePeople.Answers listens(List<PhonePeople.Press> presses) {
        return new PhonePeople.Answers(
                Duration.ofMillis(5),
                false,
                Duration.ZERO,
                presses,
                Optional.empty(),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5));
    }

    @AfterEach
    void stop() {
        plant.close(); // no call is left to wait for
        opened.forEach(Channel::close);
    }

    private Channel open(ChannelEvents events, int port) throws Exception {
        return open(events, port, Map.of());
    }

    private Channel open(ChannelEvents events, int port, Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "host",
                "127.0.0.1",
                "port",
                String.valueOf(port),
                "user",
                "tocsin",
                "password",
                Given.SECRET,
                "lines",
                String.valueOf(LINES),
                "caller-id",
                "+33162000001",
                "inbound",
                "calls-in-" + opened.size()));
        settings.putAll(more);
        Channel channel = new VoiceChannelProvider(AT_ONCE, LIMIT).open(new ChannelAccount("plant", settings), events);
        opened.add(channel);
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
        return channel;
    }

    private Channel open() throws Exception {
        return open(new RecordingEvents(), plant.port());
    }

    private CallScript listening() {
        return given.script(given.said("long"), Optional.empty(), AnsweringMachine.IGNORE);
    }

    private CallScript transferring() {
        CallScript.Question question = new CallScript.Question(
                given.said("question"),
                Map.of("1", given.said("thanks")),
                Map.of("8", RINGS),
                Optional.empty(),
                given.said("unclear"),
                Duration.ofSeconds(3),
                2);
        return given.script(given.said("long"), Optional.of(question), AnsweringMachine.IGNORE);
    }

    private static int lines(Channel channel) {
        return ((LineCapacity) channel).lines();
    }

    private static void awaitLines(Channel channel, int lines) {
        await().atMost(LIMIT).until(() -> lines(channel) == lines);
    }

    private void awaitPickedUp(int calls) {
        await().atMost(LIMIT).until(() -> plant.counters().pickedUp() == calls);
    }

    private static <T> T of(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Says nothing to whoever calls, and waits for a key. */
    private static final class Patient implements ChannelEvents, Dialogue {
        @Override
        public CompletionStage<Void> receipt(Receipt receipt) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> inbound(InboundMessage message) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void health(ChannelHealth health) {
            // asked for
        }

        @Override
        public CompletionStage<Dialogue> called(InboundCall call) {
            return CompletableFuture.completedFuture(this);
        }

        @Override
        public CompletionStage<Turn> next(Heard heard) {
            Then then = heard instanceof Nothing ? new AskKeys(1, Duration.ofMinutes(5)) : new HangUp();
            return CompletableFuture.completedFuture(new Turn(List.of(), then));
        }

        @Override
        public void ended() {
            // as asked
        }
    }

    @Test
    void aCallThatComesInTakesALineUntilItIsOver() throws Exception {
        Channel channel = open(new Patient(), plant.port());
        CompletionStage<SendOutcome> own = channel.send(Given.message("own", "+33639980001", listening()));
        awaitPickedUp(1);
        assertThat(lines(channel))
                .as("a call that was asked for has a place already")
                .isEqualTo(LINES);
        for (int n = 0; n <= LINES; n++) {
            plant.call("calls-in-0", "+3363998001" + n, "+33162000001", listens(List.of()));
            awaitLines(channel, Math.max(0, LINES - 1 - n));
        }
        plant.crash();
        assertThat(of(own)).isEqualTo(new SendOutcome.InDoubt("call-lost"));
        awaitLines(channel, LINES);
    }

    @Test
    void ofTheLinesOfAllNodesTogetherOnlyThoseOfItsOwnSwitchAreItsToFill() throws Exception {
        Channel channel = open(new Patient(), plant.port(), Map.of("lines-here", "1"));
        assertThat(lines(channel)).isEqualTo(1);
        assertThat(channel.window()).as("what the nodes divide").isEqualTo(LINES);
        assertThat(channel.health().detail()).startsWith("1 of " + LINES + " lines");
        assertThat(((Reattachment) channel).findsOnlyOwn()).isTrue();
        CompletionStage<SendOutcome> call = channel.send(Given.message("own", "+33639980001", listening()));
        awaitPickedUp(1);
        plant.call("calls-in-0", "+33639980010", "+33162000001", listens(List.of()));
        awaitLines(channel, 0);
        plant.crash();
        assertThat(of(call)).isEqualTo(new SendOutcome.InDoubt("call-lost"));
        awaitLines(channel, 1);
    }

    @Test
    void aCallTakenOverTakesALineUntilItIsOver() throws Exception {
        Channel gone = open();
        var message = Given.message("goes-on", "+33639980001", listening());
        gone.send(message);
        awaitPickedUp(1);
        gone.close();
        Channel channel = open();
        assertThat(lines(channel)).isEqualTo(LINES);
        assertThat(of(((Reattachment) channel).reattach(message))).isTrue();
        assertThat(lines(channel)).isEqualTo(LINES - 1);
        plant.crash();
        await().atMost(LIMIT).until(() -> lines(channel) == LINES);
    }

    @Test
    void theSecondLegOfATransferTakesALineUntilItIsOver() throws Exception {
        Channel channel = open();
        CompletionStage<SendOutcome> call = channel.send(Given.message("transfers", TRANSFERS, transferring()));
        awaitLines(channel, LINES - 1);
        plant.crash();
        assertThat(of(call)).isEqualTo(new SendOutcome.InDoubt("call-lost"));
        awaitLines(channel, LINES);
    }

    @Test
    void whoHeardSilenceIsNotRungAgainAtOnceAndTheAccountIsLeftAlone() throws Exception {
        Channel channel = open();
        CallScript mute =
                given.script(List.of(sounds.resolve("missing.alaw")), Optional.empty(), AnsweringMachine.IGNORE);
        assertThat(lines(channel)).isEqualTo(LINES);
        List<CompletionStage<SendOutcome>> calls = IntStream.range(0, 5)
                .mapToObj(n -> channel.send(Given.message("mute-" + n, "+3363998001" + n, mute)))
                .toList();
        for (CompletionStage<SendOutcome> call : calls) {
            assertThat(of(call))
                    .isEqualTo(new SendOutcome.Retry(
                            "sound-not-played", Duration.ofMinutes(1), SendOutcome.Scope.MESSAGE));
        }
        assertThat(lines(channel)).isZero();
        assertThat(channel.health().state()).isEqualTo(ChannelHealth.State.DOWN);
        assertThat(channel.health().detail()).contains("sound-not-played");
    }

    @Test
    void aCallThatLivesAlreadyIsInDoubtAndGoesOnUndisturbed() throws Exception {
        Channel first = open();
        Channel second = open();
        var message = Given.message("once", "+33639980001", listening());
        CompletionStage<SendOutcome> begun = first.send(message);
        awaitPickedUp(1);
        assertThat(of(second.send(message))).isEqualTo(new SendOutcome.InDoubt("called-already"));
        assertThat(begun.toCompletableFuture()).isNotDone();
        assertThat(plant.counters().calls()).as("calls that are up").isEqualTo(1);
        assertThat(of(second.send(message)))
                .as("nothing is left of it")
                .isEqualTo(new SendOutcome.InDoubt("called-already"));
        first.close();
        assertThat(of(((Reattachment) second).reattach(message))).isTrue();
    }

    @Test
    void whoListensToACallThatIsBeingTakenOverIsNotHungUpOn() throws Exception {
        Channel gone = open();
        var message = Given.message(
                "moving",
                "+33639980001",
                given.script(given.said("unclear"), Optional.empty(), AnsweringMachine.IGNORE));
        gone.send(Given.message("moving", "+33639980001", listening()));
        awaitPickedUp(1);
        gone.close();
        RecordingEvents events = new RecordingEvents();
        try (HeldBack wire = new HeldBack(plant.port())) {
            Channel channel = open(events, wire.port());
            wire.holdAfter("get-channel");
            CompletionStage<Boolean> found = ((Reattachment) channel).reattach(message);
            awaitLines(channel, LINES - 1);
            ((Withdrawal) channel).withdraw("moving");
            wire.hold(false);
            assertThat(of(found)).isTrue();
            await().atMost(LIMIT).until(() -> !events.receipts().isEmpty());
            assertThat(events.receipts())
                    .extracting(Receipt::state, Receipt::code)
                    .containsExactly(tuple(Receipt.State.DELIVERED, "heard"));
            channel.close();
        }
    }
}
