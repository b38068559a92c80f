package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.routing.api.Template;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a tenant has to be heard now, to be frozen with an alert.
 *
 * @param recordings slug to SHA-256, hexadecimal
 * @param lexicon its version; 0: none
 */
record SoundStock(Map<String, String> recordings, int lexicon) {

    /** Of a scenario that calls nobody. */
    static final SoundStock NONE = new SoundStock(Map.of(), 0);

    static SoundStock read(Connection connection, int tenantId) throws SQLException {
        return new SoundStock(
                new RecordingTable().hashes(connection, tenantId), new LexiconTable().version(connection, tenantId));
    }

    /** The text with each recording named by what it is, so that no later recording takes its place; one that is not there stays. */
    String frozen(String text) {
        StringBuilder frozen = new StringBuilder();
        for (Template.Part part : new Template(text).parts()) {
            String sha256 = part.place() && Variables.isRecording(part.text())
                    ? recordings.get(Variables.recording(part.text()))
                    : null;
            String name = sha256 == null ? part.text() : part.text() + "." + sha256;
            frozen.append(part.place() ? "{{" + name + "}}" : part.text());
        }
        return frozen.toString();
    }

    /** Recordings a text names that are not there. @param field of the text */
    List<Problem> missing(String field, String text) {
        List<Problem> missing = new ArrayList<>();
        new Template(text)
                .variables().stream()
                        .filter(Variables::isRecording)
                        .map(Variables::recording)
                        .filter(slug -> !recordings.containsKey(slug))
                        .sorted()
                        .forEach(slug -> missing.add(new Problem(
                                field,
                                "there is no recording \"" + slug + "\"; record it (PUT recordings/" + slug
                                        + "), or write one of "
                                        + recordings.keySet().stream().sorted().toList())));
        return missing;
    }
}
