package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.routing.api.Template;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a tenant has to be heard and printed now, to be frozen with an alert.
 *
 * @param recordings slug to SHA-256, hexadecimal
 * @param documents the same
 * @param lexicon its version; 0: none
 */
record Stock(Map<String, String> recordings, Map<String, String> documents, int lexicon) {
    private static final Set<String> USERS = Set.of(Scenario.VOICE, Scenario.FAX);

    /** Whether messages of a channel say or print any of it. */
    static boolean isUsedBy(String channel) {
        return USERS.contains(channel);
    }

    static boolean isUsedBy(Scenario scenario) {
        return VoiceRules.calls(scenario) || FaxRules.prints(scenario);
    }

    /** What there is to be heard. */
    static Stock heard(Connection connection, int tenantId) throws SQLException {
        return new Stock(
                KeptNames.RECORDINGS.hashes(connection, tenantId),
                Map.of(),
                new LexiconTable().version(connection, tenantId));
    }

    /** What there is of what a scenario uses. */
    static Stock read(Connection connection, int tenantId, Scenario scenario) throws SQLException {
        boolean calls = VoiceRules.calls(scenario);
        return new Stock(
                calls ? KeptNames.RECORDINGS.hashes(connection, tenantId) : Map.of(),
                FaxRules.prints(scenario) ? KeptNames.DOCUMENTS.hashes(connection, tenantId) : Map.of(),
                calls ? new LexiconTable().version(connection, tenantId) : 0);
    }

    /** The text with all it names told by what it is, so that nothing later takes its place; one that is not there stays. */
    String frozen(String text) {
        StringBuilder frozen = new StringBuilder();
        for (Template.Part part : new Template(text).parts()) {
            String name = part.place()
                    ? sha256(part.text()).map(is -> part.text() + "." + is).orElse(part.text())
                    : "";
            frozen.append(part.place() ? "{{" + name + "}}" : part.text());
        }
        return frozen.toString();
    }

    private Optional<String> sha256(String place) {
        if (!Variables.isKept(place)) {
            return Optional.empty();
        }
        return Optional.ofNullable((Variables.isRecording(place) ? recordings : documents).get(Variables.kept(place)));
    }

    /** What a text names and is not there. @param field of the text */
    List<Problem> missing(String field, String text) {
        List<Problem> missing = new ArrayList<>();
        new Template(text)
                .variables().stream()
                        .filter(Variables::isKept)
                        .filter(place -> sha256(place).isEmpty())
                        .sorted()
                        .forEach(place -> missing.add(new Problem(field, missing(place))));
        return missing;
    }

    private String missing(String place) {
        String slug = Variables.kept(place);
        return Variables.isRecording(place)
                ? "there is no recording \"" + slug + "\"; record it (PUT recordings/" + slug + "), or write one of "
                        + recordings.keySet().stream().sorted().toList()
                : "there is no document \"" + slug + "\"; bring it (PUT documents/" + slug + "), or write one of "
                        + documents.keySet().stream().sorted().toList();
    }
}
