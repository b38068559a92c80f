package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.OutboundMessage.Category;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import org.eclipse.angus.mail.smtp.SMTPMessage;

/** Writes a message as a mail: RFC 5322 headers, text and HTML as alternatives (RFC 2046, 5.1.4). Thread-safe. */
final class MailComposer {
    private static final String UTF_8 = StandardCharsets.UTF_8.name();
    private static final Map<String, String> TO_ANSWER = Map.of(
            "fr", "Pour répondre :",
            "en", "To answer:",
            "de", "Zum Antworten:",
            "es", "Para responder:",
            "it", "Per rispondere:",
            "nl", "Om te antwoorden:",
            "pt", "Para responder:");

    private final MailSettings settings;
    private final MessageIds ids;
    private final Session session;
    private final Clock clock;

    MailComposer(MailSettings settings, Session session, Clock clock) {
        this.settings = settings;
        this.ids = new MessageIds(settings);
        this.session = session;
        this.clock = clock;
    }

    /** @throws MessagingException if the message cannot be written as a mail */
    OutboundMail compose(OutboundMessage message, InternetAddress recipient) throws MessagingException {
        var mail = new OutboundMail(session, message.reference(), ids.messageId(message.reference()), recipient);
        mail.setFrom(author(message));
        mail.setRecipient(RecipientType.TO, recipient);
        mail.setSubject(MailAddresses.oneLine(message.subject()), UTF_8);
        mail.setSentDate(Date.from(clock.instant()));
        mail.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: keeps out-of-office robots quiet
        if (message.language().matches("[A-Za-z0-9-]{2,35}")) {
            mail.setHeader("Content-Language", message.language());
        }
        if (message.category() == Category.LIFE_SAFETY) {
            mail.setHeader("Importance", "high");
            mail.setHeader("Priority", "urgent");
            mail.setHeader("X-Priority", "1");
        }
        envelope(mail);
        body(mail, message);
        mail.saveChanges();
        return mail;
    }

    private InternetAddress author(OutboundMessage message) {
        var author = (InternetAddress) settings.from().clone();
        message.sender().filter(sender -> !sender.isBlank()).ifPresent(sender -> MailAddresses.display(author, sender));
        return author;
    }

    private void envelope(OutboundMail mail) {
        mail.setEnvelopeFrom(
                settings.verp()
                        ? ids.bounceAddress(mail.reference())
                        : settings.returnPath().getAddress());
        if (settings.dsn()) {
            mail.setNotifyOptions(SMTPMessage.NOTIFY_SUCCESS | SMTPMessage.NOTIFY_FAILURE | SMTPMessage.NOTIFY_DELAY);
            mail.setReturnOption(SMTPMessage.RETURN_HDRS);
        }
    }

    private void body(OutboundMail mail, OutboundMessage message) throws MessagingException {
        String text = text(message);
        if (message.html().isEmpty()) {
            mail.setText(text, UTF_8);
            return;
        }
        var plain = new MimeBodyPart();
        plain.setText(text, UTF_8);
        var rich = new MimeBodyPart();
        rich.setText(html(message, message.html().get()), UTF_8, "html");
        mail.setContent(new MimeMultipart("alternative", plain, rich));
    }

    private static String text(OutboundMessage message) {
        return message.answerUrl()
                .filter(url -> !message.text().contains(url))
                .map(url -> message.text().stripTrailing() + "\n\n" + toAnswer(message) + " " + url + "\n")
                .orElse(message.text());
    }

    private static String html(OutboundMessage message, String html) {
        if (message.answerUrl().isEmpty()) {
            return html;
        }
        String url = escape(message.answerUrl().get());
        if (html.contains(url) || html.contains(message.answerUrl().get())) {
            return html;
        }
        String link = "<p>" + escape(toAnswer(message)) + " <a href=\"" + url + "\">" + url + "</a></p>";
        int end = html.toLowerCase(Locale.ROOT).lastIndexOf("</body>");
        return end < 0 ? html + link : html.substring(0, end) + link + html.substring(end);
    }

    private static String toAnswer(OutboundMessage message) {
        String language = message.language().split("-", 2)[0].toLowerCase(Locale.ROOT);
        return TO_ANSWER.getOrDefault(language, TO_ANSWER.get("en"));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
