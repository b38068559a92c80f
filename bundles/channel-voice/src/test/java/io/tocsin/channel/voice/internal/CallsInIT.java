package io.tocsin.channel.voice.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.Dialogue;
import io.tocsin.channel.api.InboundCall;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.peers.Alaw;
import io.tocsin.peers.Asterisk;
import io.tocsin.peers.Phone;
import io.tocsin.peers.PhoneCall;
import io.tocsin.peers.Phones;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody calls a real switch: the dialogue's turns are played and what they do comes back. */
class CallsInIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final byte[] SPOKEN = Alaw.sweep(2, 77);

    @TempDir
    Path sounds;

    private Given given;
    private Phones phones;
    private Asterisk asterisk;
    private Channel channel;
    private final Door door = new Door();

    /** What a call is told, turn by turn, and what came back. */
    private static final class Door implements ChannelEvents, Dialogue {
        final List<InboundCall> calls = new CopyOnWriteArrayList<>();
        final List<Heard> heard = new CopyOnWriteArrayList<>();
        final CompletableFuture<Void> over = new CompletableFuture<>();
        final Queue<Turn> turns = new ArrayDeque<>();

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
            calls.add(call);
            return turns.isEmpty()
                    ? CompletableFuture.failedFuture(new IllegalStateException("nobody"))
                    : CompletableFuture.completedFuture(this);
        }

        @Override
        public CompletionStage<Turn> next(Heard what) {
            heard.add(what);
            return CompletableFuture.supplyAsync(turns::remove);
        }

        @Override
        public void ended() {
            over.complete(null);
        }
    }

    @BeforeEach
    void start() throws Exception {
        given = new Given(sounds);
        phones = Phones.builder().phone("0639980001", Phone.answers()).start();
        asterisk = Asterisk.builder()
                .trunk("carrier", phones.address())
                .ariUser("tocsin", Given.SECRET)
                .inbound("0162000001", "calls-in")
                .start();
        channel = Given.open(asterisk, door, Map.of("inbound", "calls-in"));
        await().atMost(LIMIT).until(() -> channel.health().state() == ChannelHealth.State.UP);
    }

    @AfterEach
    void stop() throws Exception {
        try (Phones carrier = phones;
                Asterisk running = asterisk;
                Channel open = channel) {
            assertThat(carrier).isNotNull();
            assertThat(running).isNotNull();
            assertThat(open).isNotNull();
        }
    }

    @Test
    void keysAndSilenceComeBackTurnByTurnAndWhatIsSpokenIsRecorded() throws Exception {
        Duration patience = Duration.ofSeconds(2);
        door.turns.add(new Dialogue.Turn(given.said("message"), new Dialogue.AskKeys(6, patience)));
        door.turns.add(new Dialogue.Turn(given.said("question"), new Dialogue.AskKeys(1, patience)));
        door.turns.add(new Dialogue.Turn(List.of(), new Dialogue.AskRecording(Duration.ofSeconds(20))));
        door.turns.add(new Dialogue.Turn(given.said("thanks"), new Dialogue.HangUp()));
        PhoneCall call = phones.dial(
                asterisk.sip(),
                "0639981234",
                "Jeanne\\0d\\0aX-Evil: 1".replace("\\", "%"),
                "0162000001",
                Phone.answers()
                        .presses(Duration.ofSeconds(1), "42#")
                        .says(Duration.ofMillis(7_500), SPOKEN)
                        .presses(Duration.ofMillis(9_800), "#"));
        door.over.get(LIMIT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);

        assertThat(door.calls).singleElement().satisfies(came -> {
            assertThat(came.from()).isEqualTo(Optional.of("+33639981234"));
            assertThat(came.to()).isEqualTo("+33162000001");
        });
        assertThat(door.heard).hasSize(4);
        assertThat(door.heard.get(0)).isEqualTo(new Dialogue.Nothing());
        assertThat(door.heard.get(1)).isEqualTo(new Dialogue.Keys("42", true));
        assertThat(door.heard.get(2)).as("nobody pressed a key").isEqualTo(new Dialogue.Nothing());
        assertThat(door.heard.get(3)).isInstanceOfSatisfying(Dialogue.Recorded.class, recorded -> assertThat(
                        Alaw.share(recorded.alaw(), SPOKEN))
                .isGreaterThan(0.8));
        await().atMost(LIMIT).until(() -> call.state() == PhoneCall.State.HUNG_UP_BY_OTHER);
        assertThat(Alaw.share(call.heard(), Given.THANKS)).isGreaterThan(0.9);
        try (var left = java.nio.file.Files.list(asterisk.folder().resolve("spool/recording"))) {
            assertThat(left).as("nothing of it stays on the switch").isEmpty();
        }
    }

    @Test
    void whoKeysAheadLosesNoKeyToATurnThatAsksNone() throws Exception {
        Duration patience = Duration.ofSeconds(20);
        door.turns.add(new Dialogue.Turn(given.said("message"), new Dialogue.AskKeys(1, patience)));
        door.turns.add(new Dialogue.Turn(given.said("question"), new Dialogue.GoOn()));
        door.turns.add(new Dialogue.Turn(List.of(), new Dialogue.GoOn()));
        door.turns.add(new Dialogue.Turn(given.said("question"), new Dialogue.AskKeys(2, patience)));
        door.turns.add(new Dialogue.Turn(given.said("question"), new Dialogue.AskKeys(6, patience)));
        door.turns.add(new Dialogue.Turn(List.of(), new Dialogue.HangUp()));
        // the first # is a habit: one key was enough; the second one ends what is asked last
        phones.dial(
                asterisk.sip(),
                "0639981234",
                "",
                "0162000001",
                Phone.answers().presses(Duration.ofSeconds(1), "4#427#"));
        door.over.get(LIMIT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
        assertThat(door.heard)
                .containsExactly(
                        new Dialogue.Nothing(),
                        new Dialogue.Keys("4", false),
                        new Dialogue.Nothing(),
                        new Dialogue.Nothing(),
                        new Dialogue.Keys("42", false),
                        new Dialogue.Keys("7", true));
    }

    @Test
    void aCallerIsConnectedWithANumber() throws Exception {
        door.turns.add(new Dialogue.Turn(given.said("message"), new Dialogue.Connect("+33639980001")));
        PhoneCall call = phones.dial(
                asterisk.sip(), "0639981234", "", "0162000001", Phone.answers().hangsUp(Duration.ofSeconds(8)));
        await().atMost(LIMIT).until(() -> phones.last("0639980001")
                .filter(other -> other.state() == PhoneCall.State.UP)
                .isPresent());
        byte[] word = Alaw.sweep(2, 5);
        call.say(word);
        await().atMost(LIMIT)
                .until(() -> phones.last("0639980001").orElseThrow().state() == PhoneCall.State.HUNG_UP_BY_OTHER);
        assertThat(Alaw.share(phones.last("0639980001").orElseThrow().heard(), word))
                .isGreaterThan(0.8);
        door.over.get(LIMIT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
    }

    @Test
    void aCallNobodyWantsIsDeclined() throws Exception {
        PhoneCall call = phones.dial(asterisk.sip(), "0639981234", "", "0162000001", Phone.answers());
        await().atMost(LIMIT).until(() -> call.state() == PhoneCall.State.REFUSED);
    }
}
