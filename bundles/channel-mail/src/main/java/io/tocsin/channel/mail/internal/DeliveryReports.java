package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.Receipt.State;
import jakarta.mail.Header;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimePart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads delivery status notifications (RFC 3464). The mail they speak of is found by the envelope id we gave (RFC 3461),
 * else by the Message-ID in the returned headers, else by the bounce address the notification was sent to.
 */
final class DeliveryReports {
    private static final int MOST_RECIPIENTS = 50;
    private static final int MOST_BYTES = 64 * 1024;

    private final MessageIds ids;

    DeliveryReports(MessageIds ids) {
        this.ids = ids;
    }

    static boolean isReport(MimeMessage mail) throws MessagingException {
        if (!mail.isMimeType("multipart/report")) {
            return false;
        }
        String kind = new ContentType(mail.getContentType()).getParameter("report-type");
        return "delivery-status".equalsIgnoreCase(kind) || "global-delivery-status".equalsIgnoreCase(kind);
    }

    /** One receipt a recipient; empty when the report names none. */
    List<Receipt> read(MimeMessage mail, Instant at) throws MessagingException, IOException {
        Optional<MimePart> status = MailParts.find(mail, "message/delivery-status", 0);
        if (status.isEmpty()) {
            status = MailParts.find(mail, "message/global-delivery-status", 0);
        }
        if (status.isEmpty()) {
            return List.of();
        }
        List<Map<String, String>> groups = groups(status.get());
        if (groups.isEmpty()) {
            return List.of();
        }
        Optional<String> reference = reference(groups.get(0), mail);
        var receipts = new ArrayList<Receipt>();
        for (Map<String, String> recipient : groups.subList(1, Math.min(groups.size(), 1 + MOST_RECIPIENTS))) {
            receipt(recipient, reference, at).ifPresent(receipts::add);
        }
        return receipts;
    }

    private Optional<Receipt> receipt(Map<String, String> recipient, Optional<String> reference, Instant at) {
        String action = word(recipient.getOrDefault("action", ""));
        String status = word(recipient.getOrDefault("status", ""));
        Optional<State> state = state(action, status);
        return state.map(known -> new Receipt(
                reference.map(ids::messageId).orElse(""),
                reference,
                address(recipient),
                known,
                code(action, status),
                at));
    }

    /** RFC 3464, 2.3.3. Relayed and expanded mails went where nobody will tell more: news, not an end. */
    private static Optional<State> state(String action, String status) {
        return switch (action) {
            case "delivered" -> Optional.of(State.DELIVERED);
            case "failed" ->
                Optional.of(status.equals("4.4.7") || status.equals("5.4.7") ? State.EXPIRED : State.FAILED);
            case "delayed", "relayed", "expanded" -> Optional.of(State.BUFFERED);
            default -> Optional.empty();
        };
    }

    private static String code(String action, String status) {
        return status.matches("[245]\\.\\d{1,3}\\.\\d{1,3}") ? action + "-" + status : action;
    }

    private static Optional<String> address(Map<String, String> recipient) {
        String value = recipient.getOrDefault("original-recipient", recipient.getOrDefault("final-recipient", ""));
        String address = value.substring(value.indexOf(';') + 1).strip();
        return MailAddresses.mailbox(address).map(mailbox -> mailbox.getAddress());
    }

    private Optional<String> reference(Map<String, String> message, MimeMessage mail)
            throws MessagingException, IOException {
        Optional<String> envelope = MessageIds.reference(message.getOrDefault("original-envelope-id", ""));
        if (envelope.isPresent()) {
            return envelope;
        }
        Optional<String> returned = ids.fromMessageIds(returnedMessageId(mail));
        if (returned.isPresent()) {
            return returned;
        }
        for (String name : List.of("X-Original-To", "Delivered-To", "To")) {
            Optional<String> bounce = ids.fromBounceAddress(InboundMailReader.header(mail, name));
            if (bounce.isPresent()) {
                return bounce;
            }
        }
        return Optional.empty();
    }

    private static String returnedMessageId(MimeMessage mail) throws MessagingException, IOException {
        for (String type :
                List.of("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global")) {
            Optional<MimePart> original = MailParts.find(mail, type, 0);
            if (original.isPresent()) {
                try (InputStream in = original.get().getInputStream()) {
                    String id = new InternetHeaders(new ByteArrayInputStream(in.readNBytes(MOST_BYTES)))
                            .getHeader("Message-ID", null);
                    return id == null ? "" : id;
                }
            }
        }
        return "";
    }

    /** The groups of fields, the message's first and then a recipient each, names in lower case. */
    private static List<Map<String, String>> groups(MimePart status) throws MessagingException, IOException {
        byte[] bytes;
        try (InputStream in = status.getInputStream()) {
            bytes = in.readNBytes(MOST_BYTES);
        }
        var groups = new ArrayList<Map<String, String>>();
        String text =
                new String(bytes, StandardCharsets.UTF_8).replace("\r\n", "\n").strip();
        for (String group : text.split("\n([ \\t]*\n)+")) {
            var fields = new HashMap<String, String>();
            var headers = new InternetHeaders(new ByteArrayInputStream(group.getBytes(StandardCharsets.UTF_8)), true);
            for (Header header : Collections.list(headers.getAllHeaders())) {
                fields.putIfAbsent(
                        header.getName().toLowerCase(Locale.ROOT),
                        header.getValue().strip());
            }
            groups.add(fields);
        }
        return groups;
    }

    private static String word(String value) {
        return value.strip().split("[\\s(]", 2)[0].toLowerCase(Locale.ROOT);
    }
}
