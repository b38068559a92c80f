package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.SelfCheck;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * One version of a channel taking the place of another on this node. Every account that is well with the one before must be
 * well with the new one, for a while, before that sends anything; for a while after it has taken over, the one before stays
 * open to be gone back to. Both are judged beside each other, so that a carrier that is away blames nobody.
 */
final class Swap {
    /** How long the new version has to be well, and may be unwell where the one before is not. */
    static final Duration STEADY = Duration.ofSeconds(2);

    private static final long NEVER = Long.MIN_VALUE;

    /** @param proving how long it may take until the new version is well everywhere @param watch how long it is watched after */
    record Limits(Duration proving, Duration watch) {}

    enum Verdict {
        /** Nothing changes yet. */
        GOES_ON,
        /** The new version is to take over. */
        TAKES_OVER,
        /** It has taken over for good. */
        PROVEN,
        /** The one before is to stay, or to come back: {@link #detail} says why. */
        FAILED
    }

    private record Check(CompletableFuture<ChannelHealth> came, long at) {}

    private final Fleet before;
    private final Fleet after;
    private final Limits limits;
    private final LongSupplier nanoTime;
    private final Map<Lane, Check> checks = new HashMap<>();
    private long since;
    private long wellSince = NEVER;
    private long unwellSince = NEVER;
    private boolean over;
    private volatile String detail = "";

    Swap(Fleet before, Fleet after, Limits limits, LongSupplier nanoTime) {
        this.before = before;
        this.after = after;
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    Fleet before() {
        return before;
    }

    Fleet after() {
        return after;
    }

    /** What is waited for, or why it failed; may be empty. */
    String detail() {
        return detail;
    }

    /** Looks how both do, a few times a second. */
    Verdict look() {
        Optional<String> trouble = trouble();
        return over ? watch(trouble) : prove(trouble);
    }

    private Verdict prove(Optional<String> trouble) {
        long now = nanoTime.getAsLong();
        if (trouble.isPresent()) {
            wellSince = NEVER;
            detail = "waits: " + trouble.get();
            if (now - since < limits.proving.toNanos()) {
                return Verdict.GOES_ON;
            }
            detail = "was not well within " + limits.proving.toSeconds() + " s: " + trouble.get()
                    + "; the version before it goes on";
            return Verdict.FAILED;
        }
        wellSince = wellSince == NEVER ? now : wellSince;
        detail = "is well, and takes over in a moment";
        if (now - wellSince < STEADY.toNanos()) {
            return Verdict.GOES_ON;
        }
        over = true;
        since = now;
        detail = "";
        return Verdict.TAKES_OVER;
    }

    private Verdict watch(Optional<String> trouble) {
        long now = nanoTime.getAsLong();
        Optional<String> broken = broken();
        unwellSince = trouble.isEmpty() ? NEVER : unwellSince == NEVER ? now : unwellSince;
        if (broken.isPresent() || unwellSince != NEVER && now - unwellSince >= STEADY.toNanos()) {
            detail = "failed after it had taken over: "
                    + broken.or(() -> trouble).orElse("") + "; the version before it is back";
            return Verdict.FAILED;
        }
        return unwellSince == NEVER && now - since >= limits.watch.toNanos() ? Verdict.PROVEN : Verdict.GOES_ON;
    }

    /** An account that is well with the version before and not with the new one, and why. */
    private Optional<String> trouble() {
        for (Lane lane : before.lanes()) {
            if (lane.well()) {
                Optional<String> why = after.lane(lane.accountId())
                        .map(this::unwell)
                        .orElseGet(
                                () -> Optional.of(after.shut(lane.accountId()).orElse("is not open yet")));
                if (why.isPresent()) {
                    return Optional.of("account " + lane.route().name() + ": " + why.get());
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> unwell(Lane lane) {
        Optional<String> trouble = lane.breaker().trouble();
        if (trouble.isPresent()) {
            return trouble;
        }
        if (lane.health().state() == ChannelHealth.State.DOWN) {
            return Optional.of("down: " + lane.health().detail());
        }
        return over ? Optional.empty() : checked(lane);
    }

    /** A channel that can try its carrier has to, once it is up; when it did not come out well, again after a while. */
    private Optional<String> checked(Lane lane) {
        long now = nanoTime.getAsLong();
        Check check = checks.computeIfAbsent(lane, l -> new Check(check(l), now));
        if (!check.came.isDone()) {
            return Optional.of("tries its carrier");
        }
        Optional<String> why = check.came
                .handle((health, failure) -> failure != null
                        ? Optional.of("its self-check failed: " + Redaction.described(failure))
                        : health == null || health.state() == ChannelHealth.State.DOWN
                                ? Optional.of("its self-check says: " + (health == null ? "nothing" : health.detail()))
                                : Optional.<String>empty())
                .join();
        if (why.isPresent() && now - check.at > STEADY.toNanos()) {
            checks.remove(lane);
        }
        return why;
    }

    private static CompletableFuture<ChannelHealth> check(Lane lane) {
        return ((GuardedChannel) lane.channel())
                .ask(SelfCheck.class, SelfCheck::check)
                .orElseGet(() -> CompletableFuture.completedFuture(ChannelHealth.up()));
    }

    /** A channel whose code fails again and again is gone back from at once. */
    private Optional<String> broken() {
        return after.lanes().stream()
                .flatMap(lane -> lane.breaker().trouble().stream()
                        .map(why -> "account " + lane.route().name() + ": " + why))
                .findFirst();
    }
}
