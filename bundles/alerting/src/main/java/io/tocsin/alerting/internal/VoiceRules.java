package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.Scenario.Message;
import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import io.tocsin.routing.api.SpokenCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a scenario must be for people to be called by it; says nothing of one that calls nobody. */
final class VoiceRules {
    private static final Pattern KEY = Pattern.compile("[0-9]");
    private static final Pattern OUTCOME = Pattern.compile("[a-z][a-z-]{0,39}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");
    private static final Duration SHORTEST_RING = Duration.ofSeconds(5);
    private static final Duration LONGEST_RING = Duration.ofMinutes(2);
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);
    private static final int MOST_WAITS = 30;
    /** What an engine takes at once, with room for an exercise's mark. */
    private static final int LONGEST_TEXT = 3_500;

    private final Scenario scenario;
    private final List<Problem> problems = new ArrayList<>();

    VoiceRules(Scenario scenario) {
        this.scenario = scenario;
    }

    static boolean calls(Scenario scenario) {
        return scenario.cascade().stream().anyMatch(step -> step.channel().equals(Scenario.VOICE))
                || scenario.messages().values().stream().anyMatch(written -> written.containsKey(Scenario.VOICE));
    }

    List<Problem> problems() {
        scenario.messages()
                .forEach((language, written) -> written.forEach((channel, message) -> {
                    String path = "messages." + language + "." + channel;
                    recordings(path, channel, message);
                    if (channel.equals(Scenario.VOICE)) {
                        message(path, language, message);
                    }
                }));
        if (!calls(scenario)) {
            if (scenario.call().isPresent()) {
                problem(
                        "call",
                        "is there but nobody is called; write messages." + scenario.fallbackLanguage()
                                + ".voice and a step {channel: voice, …}, or take it out");
            }
            return problems;
        }
        scenario.question().ifPresent(question -> question.choices().keySet().stream()
                .filter(key -> !KEY.matcher(key).matches())
                .forEach(key -> problem(
                        "question.choices." + key,
                        "is no key of a telephone: where people are called, answers are single digits, 0 to 9")));
        scenario.call().ifPresent(this::call);
        return problems;
    }

    private void recordings(String path, String channel, Message message) {
        for (String place : ScenarioRules.places(message)) {
            if (!Variables.isRecording(place)) {
                continue;
            }
            if (!channel.equals(Scenario.VOICE)) {
                problem(path, "has {{" + place + "}}, which can only be heard; take it out, or write it in voice");
            } else if (!KeptNames.isSlug(Variables.kept(place))) {
                problem(
                        path + ".text",
                        "{{" + place + "}} names no recording: its name is 1 to 52 of a-z, 0-9 and -, such as"
                                + " {{recording.maire}}");
            }
        }
    }

    private void message(String path, String language, Message message) {
        if (message.subject().isPresent() || message.html().isPresent()) {
            problem(path, "what is said has neither subject nor html; leave them out");
        }
        if (message.text().length() > LONGEST_TEXT) {
            problem(
                    path + ".text",
                    "has " + message.text().length() + " characters, minutes on a telephone; " + LONGEST_TEXT
                            + " at most");
        }
        if (ScenarioRules.places(message).contains(Variables.ANSWER_URL)) {
            problem(path + ".text", "has {{answer_url}}, which nobody can follow on a telephone; take it out");
        }
        if (SpokenCalls.asksIn(language)) {
            return;
        }
        scenario.question().ifPresent(question -> question.choices().keySet().stream()
                .filter(key -> !message.text().contains(key))
                .findFirst()
                .ifPresent(key -> problem(
                        path + ".text",
                        "must say which key means what, as the platform asks in " + SpokenCalls.ASKED_IN
                                + " only; it does not name key " + key)));
        if (scenario.call().flatMap(CallPolicy::pin).isPresent()) {
            problem(
                    "call.pin",
                    "is asked for in " + SpokenCalls.ASKED_IN + " only; take messages." + language
                            + ".voice out, or the pin");
        }
    }

    private void call(CallPolicy call) {
        if (call.ringing().compareTo(SHORTEST_RING) < 0 || call.ringing().compareTo(LONGEST_RING) > 0) {
            problem("call.ring", "must be 5 seconds to 2 minutes, such as 30s");
        }
        if (call.times() < 1 || call.times() > 3) {
            problem("call.times", "must be 1 to 3");
        }
        call.pin().ifPresent(variable -> pin(call, variable));
        boolean asks = scenario.question().isPresent();
        Set<String> choices =
                scenario.question().map(question -> question.choices().keySet()).orElse(Set.of());
        call.transfers().keySet().forEach(key -> {
            if (!KEY.matcher(key).matches()) {
                problem("call.transfer." + key, "the key must be a single digit, 0 to 9");
            } else if (choices.contains(key)) {
                problem("call.transfer." + key, "is a choice of the question already; take another key");
            }
        });
        if (!asks && !call.transfers().isEmpty()) {
            problem("call.transfer", "needs a question: without one no key is waited for");
        }
        call.repeat().ifPresent(key -> repeat(call, choices, key));
        retry(call.retry());
    }

    private void pin(CallPolicy call, String variable) {
        if (!VARIABLE.matcher(variable).matches()
                || Variables.RESERVED.contains(variable)
                || Variables.isKept(variable)) {
            problem("call.pin", "\"" + variable + "\" is not the name of a variable; write for instance code");
        }
        if (call.machine() == AnsweringMachine.LEAVE_MESSAGE) {
            problem(
                    "call.machine",
                    "leave-message would tell a machine what the pin protects; write hang-up, or take call.pin out");
        }
    }

    private void repeat(CallPolicy call, Set<String> choices, String key) {
        if (!key.equals("*") && !KEY.matcher(key).matches()) {
            problem("call.repeat", "must be \"*\" or a single digit");
        } else if (choices.contains(key) || call.transfers().containsKey(key)) {
            problem("call.repeat", "\"" + key + "\" means something else already; take another key, such as \"*\"");
        }
        if (scenario.question().isEmpty()) {
            problem("call.repeat", "needs a question: without one no key is waited for; write times: 2 instead");
        }
    }

    private void retry(Map<String, Duration> retry) {
        if (retry.size() > MOST_WAITS) {
            problem("call.retry", "has " + retry.size() + " outcomes; " + MOST_WAITS + " at most");
        }
        retry.forEach((code, after) -> {
            if (!OUTCOME.matcher(code).matches()) {
                problem("call.retry." + code, "is no outcome of a call; write busy, no-answer, voicemail, …");
            }
            if (after.isNegative() || after.isZero() || after.compareTo(LONGEST_WAIT) > 0) {
                problem("call.retry." + code, "must be longer than zero and a day at most; write 1m or PT1M");
            }
        });
    }

    private void problem(String field, String problem) {
        problems.add(new Problem(field, problem));
    }
}
