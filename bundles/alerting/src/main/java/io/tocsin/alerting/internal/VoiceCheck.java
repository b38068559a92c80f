package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Alerts.CallLength;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.channel.api.CallScript;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.SpokenCalls;
import io.tocsin.routing.api.SpokenCalls.Telling;
import io.tocsin.routing.api.SpokenCalls.Words;
import io.tocsin.speech.api.Sound;
import io.tocsin.speech.api.SpeechException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether what a launch says by telephone can be said; having it said is the proof, and saves it for the calls. */
final class VoiceCheck {
    /** From here on speaking people's own values one by one takes minutes of a machine. */
    private static final int MANY = 1_000;

    private final SpokenCalls calls;

    VoiceCheck(SpokenCalls calls) {
        this.calls = calls;
    }

    /** @param problems what refuses the launch @param warnings what does not, because people are reached otherwise */
    record Found(List<Problem> problems, List<Problem> warnings) {}

    /** Speaks what is the same for everybody; blocks for seconds, and for no time once that is done. */
    Found speak(Launch launch) {
        List<Problem> problems = new ArrayList<>();
        List<Problem> warnings = new ArrayList<>();
        if (launch.channels().contains(Scenario.VOICE)) {
            for (Words words : launch.words()) {
                try {
                    calls.prepare(words, launch.shared());
                } catch (SpeechException e) {
                    boolean others = launch.channels().size() > 1;
                    (others && operators(e) ? warnings : problems).add(problem(words, e));
                } catch (InterruptedException e) {
                    throw interrupted();
                }
            }
        }
        return new Found(problems, warnings);
    }

    /** Places that make calls wait for the engine where many are called. @param people how many that would be */
    static List<Problem> oneByOne(Launch launch, int people) {
        List<Problem> warnings = new ArrayList<>();
        if (people < MANY) {
            return warnings;
        }
        Map<String, String> shared = launch.shared();
        for (Words words : launch.words()) {
            List<String> own = words.text().variables().stream()
                    .filter(variable -> !shared.containsKey(variable))
                    .sorted()
                    .map(variable -> "{{" + variable + "}}")
                    .toList();
            if (!own.isEmpty()) {
                warnings.add(new Problem(
                        "messages." + words.language() + ".voice.text",
                        "has " + String.join(", ", own) + ", spoken anew for each of " + people
                                + " people while their calls wait; leave out what need not be said"));
            }
        }
        return warnings;
    }

    /** Somebody else's turn than the author's, who may be in a hurry. */
    private static boolean operators(SpeechException e) {
        return e.reason() == SpeechException.Reason.ENGINE || e.reason() == SpeechException.Reason.STORAGE;
    }

    static Problem problem(Words words, SpeechException e) {
        return new Problem("messages." + words.language() + ".voice.text", e.getMessage());
    }

    /**
     * What the first reader of each language would be told, by the language.
     *
     * @param messages every language of the audience
     */
    Map<String, CallScript> samples(
            Connection connection, int tenantId, long alertId, Launch launch, List<Ledger.Message> messages)
            throws SQLException {
        Map<String, CallScript> scripts = new LinkedHashMap<>();
        if (!launch.channels().contains(Scenario.VOICE)) {
            return scripts;
        }
        for (Ledger.Message message : messages) {
            if (message.channel().equals(Scenario.VOICE)) {
                Map<String, String> own =
                        new HashMap<>(AnswerDesk.firstReader(connection, tenantId, alertId, message.language()));
                try {
                    scripts.put(
                            message.language(), calls.script(new Telling(launch.words(message), launch.shared(), own)));
                } catch (SpeechException | IllegalArgumentException told) {
                    // a problem of its own, found by the other checks
                    continue;
                } catch (InterruptedException e) {
                    throw interrupted();
                }
            }
        }
        return scripts;
    }

    static CallLength length(CallScript call) {
        Duration message = played(call.message()).multipliedBy(call.times());
        return new CallLength(
                message,
                call.question().map(question -> played(question.asked())).orElse(Duration.ZERO));
    }

    private static Duration played(List<Path> files) {
        long bytes = 0;
        try {
            for (Path file : files) {
                bytes += Files.size(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Duration.ofMillis(bytes * 1_000 / Sound.RATE);
    }

    static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while a message was spoken");
    }
}
