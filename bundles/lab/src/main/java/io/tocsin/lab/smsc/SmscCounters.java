package io.tocsin.lab.smsc;

/**
 * What the SMSC has seen since it started or was reset.
 *
 * @param submits submit_sm read, whatever became of them
 * @param accepted segments taken
 * @param throttled segments answered ESME_RTHROTTLED
 * @param refused segments answered ESME_RINVDSTADR
 * @param messages complete messages, segments put together
 * @param destinations distinct destinations of complete messages
 * @param duplicates complete messages that had come before: same destination and same reference, or same text if the
 *     sender gives no reference
 * @param receipts receipts that the sender acknowledged
 * @param receiptsRefused receipts that the sender refused, to be delivered again
 * @param replies replies that the sender acknowledged
 * @param undelivered receipts and replies that wait for a receiver to bind or to acknowledge
 * @param drops connections dropped on purpose
 * @param binds binds up now
 */
public record SmscCounters(
        long submits,
        long accepted,
        long throttled,
        long refused,
        long messages,
        long destinations,
        long duplicates,
        long receipts,
        long receiptsRefused,
        long replies,
        long undelivered,
        long drops,
        int binds) {

    /** One line of JSON. */
    public String toJson() {
        return ("{\"submits\":%d,\"accepted\":%d,\"throttled\":%d,\"refused\":%d,\"messages\":%d,\"destinations\":%d,"
                        + "\"duplicates\":%d,\"receipts\":%d,\"receiptsRefused\":%d,\"replies\":%d,\"undelivered\":%d,"
                        + "\"drops\":%d,\"binds\":%d}")
                .formatted(
                        submits,
                        accepted,
                        throttled,
                        refused,
                        messages,
                        destinations,
                        duplicates,
                        receipts,
                        receiptsRefused,
                        replies,
                        undelivered,
                        drops,
                        binds);
    }
}
