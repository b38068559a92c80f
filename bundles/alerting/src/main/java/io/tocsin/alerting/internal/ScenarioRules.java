package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.Scenario.Message;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.SmsTemplate;
import io.tocsin.routing.api.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a scenario must be to be stored: every rule that needs nothing but the scenario itself. */
public final class ScenarioRules {
    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");
    private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*[A-Za-z][A-Za-z0-9_.-]{0,63}\\s*}}");
    private static final Pattern CHOICE = Pattern.compile("[0-9A-Za-z]{1,10}");
    private static final Duration LONGEST_PATIENCE = Duration.ofDays(30);
    private static final int LONGEST_TEXT = 20_000;
    private static final int LONGEST_HTML = 200_000;
    /** What {@code {{answer_url}}} takes in a text, roughly: a base address and a 32-character token. */
    private static final String TYPICAL_ANSWER_URL = "https://alerte.example.fr/a/" + Variables.TYPICAL_TOKEN;

    private final Scenario scenario;
    private final List<Problem> problems = new ArrayList<>();

    public ScenarioRules(Scenario scenario) {
        this.scenario = scenario;
    }

    public List<Problem> problems() {
        identity();
        cascade();
        question();
        variables();
        scenario.messages().forEach((language, channels) -> {
            if (!LANGUAGE.matcher(language).matches()) {
                problem("messages." + language, "is not a language tag; write fr, en, pt-BR, …");
            }
            channels.forEach((channel, message) -> message(language, channel, message));
        });
        problems.addAll(new VoiceRules(scenario).problems());
        problems.addAll(FaxRules.problems(scenario));
        coverage();
        return List.copyOf(problems);
    }

    private void identity() {
        if (!SLUG.matcher(scenario.slug()).matches()) {
            problem(
                    "slug",
                    "\"" + scenario.slug() + "\" must be 1 to 64 of a-z, 0-9 and -, starting with a letter or digit");
        }
        if (scenario.name().isBlank() || scenario.name().length() > 200) {
            problem("name", "must be 1 to 200 characters");
        }
        for (int i = 0; i < scenario.lists().size(); i++) {
            if (!SLUG.matcher(scenario.lists().get(i)).matches()) {
                problem("lists[" + i + "]", "\"" + scenario.lists().get(i) + "\" is not the slug of a list");
            }
        }
    }

    private void cascade() {
        if (scenario.cascade().isEmpty()) {
            problem("cascade", "needs at least one step, such as {channel: sms, patience: PT10M}");
        }
        if (scenario.cascade().size() > 10) {
            problem("cascade", "has " + scenario.cascade().size() + " steps; 10 at most");
        }
        for (int i = 0; i < scenario.cascade().size(); i++) {
            Step step = scenario.cascade().get(i);
            String path = "cascade[" + i + "]";
            if (!SLUG.matcher(step.channel()).matches()) {
                problem(path + ".channel", "\"" + step.channel() + "\" is not a channel; write sms, mail, …");
            }
            patienceProblem(step.patience()).ifPresent(problem -> problem(path + ".patience", problem));
            if (step.maxAttempts() < 1 || step.maxAttempts() > 10) {
                problem(path + ".attempts", "must be 1 to 10");
            }
            if (step.until() == Until.ANSWERED && scenario.question().isEmpty()) {
                problem(path + ".until", "waits for answers but nothing is asked; add a question, or write delivered");
            }
        }
    }

    static Optional<String> patienceProblem(Duration patience) {
        if (patience.isNegative() || patience.isZero()) {
            return Optional.of("must be longer than zero; write PT10M or 10m");
        }
        return patience.compareTo(LONGEST_PATIENCE) > 0 ? Optional.of("must be 30 days at most") : Optional.empty();
    }

    private void question() {
        scenario.question().ifPresent(question -> {
            if (question.choices().isEmpty() || question.choices().size() > 9) {
                problem(
                        "question.choices",
                        "must be 1 to 9 choices, such as {\"1\": En sécurité, \"2\": Besoin d'aide}");
            }
            Map<String, String> meanings = new HashMap<>();
            question.choices().forEach((key, meaning) -> {
                String path = "question.choices." + key;
                if (!CHOICE.matcher(key).matches()) {
                    problem(path, "the key people answer with must be 1 to 10 letters or digits");
                }
                if (meaning.isBlank() || meaning.length() > 100) {
                    problem(path, "must say in 1 to 100 characters what the answer means");
                } else if (meanings.putIfAbsent(meaning.strip().toLowerCase(), key) != null) {
                    problem(
                            path,
                            "means the same as choice "
                                    + meanings.get(meaning.strip().toLowerCase()));
                }
            });
            boolean answerable = scenario.cascade().stream()
                    .anyMatch(step -> Channels.takesReplies(step.channel()) || linked(step.channel()));
            if (!answerable && !scenario.cascade().isEmpty()) {
                problem(
                        "question",
                        "nobody could answer: no channel of the cascade takes replies and no message has"
                                + " {{answer_url}}");
            }
        });
    }

    private boolean linked(String channel) {
        return scenario.messages().values().stream()
                .map(channels -> channels.get(channel))
                .anyMatch(message -> message != null && places(message).contains(Variables.ANSWER_URL));
    }

    private void variables() {
        scenario.variables().forEach((name, value) -> {
            if (!VARIABLE.matcher(name).matches()) {
                problem("variables." + name, "the name must start with a letter and hold letters, digits, _ . - only");
            }
            if (Variables.RESERVED.contains(name)) {
                problem("variables." + name, "is filled in by the platform; choose another name");
            } else if (Variables.isRecording(name)) {
                problem("variables." + name, "would be a recording; choose a name that does not begin with recording.");
            } else if (Variables.isDocument(name)) {
                problem("variables." + name, "would be a document; choose a name that does not begin with document.");
            }
            if (value.length() > 1_000) {
                problem("variables." + name, "is longer than 1000 characters");
            }
        });
    }

    private void message(String language, String channel, Message message) {
        String path = "messages." + language + "." + channel;
        if (!SLUG.matcher(channel).matches()) {
            problem(path, "\"" + channel + "\" is not a channel; write sms, mail, …");
        }
        if (message.text().isBlank()) {
            problem(path + ".text", "is empty; write what people will read or hear");
        }
        text(path + ".text", message.text(), LONGEST_TEXT);
        message.subject().ifPresent(subject -> text(path + ".subject", subject, 200));
        message.html().ifPresent(html -> text(path + ".html", html, LONGEST_HTML));
        switch (channel) {
            case "sms" -> {
                if (message.subject().isPresent() || message.html().isPresent()) {
                    problem(path, "an SMS has neither subject nor html; leave them out");
                }
                segments(path + ".text", language, message);
            }
            case "mail" -> {
                if (message.subject().filter(subject -> !subject.isBlank()).isEmpty()) {
                    problem(path + ".subject", "is missing; a mail needs a subject");
                }
                message.subject()
                        .filter(subject -> subject.contains("\n") || subject.contains("\r"))
                        .ifPresent(subject -> problem(path + ".subject", "must be one line"));
            }
            default -> {
                // a partner's channel: its own rules are its own
            }
        }
        if (scenario.question().isEmpty() && places(message).contains(Variables.ANSWER_URL)) {
            problem(path, "has {{answer_url}} but nothing is asked; add a question or take the link out");
        }
    }

    /** As an exercise, which is longer: a scenario that is stored can be launched, whoever is alerted. */
    private void segments(String path, String language, Message message) {
        Map<String, String> values = new HashMap<>(scenario.variables());
        values.put(Variables.TITLE, Drill.title(scenario.name(), language));
        values.put(Variables.ANSWER_URL, TYPICAL_ANSWER_URL);
        SmsLengths.problem(
                        path,
                        Drill.mark(message, "sms", language).text(),
                        values,
                        "as an exercise, with " + SmsTemplate.LEAST_OWN + " characters for each value filled in")
                .ifPresent(problems::add);
    }

    private void text(String path, String text, int longest) {
        if (text.length() > longest) {
            problem(path, "has " + text.length() + " characters; " + longest + " at most");
        }
        String rest = PLACE.matcher(text).replaceAll("");
        if (rest.contains("{{") || rest.contains("}}")) {
            int at = rest.contains("{{") ? rest.indexOf("{{") : rest.indexOf("}}");
            problem(
                    path,
                    "has a variable that cannot be read near \""
                            + rest.substring(at, Math.min(rest.length(), at + 20))
                                    .replace('\n', ' ')
                            + "\"; write {{name}} with letters, digits, _ . - only");
        }
        if (text.indexOf('\0') >= 0) {
            problem(path, "has a NUL character; take it out");
        }
    }

    /** Every channel used has a message, and every channel written is written in the fallback language too. */
    private void coverage() {
        Map<String, Message> fallback = scenario.messages().get(scenario.fallbackLanguage());
        if (fallback == null) {
            problem(
                    "fallback-language",
                    "\"" + scenario.fallbackLanguage() + "\" has no messages; write messages."
                            + scenario.fallbackLanguage() + " or choose one of "
                            + scenario.messages().keySet());
            return;
        }
        Set<String> channels = new HashSet<>();
        scenario.messages().values().forEach(written -> channels.addAll(written.keySet()));
        scenario.cascade().forEach(step -> channels.add(step.channel()));
        channels.stream()
                .sorted()
                .filter(channel -> !fallback.containsKey(channel))
                .forEach(channel -> problem(
                        "messages." + scenario.fallbackLanguage() + "." + channel,
                        "is missing; " + channel + " is used, and people whose language is not written get "
                                + scenario.fallbackLanguage()));
    }

    static Set<String> places(Message message) {
        Set<String> places = new HashSet<>(new Template(message.text()).variables());
        message.subject().ifPresent(subject -> places.addAll(new Template(subject).variables()));
        message.html().ifPresent(html -> places.addAll(new Template(html).variables()));
        return places;
    }

    private void problem(String field, String problem) {
        problems.add(new Problem(field, problem));
    }
}
