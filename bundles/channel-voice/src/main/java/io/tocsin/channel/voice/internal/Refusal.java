package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Preflight.Objection;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is never called, whatever the switch. */
enum Refusal {
    ADDRESS_NOT_E164("address-not-e164", Fault.ADDRESS, "write numbers in E.164, such as +33123456789"),
    NOTHING_TO_SAY("nothing-to-say", Fault.CONTENT, "write what is said on the telephone"),
    SENDER_NOT_ALLOWED(
            "sender-not-allowed",
            Fault.CONTENT,
            "choose a caller identity that automated calls may show: in France 0162–0163, 0270–0271, 0377–0378, 0424–0425,"
                    + " 0568–0569, 0948–0949, a special number except 089, or 30xx/31xx");

    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");

    private final String code;
    private final Fault fault;
    private final String cure;

    Refusal(String code, Fault fault, String cure) {
        this.code = code;
        this.fault = fault;
        this.cure = cure;
    }

    static Optional<Refusal> of(OutboundMessage message) {
        if (!E164.matcher(message.address()).matches()) {
            return Optional.of(ADDRESS_NOT_E164);
        }
        if (message.call().isEmpty()) {
            return Optional.of(NOTHING_TO_SAY);
        }
        return message.sender().flatMap(CallerId::problem).map(problem -> SENDER_NOT_ALLOWED);
    }

    SendOutcome outcome() {
        return new SendOutcome.Rejected(code, fault);
    }

    Objection objection() {
        return new Objection(code, cure);
    }
}
