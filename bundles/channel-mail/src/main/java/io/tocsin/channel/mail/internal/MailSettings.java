package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelSettingsException;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of one mail account, typed and checked. The table in this room's README says what each one means.
 *
 * @param smtp the submission server
 * @param mailbox where bounces and replies are read, if the account has one
 * @param from what recipients see as the author's mailbox
 * @param returnPath the envelope sender, to which bounces come (RFC 5321, 4.5.5)
 * @param verp whether the reference is added to the envelope sender: {@code bounces+REFERENCE@domain}
 * @param messageIdDomain the right-hand side of our Message-IDs
 * @param connections SMTP connections kept open at most; at least 1
 * @param window messages unfinished at most; at least {@code connections}
 * @param dsn whether delivery status notifications are asked for when the server offers them (RFC 3461)
 * @param retryInterval how long to wait before trying an unreachable server again
 */
record MailSettings(
        MailServer smtp,
        Optional<Mailbox> mailbox,
        InternetAddress from,
        InternetAddress returnPath,
        boolean verp,
        String messageIdDomain,
        int connections,
        int window,
        boolean dsn,
        Duration retryInterval) {

    private static final Set<String> KNOWN = Set.of(
            "host",
            "port",
            "security",
            "user",
            "password",
            "trust",
            "connect-timeout",
            "response-timeout",
            "from",
            "from-name",
            "return-path",
            "verp",
            "message-id-domain",
            "connections",
            "window",
            "dsn",
            "retry-interval",
            "imap-host",
            "imap-port",
            "imap-security",
            "imap-user",
            "imap-password",
            "imap-folder",
            "imap-after",
            "poll-interval");

    /**
     * A mailbox polled over IMAP.
     *
     * @param server the IMAP server
     * @param folder the folder read, {@code INBOX} by default
     * @param pollInterval the pause between two polls
     * @param delete whether what was recognised as ours is deleted once recorded, instead of flagged as seen
     */
    record Mailbox(MailServer server, String folder, Duration pollInterval, boolean delete) {}

    /** Returns the settings this channel does not know, to be named to the operator: most often a typing error. */
    static Set<String> unknown(ChannelAccount account) {
        var names = new java.util.TreeSet<>(account.settings().keySet());
        names.removeAll(KNOWN);
        return names;
    }

    /** @throws ChannelSettingsException naming the first setting that is missing or wrong */
    static MailSettings of(ChannelAccount account) throws ChannelSettingsException {
        var read = new SettingsReader(account.settings());
        MailServer smtp = server(read, "", 25, 587, 465);
        InternetAddress from =
                mailbox("from", read.required("from", "the mailbox recipients see, such as alerts@example.org"));
        named(from, read.text("from-name"));
        InternetAddress returnPath = read.text("return-path").isEmpty()
                ? from
                : mailbox("return-path", read.text("return-path").get());
        int connections = read.number("connections", 8, 1, 64);
        return new MailSettings(
                smtp,
                read.text("imap-host").isEmpty() ? Optional.empty() : Optional.of(imap(read)),
                from,
                returnPath,
                read.flag("verp", false),
                messageIdDomain(read, from),
                connections,
                read.number("window", connections, connections, 10_000),
                read.flag("dsn", true),
                read.duration("retry-interval", Duration.ofSeconds(5)));
    }

    private static Mailbox imap(SettingsReader read) throws ChannelSettingsException {
        String after = read.text("imap-after").orElse("seen");
        if (!after.equals("seen") && !after.equals("delete")) {
            throw new ChannelSettingsException("imap-after", "must be seen or delete");
        }
        return new Mailbox(
                server(read, "imap-", 143, 143, 993),
                read.text("imap-folder").orElse("INBOX"),
                read.duration("poll-interval", Duration.ofSeconds(10)),
                after.equals("delete"));
    }

    private static MailServer server(SettingsReader read, String prefix, int plain, int startTls, int tls)
            throws ChannelSettingsException {
        String host = read.required(prefix + "host", "the server's host name");
        var security = MailServer.Security.of(
                prefix + "security", read.text(prefix + "security").orElse("starttls"));
        int usual = security == MailServer.Security.TLS ? tls : security == MailServer.Security.NONE ? plain : startTls;
        Optional<String> user = read.text(prefix + "user").or(() -> read.text("user"));
        Optional<String> password = read.secret(prefix + "password").or(() -> read.secret("password"));
        if (user.isPresent() != password.isPresent()) {
            throw new ChannelSettingsException(
                    prefix + (user.isPresent() ? "password" : "user"),
                    "must come with the other one: user and password");
        }
        if (!prefix.isEmpty() && user.isEmpty()) {
            throw new ChannelSettingsException(prefix + "user", "is missing: reading a mailbox needs a user");
        }
        if (user.isPresent() && !security.alwaysEncrypts() && !MailServer.isLoopback(host)) {
            throw new ChannelSettingsException(
                    prefix + "security",
                    "would let the password travel in clear: write starttls or tls, or remove user and password");
        }
        return new MailServer(
                host,
                read.number(prefix + "port", usual, 1, 65_535),
                security,
                user.map(name -> new MailServer.Credentials(name, password.orElseThrow())),
                TrustedCertificates.context(read.text("trust").orElse("system")),
                read.duration("connect-timeout", Duration.ofSeconds(10)),
                read.duration("response-timeout", Duration.ofSeconds(60)));
    }

    private static InternetAddress mailbox(String setting, String value) throws ChannelSettingsException {
        return MailAddresses.mailbox(value)
                .orElseThrow(
                        () -> new ChannelSettingsException(setting, "must be one mailbox such as alerts@example.org"));
    }

    private static void named(InternetAddress from, Optional<String> name) throws ChannelSettingsException {
        if (name.isPresent()) {
            MailAddresses.display(from, name.get());
        }
    }

    private static String messageIdDomain(SettingsReader read, InternetAddress from) throws ChannelSettingsException {
        String domain = read.text("message-id-domain").orElse(MailAddresses.domain(from));
        if (!domain.matches("[A-Za-z0-9.-]{1,253}")) {
            throw new ChannelSettingsException("message-id-domain", "must be a domain such as alerts.example.org");
        }
        return domain;
    }
}
