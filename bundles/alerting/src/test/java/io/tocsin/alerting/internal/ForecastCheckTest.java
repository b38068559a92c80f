package io.tocsin.alerting.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alerting.api.Alerts.CallLength;
import io.tocsin.alerting.api.Forecast;
import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.routing.api.CostEstimates;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForecastCheckTest {
    private static final Duration QUARTER = Duration.ofMinutes(15);
    private static final Map<String, CallLength> SPOKEN =
            Map.of("fr", new CallLength(Duration.ofSeconds(20), Duration.ofSeconds(10)));

    @Test
    void whatACarriersRateBoundsTakesNoLessAndNoMore() {
        Forecast.StepForecast sms =
                only(forecast(Map.of("sms", 400), Map.of("sms", rated(10)), Map.of(), step("sms", QUARTER)));

        assertThat(sms.least()).contains(Duration.ofSeconds(40));
        assertThat(sms.most()).contains(Duration.ofSeconds(40));
        assertThat(sms.perSecond()).contains(10);
        assertThat(sms.over()).contains(QUARTER);
        assertThat(sms.unknown()).isEmpty();
    }

    @Test
    void aSlowCarrierIsSlowerThanItsRate() {
        CostEstimates.Pace slow = new CostEstimates.Pace(
                Optional.of("a.sms"),
                Optional.of(100),
                10,
                Optional.empty(),
                Optional.of(Duration.ofMillis(200)),
                Optional.of(Duration.ofSeconds(2)),
                Optional.empty());

        Forecast.StepForecast sms =
                only(forecast(Map.of("sms", 1_000), Map.of("sms", slow), Map.of(), step("sms", QUARTER)));

        assertThat(sms.least()).contains(Duration.ofSeconds(20));
        assertThat(sms.most()).contains(Duration.ofSeconds(200));
    }

    @Test
    void callsTakeTurnsOnTheLinesFromAMessageHeardAtOnceToOneHeardLate() {
        Forecast.StepForecast voice =
                only(forecast(Map.of("voice", 601), Map.of("voice", lines(30)), SPOKEN, step("voice", QUARTER)));

        // 21 turns: of 20 s heard at once; of 30 s ringing, 20 s message and 10 s question
        assertThat(voice.least()).contains(Duration.ofSeconds(21 * 20));
        assertThat(voice.most()).contains(Duration.ofSeconds(21 * 60));
        assertThat(voice.lines()).contains(30);
    }

    @Test
    void whoeverDoesNotPickUpKeepsALineNoLongerThanItRings() {
        DispatchPolicy policy = policy(
                Optional.of(new CallPolicy(
                        Duration.ofSeconds(15),
                        2,
                        AnsweringMachine.LEAVE_MESSAGE,
                        Optional.empty(),
                        Map.of(),
                        Optional.empty(),
                        Map.of())),
                step("voice", QUARTER));
        Map<String, CallLength> twice = Map.of("fr", new CallLength(Duration.ofSeconds(80), Duration.ZERO));

        Forecast.StepForecast voice =
                only(ForecastCheck.of(says(Map.of("voice", lines(10))), 1, policy, Map.of("voice", 10), twice));

        assertThat(voice.least()).contains(Duration.ofSeconds(15));
        assertThat(voice.most()).contains(Duration.ofSeconds(95));
    }

    @Test
    void aStepGoesOnUntilAllHaveLeftAndTheNextBeginsThen() {
        Forecast forecast = forecast(
                Map.of("voice", 900, "mail", 5),
                Map.of("voice", lines(10), "mail", rated(1)),
                SPOKEN,
                step("voice", QUARTER),
                step("mail", QUARTER));

        // 90 turns of a minute at most: an hour and a half, which is six patiences
        assertThat(forecast.steps().get(0).most()).contains(Duration.ofMinutes(90));
        assertThat(forecast.steps().get(0).over()).contains(Duration.ofMinutes(90));
        assertThat(forecast.steps().get(1).begins()).contains(Duration.ofMinutes(90));
        assertThat(forecast.steps().get(1).over()).contains(Duration.ofMinutes(105));
    }

    @Test
    void aStepThatReachesNobodyTakesNoTime() {
        Forecast forecast = forecast(
                Map.of("fax", 0, "sms", 10),
                Map.of("fax", lines(1), "sms", rated(10)),
                Map.of(),
                step("fax", QUARTER),
                step("sms", QUARTER));

        assertThat(forecast.steps().get(1).begins()).contains(Duration.ZERO);
        assertThat(forecast.steps().get(1).over()).contains(QUARTER);
    }

    @Test
    void whatNobodyKnowsIsSaidWithTheReasonAndSoIsAllThatComesAfter() {
        CostEstimates.Pace fresh = new CostEstimates.Pace(
                Optional.of("a.mail"),
                Optional.empty(),
                50,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Forecast forecast = forecast(
                Map.of("mail", 10, "voice", 10, "sms", 10),
                Map.of("mail", fresh, "voice", lines(0), "sms", CostEstimates.Pace.unknown("no account")),
                SPOKEN,
                step("mail", QUARTER),
                step("voice", QUARTER),
                step("sms", QUARTER));

        assertThat(forecast.steps())
                .extracting(each -> each.unknown().orElseThrow())
                .satisfiesExactly(
                        mail -> assertThat(mail).contains("a.mail has no rate and has carried nothing"),
                        voice -> assertThat(voice).contains("none of the lines"),
                        sms -> assertThat(sms).isEqualTo("no account"));
        assertThat(forecast.steps()).extracting(Forecast.StepForecast::most).containsOnly(Optional.empty());
        assertThat(forecast.steps().get(0).begins()).contains(Duration.ZERO);
        assertThat(forecast.steps().get(0).over()).isEmpty();
        assertThat(forecast.steps().get(2).begins()).isEmpty();
    }

    @Test
    void callsThatCannotBeSpokenHaveNoLength() {
        Forecast.StepForecast voice =
                only(forecast(Map.of("voice", 10), Map.of("voice", lines(5)), Map.of(), step("voice", QUARTER)));

        assertThat(voice.unknown()).hasValueSatisfying(why -> assertThat(why).contains("could not be spoken"));
    }

    private static Forecast.StepForecast only(Forecast forecast) {
        assertThat(forecast.steps()).hasSize(1);
        return forecast.steps().get(0);
    }

    private static Forecast forecast(
            Map<String, Integer> reachable,
            Map<String, CostEstimates.Pace> paces,
            Map<String, CallLength> calls,
            Step... steps) {
        return ForecastCheck.of(says(paces), 1, policy(Optional.empty(), steps), reachable, calls);
    }

    private static DispatchPolicy policy(Optional<CallPolicy> call, Step... steps) {
        return new DispatchPolicy(
                Arrays.asList(steps),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                call,
                0);
    }

    private static Step step(String channel, Duration patience) {
        return new Step(channel, patience, 3, Until.DELIVERED);
    }

    private static CostEstimates.Pace rated(int perSecond) {
        return new CostEstimates.Pace(
                Optional.of("a.rated"),
                Optional.of(perSecond),
                10,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static CostEstimates.Pace lines(int lines) {
        return new CostEstimates.Pace(
                Optional.of("a.lines"),
                Optional.empty(),
                1_000,
                Optional.of(lines),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static CostEstimates says(Map<String, CostEstimates.Pace> paces) {
        return new CostEstimates() {
            @Override
            public Estimate estimate(int tenantId, String channel, List<OutboundMessage> samples) {
                throw new AssertionError("nobody asks for a price");
            }

            @Override
            public Pace pace(int tenantId, String channel) {
                return paces.get(channel);
            }
        };
    }
}
