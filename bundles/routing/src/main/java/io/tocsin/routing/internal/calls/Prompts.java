package io.tocsin.routing.internal.calls;

import io.tocsin.routing.api.SpokenCalls;
import io.tocsin.routing.api.SpokenCalls.Words;
import io.tocsin.routing.internal.calls.Piece.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is said around a message in a call: the question, thanks, requests for a PIN. In the language of the text; what an answer means
 * is said in the language it is written in, by a voice of that language.
 */
final class Prompts {

    /** Before and after a meaning; {@code %s} is the key, of {@code pin} who calls. */
    private record Wording(
            String choiceBefore,
            String choiceAfter,
            String transfer,
            String repeat,
            String star,
            String thanksBefore,
            String thanksAfter,
            String unclear,
            String pin,
            String wrongPin) {}

    private static final Map<String, Wording> WORDINGS = Map.of(
            "fr",
            new Wording(
                    "Pour « ",
                    " », appuyez sur %s.",
                    "Pour parler à quelqu’un, appuyez sur %s.",
                    "Pour réécouter, appuyez sur %s.",
                    "étoile",
                    "Merci. Votre réponse est enregistrée : ",
                    ". Au revoir.",
                    "Cette réponse n’a pas été comprise.",
                    "Un message de %s, pour vous seul. Composez votre code, puis appuyez sur dièse.",
                    "Ce code n’est pas le bon."),
            "en",
            new Wording(
                    "For “",
                    "”, press %s.",
                    "To speak to somebody, press %s.",
                    "To hear this again, press %s.",
                    "star",
                    "Thank you. Your answer is recorded: ",
                    ". Goodbye.",
                    "This answer was not understood.",
                    "A message from %s, for you alone. Enter your code, then press hash.",
                    "This code is not right."));

    private final Words words;
    private final String meaningsIn;
    private final Optional<Wording> wording;

    /** @param meaningsIn the language meanings are spoken in */
    Prompts(Words words, String meaningsIn) {
        this.words = words;
        this.meaningsIn = meaningsIn;
        this.wording = Optional.ofNullable(WORDINGS.get(primary(words.language())));
    }

    static String primary(String language) {
        return language.split("-", 2)[0].toLowerCase(Locale.ROOT);
    }

    /** What the keys mean; nothing in a language of {@link SpokenCalls#ASKED_IN} not: the text says it itself. */
    List<Piece> asked() {
        List<Piece> asked = new ArrayList<>();
        wording.ifPresent(w -> {
            words.choices()
                    .forEach((key, meaning) ->
                            asked.addAll(around(w.choiceBefore, meaning, w.choiceAfter.formatted(key))));
            words.policy().transfers().keySet().stream()
                    .sorted()
                    .forEach(key -> asked.add(said(w.transfer.formatted(key))));
            words.policy()
                    .repeat()
                    .ifPresent(key -> asked.add(said(w.repeat.formatted(key.equals("*") ? w.star : key))));
        });
        return asked;
    }

    List<Piece> thanks(String meaning) {
        return wording.map(w -> around(w.thanksBefore, meaning, w.thanksAfter))
                .orElseGet(() -> List.of(new Said(meaning, meaningsIn, "")));
    }

    List<Piece> unclear() {
        return wording.<List<Piece>>map(w -> List.of(said(w.unclear))).orElse(List.of());
    }

    List<Piece> pin() {
        return wording.<List<Piece>>map(w -> List.of(said(w.pin.formatted(words.from()))))
                .orElse(List.of());
    }

    List<Piece> wrongPin() {
        return wording.<List<Piece>>map(w -> List.of(said(w.wrongPin))).orElse(List.of());
    }

    private List<Piece> around(String before, String meaning, String after) {
        return primary(meaningsIn).equals(primary(words.language()))
                ? List.of(said(before + meaning + after))
                : List.of(said(before), new Said(meaning, meaningsIn, ""), said(after));
    }

    private Said said(String text) {
        return new Said(text, words.language(), "");
    }
}
