package io.tocsin.routing.internal.calls;

import io.tocsin.speech.api.Lexicon;
import io.tocsin.speech.api.Sound;
import io.tocsin.speech.api.SoundFiles;
import io.tocsin.speech.api.Speech;
import io.tocsin.speech.api.SpeechException;
import io.tocsin.speech.internal.CachedSpeech;
import io.tocsin.speech.internal.EspeakEngine;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** The real engine and what it keeps in a folder, telling what it was asked for. */
public final class Voices implements Speech, SoundFiles {
    public final List<String> asked = new CopyOnWriteArrayList<>();
    private final CachedSpeech real;

    public Voices(Path folder) {
        real = new CachedSpeech(
                settings(CachedSpeech.Settings.class, Map.of("folder", folder.toString())),
                null,
                new EspeakEngine(settings(EspeakEngine.Settings.class, Map.of())));
    }

    /** The defaults of a settings type, but for some. */
    private static <A> A settings(Class<A> type, Map<String, Object> different) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> different.getOrDefault(method.getName(), method.getDefaultValue())));
    }

    @Override
    public Set<String> languages() {
        return real.languages();
    }

    @Override
    public Rendering render(int tenantId, String text, String language, Lexicon lexicon)
            throws SpeechException, InterruptedException {
        asked.add(language + ": " + text);
        return real.render(tenantId, text, language, lexicon);
    }

    @Override
    public void forget(int tenantId) throws SpeechException {
        real.forget(tenantId);
    }

    @Override
    public Optional<Path> find(int tenantId, String name) throws SpeechException {
        return real.find(tenantId, name);
    }

    @Override
    public Path keep(int tenantId, String name, Sound sound) throws SpeechException {
        return real.keep(tenantId, name, sound);
    }
}
