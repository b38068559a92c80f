package io.tocsin.channel.webhook.internal;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelHealth.State;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One health out of all receivers: down when none is there, degraded when some are not. Reports and logs changes only. */
final class AccountHealth {
    private static final Logger LOG = LoggerFactory.getLogger(AccountHealth.class);

    private final String account;
    private final ChannelEvents events;
    private volatile ChannelHealth told = ChannelHealth.down("not reached yet");

    AccountHealth(String account, ChannelEvents events) {
        this.account = account;
        this.events = events;
    }

    ChannelHealth now() {
        return told;
    }

    /** Called on the loop, after a receiver's changed. */
    void look(List<ReceiverWatch> receivers) {
        List<String> down = receivers.stream()
                .filter(ReceiverWatch::isDown)
                .map(receiver -> receiver.health().detail())
                .toList();
        State state = down.isEmpty() ? State.UP : down.size() == receivers.size() ? State.DOWN : State.DEGRADED;
        String more = down.size() > 1 ? "; and " + (down.size() - 1) + " more" : "";
        ChannelHealth now = new ChannelHealth(state, down.isEmpty() ? "" : down.get(0) + more);
        if (!now.equals(told)) {
            told = now;
            if (state == State.UP) {
                LOG.info("webhook.receivers-there account={}", account);
            } else {
                LOG.warn("webhook.receiver-away account={} detail={}", account, now.detail());
            }
            events.health(now);
        }
    }
}
