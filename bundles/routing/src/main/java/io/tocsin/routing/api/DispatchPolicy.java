package io.tocsin.routing.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an alert is dispatched: frozen at launch, stored as JSON in {@code alert.policy}.
 *
 * @param cascade steps in order; at least one
 * @param choices answers a person may give: key to meaning, in order; empty when nothing is asked
 * @param variables values for the whole alert (scenario defaults under launch values); a contact's own value wins
 * @param answerBaseUrl start of the answer links, such as {@code https://alerte.example.fr}; empty: no links
 * @param smsSender the sender people see, if any
 * @param mailSender the mail sender people see, if any
 */
public record DispatchPolicy(
        List<Step> cascade,
        Map<String, String> choices,
        Map<String, String> variables,
        Optional<String> answerBaseUrl,
        Optional<String> smsSender,
        Optional<String> mailSender) {

    /**
     * One step of the cascade.
     *
     * @param channel the channel type tried
     * @param patience how long people have to be reached (or to answer, when something is asked) before the next step
     *     takes those who were not; the last step's patience ends the alert
     * @param maxAttempts how many times one target is tried in this step, retries included; at least 1
     * @param until what makes a person leave the cascade: delivered, or only answered
     */
    public record Step(String channel, Duration patience, int maxAttempts, Until until) {}

    /** What a step waits for. */
    public enum Until {
        DELIVERED,
        ANSWERED
    }
}
