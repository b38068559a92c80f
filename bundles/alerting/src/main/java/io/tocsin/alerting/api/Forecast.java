package io.tocsin.alerting.api;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How long a launch would take, step by step, by what is known of the accounts that would carry it just now: as if nothing else were
 * sent by them, and nobody tried twice. A range where something is not known beforehand, such as who picks up; nothing where too
 * little is known, with the reason.
 *
 * @param steps of the cascade, in order
 * @since 1.6
 */
public record Forecast(List<StepForecast> steps) {
    /** Nothing is foreseen: the launch would be refused before anybody is looked up. */
    public static final Forecast NONE = new Forecast(List.of());

    public Forecast {
        steps = List.copyOf(steps);
    }

    /**
     * One step of the cascade.
     *
     * @param messages at most; a later step writes only to those who are not reached before
     * @param account that would carry them; empty when none can
     * @param perSecond the carrier's rate, if it sets one
     * @param lines if the account has lines, how many
     * @param least from the step's beginning until its last message has left (its last call is over), if all goes fast
     * @param most the same if all goes slowly; both are empty when nobody can say
     * @param begins after the launch, at the latest; empty when nobody can say how long the steps before it take
     * @param over after the launch, at the latest: answers to it are waited for until then. Later than its patience where messages
     *     take longer to leave, for nobody is given up whose turn has not come
     * @param unknown why there is no forecast, for people
     */
    public record StepForecast(
            String channel,
            int messages,
            Optional<String> account,
            Optional<Integer> perSecond,
            Optional<Integer> lines,
            Optional<Duration> least,
            Optional<Duration> most,
            Optional<Duration> begins,
            Optional<Duration> over,
            Optional<String> unknown) {
        public StepForecast {
            Objects.requireNonNull(channel, "channel");
        }
    }
}
