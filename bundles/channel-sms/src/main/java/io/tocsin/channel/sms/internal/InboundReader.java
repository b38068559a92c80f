package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.InboundMessage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jsmpp.bean.DeliverSm;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.OptionalParameters;

/**
 * Reads what people write: decodes it, joins long messages, and gives each an id.
 *
 * <p>SMPP gives an inbound message no id. One that was refused and comes again gets the id it had, the others each a new
 * one: the same person writing the same word twice must count twice. The parts of a long message are acknowledged as
 * they come and wait in memory, at most an hour and a thousand messages; a crash between two parts loses the first.
 * Thread-safe.
 */
final class InboundReader {
    private static final int UDHI = 0x40;
    private static final int MOST_KEPT = 1_000;
    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final short SAR_REFERENCE = 0x020c;
    private static final short SAR_TOTAL = 0x020e;
    private static final short SAR_NUMBER = 0x020f;

    private record Place(int group, int total, int number) {
        private static final Place ALONE = new Place(0, 1, 1);
    }

    private record Conversation(String from, String to, int group, int total) {}

    private record Parts(String[] texts, Instant since) {}

    private final SmsText.Encoding defaultAlphabet;
    private final Clock clock;
    private final Map<String, String> refused = bounded();
    private final Map<Conversation, Parts> partial = bounded();

    InboundReader(SmsText.Encoding defaultAlphabet, Clock clock) {
        this.defaultAlphabet = defaultAlphabet;
        this.clock = clock;
    }

    /**
     * Reads one message and gives it, once it is whole, to be stored.
     *
     * @param store completes when the message is safe; exceptionally if it is to come again
     * @return what {@code store} said; complete at once for a part of a message
     */
    CompletionStage<Void> read(DeliverSm deliver, Function<InboundMessage, CompletionStage<Void>> store) {
        String from = ReceiptReader.address(deliver.getSourceAddrTon(), deliver.getSourceAddr())
                .orElse("");
        String to = deliver.getDestAddress() == null ? "" : ReceiptReader.printable(deliver.getDestAddress());
        byte[] body = ReceiptReader.body(deliver);
        int header = headerLength(deliver, body);
        Place place = place(deliver, body, header);
        String text = decode(Arrays.copyOfRange(body, header, body.length), deliver.getDataCoding())
                .replace("\0", "");
        Conversation conversation = new Conversation(from, to, place.group(), place.total());
        if (place.total() > 1) {
            Optional<String> whole = join(conversation, place, text);
            if (whole.isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            text = whole.get();
        }
        String likeness = from + '\n' + to + '\n' + text;
        InboundMessage message = new InboundMessage(idOf(likeness), from, to, Optional.empty(), text, clock.instant());
        return store.apply(message).whenComplete((nothing, failure) -> {
            if (failure == null) {
                forget(conversation);
            } else {
                remember(likeness, message.id());
            }
        });
    }

    private String idOf(String likeness) {
        synchronized (refused) {
            String before = refused.remove(likeness);
            return before == null ? "mo-" + UUID.randomUUID() : before;
        }
    }

    private void remember(String likeness, String id) {
        synchronized (refused) {
            refused.put(likeness, id);
        }
    }

    /** The whole text once all parts are here; they stay until the message is stored, so that the last may come again. */
    private Optional<String> join(Conversation conversation, Place place, String text) {
        synchronized (partial) {
            Instant now = clock.instant();
            partial.values().removeIf(parts -> parts.since().plus(PATIENCE).isBefore(now));
            Parts parts = partial.computeIfAbsent(conversation, key -> new Parts(new String[key.total()], now));
            parts.texts()[place.number() - 1] = text;
            return Arrays.asList(parts.texts()).contains(null)
                    ? Optional.empty()
                    : Optional.of(String.join("", parts.texts()));
        }
    }

    private void forget(Conversation conversation) {
        synchronized (partial) {
            partial.remove(conversation);
        }
    }

    private String decode(byte[] octets, byte dataCoding) {
        // 3GPP TS 23.038 §4: general data coding 00xx and message classes 1111 put the alphabet in bits 3 and 2
        boolean unicode = (dataCoding & 0xff) == 0x08 || (dataCoding & 0xec) == 0x08;
        if (unicode) {
            return new String(octets, StandardCharsets.UTF_16BE);
        }
        if (dataCoding == 0x01 || dataCoding == 0x03 || defaultAlphabet == SmsText.Encoding.LATIN1) {
            return new String(octets, StandardCharsets.ISO_8859_1);
        }
        return Gsm7.decode(octets);
    }

    private static int headerLength(DeliverSm deliver, byte[] body) {
        boolean header = (deliver.getEsmClass() & UDHI) != 0 && body.length > 0;
        return header ? Math.min((body[0] & 0xff) + 1, body.length) : 0;
    }

    private static Place place(DeliverSm deliver, byte[] body, int header) {
        for (int at = 1; at + 1 < header; at += 2 + (body[at + 1] & 0xff)) {
            int length = body[at + 1] & 0xff;
            if (at + 2 + length > header) {
                break;
            }
            if (body[at] == 0x00 && length == 3) {
                return checked(body[at + 2] & 0xff, body[at + 3] & 0xff, body[at + 4] & 0xff);
            }
            if (body[at] == 0x08 && length == 4) {
                int group = (body[at + 2] & 0xff) << 8 | body[at + 3] & 0xff;
                return checked(group, body[at + 4] & 0xff, body[at + 5] & 0xff);
            }
        }
        OptionalParameter[] parameters = deliver.getOptionalParameters();
        if (OptionalParameters.get(SAR_REFERENCE, parameters) instanceof OptionalParameter.Short group
                && OptionalParameters.get(SAR_TOTAL, parameters) instanceof OptionalParameter.Byte total
                && OptionalParameters.get(SAR_NUMBER, parameters) instanceof OptionalParameter.Byte number) {
            return checked(group.getValue() & 0xffff, total.getValue() & 0xff, number.getValue() & 0xff);
        }
        return Place.ALONE;
    }

    private static Place checked(int group, int total, int number) {
        return total > 1 && number >= 1 && number <= total ? new Place(group, total, number) : Place.ALONE;
    }

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MOST_KEPT;
            }
        };
    }
}
