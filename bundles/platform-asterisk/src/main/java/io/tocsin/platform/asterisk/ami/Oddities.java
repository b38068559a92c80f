package io.tocsin.platform.asterisk.ami;

import io.tocsin.platform.asterisk.internal.Sightings;
import java.time.Clock;

/** What a switch does on AMI that it should not: counted, and logged now and then ({@link Sightings}). Thread-safe. */
public final class Oddities {
    /** The kinds, in the words of the log. */
    public enum Kind {
        /** A line without a colon, or a message that is neither answer nor event: skipped. */
        MALFORMED("malformed"),
        /** A message longer than the limit: skipped. */
        OVERSIZED("oversized"),
        /** An answer to nothing that waits: late, or sent twice. */
        UNEXPECTED_ANSWER("unexpected-answer"),
        /** An action that was not answered in time. */
        NO_ANSWER("no-answer"),
        /** A filter of events that the switch refused: all events come. The user lacks the privilege {@code system}. */
        FILTER_REFUSED("filter-refused"),
        /** What connected is no AMI, or its message never ended: the link was closed. */
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
        this.seen = new Sightings<>("switch-console-odd", account, clock, Kind.class, kind -> kind.word);
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
