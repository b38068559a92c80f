package io.tocsin.phone.internal;

import io.tocsin.speech.api.Lexicon;
import io.tocsin.speech.api.Speech;
import io.tocsin.speech.api.SpeechException;
import java.nio.file.Path;
import java.util.Set;

/** Speaks a text into a “file” of that name, so that what is heard can be read. */
final class Spoken implements Speech {
    volatile boolean mute;

    @Override
    public Set<String> languages() {
        return mute ? Set.of() : Set.of("fr", "en");
    }

    @Override
    public Rendering render(int tenantId, String text, String language, Lexicon lexicon) throws SpeechException {
        if (mute || text.contains("indicible")) {
            throw new SpeechException(SpeechException.Reason.TEXT, "it cannot be spoken");
        }
        return new Rendering(Path.of(lexicon.apply(text, language)), null);
    }

    @Override
    public void forget(int tenantId) {}
}
