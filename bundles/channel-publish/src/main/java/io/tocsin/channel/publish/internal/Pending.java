package io.tocsin.channel.publish.internal;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A message between being sent and its outcome. Run on a thread of its outlet's; may be abandoned from any. */
abstract class Pending implements Runnable {
    final CompletableFuture<SendOutcome> outcome = new CompletableFuture<>();
    /** Who takes it decides: whoever publishes, or whoever says that nothing was published. */
    private volatile AtomicBoolean leaving = new AtomicBoolean();

    /** Before what may publish. @return false: somebody said already that nothing was */
    final boolean leave() {
        return leaving.compareAndSet(false, true);
    }

    /** What left was refused: from here on nothing was published again. */
    final void stays() {
        leaving = new AtomicBoolean();
    }

    /** Says that nothing was published, unless something may have been. */
    final void giveUp(SendOutcome instead) {
        if (leave()) {
            outcome.complete(instead);
        }
    }

    /** Ends it without waiting any longer. */
    final void abandon() {
        giveUp(new Retry("channel-closed", Duration.ZERO, Scope.ACCOUNT));
        outcome.complete(new InDoubt("channel-closed"));
    }
}
