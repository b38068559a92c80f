package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Alerts.CallLength;
import io.tocsin.alerting.api.Forecast;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.routing.api.CostEstimates;
import io.tocsin.routing.api.CostEstimates.Pace;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import io.tocsin.routing.api.DispatchPolicy.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How long a launch would take: what is to be sent over what the accounts let leave. */
final class ForecastCheck {
    private ForecastCheck() {}

    /** From the first to the last message of a step, as far as known. */
    private record Leaving(Optional<Duration> least, Optional<Duration> most, Optional<String> unknown) {
        static final Leaving NOTHING =
                new Leaving(Optional.of(Duration.ZERO), Optional.of(Duration.ZERO), Optional.empty());

        static Leaving between(Duration least, Duration most) {
            return new Leaving(Optional.of(least), Optional.of(most), Optional.empty());
        }

        static Leaving unknown(String why) {
            return new Leaving(Optional.empty(), Optional.empty(), Optional.of(why));
        }
    }

    /**
     * @param reachable people by channel
     * @param calls what is said by telephone, by language; none when nobody is called, or it cannot be spoken
     */
    static Forecast of(
            CostEstimates paces,
            int tenantId,
            DispatchPolicy policy,
            Map<String, Integer> reachable,
            Map<String, CallLength> calls) {
        List<Forecast.StepForecast> steps = new ArrayList<>();
        Optional<Duration> begins = Optional.of(Duration.ZERO);
        for (Step step : policy.cascade()) {
            int messages = reachable.getOrDefault(step.channel(), 0);
            Pace pace = paces.pace(tenantId, step.channel());
            Leaving leaving = messages == 0 ? Leaving.NOTHING : leaving(step.channel(), messages, pace, policy, calls);
            Optional<Duration> over = messages == 0
                    ? begins
                    : begins.flatMap(from -> leaving.most.map(most -> from.plus(lasting(step.patience(), most))));
            steps.add(new Forecast.StepForecast(
                    step.channel(),
                    messages,
                    pace.account(),
                    pace.perSecond(),
                    pace.lines(),
                    leaving.least,
                    leaving.most,
                    begins,
                    over,
                    leaving.unknown));
            begins = over;
        }
        return new Forecast(steps);
    }

    /** The patience begins anew when it is over while messages still leave. */
    private static Duration lasting(Duration patience, Duration leaving) {
        long times = Math.max(1, begun(leaving.toMillis(), patience.toMillis()));
        return patience.multipliedBy(times);
    }

    private static Leaving leaving(
            String channel, int messages, Pace pace, DispatchPolicy policy, Map<String, CallLength> calls) {
        if (pace.unknown().isPresent()) {
            return Leaving.unknown(pace.unknown().get());
        }
        if (pace.lines().isPresent()) {
            return byLines(channel, messages, pace, policy, calls);
        }
        if (pace.perSecond().isEmpty() && pace.median().isEmpty()) {
            return Leaving.unknown("the account " + pace.account().orElse("")
                    + " has no rate and has carried nothing on this node since it was opened: how fast it takes messages"
                    + " is not known yet");
        }
        Duration rated = pace.perSecond().map(rate -> atRate(messages, rate)).orElse(Duration.ZERO);
        return Leaving.between(
                longer(rated, inTurns(messages, pace.together(), pace.median())),
                longer(rated, inTurns(messages, pace.together(), pace.slowest())));
    }

    private static Leaving byLines(
            String channel, int messages, Pace pace, DispatchPolicy policy, Map<String, CallLength> calls) {
        int lines = Math.min(pace.lines().orElse(0), pace.together());
        if (lines == 0) {
            return Leaving.unknown("none of the lines of " + pace.account().orElse("the account") + " works just now");
        }
        Duration rated = pace.perSecond().map(rate -> atRate(messages, rate)).orElse(Duration.ZERO);
        if (channel.equals(Scenario.VOICE)) {
            if (calls.isEmpty()) {
                return Leaving.unknown("what is said by telephone could not be spoken, so its length is not known");
            }
            CallPolicy conduct = policy.call()
                    .orElseGet(() -> CallPolicy.usual(!policy.choices().isEmpty()));
            return Leaving.between(
                    longer(rated, inTurns(messages, lines, Optional.of(shortest(calls.values(), conduct)))),
                    longer(rated, inTurns(messages, lines, Optional.of(longest(calls.values(), conduct)))));
        }
        if (pace.median().isEmpty()) {
            return Leaving.unknown(
                    "the account " + pace.account().orElse("")
                            + " has carried nothing on this node since it was opened: how long its lines are busy is not known yet");
        }
        return Leaving.between(
                longer(rated, inTurns(messages, lines, pace.median())),
                longer(rated, inTurns(messages, lines, pace.slowest())));
    }

    /** Nobody picks up, or somebody does at once and hears the message once. */
    private static Duration shortest(Collection<CallLength> calls, CallPolicy conduct) {
        Duration heard = calls.stream()
                .map(call -> call.message().dividedBy(conduct.times()))
                .min(Comparator.naturalOrder())
                .orElse(conduct.ringing());
        return heard.compareTo(conduct.ringing()) < 0 ? heard : conduct.ringing();
    }

    /** Somebody picks up at the last moment, hears all of it and the question. */
    private static Duration longest(Collection<CallLength> calls, CallPolicy conduct) {
        return calls.stream()
                .map(call -> conduct.ringing().plus(call.message()).plus(call.question()))
                .max(Comparator.naturalOrder())
                .orElse(conduct.ringing());
    }

    private static Duration atRate(int messages, int perSecond) {
        return Duration.ofMillis(begun(messages * 1_000L, perSecond));
    }

    /** So many at once, each as long as one takes. */
    private static Duration inTurns(int messages, int together, Optional<Duration> each) {
        return each.map(one -> one.multipliedBy(begun(messages, Math.max(1, together))))
                .orElse(Duration.ZERO);
    }

    /** How many, the last one begun counted whole. */
    private static long begun(long all, long each) {
        return (all + each - 1) / each;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
