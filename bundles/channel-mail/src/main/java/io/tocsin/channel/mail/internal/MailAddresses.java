package io.tocsin.channel.mail.internal;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Turns what people wrote into mailboxes and header text that cannot be anything else: a line break in an address or a
 * name would let its author write headers of ours.
 */
final class MailAddresses {
    private MailAddresses() {}

    /**
     * Returns the one mailbox that {@code text} is, its domain in ASCII (RFC 5890); empty when it is none, is several, or
     * needs SMTPUTF8 (RFC 6531) in its local part.
     */
    static Optional<InternetAddress> mailbox(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1 || at == text.length() - 1 || text.length() > 254 || at > 64) {
            return Optional.empty();
        }
        if (text.chars().anyMatch(c -> c <= ' ' || c == 0x7f || "<>()[]\\,;:\"".indexOf(c) >= 0)) {
            return Optional.empty(); // quoted local parts and address literals are legal and never a person's
        }
        String local = text.substring(0, at);
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(local)) {
            return Optional.empty();
        }
        try {
            String domain = IDN.toASCII(text.substring(at + 1), IDN.USE_STD3_ASCII_RULES);
            var address = new InternetAddress(local + "@" + domain, true);
            return Optional.of(address);
        } catch (AddressException | IllegalArgumentException notAMailbox) {
            return Optional.empty();
        }
    }

    static String domain(InternetAddress address) {
        String text = address.getAddress();
        return text.substring(text.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    }

    static String local(InternetAddress address) {
        String text = address.getAddress();
        return text.substring(0, text.lastIndexOf('@'));
    }

    /** Gives the address a display name, encoded where it must be (RFC 2047). */
    static void display(InternetAddress address, String name) {
        try {
            address.setPersonal(oneLine(name), StandardCharsets.UTF_8.name());
        } catch (UnsupportedEncodingException impossible) {
            throw new IllegalStateException("UTF-8 is always there", impossible);
        }
    }

    /** Returns the text with every run of control characters, line breaks included, made one space. */
    static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    }
}
