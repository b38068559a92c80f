package io.tocsin.alerting.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.DispatchPolicy.Until;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns the tree of a scenario into the record, collecting what has the wrong shape by path. Used once. */
public final class ScenarioReader {
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,6})\\s*(s|m|min|h|d)");
    private static final int DEFAULT_ATTEMPTS = 3;

    private final JsonNode tree;
    private final List<Problem> problems = new ArrayList<>();

    public ScenarioReader(JsonNode tree) {
        this.tree = tree;
    }

    /** @throws LaunchRefusedException naming every path whose shape is wrong */
    public Scenario read(String slug) {
        if (tree == null || !tree.isObject()) {
            throw new LaunchRefusedException(
                    List.of(new Problem("scenario", "must be an object with name, category, …")));
        }
        known(
                "",
                tree,
                "slug",
                "version",
                "name",
                "category",
                "lists",
                "cascade",
                "question",
                "call",
                "variables",
                "fallback-language",
                "messages");
        if (tree.hasNonNull("slug") && !tree.get("slug").asText().equals(slug)) {
            problem(
                    "slug",
                    "is \"" + tree.get("slug").asText() + "\" but the scenario is stored as \"" + slug
                            + "\"; leave it out or make them equal");
        }
        Optional<Scenario.Question> question = question();
        Scenario scenario = new Scenario(
                slug,
                tree.path("version").asInt(0),
                text("name", tree.get("name"), true),
                category(),
                lists(),
                cascade(question.isPresent()),
                question,
                variables(),
                messages(),
                text("fallback-language", tree.get("fallback-language"), true),
                absent(tree.get("call"))
                        ? Optional.empty()
                        : Optional.of(new CallSection(this, tree.get("call")).read(question.isPresent())));
        if (!problems.isEmpty()) {
            throw new LaunchRefusedException(problems);
        }
        return scenario;
    }

    private Category category() {
        String word = text("category", tree.get("category"), true);
        for (Category category : Category.values()) {
            if (CategoryWord.of(category).equals(word)) {
                return category;
            }
        }
        if (!word.isEmpty()) {
            problem("category", "is \"" + word + "\"; write life-safety, operational or information");
        }
        return Category.INFORMATION;
    }

    private List<String> lists() {
        List<String> slugs = new ArrayList<>();
        elements("lists", tree.get("lists"), (path, node) -> slugs.add(text(path, node, true)));
        return slugs;
    }

    private List<DispatchPolicy.Step> cascade(boolean asks) {
        List<DispatchPolicy.Step> steps = new ArrayList<>();
        elements("cascade", tree.get("cascade"), (path, node) -> {
            if (!object(path, node)) {
                return;
            }
            known(path + ".", node, "channel", "patience", "attempts", "until");
            steps.add(new DispatchPolicy.Step(
                    text(path + ".channel", node.get("channel"), true),
                    duration(path + ".patience", node.get("patience")),
                    wholeNumber(path + ".attempts", node.get("attempts"), DEFAULT_ATTEMPTS),
                    until(path + ".until", node.get("until"), asks)));
        });
        return steps;
    }

    int wholeNumber(String path, JsonNode node, int otherwise) {
        if (absent(node)) {
            return otherwise;
        }
        if (!node.canConvertToInt() || !node.isIntegralNumber()) {
            problem(path, "must be a whole number, such as " + otherwise);
            return otherwise;
        }
        return node.intValue();
    }

    private Until until(String path, JsonNode node, boolean asks) {
        if (absent(node)) {
            return asks ? Until.ANSWERED : Until.DELIVERED;
        }
        return switch (node.asText()) {
            case "answered" -> Until.ANSWERED;
            case "delivered" -> Until.DELIVERED;
            default -> {
                problem(path, "is \"" + node.asText() + "\"; write delivered or answered");
                yield Until.DELIVERED;
            }
        };
    }

    Duration duration(String path, JsonNode node) {
        String written = text(path, node, true).strip();
        if (written.isEmpty()) {
            return Duration.ZERO;
        }
        Matcher brief = SHORT_DURATION.matcher(written);
        if (brief.matches()) {
            long n = Long.parseLong(brief.group(1));
            return switch (brief.group(2)) {
                case "s" -> Duration.ofSeconds(n);
                case "h" -> Duration.ofHours(n);
                case "d" -> Duration.ofDays(n);
                default -> Duration.ofMinutes(n);
            };
        }
        try {
            return Duration.parse(written);
        } catch (DateTimeException | ArithmeticException e) {
            problem(path, "\"" + written + "\" is no duration; write PT10M or 10m");
            return Duration.ofMinutes(1);
        }
    }

    private Optional<Scenario.Question> question() {
        JsonNode node = tree.get("question");
        if (absent(node) || !object("question", node)) {
            return Optional.empty();
        }
        known("question.", node, "choices");
        return Optional.of(new Scenario.Question(texts("question.choices", node.get("choices"), true)));
    }

    private Map<String, String> variables() {
        return absent(tree.get("variables")) ? Map.of() : texts("variables", tree.get("variables"), false);
    }

    private Map<String, Map<String, Scenario.Message>> messages() {
        return members("messages", tree.get("messages"), language -> {
            String path = "messages." + language;
            return members(path, tree.get("messages").get(language), channel -> {
                String at = path + "." + channel;
                JsonNode node = tree.get("messages").get(language).get(channel);
                if (!object(at, node)) {
                    return new Scenario.Message(Optional.empty(), "", Optional.empty());
                }
                known(at + ".", node, "subject", "text", "html");
                return new Scenario.Message(
                        optionalText(at + ".subject", node.get("subject")),
                        text(at + ".text", node.get("text"), true),
                        optionalText(at + ".html", node.get("html")));
            });
        });
    }

    private <T> Map<String, T> members(String path, JsonNode node, Function<String, T> read) {
        Map<String, T> members = new LinkedHashMap<>();
        if (object(path, node)) {
            node.fieldNames().forEachRemaining(name -> members.put(name, read.apply(name)));
        }
        return members;
    }

    Map<String, String> texts(String path, JsonNode node, boolean required) {
        return members(path, node, name -> text(path + "." + name, node.get(name), required));
    }

    Optional<String> optionalText(String path, JsonNode node) {
        return absent(node) ? Optional.empty() : Optional.of(text(path, node, false));
    }

    /** A number or a truth value is taken as it is written: YAML makes them of bare words such as 18 or true. */
    String text(String path, JsonNode node, boolean required) {
        if (absent(node)) {
            if (required) {
                problem(path, "is missing");
            }
            return "";
        }
        if (!node.isValueNode()) {
            problem(path, "must be a text");
            return "";
        }
        return node.asText();
    }

    private interface Element {
        void read(String path, JsonNode node);
    }

    private void elements(String path, JsonNode node, Element element) {
        if (absent(node)) {
            return;
        }
        if (!node.isArray()) {
            problem(path, "must be a list");
            return;
        }
        for (int i = 0; i < node.size(); i++) {
            element.read(path + "[" + i + "]", node.get(i));
        }
    }

    boolean object(String path, JsonNode node) {
        if (node != null && node.isObject()) {
            return true;
        }
        problem(path, absent(node) ? "is missing" : "must be an object of name: value");
        return false;
    }

    void known(String prefix, JsonNode node, String... names) {
        Set<String> known = Set.of(names);
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problem(
                        prefix + name,
                        "is not a field here; there are " + Arrays.stream(names).collect(Collectors.joining(", ")));
            }
        });
    }

    void problem(String path, String problem) {
        problems.add(new Problem(path, problem));
    }

    static boolean absent(JsonNode node) {
        return node == null || node.isNull() || node.isMissingNode();
    }
}
