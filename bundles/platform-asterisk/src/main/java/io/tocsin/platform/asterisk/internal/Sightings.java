package io.tocsin.platform.asterisk.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a switch does that it should not: counted always, logged once a kind and then at most every ten minutes with how
 * often it happened. A switch that goes mad must not fill the disk as well. Thread-safe.
 *
 * @param <K> the kinds
 */
public final class Sightings<K extends Enum<K>> {
    private static final Logger LOG = LoggerFactory.getLogger(Sightings.class);
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private static final class Seen {
        private long count;
        private long told;
        private Instant toldAt = Instant.MIN;
    }

    private final String event;
    private final String account;
    private final Clock clock;
    private final Function<K, String> words;
    private final Map<K, Seen> seen;

    /**
     * @param event the name of what is logged
     * @param words of a kind, for the log and the health
     */
    public Sightings(String event, String account, Clock clock, Class<K> kinds, Function<K, String> words) {
        this.event = event;
        this.account = account;
        this.clock = clock;
        this.words = words;
        this.seen = new EnumMap<>(kinds);
    }

    /** @param detail short, without personal data; made harmless here */
    public void saw(K kind, String detail) {
        long since;
        long count;
        synchronized (seen) {
            Seen one = seen.computeIfAbsent(kind, k -> new Seen());
            one.count++;
            Instant now = clock.instant();
            if (one.toldAt.isAfter(now.minus(SILENCE))) {
                return;
            }
            one.toldAt = now;
            count = one.count;
            since = count - one.told;
            one.told = count;
        }
        LOG.warn(
                "{} account={} kind={} since-last-told={} in-all={} detail={}",
                event,
                account,
                words.apply(kind),
                since,
                count,
                WireText.logged(detail));
    }

    public long count(K kind) {
        synchronized (seen) {
            Seen one = seen.get(kind);
            return one == null ? 0 : one.count;
        }
    }

    /** In a few words for the account's health; empty if the switch behaves. */
    public String summary() {
        StringBuilder summary = new StringBuilder();
        synchronized (seen) {
            seen.forEach((kind, one) -> summary.append(summary.isEmpty() ? "" : ", ")
                    .append(words.apply(kind))
                    .append(" ×")
                    .append(one.count));
        }
        return summary.toString();
    }
}
