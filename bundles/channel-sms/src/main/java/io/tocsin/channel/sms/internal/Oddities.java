package io.tocsin.channel.sms.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an account's carrier does that SMPP does not foresee: counted always, logged once a kind and then at most every ten
 * minutes with how often it happened. A carrier that goes mad must not fill the disk as well. Thread-safe.
 */
final class Oddities {
    private static final Logger LOG = LoggerFactory.getLogger(Oddities.class);
    private static final Duration SILENCE = Duration.ofMinutes(10);

    /** The kinds, in the words of the log. */
    enum Kind {
        /** A length no PDU has: where the next one begins is unknown, the connection is closed. */
        FRAMING_LOST("framing-lost"),
        /** The connection ended in the middle of a PDU. */
        CUT_OFF("cut-off"),
        /** A PDU longer than any SMPP has: skipped but for its header. */
        OVERSIZED("oversized"),
        /** A command this side of SMPP 3.4 does not know or does not expect. */
        UNKNOWN_COMMAND("unknown-command"),
        /** A response whose fields are cut short: what is there is taken. */
        TRUNCATED_RESPONSE("truncated-response"),
        /** A deliver_sm cut short but with its message: taken. */
        TRUNCATED_DELIVERY("truncated-delivery"),
        /** A deliver_sm whose message cannot be found: refused for good. */
        UNREADABLE_DELIVERY("unreadable-delivery"),
        /** A response to nothing that waits: a wrong number, or answered twice. */
        UNEXPECTED_RESPONSE("unexpected-response"),
        /** A response after its time: reported as news about a message in doubt. */
        LATE_RESPONSE("late-response"),
        /** An acceptance without an id: receipts can only be matched by reference or address. */
        NO_MESSAGE_ID("no-message-id"),
        /** A submit nobody answered in time. */
        NO_RESPONSE("no-response"),
        /** Receipts write ids otherwise than responses, and not as the account says. */
        OTHER_ID_FORMAT("other-id-format"),
        /** A receipt that names no message. */
        RECEIPT_WITHOUT_ID("receipt-without-id"),
        /** A fault of our own while reading what the carrier sent. */
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

    /** @param detail short, without personal data */
    void saw(Kind kind, String bind, String detail) {
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
                "sms-carrier-odd account={} bind={} kind={} since-last-told={} in-all={} detail={}",
                account,
                bind,
                kind.word,
                since,
                count,
                detail);
    }

    long count(Kind kind) {
        synchronized (seen) {
            Seen one = seen.get(kind);
            return one == null ? 0 : one.count;
        }
    }

    /** In a few words for the account's health; empty if the carrier behaves. */
    String summary() {
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
