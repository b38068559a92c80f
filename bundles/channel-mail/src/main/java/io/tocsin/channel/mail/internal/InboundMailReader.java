package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.Receipt;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tells receipts, people and robots apart, and says which of our mails each speaks of. Thread-safe. */
final class InboundMailReader {
    private final MessageIds ids;
    private final DeliveryReports reports;
    private final Clock clock;

    InboundMailReader(MessageIds ids, Clock clock) {
        this.ids = ids;
        this.reports = new DeliveryReports(ids);
        this.clock = clock;
    }

    /** @throws MessagingException or IOException or an unchecked one when the mail is not readable as one */
    InboundMail read(MimeMessage mail) throws MessagingException, IOException {
        Instant at = date(mail);
        if (DeliveryReports.isReport(mail)) {
            List<Receipt> receipts = reports.read(mail, at);
            return receipts.isEmpty()
                    ? new InboundMail.Automatic("report-without-recipient")
                    : new InboundMail.Report(receipts);
        }
        Optional<String> sign = signOfARobot(mail);
        if (sign.isPresent()) {
            return new InboundMail.Automatic(sign.get());
        }
        return new InboundMail.Reply(new InboundMessage(
                id(mail), from(mail), to(mail), reference(mail), ReplyText.of(MailParts.text(mail)), at));
    }

    /** RFC 3834, 2 and 5, and the older customs that robots still follow. */
    private static Optional<String> signOfARobot(MimeMessage mail) throws MessagingException {
        String auto = header(mail, "Auto-Submitted").toLowerCase(Locale.ROOT);
        if (!auto.isEmpty() && !auto.startsWith("no")) {
            return Optional.of("auto-submitted");
        }
        String precedence = header(mail, "Precedence").toLowerCase(Locale.ROOT);
        if (precedence.matches("bulk|junk|list|auto_reply")) {
            return Optional.of("precedence");
        }
        for (String name : List.of("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id")) {
            if (!header(mail, name).isEmpty()) {
                return Optional.of(name.toLowerCase(Locale.ROOT));
            }
        }
        if (mail.isMimeType("multipart/report") || header(mail, "Return-Path").equals("<>")) {
            return Optional.of("no-return-path");
        }
        return Optional.empty();
    }

    private Optional<String> reference(MimeMessage mail) throws MessagingException {
        return ids.fromMessageIds(header(mail, "In-Reply-To"))
                .or(() -> ids.fromMessageIds(quietly(mail, "References")));
    }

    /** The same for the same mail: its own Message-ID, or a digest of it when it has none. */
    private static String id(MimeMessage mail) throws MessagingException, IOException {
        String own = header(mail, "Message-ID");
        if (!own.isEmpty() && own.length() <= 250) {
            return own.replaceAll("[<>\\s]", "");
        }
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (String name : List.of("Message-ID", "From", "To", "Date", "Subject")) {
                digest.update(header(mail, name).getBytes(StandardCharsets.UTF_8));
            }
            digest.update(MailParts.text(mail).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static String from(MimeMessage mail) throws MessagingException {
        Address[] from = mail.getFrom();
        if (from == null || from.length == 0 || !(from[0] instanceof InternetAddress person)) {
            throw new MessagingException("a mail without author");
        }
        return MailAddresses.oneLine(person.getAddress());
    }

    private static String to(MimeMessage mail) throws MessagingException {
        for (String name : List.of("X-Original-To", "Delivered-To", "To")) {
            String value = header(mail, name);
            if (value.isEmpty()) {
                continue;
            }
            InternetAddress[] parsed = InternetAddress.parseHeader(value, false);
            if (parsed.length > 0 && parsed[0].getAddress() != null) {
                return MailAddresses.oneLine(parsed[0].getAddress());
            }
        }
        return "";
    }

    /** The mail's own date, unless it lies in the future or far in the past: clocks of strangers are what they are. */
    private Instant date(MimeMessage mail) throws MessagingException {
        Instant now = clock.instant();
        if (mail.getSentDate() == null) {
            return now;
        }
        Instant sent = mail.getSentDate().toInstant();
        return sent.isAfter(now) || sent.isBefore(now.minus(Duration.ofDays(30))) ? now : sent;
    }

    private static String quietly(MimeMessage mail, String name) {
        try {
            return header(mail, name);
        } catch (MessagingException broken) {
            return "";
        }
    }

    static String header(MimeMessage mail, String name) throws MessagingException {
        String[] values = mail.getHeader(name);
        return values == null || values.length == 0 ? "" : values[0].strip();
    }
}
