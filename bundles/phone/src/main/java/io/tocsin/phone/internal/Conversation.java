package io.tocsin.phone.internal;

import io.tocsin.channel.api.Dialogue;
import io.tocsin.speech.api.SpeechException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One caller's dialogue: its talks run on threads of the door's, never on the channel's, one turn at a time; and it has an end. */
final class Conversation implements Dialogue {
    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

    /** Nobody has that much to say to a menu: a line left off the hook comes free. */
    private static final int MOST_TURNS = 200;

    static final Duration LONGEST = Duration.ofMinutes(30);

    private final Caller caller;
    private final Voice voice;
    private final Executor threads;
    private final Clock clock;
    private final Runnable whenOver;
    private final Instant until;
    private Talk talk;
    private int turns;
    private boolean busy;
    private boolean over;

    /** @param whenOver called once, when the call is over */
    Conversation(Caller caller, Talk first, Voice voice, Executor threads, Clock clock, Runnable whenOver) {
        this.caller = caller;
        this.talk = first;
        this.voice = voice;
        this.threads = threads;
        this.clock = clock;
        this.whenOver = whenOver;
        this.until = clock.instant().plus(LONGEST);
    }

    @Override
    public CompletionStage<Turn> next(Heard heard) {
        CompletableFuture<Turn> turn = new CompletableFuture<>();
        synchronized (this) {
            if (over || busy) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException(over ? "the call is over" : "a turn is under way"));
            }
            busy = true;
        }
        try {
            threads.execute(() -> take(heard, turn));
        } catch (RejectedExecutionException stopping) {
            done();
            turn.completeExceptionally(stopping);
        }
        return turn;
    }

    private void take(Heard heard, CompletableFuture<Turn> turn) {
        try {
            Turn taken = turn(heard);
            done();
            turn.complete(taken);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            done();
            turn.completeExceptionally(e);
        } catch (SpeechException | RuntimeException | Error e) {
            // Whatever broke, the channel must learn of it: else the caller would listen to silence for ever.
            LOG.warn("phone.broken call={} from={}", caller.call().id(), caller.masked(), e);
            done();
            turn.completeExceptionally(e);
        }
    }

    private Turn turn(Heard heard) throws SpeechException, InterruptedException {
        if (++turns > MOST_TURNS || clock.instant().isAfter(until)) {
            return new Turn(List.of(), new HangUp());
        }
        Reply reply = talk.next(heard);
        talk = reply.next();
        return new Turn(voice.sounds(reply.said()), reply.then());
    }

    private void done() {
        boolean endedMeanwhile;
        synchronized (this) {
            busy = false;
            endedMeanwhile = over;
        }
        if (endedMeanwhile) {
            caller.over();
        }
    }

    @Override
    public void ended() {
        boolean tidy;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            tidy = !busy;
        }
        whenOver.run();
        if (tidy) {
            try {
                threads.execute(caller::over);
            } catch (RejectedExecutionException stopping) {
                caller.over();
            }
        }
    }
}
