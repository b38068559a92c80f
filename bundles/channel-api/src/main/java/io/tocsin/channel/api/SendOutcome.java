package io.tocsin.channel.api;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What became of one {@link Channel#send send}: the closed vocabulary. Only the core turns it into a status.
 *
 * <p>Codes are short stable words of the channel's table ({@code busy}, {@code throttled}, {@code smpp-0x0b}), at most
 * 64 characters, without personal data.
 */
public sealed interface SendOutcome {

    /**
     * The carrier took the message.
     *
     * @param carrierIds the carrier's ids, one a segment in order; at least one, unless the carrier gives none
     */
    record Accepted(List<String> carrierIds) implements SendOutcome {
        public Accepted {
            carrierIds = List.copyOf(carrierIds);
        }

        public Accepted(String carrierId) {
            this(List.of(carrierId));
        }
    }

    /**
     * Certainly not sent; worth another try.
     *
     * @param code why
     * @param after the earliest sensible delay; zero leaves it to the core's policy
     * @param scope whether this concerns the one message or the whole account (throttled, disconnected)
     */
    record Retry(String code, Duration after, Scope scope) implements SendOutcome {
        public Retry {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(after, "after");
            Objects.requireNonNull(scope, "scope");
        }
    }

    /**
     * Certainly not sent, and trying again would not help.
     *
     * @param code why
     * @param fault whose fault it is: decides who is told
     */
    record Rejected(String code, Fault fault) implements SendOutcome {
        public Rejected {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(fault, "fault");
        }
    }

    /**
     * May have left, may not have: a timeout, a dropped socket, a failure between two segments.
     *
     * @param code why nobody knows
     * @param carrierIds ids of the segments that were accepted before the doubt; may be empty
     */
    record InDoubt(String code, List<String> carrierIds) implements SendOutcome {
        public InDoubt {
            Objects.requireNonNull(code, "code");
            carrierIds = List.copyOf(carrierIds);
        }

        public InDoubt(String code) {
            this(code, List.of());
        }
    }

    /** What a {@link Retry} is about. */
    enum Scope {
        MESSAGE,
        ACCOUNT
    }

    /** Whose fault a {@link Rejected} is: the address, the content, the account's settings, or the carrier. */
    enum Fault {
        ADDRESS,
        CONTENT,
        ACCOUNT,
        CARRIER
    }
}
