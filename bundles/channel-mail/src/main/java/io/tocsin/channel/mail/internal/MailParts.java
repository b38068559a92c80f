package io.tocsin.channel.mail.internal;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimePart;
import jakarta.mail.internet.MimePartDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds the words in a mail, with bounds on how deep and how long it looks. */
final class MailParts {
    private static final int DEEPEST = 8;
    private static final int MOST_PARTS = 100;
    private static final int MOST_BYTES = 64 * 1024;

    private MailParts() {}

    /** The plain text; the HTML without its marks when there is no other; empty when there are no words. */
    static String text(MimePart mail) throws MessagingException, IOException {
        Optional<MimePart> plain = find(mail, "text/plain", 0);
        if (plain.isPresent()) {
            return read(plain.get());
        }
        Optional<MimePart> html = find(mail, "text/html", 0);
        return html.isPresent() ? withoutMarks(read(html.get())) : "";
    }

    /** The first part of a type, in depth; attachments are passed over. */
    static Optional<MimePart> find(MimePart part, String type, int depth) throws MessagingException {
        if (Part.ATTACHMENT.equalsIgnoreCase(disposition(part))) {
            return Optional.empty();
        }
        if (part.isMimeType(type)) {
            return Optional.of(part);
        }
        if (!part.isMimeType("multipart/*") || depth >= DEEPEST) {
            return Optional.empty();
        }
        var parts = parts(part);
        for (int i = 0; i < Math.min(parts.getCount(), MOST_PARTS); i++) {
            BodyPart inner = parts.getBodyPart(i);
            if (inner instanceof MimePart mime) {
                Optional<MimePart> found = find(mime, type, depth + 1);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    static MimeMultipart parts(MimePart part) throws MessagingException {
        return new MimeMultipart(new MimePartDataSource(part));
    }

    /** The part's text in its own charset; one that nobody knows is read as UTF-8. */
    static String read(MimePart part) throws MessagingException, IOException {
        try (InputStream in = part.getInputStream()) {
            return new String(in.readNBytes(MOST_BYTES), charset(part));
        }
    }

    private static Charset charset(MimePart part) throws MessagingException {
        try {
            String name = new ContentType(part.getContentType()).getParameter("charset");
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (MessagingException | IllegalArgumentException unknown) {
            return StandardCharsets.UTF_8;
        }
    }

    private static String disposition(MimePart part) {
        try {
            return String.valueOf(part.getDisposition());
        } catch (MessagingException unreadable) {
            return "";
        }
    }

    private static String withoutMarks(String html) {
        return html.replaceAll("(?is)<(style|script|head)\\b.{0,65536}?</\\1>", " ")
                .replaceAll("(?i)<blockquote\\b", "\n>$0")
                .replaceAll("(?i)<(br|/p|/div|/tr|/li)\\b[^>]{0,1024}>", "\n")
                .replaceAll("<[^>]{0,4096}>", "")
                .replace("&nbsp;", " ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }
}
