package io.tocsin.routing.api;

import io.tocsin.channel.api.CallScript.AnsweringMachine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * @param call how people are called, if the alert has something to say by telephone; since 1.6
 * @param lexicon version of the tenant's lexicon that calls are spoken with, so that a change does not alter what was listened to
 *     before the launch; 0: none; since 1.6
 */
public record DispatchPolicy(
        List<Step> cascade,
        Map<String, String> choices,
        Map<String, String> variables,
        Optional<String> answerBaseUrl,
        Optional<String> smsSender,
        Optional<String> mailSender,
        Optional<CallPolicy> call,
        int lexicon) {

    /** Nobody is called. */
    public DispatchPolicy(
            List<Step> cascade,
            Map<String, String> choices,
            Map<String, String> variables,
            Optional<String> answerBaseUrl,
            Optional<String> smsSender,
            Optional<String> mailSender) {
        this(cascade, choices, variables, answerBaseUrl, smsSender, mailSender, Optional.empty(), 0);
    }

    /**
     * How people are called.
     *
     * @param ringing how long it rings at most; 5 s to 2 min
     * @param times how often the message is said; 1 to 3
     * @param machine what is done when a machine picks up
     * @param pin the variable that holds what a person must key before they hear anything: 3 to 10 digits, each person's own or the
     *     alert's
     * @param transfers a key that connects with somebody, and the number (E.164)
     * @param repeat the key that says everything again
     * @param retry how long to wait before another try, by outcome code ({@code busy}, {@code no-answer}, …)
     * @since 1.6
     */
    public record CallPolicy(
            Duration ringing,
            int times,
            AnsweringMachine machine,
            Optional<String> pin,
            Map<String, String> transfers,
            Optional<String> repeat,
            Map<String, Duration> retry) {

        public static final Duration USUAL_RINGING = Duration.ofSeconds(30);
        /** The key that says everything again where a scenario names none. */
        public static final String USUAL_REPEAT = "*";

        public CallPolicy {
            Objects.requireNonNull(ringing, "ringing");
            Objects.requireNonNull(machine, "machine");
            Objects.requireNonNull(pin, "pin");
            Objects.requireNonNull(repeat, "repeat");
            transfers = Map.copyOf(transfers);
            retry = Map.copyOf(retry);
        }

        /** What holds where a scenario says nothing. @param asks whether a question is asked */
        public static CallPolicy usual(boolean asks) {
            return new CallPolicy(
                    USUAL_RINGING,
                    1,
                    AnsweringMachine.LEAVE_MESSAGE,
                    Optional.empty(),
                    Map.of(),
                    asks ? Optional.of(USUAL_REPEAT) : Optional.empty(),
                    Map.of());
        }
    }

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
