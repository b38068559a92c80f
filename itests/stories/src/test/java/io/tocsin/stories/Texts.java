package io.tocsin.stories;

import io.tocsin.lab.mail.ReceivedMail;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What people read on their telephones and in their mail. */
final class Texts {
    private static final Pattern LINK = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/a/[A-Za-z0-9._~-]+");

    /** 3GPP TS 23.038 §6.2.1, the default alphabet; then its extension, of two septets each. */
    private static final String GSM =
            "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
                    + "abcdefghijklmnopqrstuvwxyzäöñüà";

    private static final String EXTENSION = "\f^{}\\[~]|€";

    private Texts() {}

    static boolean gsm(String text) {
        return text.chars().allMatch(c -> GSM.indexOf(c) >= 0 || EXTENSION.indexOf(c) >= 0);
    }

    /** How many segments a text must take: 160/153 septets, or 70/67 code units. */
    static int segments(String text) {
        if (!gsm(text)) {
            return text.length() <= 70 ? 1 : (text.length() + 66) / 67;
        }
        int septets = text.length()
                + (int) text.chars().filter(c -> EXTENSION.indexOf(c) >= 0).count();
        return septets <= 160 ? 1 : (septets + 152) / 153;
    }

    /** The answer link in a text. */
    static String link(String text) {
        Matcher link = LINK.matcher(text);
        if (!link.find()) {
            throw new AssertionError("no answer link in: " + text);
        }
        return link.group();
    }

    static String subject(ReceivedMail mail) {
        try {
            return mime(mail).getSubject();
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    /** All the text parts of a mail, decoded. */
    static String body(ReceivedMail mail) {
        try {
            return text(mime(mail));
        } catch (MessagingException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MimeMessage mime(ReceivedMail mail) throws MessagingException {
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(mail.content()));
    }

    private static String text(jakarta.mail.Part part) throws MessagingException, IOException {
        if (part.isMimeType("text/*")) {
            return new String(part.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8) + "\n";
        }
        if (!part.isMimeType("multipart/*")) {
            return "";
        }
        jakarta.mail.Multipart parts = new jakarta.mail.internet.MimeMultipart(
                new jakarta.mail.internet.MimePartDataSource((jakarta.mail.internet.MimePart) part));
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < parts.getCount(); i++) {
            all.append(text(parts.getBodyPart(i)));
        }
        return all.toString();
    }
}
