package io.tocsin.alerting.api;

import io.tocsin.speech.api.Sound;
import io.tocsin.speech.api.SpeechException;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Hearing before people are called what they will hear, said with the tenant's lexicon and recordings of now. Blocks while it is spoken:
 * seconds.
 *
 * @since 1.3
 */
@ProviderType
public interface Listening {

    /**
     * Any text.
     *
     * @param language BCP 47 tag
     * @throws LaunchRefusedException if it names a recording that is not there, or a variable
     * @throws SpeechException when it cannot be spoken; the reason says whose turn it is
     */
    Sound text(int tenantId, String text, String language) throws SpeechException, InterruptedException;

    /**
     * A voice message with its question.
     *
     * @param language one the scenario has a voice message in
     * @param drill marked as an exercise
     * @param values for its places; those left out are filled from the scenario, else said by their names
     * @throws java.util.NoSuchElementException if there is no such scenario
     * @throws LaunchRefusedException if it has no voice message in the language, or names a recording that is not there
     * @throws SpeechException when it cannot be spoken; the reason says whose turn it is
     */
    Sound scenario(int tenantId, String slug, String language, boolean drill, Map<String, String> values)
            throws SpeechException, InterruptedException;
}
