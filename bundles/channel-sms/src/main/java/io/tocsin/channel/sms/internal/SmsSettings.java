package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.ChannelSettingsException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The settings of an SMS account, checked. The README beside this channel has the table.
 *
 * @param password secret: in no message, log line or {@code toString}
 */
record SmsSettings(
        String host,
        int port,
        String systemId,
        String password,
        String systemType,
        Optional<CarrierTls> tls,
        int transmitBinds,
        int receiveBinds,
        int window,
        int receiveWindow,
        SmsSender sender,
        Optional<Byte> senderTon,
        Optional<Byte> senderNpi,
        SmsText.Encoding alphabet,
        int maxSegments,
        boolean priority,
        Optional<Duration> validity,
        MessageIdFormat messageIds,
        OptionalInt referenceTag,
        Duration enquireLink,
        Duration responseTimeout,
        Duration reconnectDelay) {

    private static final int DEFAULT_PORT = 2775;
    private static final Set<String> KNOWN = Set.of(
            "host",
            "port",
            "system-id",
            "password",
            "system-type",
            "tls",
            "tls-ca",
            "tls-name",
            "transmit-binds",
            "receive-binds",
            "window",
            "receive-window",
            "sender",
            "sender-ton",
            "sender-npi",
            "alphabet",
            "max-segments",
            "priority",
            "validity",
            "message-id-format",
            "reference-tag",
            "enquire-link",
            "response-timeout",
            "reconnect-delay");

    /**
     * Reads and checks an account's settings.
     *
     * @throws ChannelSettingsException naming the first setting that is missing, unknown or wrong
     */
    static SmsSettings of(Map<String, String> written) throws ChannelSettingsException {
        SettingReader read = new SettingReader(written, KNOWN);
        return new SmsSettings(
                read.required("host", 255, "the carrier's host name or address"),
                read.integer("port", DEFAULT_PORT, 1, 65_535),
                // SMPP 3.4 §5.2.1 to §5.2.3: lengths of the bind's fields, their closing null octet left out
                read.required("system-id", 15, "the account's name at the carrier"),
                read.secret("password", 8),
                read.text("system-type", "", 12),
                tls(read),
                read.integer("transmit-binds", 1, 1, 32),
                read.integer("receive-binds", 1, 1, 32),
                read.integer("window", 50, 1, 10_000),
                read.integer("receive-window", 2_000, 1, 100_000),
                sender(read),
                read.optional("sender-ton").isEmpty()
                        ? Optional.empty()
                        : Optional.of((byte) read.integer("sender-ton", 0, 0, 6)),
                read.optional("sender-npi").isEmpty()
                        ? Optional.empty()
                        : Optional.of((byte) read.integer("sender-npi", 0, 0, 18)),
                read.choice(
                        "alphabet",
                        "gsm-7",
                        Map.of(
                                "gsm-7", SmsText.Encoding.GSM7,
                                "latin-1", SmsText.Encoding.LATIN1,
                                "ucs-2", SmsText.Encoding.UCS2)),
                read.integer("max-segments", 10, 1, 255),
                read.choice("priority", "false", Map.of("true", true, "false", false)),
                read.optional("validity").isEmpty()
                        ? Optional.empty()
                        : Optional.of(read.duration("validity", "1h", Duration.ofMinutes(1), Duration.ofDays(7))),
                messageIds(read),
                referenceTag(read),
                read.duration("enquire-link", "5s", Duration.ofMillis(100), Duration.ofMinutes(10)),
                read.duration("response-timeout", "5s", Duration.ofMillis(100), Duration.ofMinutes(2)),
                read.duration("reconnect-delay", "2s", Duration.ofMillis(10), Duration.ofMinutes(10)));
    }

    /** The sender with the account's own type and plan of number, if it has any. */
    SmsSender withTypes(SmsSender one) {
        return one.address().isEmpty()
                ? one
                : new SmsSender(
                        one.address(), senderTon.orElse(one.typeOfNumber()), senderNpi.orElse(one.numberingPlan()));
    }

    /** Names the peer and nothing else. */
    @Override
    public String toString() {
        return "SmsSettings[" + host + ":" + port + "]";
    }

    private static Optional<CarrierTls> tls(SettingReader read) throws ChannelSettingsException {
        boolean wanted = read.choice("tls", "false", Map.of("true", true, "false", false));
        List<X509Certificate> authorities = read.certificates("tls-ca");
        Optional<String> name = read.optional("tls-name");
        if (!wanted) {
            // who names authorities and forgets the switch must not send in the clear
            for (String needless : List.of("tls-ca", "tls-name")) {
                if (read.optional(needless).isPresent()) {
                    throw new ChannelSettingsException(
                            needless, "is of no use without TLS: write tls: true, or leave it out");
                }
            }
            return Optional.empty();
        }
        try {
            return Optional.of(CarrierTls.to(
                    authorities,
                    name.orElse(read.required("host", 255, "the carrier's host name or address")),
                    read.integer("port", DEFAULT_PORT, 1, 65_535),
                    Clock.systemUTC()));
        } catch (GeneralSecurityException e) {
            throw new ChannelSettingsException(
                    "tls", "cannot be had on this JVM: " + e.getMessage() + "; check its trust store");
        }
    }

    private static SmsSender sender(SettingReader read) throws ChannelSettingsException {
        Optional<String> written = read.optional("sender");
        if (written.isEmpty()) {
            return SmsSender.CARRIERS;
        }
        return SmsSender.of(written.get())
                .orElseThrow(() -> new ChannelSettingsException(
                        "sender",
                        "'" + written.get() + "' is refused by operators, or is a word anyone could use; "
                                + SmsSender.RULE));
    }

    private static MessageIdFormat messageIds(SettingReader read) throws ChannelSettingsException {
        Map<String, MessageIdFormat> choices = new java.util.TreeMap<>();
        for (MessageIdFormat format : MessageIdFormat.values()) {
            choices.put(format.written(), format);
        }
        return read.choice("message-id-format", MessageIdFormat.AS_IS.written(), choices);
    }

    private static OptionalInt referenceTag(SettingReader read) throws ChannelSettingsException {
        Optional<String> written = read.optional("reference-tag");
        if (written.isEmpty()) {
            return OptionalInt.empty();
        }
        String wrong = "'" + written.get()
                + "' is no vendor-specific tag: write 0x1400 to 0x3fff as the carrier told you, " + "or leave it out";
        try {
            int tag = Integer.decode(written.get());
            if (tag >= 0x1400 && tag <= 0x3fff) {
                return OptionalInt.of(tag);
            }
        } catch (NumberFormatException e) {
            throw new ChannelSettingsException("reference-tag", wrong);
        }
        throw new ChannelSettingsException("reference-tag", wrong);
    }
}
