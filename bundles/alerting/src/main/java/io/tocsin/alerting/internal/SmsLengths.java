package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.routing.api.SmsTemplate;
import io.tocsin.routing.api.Template;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a text can be sent as SMS to everybody. What is the same for all is refused when it is too long; places for
 * people's own values count {@link SmsTemplate#LEAST_OWN} characters at least, to which they are shortened if need be.
 */
final class SmsLengths {
    private static final String STAND_IN = "x".repeat(SmsTemplate.LEAST_OWN);
    private static final int WORTH_NAMING = 2 * SmsTemplate.LEAST_OWN;

    private SmsLengths() {}

    /**
     * @param field of the text
     * @param values for the whole alert, by variable; places without one count as people's own
     * @param whose what the values are, for the answer: "of this launch"
     */
    static Optional<Problem> problem(String field, String text, Map<String, String> values, String whose) {
        Template template = new Template(text);
        Map<String, String> atLeast = new HashMap<>();
        template.variables().forEach(variable -> atLeast.put(variable, atLeast(variable, values.get(variable))));
        int segments = SmsTemplate.segments(template.render(atLeast));
        if (segments <= SmsTemplate.MOST_SEGMENTS) {
            return Optional.empty();
        }
        Optional<String> longest = template.variables().stream()
                .filter(variable -> !variable.equals(Variables.ANSWER_URL))
                .filter(variable -> values.getOrDefault(variable, "").length() >= WORTH_NAMING)
                .max(Comparator.comparingInt(variable ->
                        values.get(variable).length() * template.places().get(variable)));
        return Optional.of(new Problem(
                field,
                "takes " + segments + " SMS segments " + whose + "; "
                        + longest.map(variable -> "shorten variables." + variable + " ("
                                        + values.get(variable).length() + " characters) or the text")
                                .orElse("shorten it")
                        + " to " + SmsTemplate.MOST_SEGMENTS + " at most"));
    }

    /** The link is counted as it is; a value may be shorter than what a person has instead. */
    private static String atLeast(String variable, String value) {
        if (variable.equals(Variables.ANSWER_URL)) {
            return value;
        }
        return value == null || value.isBlank()
                ? STAND_IN
                : value + STAND_IN.substring(Math.min(value.length(), STAND_IN.length()));
    }
}
