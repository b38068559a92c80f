package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Preflight.Objection;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is never handed to a carrier, whatever carrier it is. */
enum Refusal {
    ADDRESS_NOT_E164("address-not-e164", Fault.ADDRESS, "write numbers in E.164, such as +33612345678"),
    TEXT_EMPTY("text-empty", Fault.CONTENT, "write a text; where it is made of variables only, complete them"),
    TEXT_TOO_LONG("text-too-long", Fault.CONTENT, "shorten the text, or raise max-segments of the account"),
    SENDER_NOT_ALLOWED(
            "sender-not-allowed", Fault.CONTENT, "the sender: " + SmsSender.RULE + ", not a word such as ALERTE");

    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");

    private final String code;
    private final Fault fault;
    private final String cure;

    Refusal(String code, Fault fault, String cure) {
        this.code = code;
        this.fault = fault;
        this.cure = cure;
    }

    /** @param text of the message, in the account's alphabet */
    static Optional<Refusal> of(OutboundMessage message, SmsText text, SmsSettings settings) {
        if (!E164.matcher(message.address()).matches()) {
            return Optional.of(ADDRESS_NOT_E164);
        }
        if (message.text().isEmpty()) {
            return Optional.of(TEXT_EMPTY);
        }
        if (message.sender().isPresent() && SmsSender.of(message.sender().get()).isEmpty()) {
            return Optional.of(SENDER_NOT_ALLOWED);
        }
        return text.segmentCount() > settings.maxSegments() ? Optional.of(TEXT_TOO_LONG) : Optional.empty();
    }

    SendOutcome outcome() {
        return new SendOutcome.Rejected(code, fault);
    }

    Objection objection() {
        return new Objection(code, cure);
    }
}
