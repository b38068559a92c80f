package io.tocsin.phone.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.channel.api.Dialogue;
import io.tocsin.channel.api.Dialogue.AskKeys;
import io.tocsin.channel.api.Dialogue.HangUp;
import io.tocsin.channel.api.Dialogue.Keys;
import io.tocsin.channel.api.Dialogue.Nothing;
import io.tocsin.channel.api.Dialogue.Turn;
import io.tocsin.channel.api.InboundCall;
import io.tocsin.routing.api.IncomingCalls.Line;
import io.tocsin.speech.api.Lexicon;
import io.tocsin.speech.api.SpeechException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Turns: on threads of the door's, one at a time, with an end. */
class CallsTest {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final SteppedClock clock = new SteppedClock();
    private final ExecutorService threads = Executors.newSingleThreadExecutor();
    private final AtomicInteger over = new AtomicInteger();
    private final Spoken speech = new Spoken();
    private final Voice voice = new Voice(speech, tenant -> Lexicon.none());
    private final Caller caller = new Caller(
            new Line(7, "voice", Set.of(1)),
            new InboundCall("c", Optional.of("+33639980042"), "+33199000900", clock.instant()));

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private Dialogue dialogue(Talk first) {
        return new Conversation(caller, first, voice, threads, clock, over::incrementAndGet);
    }

    private static Turn turn(CompletionStage<Turn> turn) throws Exception {
        return turn.toCompletableFuture().get(LONGEST.toSeconds(), TimeUnit.SECONDS);
    }

    private static Words text(String text) {
        return new Words.Text(3, text, "fr");
    }

    @Test
    void wordsBecomeSoundAndKeysLeadOn() throws Exception {
        Dialogue dialogue = dialogue(nothing -> Reply.keys(
                List.of(text("Bonjour."), new Words.Sounds(List.of(Path.of("a.alaw"), Path.of("b.alaw")))),
                4,
                Duration.ofSeconds(5),
                heard -> Reply.hangUp(List.of(text("x".repeat(Reply.keys(heard).length()))))));
        assertThat(turn(dialogue.next(new Nothing())))
                .isEqualTo(new Turn(
                        List.of(Path.of("Bonjour."), Path.of("a.alaw"), Path.of("b.alaw")),
                        new AskKeys(4, Duration.ofSeconds(5))));
        assertThat(turn(dialogue.next(new Keys("123", false))))
                .isEqualTo(new Turn(List.of(Path.of("xxx")), new HangUp()));
        assertThat(turn(dialogue.next(new Nothing())))
                .as("nobody is left to talk")
                .isEqualTo(new Turn(List.of(), new HangUp()));
    }

