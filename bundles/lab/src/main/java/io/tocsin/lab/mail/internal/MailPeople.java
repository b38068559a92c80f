package io.tocsin.lab.mail.internal;

import io.tocsin.lab.mail.MailOptions;
import io.tocsin.lab.mail.ReceivedMail;
import io.tocsin.lab.people.Dice;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimePart;
import jakarta.mail.internet.MimePartDataSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The people behind the addresses: some open the answer link, look at the page and send its form; some answer by mail;
 * most think first. The same seed gives the same people.
 */
final class MailPeople {
    private static final Logger LOG = LoggerFactory.getLogger(MailPeople.class);

    /** Only this machine: a demonstration never calls out. */
    private static final Pattern LINK = Pattern.compile("http://127\\.0\\.0\\.1(:\\d{1,5})?/[^\\s<>\"']{1,500}");

    private static final Pattern HIDDEN =
            Pattern.compile("<input\\b[^>]*type=[\"']hidden[\"'][^>]*>", Pattern.CASE_INSENSITIVE);
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int LARGEST_PAGE = 256 * 1024;

    private final ScheduledExecutorService clock;
    private final BounceMailbox mailbox;
    private final Session session = Session.getInstance(new Properties());
    private final LongAdder webAnswers = new LongAdder();
    private final LongAdder webFailures = new LongAdder();
    private final LongAdder mailAnswers = new LongAdder();

    MailPeople(ScheduledExecutorService clock, BounceMailbox mailbox) {
        this.clock = clock;
        this.mailbox = mailbox;
    }

    long webAnswers() {
        return webAnswers.sum();
    }

    long webFailures() {
        return webFailures.sum();
    }

    long mailAnswers() {
        return mailAnswers.sum();
    }

    void reset() {
        webAnswers.reset();
        webFailures.reset();
        mailAnswers.reset();
    }

    /** Someone has a new mail. Returns at once. */
    void reads(ReceivedMail mail, MailOptions options, Dice dice) {
        double way = dice.next();
        double byWeb = options.webShare();
        double byMail = byWeb + (1 - byWeb) * options.mailShare();
        if (way >= byMail) {
            return;
        }
        String answer =
                options.answers().get((int) (dice.next() * options.answers().size()));
        long spread = options.slowest().minus(options.quickest()).toMillis();
        long think = options.quickest().toMillis() + (long) (dice.next() * spread);
        if (way < byWeb) {
            Matcher link = LINK.matcher(text(mail));
            if (link.find()) {
                String url = link.group().replaceAll("[.,;:!?)]+$", "");
                after(think, () -> answerOnTheWeb(url, answer));
            }
        } else {
            byte[] reply = reply(mail, answer);
            after(think, () -> {
                mailbox.deliver(reply);
                mailAnswers.increment();
            });
        }
    }

    private void after(long millis, Runnable task) {
        try {
            clock.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.debug("lab-mail-closing");
        }
    }

    private void answerOnTheWeb(String url, String answer) {
        try {
            String page = get(url);
            String form = "answer=" + encoded(answer) + hidden(page);
            int status = post(url, form);
            (status < 400 ? webAnswers : webFailures).increment();
        } catch (IOException unreachable) {
            webFailures.increment();
            LOG.debug("lab-mail-answer-page", unreachable);
        }
    }

    private static String get(String url) throws IOException {
        HttpURLConnection http = open(url);
        try (var page = http.getInputStream()) {
            return new String(page.readNBytes(LARGEST_PAGE), StandardCharsets.UTF_8);
        }
    }

    private static int post(String url, String form) throws IOException {
        HttpURLConnection http = open(url);
        http.setRequestMethod("POST");
        http.setDoOutput(true);
        http.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
        try (var body = http.getOutputStream()) {
            body.write(form.getBytes(StandardCharsets.US_ASCII));
        }
        int status = http.getResponseCode();
        try (var page = status < 400 ? http.getInputStream() : http.getErrorStream()) {
            if (page != null) {
                page.readNBytes(LARGEST_PAGE); // read to the end, so that the connection serves the next person
            }
        }
        return status;
    }

    private static HttpURLConnection open(String url) throws IOException {
        var http = (HttpURLConnection) URI.create(url).toURL().openConnection();
        http.setConnectTimeout(TIMEOUT_MILLIS);
        http.setReadTimeout(TIMEOUT_MILLIS);
        http.setInstanceFollowRedirects(false); // a redirect could lead off this machine
        return http;
    }

    private static String hidden(String page) {
        var fields = new StringBuilder();
        Matcher inputs = HIDDEN.matcher(page);
        while (inputs.find()) {
            String name = attribute(inputs.group(), "name");
            if (!name.isEmpty() && !name.equals("answer")) {
                fields.append('&')
                        .append(encoded(name))
                        .append('=')
                        .append(encoded(attribute(inputs.group(), "value")));
            }
        }
        return fields.toString();
    }

    private static String attribute(String element, String name) {
        Matcher value = Pattern.compile("\\b" + name + "=[\"']([^\"']*)[\"']", Pattern.CASE_INSENSITIVE)
                .matcher(element);
        return value.find() ? value.group(1) : "";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private String text(ReceivedMail mail) {
        try {
            return text(new MimeMessage(session, new ByteArrayInputStream(mail.content())), 0);
        } catch (MessagingException | IOException unreadable) {
            LOG.debug("lab-mail-unreadable", unreadable);
            return "";
        }
    }

    private static String text(Part part, int depth) throws MessagingException, IOException {
        if (part.isMimeType("text/*")) {
            try (var in = part.getInputStream()) {
                return new String(in.readNBytes(LARGEST_PAGE), StandardCharsets.UTF_8).replace("&amp;", "&");
            }
        }
        if (!part.isMimeType("multipart/*") || depth > 5) {
            return "";
        }
        Multipart parts = new MimeMultipart(new MimePartDataSource((MimePart) part));
        var all = new StringBuilder();
        for (int i = 0; i < parts.getCount(); i++) {
            all.append(text(parts.getBodyPart(i), depth + 1)).append('\n');
        }
        return all.toString();
    }

    private static byte[] reply(ReceivedMail mail, String answer) {
        String id = DeliveryReport.messageId(mail);
        String text =
                """
                Return-Path: <%s>
                From: <%s>
                To: <%s>
                Date: %s
                Message-ID: <%s@people.example>
                In-Reply-To: %s
                References: %s
                Subject: Re:
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: 8bit

                %s

                > (the original, quoted)
                """
                        .formatted(
                                mail.recipient(),
                                mail.recipient(),
                                mail.sender(),
                                DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)),
                                UUID.randomUUID(),
                                id,
                                id,
                                answer);
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
