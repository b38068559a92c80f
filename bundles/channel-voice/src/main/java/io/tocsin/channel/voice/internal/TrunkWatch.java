package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.SendOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Tells a trunk that carries nothing, or a switch that plays nothing, from people who cannot be reached: so many calls in a row that only
 * the trunk or the switch explains. Thread-safe.
 */
final class TrunkWatch {
    private static final int IN_A_ROW = 5;

    /** What only the trunk or the switch explains. */
    private static final Set<String> TELLING =
            Set.of("trunk-dead", "trunk-refused", "switch-refused", CallEnd.SOUND_NOT_PLAYED);

    /** Long enough for calls to go by another account, short enough to notice that it is mended. */
    private static final Duration AWAY = Duration.ofSeconds(15);

    private final Clock clock;
    private int failed;
    private String last = "";
    private Instant until = Instant.MIN;

    TrunkWatch(Clock clock) {
        this.clock = clock;
    }

    /** @return whether the trunk is taken for dead from now on */
    synchronized boolean ended(SendOutcome outcome) {
        if (!(outcome instanceof SendOutcome.Retry retry) || !TELLING.contains(retry.code())) {
            failed = silent(outcome) ? failed : 0;
            return false;
        }
        last = retry.code();
        if (++failed < IN_A_ROW) {
            return false;
        }
        // the next one that fails is enough again
        failed = IN_A_ROW - 1;
        until = clock.instant().plus(AWAY);
        return true;
    }

    /** The call ended before trunk or switch had shown whether they are well: withdrawn, lost, or never begun for our own reasons. */
    private static boolean silent(SendOutcome outcome) {
        return outcome instanceof SendOutcome.InDoubt
                || outcome instanceof SendOutcome.Rejected rejected
                        && rejected.code().equals(CallEnd.WITHDRAWN)
                || outcome instanceof SendOutcome.Retry retry && retry.scope() == SendOutcome.Scope.ACCOUNT;
    }

    /** Why it is left alone just now; empty: it is not. */
    synchronized Optional<String> trouble() {
        return clock.instant().isBefore(until)
                ? Optional.of("no call succeeds: " + last + ", " + IN_A_ROW + " times in a row")
                : Optional.empty();
    }
}
