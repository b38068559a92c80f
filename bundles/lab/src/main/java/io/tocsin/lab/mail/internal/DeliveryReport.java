package io.tocsin.lab.mail.internal;

import io.tocsin.lab.mail.ReceivedMail;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes delivery status notifications as a mail server would (RFC 3464). */
final class DeliveryReport {
    /** An action and its status. */
    record Fate(String action, String status, String words) {}

    static final Fate DELIVERED = new Fate("delivered", "2.1.5", "delivered to the mailbox");
    static final Fate FAILED = new Fate("failed", "5.1.1", "refused: no such user");

    private static final Pattern MESSAGE_ID = Pattern.compile("(?im)^Message-ID:\\s*(<[^>\\r\\n]*>)");

    private DeliveryReport() {}

    static byte[] of(ReceivedMail mail, Fate fate) {
        String boundary = "report-" + UUID.randomUUID();
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        String text =
                """
                Return-Path: <>
                From: Mail Delivery System <mailer-daemon@mail.lab.example>
                To: <%s>
                Date: %s
                Message-ID: <%s@mail.lab.example>
                Subject: Delivery report
                Auto-Submitted: auto-replied
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary="%s"

                --%s
                Content-Type: text/plain; charset=utf-8

                Your mail to %s was %s.

                --%s
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mail.lab.example
                %sArrival-Date: %s

                Original-Recipient: rfc822; %s
                Final-Recipient: rfc822; %s
                Action: %s
                Status: %s

                --%s
                Content-Type: text/rfc822-headers

                Message-ID: %s

                --%s--
                """
                        .formatted(
                                mail.sender(),
                                date,
                                UUID.randomUUID(),
                                boundary,
                                boundary,
                                mail.recipient(),
                                fate.words(),
                                boundary,
                                envelopeId(mail),
                                date,
                                mail.recipient(),
                                mail.recipient(),
                                fate.action(),
                                fate.status(),
                                boundary,
                                messageId(mail),
                                boundary);
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The Message-ID of a mail with its brackets, or {@code <>}. */
    static String messageId(ReceivedMail mail) {
        Matcher id = MESSAGE_ID.matcher(head(mail));
        return id.find() ? id.group(1) : "<>";
    }

    private static String head(ReceivedMail mail) {
        String source = mail.source();
        int end = source.indexOf("\r\n\r\n");
        return end < 0 ? source : source.substring(0, end);
    }

    private static String envelopeId(ReceivedMail mail) {
        String id = mail.parameters().get("ENVID");
        return id == null ? "" : "Original-Envelope-Id: " + id + "\n";
    }
}
