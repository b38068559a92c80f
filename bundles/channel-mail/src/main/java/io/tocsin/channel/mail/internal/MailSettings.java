package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelSettingsException;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of one mail account: each checked against {@link MailAccountSettings}, and here what they say together. The table in this room's README says what each one means.
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

    /**
     * A mailbox polled over IMAP.
     *
     * @param server the IMAP server
     * @param folder the folder read, {@code INBOX} by default
     * @param pollInterval the pause between two polls
     * @param delete whether what was recognised as ours is deleted once recorded, instead of flagged as seen
     */
    record Mailbox(MailServer server, String folder, Duration pollInterval, boolean delete) {}

    /** @throws ChannelSettingsException naming the first setting that is unknown, missing or wrong */
    static MailSettings of(ChannelAccount account) throws ChannelSettingsException {
        MailAccountSettings read = account.settings(MailAccountSettings.class);
        MailServer smtp = smtp(read);
        InternetAddress from = mailbox("from", read.from());
        named(from, read.fromName());
        InternetAddress returnPath = read.returnPath().isEmpty()
                ? from
                : mailbox("return-path", read.returnPath().get());
        return new MailSettings(
                smtp,
                read.imapHost().isEmpty()
                        ? Optional.empty()
                        : Optional.of(imap(read, read.imapHost().get())),
                from,
                returnPath,
                read.verp(),
                messageIdDomain(read.messageIdDomain(), from),
                read.connections(),
                window(read),
                read.dsn(),
                read.retryInterval());
    }

    private static int window(MailAccountSettings read) throws ChannelSettingsException {
        int window = read.window().orElse(read.connections());
        if (window < read.connections()) {
            throw new ChannelSettingsException(
                    "window", "must be a whole number from " + read.connections() + " (connections) to 10000");
        }
        return window;
    }

    private static Mailbox imap(MailAccountSettings read, String host) throws ChannelSettingsException {
        MailServer.Security security = MailServer.Security.of(read.imapSecurity());
        Optional<MailServer.Credentials> login = login(
                "imap-",
                read.imapUser().or(read::user),
                read.imapPassword().filter(text -> !text.isEmpty()).or(() -> password(read)));
        if (login.isEmpty()) {
            throw new ChannelSettingsException("imap-user", "is missing: reading a mailbox needs a user");
        }
        refuseInClear("imap-security", login, security, host);
        return new Mailbox(
                server(
                        read,
                        host,
                        read.imapPort().orElse(security == MailServer.Security.TLS ? 993 : 143),
                        security,
                        login),
                read.imapFolder(),
                read.pollInterval(),
                read.imapAfter().equals("delete"));
    }

    private static MailServer smtp(MailAccountSettings read) throws ChannelSettingsException {
        MailServer.Security security = MailServer.Security.of(read.security());
        Optional<MailServer.Credentials> login = login("", read.user(), password(read));
        refuseInClear("security", login, security, read.host());
        int usual =
                switch (security) {
                    case TLS -> 465;
                    case NONE -> 25;
                    default -> 587;
                };
        return server(read, read.host(), read.port().orElse(usual), security, login);
    }

    private static Optional<String> password(MailAccountSettings read) {
        return read.password().filter(text -> !text.isEmpty());
    }

    private static Optional<MailServer.Credentials> login(
            String prefix, Optional<String> user, Optional<String> password) throws ChannelSettingsException {
        if (user.isPresent() != password.isPresent()) {
            throw new ChannelSettingsException(
                    prefix + (user.isPresent() ? "password" : "user"),
                    "must come with the other one: user and password");
        }
        return user.map(name -> new MailServer.Credentials(name, password.orElseThrow()));
    }

    private static void refuseInClear(
            String setting, Optional<MailServer.Credentials> login, MailServer.Security security, String host)
            throws ChannelSettingsException {
        if (login.isPresent() && !security.alwaysEncrypts() && !MailServer.isLoopback(host)) {
            throw new ChannelSettingsException(
                    setting,
                    "would let the password travel in clear: write starttls or tls, or remove user and password");
        }
    }

    private static MailServer server(
            MailAccountSettings read,
            String host,
            int port,
            MailServer.Security security,
            Optional<MailServer.Credentials> login)
            throws ChannelSettingsException {
        return new MailServer(
                host,
                port,
                security,
                login,
                TrustedCertificates.context(read.trust()),
                read.connectTimeout(),
                read.responseTimeout());
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

    private static String messageIdDomain(Optional<String> written, InternetAddress from)
            throws ChannelSettingsException {
        String domain = written.orElse(MailAddresses.domain(from));
        if (!domain.matches("[A-Za-z0-9.-]{1,253}")) {
            throw new ChannelSettingsException("message-id-domain", "must be a domain such as alerts.example.org");
        }
        return domain;
    }
}
