package io.tocsin.platform.asterisk.ari;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a switch does that it should not: counted always, logged once a kind and then at most every ten minutes with how
 * often it happened. A switch that goes mad must not fill the disk as well. Thread-safe.
 */
public final class Oddities {
    private static final Logger LOG = LoggerFactory.getLogger(Oddities.class);
    private static final Duration SILENCE = Duration.ofMinutes(10);

    /** The kinds, in the words of the log. */
    public enum Kind {
        /** A message that is no JSON, or lacks what its type must have: skipped. */
        MALFORMED("malformed"),
        /** A message longer than the limit: skipped. */
        OVERSIZED("oversized"),
        /** A binary message: skipped. */
        BINARY("binary"),
        /** An event of a type this side does not know: handed on as such. */
        UNKNOWN_EVENT("unknown-event"),
        /** An event of a channel nobody here has: another node's, one given up, or one that ended. */
        UNKNOWN_CHANNEL("unknown-channel"),
        /** An answer to nothing that waits: late, or sent twice. */
        UNEXPECTED_ANSWER("unexpected-answer"),
        /** A request that was not answered in time. */
        NO_ANSWER("no-answer"),
        /** An answer whose body is not what was asked for. */
        UNREADABLE_ANSWER("unreadable-answer"),
        /** Somebody connected to us without the right path or password. */
        STRANGER("stranger"),
        /** The link broke a rule of WebSocket and was closed. */
        PROTOCOL("protocol"),
        /** A fault of our own in what an event led to. */
        UNFORESEEN("unforeseen");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    private static final class Seen {
        private long count;
        private long told;
        private Instant toldAt = Instant.MIN;
    }

    private final String account;
    private final Clock clock;
    private final Map<Kind, Seen> seen = new EnumMap<>(Kind.class);

    Oddities(String account, Clock clock) {
        this.account = account;
        this.clock = clock;
    }

    /** @param detail short, without personal data; made harmless here */
    void saw(Kind kind, String detail) {
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
                "voice-switch-odd account={} kind={} since-last-told={} in-all={} detail={}",
                account,
                kind.word,
                since,
                count,
                WireText.logged(detail));
    }

    public long count(Kind kind) {
        synchronized (seen) {
            Seen one = seen.get(kind);
            return one == null ? 0 : one.count;
        }
    }

    /** In a few words for the account's health; empty if the switch behaves. */
    public String summary() {
        StringBuilder words = new StringBuilder();
        synchronized (seen) {
            seen.forEach((kind, one) -> words.append(words.isEmpty() ? "" : ", ")
                    .append(kind.word)
                    .append(" ×")
                    .append(one.count));
        }
        return words.toString();
    }
}
