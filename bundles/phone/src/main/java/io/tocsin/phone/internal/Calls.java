package io.tocsin.phone.internal;

import io.tocsin.channel.api.Dialogue;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that are up and the threads they are answered on. Each call has one turn under way at most, so that the calls bound the
 * queues. People of the house do not wait behind a town that calls back: launching has threads of its own.
 */
final class Calls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final int FIRST_LOOK_SECONDS = 30;
    private static final int AGAIN_SECONDS = 3600;
    private static final int MOST_SPOKEN_AHEAD = 100;

    private final PhoneSettings settings;
    private final Voice voice;
    private final Conversations conversations;
    private final Clock clock;
    private final AtomicInteger up = new AtomicInteger();
    private final ExecutorService turns;
    private final ExecutorService house;
    private final ExecutorService ahead;
    private final ScheduledExecutorService phrases;

    Calls(PhoneSettings settings, Voice voice, Conversations conversations, Clock clock) {
        if (settings.threads() < 1 || settings.mostCalls() < 1 || settings.keyedNumbersPerMinute() < 0) {
            throw new IllegalArgumentException(
                    PhoneSettings.PID + ": threads and mostCalls must be 1 or more, keyedNumbersPerMinute 0 or more");
        }
        this.settings = settings;
        this.voice = voice;
        this.conversations = conversations;
        this.clock = clock;
        this.turns = Executors.newFixedThreadPool(settings.threads(), named("tocsin-phone"));
        this.house = Executors.newFixedThreadPool(settings.threads(), named("tocsin-phone-house"));
        this.ahead = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_SPOKEN_AHEAD), named("tocsin-phone-ahead"));
        this.phrases = Executors.newSingleThreadScheduledExecutor(named("tocsin-phone-phrases"));
    }

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Begins to speak the fixed sentences, and asks for them again every hour, so that they are kept. */
    void start() {
        phrases.execute(this::speakPhrases);
    }

    private void speakPhrases() {
        int again = FIRST_LOOK_SECONDS;
        try {
            again = voice.speakPhrases() ? AGAIN_SECONDS : FIRST_LOOK_SECONDS;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException e) {
            // Once more later: without its sentences the door stays half shut.
            LOG.warn("phone.phrases-not-spoken", e);
        }
        try {
            phrases.schedule(this::speakPhrases, again, TimeUnit.SECONDS);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("phone.stopping");
        }
    }

    /**
     * Takes a call. Never blocks.
     *
     * @throws IllegalStateException if the call is declined, and why
     */
    Dialogue take(Caller caller) {
        boolean forTheHouse = conversations.isForTheHouse(caller);
        if (forTheHouse && Phrase.LANGUAGES.stream().noneMatch(voice::speaks)) {
            throw new IllegalStateException("the sentences of the telephone are not spoken yet");
        }
        if (up.incrementAndGet() > settings.mostCalls() && !forTheHouse) {
            up.decrementAndGet();
            throw new IllegalStateException("as many calls as io.tocsin.phone: mostCalls are up");
        }
        return new Conversation(
                caller,
                conversations.first(caller, house, voice, this::speakAhead),
                voice,
                forTheHouse ? house : turns,
                clock,
                up::decrementAndGet);
    }

    private void speakAhead(List<Words> words) {
        try {
            ahead.execute(() -> {
                try {
                    voice.ahead(words);
                } catch (InterruptedException stopping) {
                    Thread.currentThread().interrupt();
                }
            });
        } catch (RejectedExecutionException full) {
            // It is spoken in its turn, then.
            LOG.debug("phone.not-spoken-ahead");
        }
    }

    /** Calls that are up; for tests. */
    int up() {
        return up.get();
    }

    /** What was begun is done: a launch that was confirmed is launched. Turns not begun are refused. */
    @Override
    public void close() {
        phrases.shutdownNow();
        ahead.shutdownNow();
        turns.shutdown();
        house.shutdown();
        try {
            if (!house.awaitTermination(10, TimeUnit.SECONDS) | !turns.awaitTermination(1, TimeUnit.SECONDS)) {
                house.shutdownNow();
                turns.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
