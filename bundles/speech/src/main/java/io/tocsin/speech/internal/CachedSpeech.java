package io.tocsin.speech.internal;

import io.tocsin.speech.api.Lexicon;
import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.speech.api.Sound;
import io.tocsin.speech.api.SoundFiles;
import io.tocsin.speech.api.Speech;
import io.tocsin.speech.api.SpeechEngine;
import io.tocsin.speech.api.SpeechException;
import io.tocsin.speech.api.SpeechException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Words a text, has the engine speak it, masters the sound and keeps it; each text once, on a few threads of its own. */
@Component(
        service = {Speech.class, SoundFiles.class},
        configurationPid = CachedSpeech.PID)
@Designate(ocd = CachedSpeech.Settings.class)
public final class CachedSpeech implements Speech, SoundFiles {

    static final String PID = "io.tocsin.speech";

    /** Raised whenever wording or mastering changes: what was kept before is then spoken anew. */
    private static final String MANNER = "1";

    /** {@code etc/io.tocsin.speech.cfg}. */
    @ObjectClassDefinition(id = PID, name = "Tocsin speech", description = "Texts spoken before anybody is called")
    public @interface Settings {
        @AttributeDefinition(
                description = "empty: speech in the node's data folder. A switch on this machine reads it through its"
                        + " group; nodes may share it")
        String folder() default "";

        @AttributeDefinition(description = "most that is kept; 20 s of speech take 160 kB")
        int mebibytes() default 2_048;

        @AttributeDefinition(description = "hours that a text stays at least after it was last asked for")
        int keepHours() default 72;

        @AttributeDefinition(description = "longest text")
        int mostCharacters() default 4_000;

