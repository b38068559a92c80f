package io.tocsin.lab.people;

import java.util.Locale;
import java.util.OptionalInt;

/** How a call to a telephone ends, with what Asterisk 22 was seen to say of it: the cause of Q.850 and the SIP status. */
public enum PhoneFate {
    /** A person, who listens to all and presses as people do. */
    ANSWERS,
    /** A person who listens to all and presses nothing. */
    LISTENS,
    /** A person who hangs up early. */
    HANGS_UP,
    /** A machine. */
    MACHINE,
    BUSY(17, 486),
    RINGS_OUT(19, 480),
    DECLINES(21, 603),
    UNALLOCATED(1, 404),
    UNAVAILABLE(19, 480),
    CONGESTION(34, 503),
    /** Nothing answers to the switch's INVITE. */
    DEAD_TRUNK(18, 408),
    INCOMPLETE(28, 484),
    NOT_ACCEPTABLE(58, 488),
    BROKEN(38, 500);

    private final int cause;
    private final int sip;

    PhoneFate() {
        this(0, 0);
    }

    PhoneFate(int cause, int sip) {
        this.cause = cause;
        this.sip = sip;
    }

    /** Of Q.850; 0 where somebody picks up. */
    public int cause() {
        return cause;
    }

    /** The SIP status the other side answered; empty where somebody picks up. */
    public OptionalInt sip() {
        return sip == 0 ? OptionalInt.empty() : OptionalInt.of(sip);
    }

    boolean pickedUp() {
        return cause == 0;
    }

    /** @param name as written in settings: {@code rings-out} */
    public static PhoneFate of(String name) {
        try {
            return valueOf(name.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no telephone ends a call by \"" + name + "\"", e);
        }
    }
}
