package io.tocsin.channel.sms.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The settings of an SMS account as accounts write them. {@link SmsSettings} checks what they say together. */
@ObjectClassDefinition(name = "SMS account", description = "An account at a carrier over SMPP 3.4")
interface SmsAccount {

    @AttributeDefinition(description = "the carrier's host name or address", max = "255")
    String host();

    @AttributeDefinition(description = "the carrier's port", min = "1", max = "65535", defaultValue = "2775")
    int port();

    // SMPP 3.4 §5.2.1 to §5.2.3: lengths of the bind's fields, their closing null octet left out
    @AttributeDefinition(description = "the account's name at the carrier", max = "15")
    String systemId();

    @AttributeDefinition(
            type = AttributeType.PASSWORD,
            description = "the password the carrier gave (SMPP 3.4 has room for 8 characters)",
            max = "8")
    String password();

    @AttributeDefinition(description = "what the carrier says to write, or nothing", max = "12", required = false)
    Optional<String> systemType();

    @AttributeDefinition(description = "true for TLS from the first octet", defaultValue = "false")
    boolean tls();

    @AttributeDefinition(
            description = "the only authorities to trust, in PEM; by itself those of the JVM",
            required = false)
    Optional<String> tlsCa();

    @AttributeDefinition(
            description = "the name the carrier's certificate must bear; by itself the host",
            required = false)
    Optional<String> tlsName();

    @AttributeDefinition(description = "connections that submit", min = "1", max = "32", defaultValue = "1")
    int transmitBinds();

    @AttributeDefinition(
            description = "connections that take receipts and replies",
            min = "1",
            max = "32",
            defaultValue = "1")
    int receiveBinds();

    @AttributeDefinition(
            description = "messages unfinished at once, over all binds",
            min = "1",
            max = "10000",
            defaultValue = "50")
    int window();

    @AttributeDefinition(
            description = "receipts and replies waiting for the database, on each receiving bind",
            min = "1",
            max = "100000",
            defaultValue = "2000")
    int receiveWindow();

    @AttributeDefinition(description = "what recipients see; by itself what the carrier makes of it", required = false)
    Optional<String> sender();

    @AttributeDefinition(
            description = "type of the sender's number, if the carrier wants its own",
            min = "0",
            max = "6",
            required = false,
            type = AttributeType.INTEGER)
    OptionalInt senderTon();

    @AttributeDefinition(
            description = "plan of the sender's number, if the carrier wants its own",
            min = "0",
            max = "18",
            required = false,
            type = AttributeType.INTEGER)
    OptionalInt senderNpi();

    @AttributeDefinition(
            description = "the carrier's default alphabet",
            options = {@Option("gsm-7"), @Option("latin-1"), @Option("ucs-2")},
            defaultValue = "gsm-7")
    String alphabet();

    @AttributeDefinition(
            description = "segments of a text at most; a longer one is rejected",
            min = "1",
            max = "255",
            defaultValue = "10")
    int maxSegments();

    @AttributeDefinition(
            description = "what a segment costs, amount and currency, such as 0.045 EUR; said before a launch",
            required = false)
    Optional<String> pricePerPart();

    @AttributeDefinition(description = "true to send priority_flag by category", defaultValue = "false")
    boolean priority();

    @AttributeDefinition(
            description = "how long the carrier tries; by itself as long as it likes",
            min = "1m",
            max = "7d",
            required = false)
    Optional<Duration> validity();

    @AttributeDefinition(
            description = "how ids in responses and receipts are made the same",
            options = {
                @Option("as-is"),
                @Option("auto"),
                @Option("hex"),
                @Option("decimal"),
                @Option("hex-then-decimal"),
                @Option("decimal-then-hex")
            },
            defaultValue = "as-is")
    String messageIdFormat();

    @AttributeDefinition(
            description = "the vendor-specific TLV that carries our reference, 0x1400 to 0x3fff",
            required = false)
    Optional<String> referenceTag();

    @AttributeDefinition(
            description = "silence after which the connection is tested",
            min = "100ms",
            max = "10m",
            defaultValue = "5s")
    Duration enquireLink();

    @AttributeDefinition(description = "how long a response may take", min = "100ms", max = "2m", defaultValue = "5s")
    Duration responseTimeout();

    @AttributeDefinition(description = "pause after a refused bind", min = "10ms", max = "10m", defaultValue = "2s")
    Duration reconnectDelay();
}
