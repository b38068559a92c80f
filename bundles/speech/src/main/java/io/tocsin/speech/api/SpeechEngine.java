package io.tocsin.speech.api;

import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Turns text into sound; an OSGi service. The one of the highest ranking speaks for the node; ours, espeak-ng, ranks
 * below any other.
 *
 * <p>An engine is handed text that is ready to be read: the lexicon is applied, numbers, dates and times are worded. It
 * neither keeps nor levels anything: that is done once, for every engine, behind {@link Speech}. Called from several
 * threads at once; may block, and ends by itself within a time limit of its own.
 */
@ConsumerType
public interface SpeechEngine {

    /**
     * What this engine is and how it is set: name, version, voices, pace. What is kept was spoken under this name; when
     * it changes, texts are spoken anew.
     */
    String identity();

    /**
     * Languages that can be spoken now, as BCP 47 language subtags ({@code fr}, {@code en}); empty when the engine
     * cannot work. Asked often: cheap once the engine has been checked.
     */
    Set<String> languages();

    /**
     * Speaks.
     *
     * @param text no longer than {@link Speech#render} admits; not blank. Never commands or mark-up of the engine: it
     *     must read such characters, or leave them out
     * @param language one of {@link #languages()}
     * @return a WAV file, PCM, any rate and width
     * @throws SpeechException when the engine is not there, refuses, hangs or says too much; names the cure and never
     *     quotes the text
     */
    byte[] wav(String text, String language) throws SpeechException;
}
