package io.tocsin.platform.asterisk.ari;

import io.tocsin.platform.asterisk.internal.Sightings;
import java.time.Clock;

/**
 * What a switch does that it should not: counted always, logged once a kind and then at most every ten minutes with how
 * often it happened. A switch that goes mad must not fill the disk as well. Thread-safe.
 */
public final class Oddities {
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

    private final Sightings<Kind> seen;

    Oddities(String account, Clock clock) {
        this.seen = new Sightings<>("voice-switch-odd", account, clock, Kind.class, kind -> kind.word);
    }

    /** @param detail short, without personal data; made harmless here */
    void saw(Kind kind, String detail) {
        seen.saw(kind, detail);
    }

    public long count(Kind kind) {
        return seen.count(kind);
    }

    /** In a few words for the account's health; empty if the switch behaves. */
    public String summary() {
        return seen.summary();
    }
}
