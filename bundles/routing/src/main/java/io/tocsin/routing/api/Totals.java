package io.tocsin.routing.api;

/**
 * The conservation law of one alert: {@code recipients = answered + delivered + failed + unknown + pending}.
 *
 * @param flagged of the recipients, how many had a message sent again after a doubt: possible second copies
 * @param published of the recipients, how many are places where the alert was published (pages, feeds, posts). Who reads them,
 *     nobody knows: whoever has nothing else stands in {@code unknown}, never in {@code delivered}
 */
public record Totals(
        long recipients,
        long answered,
        long delivered,
        long failed,
        long unknown,
        long pending,
        long flagged,
        long published) {

    /** Of an alert that was published nowhere. */
    public Totals(
            long recipients, long answered, long delivered, long failed, long unknown, long pending, long flagged) {
        this(recipients, answered, delivered, failed, unknown, pending, flagged, 0);
    }

    /** Where a person stands in an alert. */
    public enum State {
        ANSWERED,
        DELIVERED,
        FAILED,
        UNKNOWN,
        PENDING
    }

    /** Whether the law holds. */
    public boolean conserved() {
        return recipients == answered + delivered + failed + unknown + pending;
    }
}
