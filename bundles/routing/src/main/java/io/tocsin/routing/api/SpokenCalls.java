package io.tocsin.routing.api;

import io.tocsin.channel.api.CallScript;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import io.tocsin.speech.api.SpeechException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes sound of what is said in calls, the same for who listens before a launch and for who is called; a service of routing. Safe for
 * use by several threads.
 *
 * <p>A text is spoken in stretches: what is the same for everybody once for an alert and language, each value of a person's own by
 * itself, {@code {{recording.SLUG.SHA256}}} as it was recorded. Values for the whole alert are part of the stretch they stand in. What
 * was spoken lately is found in microseconds.
 *
 * @since 1.6
 */
@ProviderType
public interface SpokenCalls {

    /** Languages questions, thanks and requests for a PIN are worded in. In another language the text itself says what keys mean. */
    List<String> ASKED_IN = List.of("fr", "en");

    /** @param language BCP 47 tag */
    static boolean asksIn(String language) {
        return ASKED_IN.contains(language.split("-", 2)[0].toLowerCase(Locale.ROOT));
    }

    /**
     * The language choices are written in: the tenant's, or the first one written where a scenario does without it.
     *
     * @param written languages of an alert's voice messages, in order; at least one
     */
    static String choicesLanguage(List<String> written, String tenantLanguage) {
        return written.stream()
                .filter(language -> language.split("-", 2)[0].equalsIgnoreCase(
                        tenantLanguage.split("-", 2)[0]))
                .findFirst()
                .orElse(written.get(0));
    }

    /**
     * What an alert says by telephone in a language.
     *
     * @param text as written, an exercise marked
     * @param language BCP 47 tag the text is written in
     * @param choices key to meaning, in order; empty when nothing is asked
     * @param choicesLanguage the one of the meanings
     * @param lexicon version of the tenant's lexicon; 0: none
     */
    record Words(
            int tenantId,
            Template text,
            String language,
            Map<String, String> choices,
            String choicesLanguage,
            CallPolicy policy,
            int lexicon) {
        public Words {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(language, "language");
            Objects.requireNonNull(choices, "choices");
            Objects.requireNonNull(choicesLanguage, "choicesLanguage");
            Objects.requireNonNull(policy, "policy");
        }
    }

    /**
     * What is said to one person.
     *
     * @param shared values for the whole alert
     * @param own the person's own, which win
     */
    record Telling(Words words, Map<String, String> shared, Map<String, String> own) {
        /** Without the values. */
        @Override
        public String toString() {
            return "Telling";
        }
    }

    /** Languages that can be spoken on this node now, BCP 47 subtags; empty without an engine. */
    Set<String> languages();

    /**
     * Speaks what is the same for everybody; own values are left out. Blocks until it is spoken.
     *
     * @param shared values for the whole alert
     * @throws SpeechException when a part cannot be spoken, or a recording is not there; names the cure
     */
    void prepare(Words words, Map<String, String> shared) throws SpeechException, InterruptedException;

    /** Speaks what several people will be told and is not spoken yet, several at once. Blocks; what fails, {@link #script} tells. */
    void ahead(List<Telling> tellings) throws InterruptedException;

    /**
     * The call to one person. Blocks while something of it is spoken.
     *
     * @throws IllegalArgumentException if a variable is missing, or the PIN is no PIN
     * @throws SpeechException when a part cannot be spoken, or a recording is not there; names the cure and no value of a person
     */
    CallScript script(Telling telling) throws SpeechException, InterruptedException;
}
