package io.tocsin.channel.voice.internal;

import io.tocsin.platform.asterisk.ari.AriChannel;
import io.tocsin.platform.asterisk.ari.Switch;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of calls while nothing was heard of them: what lives goes on, of the others nobody knows how they ended. The switch's event
 * loop only.
 */
final class Reconciliation {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final String account;
    private final Duration patience;
    private final Switch asterisk;
    private final CallBook book;
    private final IncomingCalls incoming;
    private Future<?> givingUp;

    /** @param patience how long calls are kept without a connection */
    Reconciliation(String account, Duration patience, Switch asterisk, CallBook book, IncomingCalls incoming) {
        this.account = account;
        this.patience = patience;
        this.asterisk = asterisk;
        this.book = book;
        this.incoming = incoming;
    }

    private boolean nothing() {
        return book.isEmpty() && incoming.isEmpty();
    }

    /** There is a connection again: events of the time before are lost. */
    void connected() {
        if (givingUp != null) {
            givingUp.cancel(false);
            givingUp = null;
        }
        if (nothing()) {
            return;
        }
        asterisk.channels().whenComplete((ids, failure) -> {
            if (failure == null) {
                settle(new HashSet<>(ids));
            } else {
                again(this::connected);
            }
        });
    }

    /** Without a connection whoever made the next one asks. */
    private void again(Runnable question) {
        if (asterisk.isUp()) {
            asterisk.schedule(question, AGAIN);
        }
    }

    private void settle(Set<String> living) {
        LOG.info("voice-calls-reconciled account={} calls={} living={}", account, book.size(), living.size());
        for (OutCall call : book.all()) {
            if (living.contains(call.message().reference())) {
                find(call, CallEnd.CALL_LOST);
            } else {
                lose(call, CallEnd.CALL_LOST);
            }
        }
        incoming.resume(living);
    }

    /** Is it there? What is goes on; what is not is lost. @param otherwise the code of that doubt */
    void find(OutCall call, String otherwise) {
        asterisk.channel(call.message().reference()).whenComplete((found, failure) -> {
            if (failure != null) {
                again(() -> find(call, otherwise));
            } else if (found.isEmpty()) {
                lose(call, otherwise);
            } else if (found.get().state() == AriChannel.State.UP) {
                if (call.leg().isUp()) {
                    call.resumed();
                } else {
                    call.leg().up();
                }
            }
        });
    }

    private void lose(OutCall call, String code) {
        asterisk.detach(call.message().reference());
        call.lost(code);
    }

    /** There is no connection, as after each attempt that failed. */
    void disconnected() {
        if (givingUp == null && !nothing()) {
            givingUp = asterisk.schedule(() -> loseAll("switch-lost"), patience);
        }
    }

    /** What goes on at the switch goes on without us. */
    void loseAll(String code) {
        givingUp = null;
        book.all().forEach(call -> lose(call, code));
        incoming.resume(Set.of());
    }
}
