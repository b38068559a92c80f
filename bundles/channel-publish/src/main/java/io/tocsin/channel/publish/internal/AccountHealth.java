package io.tocsin.channel.publish.internal;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.ChannelHealth.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One health out of all outlets that were tried: down when none works, degraded when some do not. Reports and logs changes only.
 * Thread-safe.
 */
final class AccountHealth {
    private static final Logger LOG = LoggerFactory.getLogger(AccountHealth.class);

    private final String account;
    private final ChannelEvents events;
    private final Map<String, ChannelHealth> parts = new LinkedHashMap<>();
    private ChannelHealth told = ChannelHealth.down("not tried yet");

    AccountHealth(String account, ChannelEvents events) {
        this.account = account;
        this.events = events;
    }

    synchronized ChannelHealth now() {
        return told;
    }

    synchronized boolean isUp() {
        return told.state() == State.UP;
    }

    synchronized void up(String outlet) {
        parts.put(outlet, ChannelHealth.up());
        tell();
    }

    /** @param why follows the outlet's name */
    void down(String outlet, String why) {
        down(Set.of(outlet), why);
    }

    /** @param outlets that share what they need */
    synchronized void down(Set<String> outlets, String why) {
        outlets.forEach(outlet -> parts.put(outlet, ChannelHealth.down(outlet + " " + why)));
        tell();
    }

    private void tell() {
        List<String> down = parts.values().stream()
                .filter(part -> part.state() == State.DOWN)
                .map(ChannelHealth::detail)
                .toList();
        State state = down.isEmpty() ? State.UP : down.size() == parts.size() ? State.DOWN : State.DEGRADED;
        String more = down.size() > 1 ? "; and " + (down.size() - 1) + " more" : "";
        ChannelHealth now = new ChannelHealth(state, down.isEmpty() ? "" : down.get(0) + more);
        if (!now.equals(told)) {
            told = now;
            if (state == State.UP) {
                LOG.info("publish.outlets-there account={}", account);
            } else {
                LOG.warn("publish.outlet-away account={} detail={}", account, now.detail());
            }
            events.health(now);
        }
    }
}