        @AttributeDefinition(description = "texts spoken at the same time")
        int atOnce() default 2;
    }

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,100}");

    private final SpeechEngine engine;
    private final SpokenFiles files;
    private final int mostCharacters;
    private final ExecutorService speakers;
    private final Map<String, CompletableFuture<Rendering>> underWay = new ConcurrentHashMap<>();

    @Activate
    public CachedSpeech(
            Settings settings,
            BundleContext bundle,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) SpeechEngine engine) {
        this(
                settings,
                settings.folder().isBlank()
                        ? Path.of(
                                Optional.ofNullable(bundle.getProperty("karaf.data"))
                                        .orElse("data"),
                                "speech")
                        : Path.of(settings.folder().strip()),
                engine,
                Clock.systemUTC());
    }

    CachedSpeech(Settings settings, Path folder, SpeechEngine engine, Clock clock) {
        this.engine = engine;
        mostCharacters = atLeastOne("mostCharacters", settings.mostCharacters());
        files = new SpokenFiles(
                folder,
                (long) atLeastOne("mebibytes", settings.mebibytes()) << 20,
                Duration.ofHours(atLeastOne("keepHours", settings.keepHours())),
                clock);
        speakers = Executors.newFixedThreadPool(atLeastOne("atOnce", settings.atOnce()), task -> {
            Thread thread = new Thread(task, "tocsin-speech");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static int atLeastOne(String setting, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(PID + ": " + setting + " is " + value + "; choose 1 or more");
        }
        return value;
    }

    @Override
    public Set<String> languages() {
        return engine.languages();
    }

    @Override
    public Rendering render(int tenantId, String text, String language, Lexicon lexicon)
            throws SpeechException, InterruptedException {
        String spokenIn = spokenIn(language);
        String said = said(text, spokenIn, lexicon);
        String key = key(said, spokenIn);
        Optional<Rendering> kept = kept(tenantId, key);
        return kept.isPresent() ? kept.get() : awaited(tenantId, key, said, spokenIn);
    }

    @Override
    public void forget(int tenantId) throws SpeechException {
        files.forget(tenantId);
    }

    @Override
    public Optional<Path> find(int tenantId, String name) throws SpeechException {
        return files.find(tenantId, named(name));
    }

    @Override
    public Path keep(int tenantId, String name, Sound sound) throws SpeechException {
        return files.keep(tenantId, named(name), sound);
    }

    /** Never the name of something spoken, which has no such beginning; never a way out of the folder. */
    private static String named(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a sound is named by 1 to 100 of a-z, 0-9 and -");
        }
        return "kept-" + name;
    }

    /** Whoever waits is told; the engine's processes end with the engine. */
    @Deactivate
    void close() {
        speakers.shutdownNow();
        underWay.values().forEach(each -> each.completeExceptionally(stopping()));
    }

    private String spokenIn(String language) throws SpeechException {
        String primary = Locale.forLanguageTag(language).getLanguage();
        Set<String> languages = engine.languages();
        if (languages.isEmpty()) {
            throw new SpeechException(
                    Reason.ENGINE,
                    "nothing on this node can speak: install espeak-ng (Debian, Ubuntu: apt-get install espeak-ng), or"
                            + " use a recording");
        }
        if (!languages.contains(primary)) {
            throw new SpeechException(
                    Reason.LANGUAGE,
                    "nobody here speaks “" + language + "”, only " + String.join(", ", new TreeSet<>(languages))
                            + ": use a recording, or add a voice to " + EspeakEngine.PID);
        }
        return primary;
    }

    private String said(String text, String language, Lexicon lexicon) throws SpeechException {
        if (text.length() > mostCharacters) {
            throw new SpeechException(
                    Reason.TEXT,
                    "the text has " + text.length() + " characters; at most " + mostCharacters + ": shorten it");
        }
        String said =
                Wording.of(language).read(lexicon.apply(Normalizer.normalize(text, Normalizer.Form.NFC), language));
        if (said.codePoints().noneMatch(Character::isLetterOrDigit)) {
            throw new SpeechException(Reason.TEXT, "there is nothing to say in the text: write words");
        }
        Optional<String> foreign = Script.foreignWord(said, language);
        if (foreign.isPresent()) {
            throw new SpeechException(
                    Reason.TEXT,
                    "“" + foreign.get() + "” cannot be read in “" + language
                            + "”: write it in Latin letters, or add it to the lexicon");
        }
        return said;
    }

    private String key(String said, String language) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : new String[] {MANNER, engine.identity(), language, said}) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private Optional<Rendering> kept(int tenantId, String key) throws SpeechException {
        Optional<Path> file = files.find(tenantId, key);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Rendering(file.get(), Mastering.measure(Sound.read(file.get()))));
        } catch (IOException deletedMeanwhile) {
            return Optional.empty();
        }
    }

    private Rendering awaited(int tenantId, String key, String said, String language)
            throws SpeechException, InterruptedException {
        String id = tenantId + "/" + key;
        CompletableFuture<Rendering> mine = new CompletableFuture<>();
        CompletableFuture<Rendering> others = underWay.putIfAbsent(id, mine);
        if (others == null) {
            start(
                    () -> {
                        // Somebody may have finished it between our look and our turn.
                        Optional<Rendering> kept = kept(tenantId, key);
                        return kept.isPresent() ? kept.get() : spoken(tenantId, key, said, language);
                    },
                    id,
                    mine);
        }
        try {
            return (others == null ? mine : others).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SpeechException refused) {
                throw new SpeechException(refused.reason(), refused.getMessage(), refused);
            }
            throw new IllegalStateException("speaking failed", e.getCause());
        }
    }

    private interface Speaking {
        Rendering speak() throws SpeechException;
    }

    private void start(Speaking speaking, String id, CompletableFuture<Rendering> result) {
        try {
            speakers.execute(() -> {
                try {
                    Rendering rendering = speaking.speak();
                    underWay.remove(id, result);
                    result.complete(rendering);
                } catch (SpeechException | RuntimeException | Error e) {
                    // Forgotten before it is told: who asks again because it failed must not be given the old failure.
                    underWay.remove(id, result);
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            underWay.remove(id, result);
            result.completeExceptionally(stopping());
        }
    }

    private Rendering spoken(int tenantId, String key, String said, String language) throws SpeechException {
        byte[] wav = engine.wav(said, language);
        Mastering.Mastered mastered;
        try {
            WavStream stream = WavStream.open(new ByteArrayInputStream(wav));
            mastered = Mastering.master(Intake.take(stream, Duration.ofHours(1)).samples());
        } catch (RecordingException | IOException e) {
            throw new SpeechException(
                    Reason.ENGINE, "what the engine said is no sound: try again, or another engine", e);
        }
        if (mastered.measure().duration().isZero()) {
            throw new SpeechException(Reason.TEXT, "the engine finds nothing to say in the text: write words");
        }
        return new Rendering(files.keep(tenantId, key, mastered.sound()), mastered.measure());
    }

    private static SpeechException stopping() {
        return new SpeechException(Reason.ENGINE, "the node stops speaking: ask again once it runs");
    }
}
