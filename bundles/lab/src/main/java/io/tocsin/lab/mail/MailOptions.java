package io.tocsin.lab.mail;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the simulated mail server and its people behave. Built with {@link #builder()}; can be replaced while it runs, but
 * for the ports and accounts. Patterns are addresses with {@code *} for any characters; the first that matches decides.
 *
 * @param smtpPort where to take mail, 0 for a free port
 * @param imapPort where the bounce mailbox is read, 0 for a free port
 * @param login who may send; empty lets anyone
 * @param mailbox who reads the mailbox to which bounces and replies go
 * @param latency from the end of a mail to the reply
 * @param replies pattern to the reply to RCPT, such as {@code 550 5.1.1 No such user}
 * @param bounces patterns of recipients who are accepted and then bounce
 * @param successReports whether a DELIVERED report is sent when one was asked for (RFC 3461)
 * @param reportDelay from acceptance to the report
 * @param dropRate share of mails on which the connection is cut, half before and half after taking the mail
 * @param webShare share of people who open the answer link and answer there, 0 to 1
 * @param mailShare share of people who answer by mail, of those who do not by the web
 * @param answers what people answer, each equally often
 * @param quickest the shortest think time
 * @param slowest the longest think time
 * @param maxConnections SMTP connections at once; one more is told 421
 * @param maxRecorded recipients counted by name at most, so that memory stays bounded
 * @param seed the seed of every throw of dice
 */
public record MailOptions(
        int smtpPort,
        int imapPort,
        Optional<Login> login,
        Login mailbox,
        Duration latency,
        Map<String, String> replies,
        List<String> bounces,
        boolean successReports,
        Duration reportDelay,
        double dropRate,
        double webShare,
        double mailShare,
        List<String> answers,
        Duration quickest,
        Duration slowest,
        int maxConnections,
        int maxRecorded,
        long seed) {

    /** A user and the password; only the user is printed. */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these options. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.smtpPort = smtpPort;
        b.imapPort = imapPort;
        b.login = login;
        b.mailbox = mailbox;
        b.latency = latency;
        b.replies = replies;
        b.bounces = bounces;
        b.successReports = successReports;
        b.reportDelay = reportDelay;
        b.dropRate = dropRate;
        b.webShare = webShare;
        b.mailShare = mailShare;
        b.answers = answers;
        b.quickest = quickest;
        b.slowest = slowest;
        b.maxConnections = maxConnections;
        b.maxRecorded = maxRecorded;
        b.seed = seed;
        return b;
    }

    /** Collects options; every setter returns the builder, and a wrong value is refused naming the option. */
    public static final class Builder {
        private int smtpPort;
        private int imapPort;
        private Optional<Login> login = Optional.empty();
        private Login mailbox = new Login("bounces", "bounces");
        private Duration latency = Duration.ZERO;
        private Map<String, String> replies = usualReplies();
        private List<String> bounces = List.of("*@bounce.example");
        private boolean successReports = true;
        private Duration reportDelay = Duration.ofMillis(500);
        private double dropRate;
        private double webShare;
        private double mailShare;
        private List<String> answers = List.of("1");
        private Duration quickest = Duration.ofMillis(500);
        private Duration slowest = Duration.ofSeconds(5);
        private int maxConnections = 128;
        private int maxRecorded = 200_000;
        private long seed = 1;

        private Builder() {}

        public Builder smtpPort(int port) {
            smtpPort = port;
            return this;
        }

        public Builder imapPort(int port) {
            imapPort = port;
            return this;
        }

        public Builder login(String user, String password) {
            login = Optional.of(new Login(user, password));
            return this;
        }

        public Builder mailbox(String user, String password) {
            mailbox = new Login(user, password);
            return this;
        }

        public Builder latency(Duration value) {
            latency = positive("latency", value);
            return this;
        }

        /** Adds a reply to RCPT before those already there. */
        public Builder reply(String pattern, String line) {
            if (!line.matches("[245]\\d\\d .*")) {
                throw new IllegalArgumentException("reply: " + line + " is not an SMTP reply such as 550 5.1.1 No");
            }
            var all = new LinkedHashMap<String, String>();
            all.put(pattern, line);
            replies.forEach(all::putIfAbsent);
            replies = all;
            return this;
        }

        public Builder bounces(List<String> patterns) {
            bounces = List.copyOf(patterns);
            return this;
        }

        public Builder reports(boolean success, Duration delay) {
            successReports = success;
            reportDelay = positive("report-delay", delay);
            return this;
        }

        public Builder dropRate(double share) {
            dropRate = share("drop-rate", share);
            return this;
        }

        public Builder people(double byWeb, double byMail) {
            webShare = share("web-share", byWeb);
            mailShare = share("mail-share", byMail);
            return this;
        }

        public Builder answers(List<String> texts) {
            if (texts.isEmpty()) {
                throw new IllegalArgumentException("answers: people need at least one");
            }
            answers = List.copyOf(texts);
            return this;
        }

        public Builder think(Duration least, Duration most) {
            quickest = positive("think-min", least);
            slowest = positive("think-max", most);
            if (most.compareTo(least) < 0) {
                throw new IllegalArgumentException("think-max: is under think-min");
            }
            return this;
        }

        public Builder maxConnections(int most) {
            maxConnections = most;
            return this;
        }

        public Builder maxRecorded(int most) {
            maxRecorded = most;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public MailOptions build() {
            return new MailOptions(
                    smtpPort,
                    imapPort,
                    login,
                    mailbox,
                    latency,
                    Collections.unmodifiableMap(new LinkedHashMap<>(replies)),
                    bounces,
                    successReports,
                    reportDelay,
                    dropRate,
                    webShare,
                    mailShare,
                    answers,
                    quickest,
                    slowest,
                    maxConnections,
                    maxRecorded,
                    seed);
        }

        private static Map<String, String> usualReplies() {
            var replies = new LinkedHashMap<String, String>();
            replies.put("*@refused.example", "550 5.1.1 No such user");
            replies.put("*@later.example", "451 4.7.1 Try again later");
            return replies;
        }

        private static double share(String name, double share) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException(name + ": is a share from 0 to 1, not " + share);
            }
            return share;
        }

        private static Duration positive(String name, Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException(name + ": is negative");
            }
            return value;
        }
    }
}