    @Test
    void theChannelsThreadNeverWaits() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        ArrayBlockingQueue<Thread> seen = new ArrayBlockingQueue<>(1);
        Dialogue dialogue = dialogue(nothing -> {
            seen.add(Thread.currentThread());
            awaited(go);
            return Reply.hangUp(List.of());
        });
        CompletableFuture<Turn> first = dialogue.next(new Nothing()).toCompletableFuture();
        assertThat(seen.poll(LONGEST.toSeconds(), TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
        assertThat(dialogue.next(new Nothing())).as("a turn at a time").isCompletedExceptionally();
        go.countDown();
        assertThat(turn(first).then()).isEqualTo(new HangUp());
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatBreaksEndsTheCallInsteadOfSilence() {
        assertThatThrownBy(() -> turn(dialogue(nothing -> {
                            throw new IllegalStateException("the database is gone");
                        })
                        .next(new Nothing())))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("the database is gone");
        assertThatThrownBy(() -> turn(dialogue(nothing -> Reply.hangUp(List.of(text("indicible"))))
                        .next(new Nothing())))
                .hasCauseInstanceOf(SpeechException.class);
    }

    @Test
    void aCallThatIsOverIsNotGoneOnWith() throws Exception {
        Dialogue dialogue = dialogue(nothing -> Reply.hangUp(List.of()));
        turn(dialogue.next(new Nothing()));
        dialogue.ended();
        dialogue.ended();
        assertThat(over).as("once").hasValue(1);
        assertThat(dialogue.next(new Nothing())).isCompletedExceptionally();
    }

    @Test
    void nobodyKeepsALineForEver() throws Exception {
        Talk[] again = new Talk[1];
        again[0] = heard -> Reply.keys(List.of(), 1, Duration.ofSeconds(1), again[0]);
        Dialogue talker = dialogue(again[0]);
        int turns = 0;
        while (turn(talker.next(new Keys("1", false))).then() instanceof AskKeys) {
            turns++;
        }
        assertThat(turns).isEqualTo(200);
        Dialogue sleeper = dialogue(again[0]);
        assertThat(turn(sleeper.next(new Nothing())).then()).isInstanceOf(AskKeys.class);
        clock.go(Conversation.LONGEST.plusMillis(1));
        assertThat(turn(sleeper.next(new Nothing())).then()).isEqualTo(new HangUp());
    }

    @Test
    void sentencesAreSpokenAheadAndWhatAnAlertSaysDoesNotWaitForThem() throws Exception {
        Words bye = new Words.Fixed(Phrase.GOODBYE, "fr");
        speech.mute = true;
        assertThat(voice.speakPhrases()).isFalse();
        assertThat(voice.speaks("fr")).isFalse();
        assertThat(voice.sounds(List.of(new Words.Sounds(List.of(Path.of("a.alaw"))), bye)))
                .containsExactly(Path.of("a.alaw"));
        speech.mute = false;
        assertThat(voice.speakPhrases()).isTrue();
        assertThat(voice.speaks("fr")).isTrue();
        assertThat(voice.speaks("de")).isFalse();
        speech.mute = true;
        assertThat(voice.sounds(List.of(bye))).containsExactly(Path.of("Au revoir."));
    }

    @Test
    void everySentenceIsThereInEveryLanguage() {
        for (Phrase phrase : Phrase.values()) {
            for (String language : Phrase.LANGUAGES) {
                assertThat(phrase.in(language)).as(phrase.name()).isNotBlank().endsWith(".");
            }
            assertThat(phrase.in("fr")).isNotEqualTo(phrase.in("en"));
        }
        assertThat(Phrase.language("en-GB")).isEqualTo("en");
        assertThat(Phrase.language("pt-BR")).isEqualTo("fr");
    }

    @Test
    void aLimitIsForEachAndEndsWithItsTime() {
        RateLimit limit = new RateLimit(clock, 2, Duration.ofMinutes(10));
        assertThat(limit.take("a")).isTrue();
        clock.go(Duration.ofMinutes(6));
        assertThat(limit.take("a")).isTrue();
        assertThat(limit.allows("a")).isFalse();
        assertThat(limit.take("a")).isFalse();
        assertThat(limit.take("b")).isTrue();
        clock.go(Duration.ofMinutes(4));
        assertThat(limit.take("a")).as("the first is ten minutes ago").isTrue();
        assertThat(limit.take("a")).isFalse();
    }

    @Test
    void moreWhoTryThanAreRememberedPushOutTheOldest() {
        RateLimit limit = new RateLimit(clock, 1, Duration.ofDays(1));
        for (int who = 0; who <= 10_000; who++) {
            assertThat(limit.take("caller-" + who)).isTrue();
        }
        assertThat(limit.allows("caller-10000")).isFalse();
        assertThat(limit.allows("caller-0")).isTrue();
    }

    @Test
    void numbersAreReadAsTheyAreKeyedInFrance() {
        assertThat(DialledNumber.e164("0639980001")).contains("+33639980001", "+262639980001");
        assertThat(DialledNumber.e164("0033639980001")).containsExactly("+33639980001");
        for (String none : List.of("", "112", "063998000", "06399800011", "000639980001", "0039*980001", "*")) {
            assertThat(DialledNumber.e164(none)).as(none).isEmpty();
        }
    }

    @Test
    void noMoreThanTwoDigitsOfANumberAreWritten() {
        assertThat(caller.masked()).isEqualTo("…42");
        assertThat(new Caller(caller.line(), new InboundCall("c", Optional.empty(), "", clock.instant())).masked())
                .isEqualTo("withheld");
    }
}
