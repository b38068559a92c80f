package io.tocsin.routing.internal.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON of {@code alert.policy}, read by SQL functions too: {@code cascade} is an array of steps with a
 * {@code channel}. Choices are an array of pairs, because jsonb does not keep the order of an object's keys.
 */
public final class PolicyJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PolicyJson() {}

    public static String write(DispatchPolicy policy) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode cascade = root.putArray("cascade");
        for (Step step : policy.cascade()) {
            cascade.addObject()
                    .put("channel", step.channel())
                    .put("patience", step.patience().toString())
                    .put("maxAttempts", step.maxAttempts())
                    .put("until", step.until().name().toLowerCase(Locale.ROOT));
        }
        ArrayNode choices = root.putArray("choices");
        policy.choices()
                .forEach((key, meaning) -> choices.addObject().put("key", key).put("meaning", meaning));
        ObjectNode variables = root.putObject("variables");
        policy.variables().forEach(variables::put);
        policy.answerBaseUrl().ifPresent(v -> root.put("answerBaseUrl", v));
        policy.smsSender().ifPresent(v -> root.put("smsSender", v));
        policy.mailSender().ifPresent(v -> root.put("mailSender", v));
        policy.call().ifPresent(call -> write(call, root.putObject("call")));
        if (policy.lexicon() > 0) {
            root.put("lexicon", policy.lexicon());
        }
        return root.toString();
    }

    /** @throws IllegalStateException if the column does not hold a policy: nobody but us writes it */
    public static DispatchPolicy read(String json) {
        JsonNode root = tree(json);
        List<Step> cascade = new ArrayList<>();
        for (JsonNode step : root.path("cascade")) {
            cascade.add(new Step(
                    step.path("channel").asText(),
                    Duration.parse(step.path("patience").asText("PT0S")),
                    step.path("maxAttempts").asInt(1),
                    Until.valueOf(step.path("until").asText("delivered").toUpperCase(Locale.ROOT))));
        }
        Map<String, String> choices = new LinkedHashMap<>();
        for (JsonNode choice : root.path("choices")) {
            choices.put(choice.path("key").asText(), choice.path("meaning").asText());
        }
        return new DispatchPolicy(
                List.copyOf(cascade),
                java.util.Collections.unmodifiableMap(choices),
                strings(root.path("variables")),
                text(root, "answerBaseUrl"),
                text(root, "smsSender"),
                text(root, "mailSender"),
                Optional.of(root.path("call")).filter(JsonNode::isObject).map(PolicyJson::call),
                root.path("lexicon").asInt(0));
    }

    private static void write(CallPolicy call, ObjectNode to) {
        to.put("ringing", call.ringing().toString());
        to.put("times", call.times());
        to.put("machine", call.machine().name().toLowerCase(Locale.ROOT));
        call.pin().ifPresent(variable -> to.put("pin", variable));
        ObjectNode transfers = to.putObject("transfers");
        call.transfers().forEach(transfers::put);
        call.repeat().ifPresent(key -> to.put("repeat", key));
        ObjectNode retry = to.putObject("retry");
        call.retry().forEach((code, after) -> retry.put(code, after.toString()));
    }

    private static CallPolicy call(JsonNode call) {
        Map<String, Duration> retry = new LinkedHashMap<>();
        strings(call.path("retry")).forEach((code, after) -> retry.put(code, Duration.parse(after)));
        return new CallPolicy(
                Duration.parse(call.path("ringing").asText()),
                call.path("times").asInt(1),
                AnsweringMachine.valueOf(call.path("machine").asText().toUpperCase(Locale.ROOT)),
                text(call, "pin"),
                strings(call.path("transfers")),
                text(call, "repeat"),
                retry);
    }

    /** Reads a recipient's variables: an object of strings; other scalars are taken as written. */
    public static Map<String, String> readVariables(String json) {
        return json.length() <= 2 ? Map.of() : strings(tree(json));
    }

    /** The addresses of a recipient's endpoints of some kinds, best rank first. */
    public static List<String> addresses(String endpoints, java.util.Set<String> kinds) {
        List<String> found = new ArrayList<>();
        for (JsonNode endpoint : tree(endpoints)) {
            if (kinds.contains(endpoint.path("kind").asText())) {
                found.add(endpoint.path("address").asText());
            }
        }
        return found;
    }

    private static Map<String, String> strings(JsonNode object) {
        Map<String, String> values = new LinkedHashMap<>();
        object.fields().forEachRemaining(e -> {
            if (e.getValue().isValueNode() && !e.getValue().isNull()) {
                values.put(e.getKey(), e.getValue().asText());
            }
        });
        return values;
    }

    private static Optional<String> text(JsonNode root, String field) {
        return root.hasNonNull(field) ? Optional.of(root.get(field).asText()) : Optional.empty();
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the ledger holds JSON that cannot be read", e);
        }
    }
}
