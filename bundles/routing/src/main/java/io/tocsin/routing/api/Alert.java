package io.tocsin.routing.api;

import io.tocsin.channel.api.OutboundMessage.Category;
import java.time.Instant;
import java.util.Optional;

/**
 * An alert as the ledger holds it.
 *
 * @param recipients how many people were frozen at launch
 * @param endedAt when it was cancelled or closed
 */
public record Alert(
        int tenantId,
        long alertId,
        String scenario,
        int scenarioVersion,
        String title,
        Category category,
        boolean drill,
        State state,
        DispatchPolicy policy,
        int recipients,
        String launchedBy,
        Instant launchedAt,
        Optional<Instant> endedAt) {

    /** The words of the {@code alert.state} column, in capitals. */
    public enum State {
        RUNNING,
        PAUSED,
        CANCELLED,
        CLOSED
    }
}
