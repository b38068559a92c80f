package io.tocsin.lab.mail.internal;

import io.tocsin.lab.mail.internal.BounceMailbox.Mail;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What one FETCH asks of each mail (RFC 3501, 6.4.5), but for structures and envelopes. */
final class ImapItems {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("dd-MMM-yyyy HH:mm:ss Z", Locale.ENGLISH);

    private final List<String> items;
    private final boolean readOnly;

    /**
     * @param text the items as the command has them, perhaps in parentheses
     * @param byUid whether the uid is told even if nobody asks
     * @param readOnly whether reading leaves the mail unread
     */
    ImapItems(String text, boolean byUid, boolean readOnly) {
        this.items = split(text.replaceAll("^\\(|\\)$", ""));
        this.readOnly = readOnly;
        if (byUid && items.stream().noneMatch("UID"::equalsIgnoreCase)) {
            items.add(0, "UID");
        }
    }

    /** @throws IllegalArgumentException for an item that is not served */
    byte[] of(Mail mail) {
        var answer = new ByteArrayOutputStream(4096);
        for (String item : items) {
            answer.writeBytes(answer.size() == 0 ? new byte[0] : new byte[] {' '});
            item(mail, item.toUpperCase(Locale.ROOT), answer);
        }
        return answer.toByteArray();
    }

    /** Words, but for spaces within brackets: {@code BODY.PEEK[HEADER.FIELDS (SUBJECT)]}. */
    private static List<String> split(String text) {
        var items = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (c == ' ' && depth == 0) {
                if (i > start) {
                    items.add(text.substring(start, i));
                }
                start = i + 1;
            }
        }
        return items;
    }

    private void item(Mail mail, String item, ByteArrayOutputStream answer) {
        String simple =
                switch (item) {
                    case "UID" -> "UID " + mail.uid();
                    case "FLAGS" -> "FLAGS (" + String.join(" ", mail.flags()) + ")";
                    case "RFC822.SIZE" -> "RFC822.SIZE " + mail.content().length;
                    case "INTERNALDATE" ->
                        "INTERNALDATE \"" + DATE.format(mail.at().atZone(ZoneOffset.UTC)) + "\"";
                    default -> "";
                };
        if (simple.isEmpty()) {
            body(mail, item, answer);
        } else {
            answer.writeBytes(simple.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private void body(Mail mail, String item, ByteArrayOutputStream answer) {
        String section = item.replaceFirst("<[\\d.]*>$", "");
        byte[] bytes = section(mail.content(), section.replaceFirst("^BODY(\\.PEEK)?", ""));
        String label = section.replace(".PEEK", "");
        if (item.endsWith(">")) {
            String[] range =
                    item.substring(item.lastIndexOf('<') + 1, item.length() - 1).split("\\.");
            int from = Math.min(Integer.parseInt(range[0]), bytes.length);
            bytes = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + Integer.parseInt(range[1])));
            label += "<" + from + ">";
        }
        if (section.startsWith("BODY[") && !readOnly) {
            mail.flags().add("\\SEEN");
        }
        answer.writeBytes((label + " {" + bytes.length + "}\r\n").getBytes(StandardCharsets.ISO_8859_1));
        answer.writeBytes(bytes);
    }

    private static byte[] section(byte[] all, String section) {
        int head = headEnd(all);
        if (section.startsWith("[HEADER.FIELDS (")) {
            return fields(new String(all, 0, head, StandardCharsets.ISO_8859_1), section);
        }
        return switch (section) {
            case "[]", "RFC822" -> all;
            case "[HEADER]", "RFC822.HEADER" -> Arrays.copyOf(all, head);
            case "[TEXT]", "RFC822.TEXT" -> Arrays.copyOfRange(all, head, all.length);
            default -> throw new IllegalArgumentException("unknown fetch item");
        };
    }

    private static byte[] fields(String head, String section) {
        List<String> names = List.of(section.replaceAll("^.*\\(|\\).*$", "").split(" "));
        var kept = new StringBuilder();
        for (String field : head.split("\r\n(?![ \t])")) {
            int colon = field.indexOf(':');
            if (colon > 0 && names.contains(field.substring(0, colon).toUpperCase(Locale.ROOT))) {
                kept.append(field).append("\r\n");
            }
        }
        return kept.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int headEnd(byte[] content) {
        for (int i = 3; i < content.length; i++) {
            if (content[i] == '\n' && content[i - 1] == '\r' && content[i - 2] == '\n') {
                return i + 1;
            }
        }
        return content.length;
    }
}
