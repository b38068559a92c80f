package io.tocsin.routing.api;

/**
 * The conservation law of one alert: {@code recipients = answered + delivered + failed + unknown + pending}.
 *
 * @param flagged of the recipients, how many had a message sent again after a doubt: possible second copies
 */
public record Totals(
        long recipients, long answered, long delivered, long failed, long unknown, long pending, long flagged) {

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
