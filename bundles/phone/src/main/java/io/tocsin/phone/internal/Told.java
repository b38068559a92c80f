package io.tocsin.phone.internal;

import io.tocsin.channel.api.CallScript;
import io.tocsin.channel.api.OutboundMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is said to somebody who missed a message, and asked.
 *
 * @param language one of {@link Phrase#LANGUAGES}: of what is said around it
 * @param pin keyed before anything of it is heard
 */
record Told(String language, List<Words> message, Optional<Pin> pin, Question question) {

    /** What an answer is when nothing was asked; as for replies in writing. */
    static final String HEARD = "reply";

    private static final Pattern KEY = Pattern.compile("[0-9]");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int TIMES = 3;

    record Pin(String digits, List<Words> asked, List<Words> wrong) {
        /** Without the digits. */
        @Override
        public String toString() {
            return "Pin";
        }
    }

    /**
     * @param answers by key
     * @param transfers a number (E.164) by key
     * @param times how often it is asked
     */
    record Question(
            List<Words> asked,
            Map<String, Answer> answers,
            Map<String, String> transfers,
            String repeat,
            List<Words> unclear,
            Duration patience,
            int times) {}

    /** @param choice as it is counted */
    record Answer(String choice, List<Words> thanks) {}

    /**
     * @param message as dispatch sends it: with sound if it is ready, else its text is spoken
     * @param choices the alert's: key to meaning
     */
    static Told of(int tenantId, OutboundMessage message, Map<String, String> choices) {
        String language = Phrase.language(message.language());
        Optional<CallScript> script = message.call();
        List<Words> said = script.<List<Words>>map(call -> sounds(call.message()))
                .orElseGet(() -> List.of(new Words.Text(tenantId, message.text(), message.language())));
        Optional<Pin> pin = script.flatMap(CallScript::pin)
                .map(of -> new Pin(
                        of.digits(),
                        orElse(sounds(of.asked()), Phrase.KEY_PIN_OF_MESSAGE, language),
                        orElse(sounds(of.wrong()), Phrase.WRONG_PIN, language)));
        Question question = script.flatMap(CallScript::question)
                .map(asked -> question(asked, language))
                .orElseGet(() -> choices.isEmpty() ? heard(language) : written(tenantId, message, choices, language));
        return new Told(language, said, pin, question);
    }

    private static Question question(CallScript.Question asked, String language) {
        Map<String, Answer> answers = new LinkedHashMap<>();
        asked.keys()
                .forEach((key, thanks) ->
                        answers.put(key, new Answer(key, orElse(sounds(thanks), Phrase.THANKS, language))));
        return new Question(
                sounds(asked.asked()),
                answers,
                asked.transfers(),
                asked.repeat().orElse("*"),
                orElse(sounds(asked.unclear()), Phrase.UNCLEAR, language),
                asked.patience(),
                asked.times());
    }

    /** Nothing is asked; that it was heard is confirmed with a key all the same: a line that stays open has not heard. */
    private static Question heard(String language) {
        return simple(
                List.of(new Words.Fixed(Phrase.CONFIRM_HEARD, language)),
                Map.of("1", new Answer(HEARD, List.of(new Words.Fixed(Phrase.THANKS, language)))),
                language);
    }

    private static Question written(
            int tenantId, OutboundMessage message, Map<String, String> choices, String language) {
        boolean english = language.equals("en");
        List<Words> asked = new ArrayList<>();
        Map<String, Answer> answers = new LinkedHashMap<>();
        choices.forEach((key, meaning) -> {
            if (KEY.matcher(key).matches()) {
                String sentence = english
                        ? "For “" + meaning + "”, press " + key + "."
                        : "Pour « " + meaning + " », appuyez sur " + key + ".";
                asked.add(new Words.Text(tenantId, sentence, language));
                answers.put(key, new Answer(key, List.of(new Words.Fixed(Phrase.THANKS, language))));
            }
        });
        if (answers.isEmpty()) {
            return heard(language);
        }
        asked.add(new Words.Fixed(Phrase.LISTEN_AGAIN, language));
        return simple(asked, answers, language);
    }

    private static Question simple(List<Words> asked, Map<String, Answer> answers, String language) {
        return new Question(
                asked, answers, Map.of(), "*", List.of(new Words.Fixed(Phrase.UNCLEAR, language)), PATIENCE, TIMES);
    }

    private static List<Words> sounds(List<Path> files) {
        return files.isEmpty() ? List.of() : List.of(new Words.Sounds(files));
    }

    private static List<Words> orElse(List<Words> sounds, Phrase phrase, String language) {
        return sounds.isEmpty() ? List.of(new Words.Fixed(phrase, language)) : sounds;
    }
}
