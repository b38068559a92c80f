package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelSettingsException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings of an SMS account, checked: each against {@link SmsAccount}, and here what they say together. The README beside
 * this channel has the table.
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
        Optional<PartPrice> price,
        boolean priority,
        Optional<Duration> validity,
        MessageIdFormat messageIds,
        OptionalInt referenceTag,
        Duration enquireLink,
        Duration responseTimeout,
        Duration reconnectDelay) {

    private static final String ASCII = "[ -~]*";

    /**
     * Reads and checks an account's settings.
     *
     * @throws ChannelSettingsException naming the first setting that is missing, unknown or wrong
     */
    static SmsSettings of(ChannelAccount account) throws ChannelSettingsException {
        SmsAccount read = account.settings(SmsAccount.class);
        return new SmsSettings(
                ascii("host", read.host()),
                read.port(),
                ascii("system-id", read.systemId()),
                password(read.password()),
                ascii("system-type", read.systemType().orElse("")),
                tls(read),
                read.transmitBinds(),
                read.receiveBinds(),
                read.window(),
                read.receiveWindow(),
                sender(read.sender()),
                octet(read.senderTon()),
                octet(read.senderNpi()),
                switch (read.alphabet()) {
                    case "latin-1" -> SmsText.Encoding.LATIN1;
                    case "ucs-2" -> SmsText.Encoding.UCS2;
                    default -> SmsText.Encoding.GSM7;
                },
                read.maxSegments(),
                PartPrice.of(read.pricePerPart()),
                read.priority(),
                read.validity(),
                MessageIdFormat.of(read.messageIdFormat()),
                referenceTag(read.referenceTag()),
                read.enquireLink(),
                read.responseTimeout(),
                read.reconnectDelay());
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

    private static String ascii(String setting, String value) throws ChannelSettingsException {
        if (!value.matches(ASCII)) {
            throw new ChannelSettingsException(setting, "is not plain ASCII: SMPP 3.4 has no other letters");
        }
        return value;
    }

    private static String password(String value) throws ChannelSettingsException {
        if (!value.matches(ASCII)) {
            throw new ChannelSettingsException(
                    "password", "must be at most 8 plain ASCII characters, as SMPP 3.4 has it");
        }
        return value;
    }

    private static Optional<Byte> octet(OptionalInt number) {
        return number.isEmpty() ? Optional.empty() : Optional.of((byte) number.getAsInt());
    }

    private static Optional<CarrierTls> tls(SmsAccount read) throws ChannelSettingsException {
        List<X509Certificate> authorities = PemCertificates.of("tls-ca", read.tlsCa());
        if (!read.tls()) {
            // who names authorities and forgets the switch must not send in the clear
            refuseNeedless("tls-ca", read.tlsCa());
            refuseNeedless("tls-name", read.tlsName());
            return Optional.empty();
        }
        try {
            return Optional.of(CarrierTls.to(
                    authorities,
                    ascii("tls-name", read.tlsName().orElse(read.host())),
                    read.port(),
                    Clock.systemUTC()));
        } catch (GeneralSecurityException e) {
            throw new ChannelSettingsException(
                    "tls", "cannot be had on this JVM: " + e.getMessage() + "; check its trust store");
        }
    }

    private static void refuseNeedless(String setting, Optional<String> written) throws ChannelSettingsException {
        if (written.isPresent()) {
            throw new ChannelSettingsException(setting, "is of no use without TLS: write tls: true, or leave it out");
        }
    }

    private static SmsSender sender(Optional<String> written) throws ChannelSettingsException {
        if (written.isEmpty()) {
            return SmsSender.CARRIERS;
        }
        return SmsSender.of(written.get())
                .orElseThrow(() -> new ChannelSettingsException(
                        "sender",
                        "'" + written.get() + "' is refused by operators, or is a word anyone could use; "
                                + SmsSender.RULE));
    }

    private static OptionalInt referenceTag(Optional<String> written) throws ChannelSettingsException {
        if (written.isEmpty()) {
            return OptionalInt.empty();
        }
        String wrong = "'" + written.get()
                + "' is no vendor-specific tag: write 0x1400 to 0x3fff as the carrier told you, or leave it out";
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
