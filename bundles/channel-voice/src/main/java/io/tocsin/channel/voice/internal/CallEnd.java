package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.Scope;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a call that nobody took ended as: by its cause (ITU-T Q.850) and, where one came, the SIP status behind it, as Asterisk 22
 * pairs them. The codes are this channel's table (docs/voice.md).
 */
final class CallEnd {
    /** The switch found no such sound. It costs an attempt: somebody picked up, and heard silence. */
    static final String SOUND_NOT_PLAYED = "sound-not-played";

    static final String WITHDRAWN = "withdrawn";

    /** Nobody heard how it ended. */
    static final String CALL_LOST = "call-lost";

    private static final Map<String, Duration> USUAL = Map.of(
            "busy",
            Duration.ofMinutes(1),
            "no-answer",
            Duration.ofMinutes(3),
            "unavailable",
            Duration.ofMinutes(3),
            "congestion",
            Duration.ofSeconds(30),
            "declined",
            Duration.ofMinutes(10),
            "hung-up",
            Duration.ofMinutes(1),
            "no-key",
            Duration.ofMinutes(2),
            "wrong-pin",
            Duration.ofMinutes(10),
            "voicemail",
            Duration.ofMinutes(10),
            SOUND_NOT_PLAYED,
            Duration.ofMinutes(1));

    private CallEnd() {}

    /** @param rang whether it rang until our time was up */
    static SendOutcome unanswered(int cause, OptionalInt techCause, boolean rang, Map<String, Duration> again) {
        int sip = techCause.orElse(0);
        if (rang) {
            return retry("no-answer", again);
        }
        if (sip == 486 || sip == 600 || cause == 17) {
            return retry("busy", again);
        }
        if (sip == 603 || sip == 607 || sip == 608 || cause == 21) {
            return retry("declined", again);
        }
        return switch (cause) {
            case 1, 2, 3, 22 -> new SendOutcome.Rejected("unallocated", Fault.ADDRESS);
            case 28 -> new SendOutcome.Rejected("number-incomplete", Fault.ADDRESS);
            case 18 -> sip == 408 || sip == 0 ? trunk("trunk-dead") : retry("no-answer", again);
            case 19 -> retry(sip == 480 ? "unavailable" : "no-answer", again);
            case 20 -> retry("unavailable", again);
            case 58, 65, 79, 88 -> new SendOutcome.Rejected("media-refused", Fault.CARRIER);
            case 52, 57 -> sip == 401 || sip == 407 || sip == 403 ? trunk("trunk-refused") : retry("congestion", again);
            case 34, 38, 41, 42, 44, 27, 63, 66, 127 -> retry("congestion", again);
            default -> retry("ended-" + Math.max(0, Math.min(cause, 999)), again);
        };
    }

    /** Certainly nobody was reached; another try after the scenario's time for that outcome, else ours. */
    static SendOutcome retry(String code, Map<String, Duration> again) {
        return new SendOutcome.Retry(
                code, again.getOrDefault(code, USUAL.getOrDefault(code, Duration.ZERO)), Scope.MESSAGE);
    }

    /** The trunk's trouble: it costs the person no attempt. */
    static SendOutcome trunk(String code) {
        return new SendOutcome.Retry(code, Duration.ofSeconds(5), Scope.ACCOUNT);
    }
}
