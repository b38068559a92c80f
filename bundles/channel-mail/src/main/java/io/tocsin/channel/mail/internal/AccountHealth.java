package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelHealth.State;
import java.util.concurrent.CompletableFuture;

/** One health out of two servers: an account whose mailbox is away still sends, and says so. Reports changes only. */
final class AccountHealth {
    private final ChannelEvents events;
    private ChannelHealth sending = ChannelHealth.down("connecting");
    private ChannelHealth mailbox = ChannelHealth.up();
    private ChannelHealth told = sending;
    private final CompletableFuture<ChannelHealth> first = new CompletableFuture<>();

    AccountHealth(ChannelEvents events) {
        this.events = events;
    }

    synchronized ChannelHealth now() {
        return told;
    }

    synchronized void sending(ChannelHealth health) {
        sending = health;
        tell();
        first.complete(told);
    }

    /** Completes once the submission server was reached, or not: at once after the first time. */
    CompletableFuture<ChannelHealth> known() {
        return first.thenApply(then -> now());
    }

    synchronized void mailbox(ChannelHealth health) {
        mailbox = health;
        tell();
    }

    private void tell() {
        ChannelHealth now = sending.state() != State.UP || mailbox.state() == State.UP
                ? sending
                : new ChannelHealth(State.DEGRADED, mailbox.detail());
        if (!now.equals(told)) {
            told = now;
            events.health(now);
        }
    }
}
