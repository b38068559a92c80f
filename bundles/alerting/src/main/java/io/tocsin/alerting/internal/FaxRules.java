package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.Scenario.Message;
import io.tocsin.routing.api.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where a scenario may name a document: once, in the text of a fax. */
final class FaxRules {
    private FaxRules() {}

    static boolean prints(Scenario scenario) {
        return scenario.messages().values().stream().anyMatch(written -> written.containsKey(Scenario.FAX));
    }

    static List<Problem> problems(Scenario scenario) {
        List<Problem> problems = new ArrayList<>();
        scenario.messages()
                .forEach((language, written) -> written.forEach((channel, message) -> {
                    String path = "messages." + language + "." + channel;
                    problems.addAll(channel.equals(Scenario.FAX) ? ofFax(path, message) : ofOthers(path, message));
                }));
        return problems;
    }

    private static List<Problem> ofOthers(String path, Message message) {
        return ScenarioRules.places(message).stream()
                .filter(Variables::isDocument)
                .sorted()
                .map(place -> new Problem(
                        path, "has {{" + place + "}}, which can only be printed; take it out, or write it in fax"))
                .toList();
    }

    private static List<Problem> ofFax(String path, Message message) {
        List<Problem> problems = new ArrayList<>();
        Map<String, Integer> places = new Template(message.text()).places();
        Set<String> anywhere = ScenarioRules.places(message);
        anywhere.stream().filter(Variables::isDocument).sorted().forEach(place -> {
            if (!places.containsKey(place)) {
                problems.add(
                        new Problem(path, "has {{" + place + "}} outside of its text; write it in " + path + ".text"));
            } else if (!KeptNames.isSlug(Variables.kept(place))) {
                problems.add(new Problem(
                        path + ".text",
                        "{{" + place + "}} names no document: its name is 1 to 52 of a-z, 0-9 and -, such as"
                                + " {{document.plan}}"));
            }
        });
        int documents = places.entrySet().stream()
                .filter(place -> Variables.isDocument(place.getKey()))
                .mapToInt(Map.Entry::getValue)
                .sum();
        if (documents > 1) {
            problems.add(new Problem(
                    path + ".text", "names " + documents + " documents; a fax prints one: make one PDF of them"));
        }
        return problems;
    }
}
