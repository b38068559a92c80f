package io.tocsin.speech.api;

import java.nio.file.Path;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Speaks texts and keeps them: done before a launch, never during a call.
 *
 * <p>The same text in the same words, language and voice is spoken once and then found, by whoever asks, however many
 * ask at once. Safe for use by several threads.
 */
@ProviderType
public interface Speech {

    /** Languages the node can speak now; empty without an engine. */
    Set<String> languages();

    /**
     * The file that says the text: lexicon applied, numbers, telephone numbers, dates and times worded as they are said
     * in the language, levelled, silence at its ends trimmed. Blocks while it is being spoken: seconds, and never
     * longer than the engine's time limit for each text that waits before it. Interrupting gives up waiting only.
     *
     * <p>A rendering stays for as long as the settings promise from the last time it was asked for (days); to keep it
     * longer, ask again.
     *
     * @param tenantId whose text it is: renderings of tenants are apart, and {@link #forget} takes one tenant's away
     * @param text what is to be said; at most {@code mostCharacters} of the settings
     * @param language BCP 47 language tag; its primary subtag decides
     * @throws SpeechException when it cannot be spoken; the reason says whose turn it is
     */
    Rendering render(int tenantId, String text, String language, Lexicon lexicon)
            throws SpeechException, InterruptedException;

    /** Deletes all that was spoken for a tenant. What is being spoken meanwhile may stay. */
    void forget(int tenantId) throws SpeechException;

    /**
     * A text as sound.
     *
     * @param file headerless A-law, name ending in {@code .alaw}: Asterisk plays it as {@code sound:} and the path
     *     without that ending
     */
    record Rendering(Path file, Measure measure) {}
}
