package io.tocsin.phone.internal;

import io.tocsin.speech.api.Lexicon;
import io.tocsin.speech.api.Speech;
import io.tocsin.speech.api.SpeechException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sound of words. Fixed sentences are spoken ahead ({@link #speakPhrases}) and then cost nothing. Safe for several threads. */
final class Voice {
    private static final Logger LOG = LoggerFactory.getLogger(Voice.class);

    /** Sentences of the house belong to no tenant. */
    private static final int PLATFORM = 0;

    private final Speech speech;
    private final IntFunction<Lexicon> lexicons;
    private final Map<Words.Fixed, Path> phrases = new ConcurrentHashMap<>();

    /** @param lexicons of each tenant */
    Voice(Speech speech, IntFunction<Lexicon> lexicons) {
        this.speech = speech;
        this.lexicons = lexicons;
    }

    /**
     * Speaks the fixed sentences, or asks for them again, so that they are kept. Blocks for as long as that takes.
     *
     * @return whether all are there
     */
    boolean speakPhrases() throws InterruptedException {
        boolean all = true;
        for (String language : Phrase.LANGUAGES) {
            for (Phrase phrase : Phrase.values()) {
                Words.Fixed fixed = new Words.Fixed(phrase, language);
                try {
                    phrases.put(fixed, spoken(PLATFORM, phrase.in(language), language, Lexicon.none()));
                } catch (SpeechException e) {
                    LOG.debug("phone.phrase-not-spoken phrase={} language={} reason={}", phrase, language, e.reason());
                    all = false;
                }
            }
        }
        return all;
    }

    /** Whether every fixed sentence can be said in a language. */
    boolean speaks(String language) {
        return Phrase.LANGUAGES.contains(language)
                && List.of(Phrase.values()).stream()
                        .allMatch(phrase -> phrases.containsKey(new Words.Fixed(phrase, language)));
    }

    /**
     * The sounds, in order. Fixed sentences that cannot be said are left out: what an alert says matters more than what is said around
     * it. Blocks while texts are spoken that were not before.
     *
     * @throws SpeechException when a text cannot be spoken
     */
    List<Path> sounds(List<Words> words) throws SpeechException, InterruptedException {
        List<Path> sounds = new ArrayList<>();
        for (Words each : words) {
            if (each instanceof Words.Fixed fixed) {
                Path path = phrases.get(fixed);
                if (path != null) {
                    sounds.add(path);
                }
            } else if (each instanceof Words.Text text) {
                sounds.add(spoken(text.tenantId(), text.text(), text.language(), lexicons.apply(text.tenantId())));
            } else if (each instanceof Words.Sounds recorded) {
                sounds.addAll(recorded.files());
            }
        }
        return sounds;
    }

    /** Speaks texts before they are needed. What fails is left to the turn that needs it. */
    void ahead(List<Words> words) throws InterruptedException {
        for (Words each : words) {
            try {
                sounds(List.of(each));
            } catch (SpeechException e) {
                LOG.debug("phone.text-not-spoken reason={}", e.reason());
            }
        }
    }

    private Path spoken(int tenantId, String text, String language, Lexicon lexicon)
            throws SpeechException, InterruptedException {
        return speech.render(tenantId, text, language, lexicon).file();
    }
}
