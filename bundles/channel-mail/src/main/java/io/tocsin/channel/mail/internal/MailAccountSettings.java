package io.tocsin.channel.mail.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of a mail account as accounts write them. {@link MailSettings} checks what they say together. */
@ObjectClassDefinition(name = "mail account", description = "SMTP submission, and a mailbox for what comes back")
interface MailAccountSettings {

    @AttributeDefinition(description = "the server's host name", max = "255")
    String host();

    @AttributeDefinition(
            description = "the server's port; by itself 587, 465 with tls, 25 with none",
            min = "1",
            max = "65535",
            required = false,
            type = AttributeType.INTEGER)
    OptionalInt port();

    @AttributeDefinition(
            description = "how the connection is protected",
            options = {@Option("starttls"), @Option("starttls-if-offered"), @Option("tls"), @Option("none")},
            defaultValue = "starttls")
    String security();

    @AttributeDefinition(description = "the login", required = false)
    Optional<String> user();

    @AttributeDefinition(type = AttributeType.PASSWORD, description = "the login's password", required = false)
    Optional<String> password();

    @AttributeDefinition(
            description = "system, or the path of a PEM file with the certificates believed",
            defaultValue = "system")
    String trust();

    @AttributeDefinition(description = "how long connecting may take", min = "1ms", max = "24h", defaultValue = "10s")
    Duration connectTimeout();

    @AttributeDefinition(
            description = "how long each reply or write may take",
            min = "1ms",
            max = "24h",
            defaultValue = "60s")
    Duration responseTimeout();

    @AttributeDefinition(description = "the mailbox recipients see, such as alerts@example.org")
    String from();

    @AttributeDefinition(description = "the name recipients see", required = false)
    Optional<String> fromName();

    @AttributeDefinition(description = "the mailbox bounces go to; by itself from", required = false)
    Optional<String> returnPath();

    @AttributeDefinition(description = "true to add the reference to the envelope sender", defaultValue = "false")
    boolean verp();

    @AttributeDefinition(
            description = "the right-hand side of our Message-IDs; by itself the domain of from",
            required = false)
    Optional<String> messageIdDomain();

    @AttributeDefinition(description = "SMTP connections kept open", min = "1", max = "64", defaultValue = "8")
    int connections();

    @AttributeDefinition(
            description = "mails unfinished at once; by itself as many as connections",
            min = "1",
            max = "10000",
            required = false,
            type = AttributeType.INTEGER)
    OptionalInt window();

    @AttributeDefinition(
            description = "true to ask for delivery reports where the server offers them",
            defaultValue = "true")
    boolean dsn();

    @AttributeDefinition(
            description = "pause before an unreachable server is tried again",
            min = "1ms",
            max = "24h",
            defaultValue = "5s")
    Duration retryInterval();

    @AttributeDefinition(
            description = "the mailbox's server; without it no mailbox is read",
            required = false,
            max = "255")
    Optional<String> imapHost();

    @AttributeDefinition(
            description = "its port; by itself 143, 993 with tls",
            min = "1",
            max = "65535",
            required = false,
            type = AttributeType.INTEGER)
    OptionalInt imapPort();

    @AttributeDefinition(
            description = "how the connection is protected",
            options = {@Option("starttls"), @Option("starttls-if-offered"), @Option("tls"), @Option("none")},
            defaultValue = "starttls")
    String imapSecurity();

    @AttributeDefinition(description = "the mailbox's login; by itself user", required = false)
    Optional<String> imapUser();

    @AttributeDefinition(
            type = AttributeType.PASSWORD,
            description = "the mailbox's password; by itself password",
            required = false)
    Optional<String> imapPassword();

    @AttributeDefinition(description = "the folder that is read", defaultValue = "INBOX")
    String imapFolder();

    @AttributeDefinition(
            description = "what becomes of what was recognised as ours",
            options = {@Option("seen"), @Option("delete")},
            defaultValue = "seen")
    String imapAfter();

    @AttributeDefinition(description = "pause between two looks", min = "1ms", max = "24h", defaultValue = "10s")
    Duration pollInterval();
}
