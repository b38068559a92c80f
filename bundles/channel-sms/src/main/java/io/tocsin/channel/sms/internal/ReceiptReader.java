package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.Receipt;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsmpp.bean.DeliverSm;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.OptionalParameters;

/**
 * Reads receipts: the TLVs receipted_message_id and message_state where there are any (SMPP 3.4 §5.3.2.12, §5.3.2.35),
 * else the text of appendix B, whose fields carriers shuffle, rename in case and leave out.
 *
 * <p>A receipt's own times are left alone: they bear no zone and carriers do not agree on one. The time is when it came.
 */
final class ReceiptReader {
    private static final short RECEIPTED_MESSAGE_ID = 0x001e;
    private static final short MESSAGE_STATE = 0x0427;
    static final short MESSAGE_PAYLOAD = 0x0424;
    private static final int MESSAGE_TYPE = 0x3c;
    private static final int FINAL_RECEIPT = 0x04;
    private static final int INTERMEDIATE = 0x20;

    private static final int LONGEST_ID = 255;

    private static final Pattern ID = field("id", "\\S+");
    private static final Pattern STAT = field("stat", "[A-Za-z]+");
    private static final Pattern ERR = field("err", "[0-9A-Za-z]+");
    private static final String[] STATES = {
        "SCHEDULED", "ENROUTE", "DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD", "SKIPPED"
    };

    private final MessageIdFormat ids;
    private final OptionalInt referenceTag;
    private final Clock clock;
    private final Oddities oddities;
    private final IdFormatCheck check;

    ReceiptReader(MessageIdFormat ids, OptionalInt referenceTag, Clock clock, Oddities oddities, IdFormatCheck check) {
        this.ids = ids;
        this.referenceTag = referenceTag;
        this.clock = clock;
        this.oddities = oddities;
        this.check = check;
    }

    static boolean isReceipt(DeliverSm deliver) {
        int type = deliver.getEsmClass() & MESSAGE_TYPE;
        return type == FINAL_RECEIPT
                || type == INTERMEDIATE
                || text(RECEIPTED_MESSAGE_ID, deliver).isPresent();
    }

    Receipt read(DeliverSm deliver) {
        String text = new String(body(deliver), StandardCharsets.ISO_8859_1);
        String id = text(RECEIPTED_MESSAGE_ID, deliver)
                .or(() -> find(ID, text))
                .map(ReceiptReader::id)
                .orElse("");
        String stat = state(deliver).or(() -> find(STAT, text)).orElse("").toUpperCase(Locale.ROOT);
        String error = find(ERR, text).orElse("");
        String code = stat + (error.isEmpty() || error.matches("0+") ? "" : "/" + error);
        if (id.isEmpty()) {
            oddities.saw(Oddities.Kind.RECEIPT_WITHOUT_ID, "receive", "deliver_sm");
        }
        check.receipt(id);
        return new Receipt(
                ids.ofReceipt(id),
                referenceTag.isPresent() ? text((short) referenceTag.getAsInt(), deliver) : Optional.empty(),
                address(deliver.getSourceAddrTon(), deliver.getSourceAddr()),
                meaning(stat),
                code.length() > 64 ? code.substring(0, 64) : code,
                clock.instant());
    }

    /** The message of a deliver_sm, wherever the carrier put it. */
    static byte[] body(DeliverSm deliver) {
        byte[] text = deliver.getShortMessage();
        if (text != null && text.length > 0) {
            return text;
        }
        OptionalParameter payload = OptionalParameters.get(MESSAGE_PAYLOAD, deliver.getOptionalParameters());
        return payload instanceof OptionalParameter.OctetString octets ? octets.getValue() : new byte[0];
    }

    /** E.164 with its plus, if the digits can be that. */
    static Optional<String> address(byte typeOfNumber, String written) {
        String kept = written == null ? "" : printable(written);
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        String digits = kept.startsWith("+") ? kept.substring(1) : kept;
        boolean international = typeOfNumber == 1 || kept.startsWith("+") || digits.matches("[1-9][0-9]{9,14}");
        return Optional.of(international ? "+" + digits : kept);
    }

    /** Without control characters, which no address or id has and no database takes. */
    static String printable(String text) {
        return text.chars().allMatch(c -> c >= ' ') ? text : text.replaceAll("[\\x00-\\x1f]", "");
    }

    /** A carrier's id, unless it is so long that it can be none. */
    private static String id(String written) {
        return written.length() > LONGEST_ID ? "" : printable(written);
    }

    private static Receipt.State meaning(String stat) {
        return switch (stat) {
            case "DELIVRD" -> Receipt.State.DELIVERED;
            case "EXPIRED" -> Receipt.State.EXPIRED;
            case "DELETED", "UNDELIV", "REJECTD", "SKIPPED", "UNKNOWN" -> Receipt.State.FAILED;
            // scheduled, en route, accepted by the next SMSC, or a word of the carrier's own: not an end
            default -> Receipt.State.BUFFERED;
        };
    }

    private static Optional<String> state(DeliverSm deliver) {
        OptionalParameter state = OptionalParameters.get(MESSAGE_STATE, deliver.getOptionalParameters());
        if (state instanceof OptionalParameter.Byte number
                && number.getValue() >= 0
                && number.getValue() < STATES.length) {
            return Optional.of(STATES[number.getValue()]);
        }
        return Optional.empty();
    }

    private static Optional<String> text(short tag, DeliverSm deliver) {
        OptionalParameter found = OptionalParameters.get(tag, deliver.getOptionalParameters());
        if (found instanceof OptionalParameter.OctetString octets) {
            String value = octets.getValueAsString();
            // carriers end it with a null octet, or do not
            int end = value.indexOf('\0');
            String kept = (end < 0 ? value : value.substring(0, end)).strip();
            return kept.isEmpty() ? Optional.empty() : Optional.of(kept);
        }
        return Optional.empty();
    }

    private static Optional<String> find(Pattern field, String text) {
        Matcher matcher = field.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Pattern field(String name, String value) {
        return Pattern.compile("(?:^|\\s)" + name + ":(" + value + ")", Pattern.CASE_INSENSITIVE);
    }
}
