package io.tocsin.channel.sms.internal;

import io.tocsin.channel.sms.internal.Oddities.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Notices when a carrier writes ids in receipts otherwise than in responses and the account does not say so: no receipt
 * would ever find its message by id. Compares until a first receipt matches as the account is set, and costs nothing from
 * then on. Thread-safe.
 */
final class IdFormatCheck {
    private static final int REMEMBERED = 500;
    /** Numbers may match by chance, when a receipt comes before its response. */
    private static final int CONVINCING = 20;

    private static final int LOOKED_AT_CLOSELY = 200;
    private static final int ONE_IN = 100;

    private static final List<MessageIdFormat> LIKELY = List.of(
            MessageIdFormat.AUTO,
            MessageIdFormat.HEX_THEN_DECIMAL,
            MessageIdFormat.DECIMAL_THEN_HEX,
            MessageIdFormat.HEX,
            MessageIdFormat.DECIMAL);

    private final MessageIdFormat set;
    private final Oddities oddities;
    private final Deque<String> responses = new ArrayDeque<>();
    private final Map<MessageIdFormat, Integer> matches = new EnumMap<>(MessageIdFormat.class);
    private int receipts;
    private volatile boolean settled;

    IdFormatCheck(MessageIdFormat set, Oddities oddities) {
        this.set = set;
        this.oddities = oddities;
    }

    /** @param id as the carrier wrote it */
    void response(String id) {
        if (settled || id.isEmpty()) {
            return;
        }
        synchronized (responses) {
            responses.addLast(id);
            if (responses.size() > REMEMBERED) {
                responses.removeFirst();
            }
        }
    }

    /** @param id as the carrier wrote it */
    void receipt(String id) {
        if (settled || id.isEmpty()) {
            return;
        }
        synchronized (responses) {
            receipts++;
            if (receipts > LOOKED_AT_CLOSELY && receipts % ONE_IN != 0) {
                return;
            }
            if (matches(set, id)) {
                settled = true;
                responses.clear();
                return;
            }
            LIKELY.stream().filter(other -> matches(other, id)).findFirst().ifPresent(other -> {
                if (matches.merge(other, 1, Integer::sum) >= CONVINCING) {
                    oddities.saw(Kind.OTHER_ID_FORMAT, "receive", "write message-id-format: " + other.written());
                }
            });
        }
    }

    private boolean matches(MessageIdFormat format, String receipt) {
        String wanted = format.ofReceipt(receipt);
        return responses.stream()
                .anyMatch(response -> format.ofResponse(response).equals(wanted));
    }
}
