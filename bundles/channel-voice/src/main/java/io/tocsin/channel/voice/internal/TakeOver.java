package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.platform.asterisk.ari.AriChannel;
import io.tocsin.platform.asterisk.ari.Switch;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a call over from whoever began it and is gone: one that was answered arrives here and hears its message again; one that still rings
 * is ended, as nobody would speak when it is answered. The switch's event loop only.
 */
final class TakeOver {
    private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);
    private static final int NORMAL_CLEARING = 16;

    private final String account;
    private final Switch asterisk;
    private final CallBook book;
    private final OutCall call;
    private final CallerId shown;
    private final BiConsumer<OutCall, SendOutcome> ended;

    TakeOver(
            String account,
            Switch asterisk,
            CallBook book,
            OutCall call,
            CallerId shown,
            BiConsumer<OutCall, SendOutcome> ended) {
        this.account = account;
        this.asterisk = asterisk;
        this.book = book;
        this.call = call;
        this.shown = shown;
        this.ended = ended;
    }

    /** @param found whether it lives and is ours now */
    void begin(Duration longest, CompletableFuture<Boolean> found) {
        String reference = call.message().reference();
        asterisk.channel(reference).whenComplete((channel, failure) -> {
            if (failure != null) {
                found.completeExceptionally(failure);
            } else if (channel.isEmpty() || book.has(reference)) {
                found.complete(book.has(reference));
            } else if (channel.get().state() != AriChannel.State.UP) {
                asterisk.hangup(reference, NORMAL_CLEARING);
                found.complete(false);
            } else {
                move(longest, found);
            }
        });
    }

    private void move(Duration longest, CompletableFuture<Boolean> found) {
        String reference = call.message().reference();
        book.takeOver(call, shown, outcome -> ended.accept(call, outcome));
        asterisk.attach(reference, call.leg());
        call.begun(longest);
        CompletableFuture<Boolean> moving = asterisk.move(reference, "alert");
        call.takenOver();
        moving.whenComplete((moved, failure) -> {
            if (call.phase() == OutCall.Phase.OVER) {
                found.complete(false); // before it arrived: no receipt follows
            } else if (Boolean.TRUE.equals(moved)) {
                LOG.info("voice-call-reattached account={} call={}", account, reference);
                found.complete(true);
            } else {
                forget();
                if (failure == null) {
                    found.complete(false);
                } else {
                    found.completeExceptionally(failure);
                }
            }
        });
    }

    private void forget() {
        book.leave(call);
        call.forgotten();
        asterisk.detach(call.message().reference());
    }
}
