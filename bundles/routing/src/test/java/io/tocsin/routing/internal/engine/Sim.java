package io.tocsin.routing.internal.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A scheduler with one thread, a clock of its own and one source of chance, its seed: the same seed makes the same run, step
 * by step. Whoever waits for something (a database, say) lets others run meanwhile, nested on its own stack.
 */
final class Sim {
    private static final Instant BEGIN = Instant.parse("2026-03-01T06:00:00Z");

    /** How deep those who wait may be nested; beyond, waiting takes no time. */
    private static final int DEEPEST = 4;

    private static final int REMEMBERED = 400;

    /** Something a run must never do. */
    static final class Violation extends AssertionError {
        private static final long serialVersionUID = 1L;

        Violation(String what) {
            super(what);
        }
    }

    /** A node ends in the middle of something: passes through everything of it that is on the stack. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("crash", null, false, false);
        }
    }

    /** Somebody who does one thing at a time. */
    static class Actor {
        final String name;
        private boolean busy;
        private final List<Event> deferred = new ArrayList<>();

        Actor(String name) {
            this.name = name;
        }

        /** Whether it is there no more. */
        boolean gone() {
            return false;
        }

        /** Until when it does nothing at all, in nanoseconds of the run. */
        long frozenUntil() {
            return 0;
        }
    }

    private record Event(long at, long seq, Actor actor, Runnable step) {}

    final long seed;
    final Random chance;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::seq));
    private final Deque<Object[]> trace = new ArrayDeque<>();
    private final boolean wholeTrace;
    private long now;
    private long seq;
    private int depth;
    private long steps;
    private long digest = 17;
    private Violation violation;

    Sim(long seed, boolean wholeTrace) {
        this.seed = seed;
        this.chance = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        this.wholeTrace = wholeTrace;
    }

    long nanos() {
        return now;
    }

    Instant instant() {
        return BEGIN.plusNanos(now);
    }

    Instant began() {
        return BEGIN;
    }

    long steps() {
        return steps;
    }

    /** The same for the same run. */
    long digest() {
        return digest;
    }

    boolean maybe(double probability) {
        return probability > 0 && chance.nextDouble() < probability;
    }

    int between(int least, int most) {
        return least + chance.nextInt(most - least + 1);
    }

    Duration between(Duration least, Duration most) {
        return least.plusNanos((long) (chance.nextDouble() * (most.toNanos() - least.toNanos())));
    }

    <T> T oneOf(List<T> many) {
        return many.get(chance.nextInt(many.size()));
    }

    /** Remembers what happened. */
    void tell(String what, Object... about) {
        digest = digest * 31 + now;
        digest = digest * 31 + what.hashCode();
        for (Object o : about) {
            digest = digest * 31
                    + (o instanceof String || o instanceof Number || o instanceof Boolean ? o.hashCode() : 7);
        }
        Object[] line = new Object[about.length + 2];
        line[0] = now;
        line[1] = what;
        System.arraycopy(about, 0, line, 2, about.length);
        trace.add(line);
        if (!wholeTrace && trace.size() > REMEMBERED) {
            trace.remove();
        }
    }

    /** What was remembered last. */
    String trace() {
        StringBuilder text = new StringBuilder();
        for (Object[] line : trace) {
            text.append(String.format("%11.6f  %s", (Long) line[0] / 1e9, line[1]));
            for (int i = 2; i < line.length; i++) {
                text.append(' ').append(line[i]);
            }
            text.append('\n');
        }
        return text.toString();
    }

    void violated(String what, Object... about) {
        StringBuilder text = new StringBuilder(what);
        for (Object o : about) {
            text.append(' ').append(o);
        }
        tell("VIOLATION " + text);
        if (violation == null) {
            violation = new Violation(text.toString());
        }
        throw violation;
    }

    void after(Duration delay, Actor actor, Runnable step) {
        events.add(new Event(now + delay.toNanos(), seq++, actor, step));
    }

    /** Runs whatever is due in the time to come, and comes back when it has passed. */
    void pass(Duration time) {
        if (depth >= DEEPEST) {
            return;
        }
        long until = now + time.toNanos();
        depth++;
        try {
            while (!events.isEmpty() && events.peek().at <= until) {
                runNext();
            }
        } finally {
            depth--;
        }
        now = Math.max(now, until);
    }

    private void runNext() {
        Event event = events.remove();
        Actor actor = event.actor;
        if (actor.gone()) {
            return;
        }
        now = Math.max(now, event.at);
        if (actor.busy) {
            actor.deferred.add(event);
            return;
        }
        if (actor.frozenUntil() > now) {
            events.add(new Event(actor.frozenUntil(), seq++, actor, event.step));
            return;
        }
        steps++;
        actor.busy = true;
        try {
            event.step.run();
        } catch (Crash e) {
            tell("crashed", actor.name);
        } finally {
            actor.busy = false;
            for (Event deferred : actor.deferred) {
                events.add(new Event(now, seq++, actor, deferred.step));
            }
            actor.deferred.clear();
        }
        if (violation != null) {
            throw violation;
        }
    }
}
