package io.tocsin.speech.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tocsin.speech.api.Lexicon;
import io.tocsin.speech.api.Measure;
import io.tocsin.speech.api.Sound;
import io.tocsin.speech.api.Speech.Rendering;
import io.tocsin.speech.api.SpeechEngine;
import io.tocsin.speech.api.SpeechException;
import io.tocsin.speech.api.SpeechException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts spoken by the real espeak-ng and judged by what another decoder hears; and the folder they are kept in. */
class CachedSpeechTest {

    private static final String FLOOD = "Alerte crue. La Loue déborde. Quittez la maison dès maintenant et rejoignez le"
            + " gymnase avant 18h30. Informations au 04 65 71 12 34.";

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T08:00:00Z"));
    private final EspeakEngine espeak = new EspeakEngine(Given.settings(EspeakEngine.Settings.class, Map.of()));
    private final AtomicInteger spoken = new AtomicInteger();
    private final List<CachedSpeech> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(CachedSpeech::close);
        espeak.close();
    }

    @Test
    void a_french_alert_can_be_played_at_the_stated_loudness() throws Exception {
        Rendering rendering = speech(Map.of()).render(7, FLOOD, "fr-FR", Lexicon.none());

        assertThat(rendering.file()).hasParent(folder.resolve("7")).hasExtension("alaw");
        float[] heard = Tones.decoded(Files.readAllBytes(rendering.file()));
        assertThat(heard.length / 8_000.0)
                .as("seconds of 25 words and a telephone number")
                .isBetween(9.0, 20.0);
        assertThat(Loudness.of(heard)).isCloseTo(Measure.LEVEL, within(0.3));
        assertThat(Loudness.peak(heard)).isLessThan(Measure.CEILING + 0.3);
        assertThat(heard).as("not one sample at the end of the scale").doesNotContain(32_256 / 32_768f);
        assertThat(Tones.rms(heard, 0, 400)).as("it begins with a breath").isLessThan(-40);
        assertThat(Tones.rms(heard, 400, 4_000)).as("and then speaks").isGreaterThan(-35);
        assertThat(rendering.measure().duration()).isEqualTo(Duration.ofNanos(heard.length * 125_000L));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(rendering.file())))
                .startsWith("rw-")
                .endsWith("---");
    }

    @Test
    void english_too_and_it_can_be_listened_to_before() throws Exception {
        Rendering rendering = speech(Map.of()).render(7, "Flood warning. Leave your home now.", "en", Lexicon.none());

        byte[] wav = Sound.read(rendering.file()).wav();
        try (AudioInputStream in = AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav))) {
            assertThat(in.getFormat().getSampleRate()).isEqualTo(8_000);
            assertThat(in.getFormat().getSampleSizeInBits()).isEqualTo(16);
            assertThat(in.getFrameLength()).isEqualTo(Files.size(rendering.file()));
        }
        assertThat(rendering.measure().level()).isCloseTo(Measure.LEVEL, within(0.3));
    }

    @Test
    void the_same_is_spoken_once_and_found_after_a_restart() throws Exception {
        Rendering first = speech(Map.of()).render(7, FLOOD, "fr", Lexicon.none());
        Rendering again = speech(Map.of())
                .render(
                        7,
                        Normalizer.normalize(FLOOD.replace("18h30", "18:30"), Normalizer.Form.NFD),
                        "fr-FR",
                        Lexicon.none());

        assertThat(again).isEqualTo(first);
        assertThat(spoken).hasValue(1);
    }

    @Test
    void another_language_word_engine_or_tenant_is_another_sound() throws Exception {
        CachedSpeech speech = speech(Map.of());
        Lexicon lexicon = new Lexicon(List.of(new Lexicon.Entry("Loue", "lou", "")));
        Set<Path> files = new HashSet<>();
        files.add(speech.render(7, FLOOD, "fr", Lexicon.none()).file());
        files.add(speech.render(7, FLOOD, "en", Lexicon.none()).file());
        files.add(speech.render(7, FLOOD, "fr", lexicon).file());
        files.add(speech.render(8, FLOOD, "fr", Lexicon.none()).file());
        EspeakEngine slow = new EspeakEngine(Given.settings(EspeakEngine.Settings.class, Map.of("pace", 120)));
        try {
            files.add(speech(Map.of(), slow)
                    .render(7, FLOOD, "fr", Lexicon.none())
                    .file());
        } finally {
            slow.close();
        }

        assertThat(files).hasSize(5).allMatch(Files::exists);
        speech.forget(7);
        assertThat(files.stream().filter(Files::exists))
                .hasSize(1)
                .allMatch(file -> file.startsWith(folder.resolve("8")));
    }

    @Test
    void a_crowd_that_asks_at_once_has_it_spoken_once() throws Exception {
        CachedSpeech speech = speech(Map.of());
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService crowd = Executors.newFixedThreadPool(32);
        try {
            List<Future<Rendering>> asked = new ArrayList<>();
            for (int i = 0; i < 96; i++) {
                String text = "Sortez par la porte " + i % 3 + ".";
                asked.add(crowd.submit(() -> {
                    start.await();
                    return speech.render(7, text, "fr", Lexicon.none());
                }));
            }
            start.countDown();
            Map<Path, Integer> files = new HashMap<>();
            for (Future<Rendering> each : asked) {
                files.merge(each.get().file(), 1, Integer::sum);
            }
            assertThat(files).hasSize(3).containsValues(32, 32, 32);
            assertThat(spoken).hasValue(3);
            assertThat(names()).as("no parts left").allMatch(name -> name.endsWith(".alaw"));
        } finally {
            crowd.shutdownNow();
        }
    }

    @Test
    void the_folder_has_a_bound_and_what_was_not_asked_for_longest_goes() throws Exception {
        CachedSpeech speech = speech(Map.of("mebibytes", 1, "keepHours", 1));
        String text = "Numéro %d. " + "Restez chez vous et fermez les fenêtres. ".repeat(10);
        Path first = speech.render(7, text.formatted(0), "fr", Lexicon.none()).file();
        List<Path> others = new ArrayList<>();
        while (others.size() < 12) {
            now.updateAndGet(time -> time.plus(Duration.ofMinutes(40)));
            others.add(speech.render(7, text.formatted(others.size() + 1), "fr", Lexicon.none())
                    .file());
            speech.render(7, text.formatted(0), "fr", Lexicon.none());
        }

        assertThat(first).as("asked for all along").exists();
        assertThat(spoken).as("each text once").hasValue(13);
        assertThat(others.get(0)).as("never again").doesNotExist();
        assertThat(others.get(11)).exists();
        try (Stream<Path> files = Files.list(folder.resolve("7"))) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThanOrEqualTo(1 << 20);
        }
    }

    @Test
    void a_folder_full_of_what_is_in_use_says_so_and_keeps_it() throws Exception {
        CachedSpeech speech = speech(Map.of("mebibytes", 1));
        String text = "Numéro %d. " + "Restez chez vous et fermez les fenêtres. ".repeat(10);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 20; i++) {
                        speech.render(7, text.formatted(i), "fr", Lexicon.none());
                    }
                })
                .isInstanceOfSatisfying(
                        SpeechException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STORAGE))
                .hasMessageContaining("used in the last 72 h: raise mebibytes");
        assertThat(speech.render(7, text.formatted(0), "fr", Lexicon.none()).file())
                .exists();
    }

    @Test
    void what_a_crash_left_is_swept_and_an_empty_file_is_spoken_again() throws Exception {
        Path file = speech(Map.of()).render(7, "Sortez.", "fr", Lexicon.none()).file();
        Path part = Files.createFile(folder.resolve("7").resolve(".x.part"));
        Files.setLastModifiedTime(part, FileTime.from(now.get().minus(Duration.ofHours(2))));
        Files.write(file, new byte[0]);

        assertThat(speech(Map.of()).render(7, "Sortez.", "fr", Lexicon.none()).file())
                .isEqualTo(file)
                .isNotEmptyFile();
        assertThat(part).doesNotExist();
    }

    @Test
    void texts_that_cannot_be_spoken_say_why() {
        CachedSpeech speech = speech(Map.of("mostCharacters", 100));

        assertRefused(speech, " \n\u0000 ", "fr", Reason.TEXT, "nothing to say", "write words");
        assertRefused(speech, "… !?", "fr", Reason.TEXT, "nothing to say");
        assertRefused(speech, "x".repeat(101), "fr", Reason.TEXT, "101 characters; at most 100: shorten");
        assertRefused(speech, "Sortez 避難 vite", "fr", Reason.TEXT, "“避難” cannot be read in “fr”", "lexicon");
        assertRefused(speech, "Hinaus", "de-DE", Reason.LANGUAGE, "nobody here speaks “de-DE”, only en, fr");
        assertRefused(speech, "Hinaus", "", Reason.LANGUAGE, "nobody here speaks “”");
        assertThat(spoken).hasValue(0);
    }

    @Test
    void a_foreign_word_can_be_given_a_pronunciation() throws Exception {
        Lexicon lexicon = new Lexicon(List.of(new Lexicon.Entry("避難", "hinane", "")));

        assertThat(speech(Map.of()).render(7, "Sortez 避難 vite", "fr", lexicon).file())
                .isEqualTo(speech(Map.of())
                        .render(7, "Sortez hinane vite", "fr", Lexicon.none())
                        .file());
    }

    @Test
    void without_an_engine_it_says_what_to_do() {
        EspeakEngine none = new EspeakEngine(Given.espeak(folder.resolve("none").toString()));
        try {
            CachedSpeech speech = speech(Map.of(), none);
            assertThat(speech.languages()).isEmpty();
            assertRefused(speech, "Sortez.", "fr", Reason.ENGINE, "apt-get install espeak-ng", "use a recording");
        } finally {
            none.close();
        }
    }

    @Test
    void a_failure_is_not_kept() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CachedSpeech speech = speech(Map.of(), new Answering((text, language) -> switch (asked.getAndIncrement()) {
            case 0 -> throw new SpeechException(Reason.ENGINE, "out of breath: try again");
            case 1 -> new byte[] {1, 2, 3};
            case 2 -> new WavFile(1, 16, 22_050, Tones.silence(2, 22_050)).bytes();
            case 3 -> throw new IllegalStateException("a bug");
            default -> espeak.wav(text, language);
        }));

        assertRefused(speech, "Sortez.", "fr", Reason.ENGINE, "out of breath: try again");
        assertRefused(speech, "Sortez.", "fr", Reason.ENGINE, "no sound");
        assertRefused(speech, "Sortez.", "fr", Reason.TEXT, "finds nothing to say");
        assertThatThrownBy(() -> speech.render(7, "Sortez.", "fr", Lexicon.none()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(speech.render(7, "Sortez.", "fr", Lexicon.none()).file()).exists();
    }

    @Test
    void whoever_waits_is_told_when_the_room_closes() throws Exception {
        CountDownLatch speaking = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        CachedSpeech speech = speech(Map.of("atOnce", 1), new Answering((text, language) -> {
            speaking.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new SpeechException(Reason.ENGINE, "interrupted: try again", e);
            }
            return new byte[0];
        }));
        ExecutorService callers = Executors.newFixedThreadPool(2);
        try {
            Future<Rendering> first = callers.submit(() -> speech.render(7, "un", "fr", Lexicon.none()));
            speaking.await();
            Future<Rendering> second = callers.submit(() -> speech.render(7, "deux", "fr", Lexicon.none()));
            speech.close();
            assertThatThrownBy(first::get).hasCauseInstanceOf(SpeechException.class);
            assertThatThrownBy(second::get)
                    .hasCauseInstanceOf(SpeechException.class)
                    .hasMessageContaining("stops speaking: ask again");
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void a_folder_that_cannot_be_used_is_named() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        CachedSpeech speech =
                opened(new CachedSpeech(settings(Map.of()), file, counting(espeak), EspeakEngineTest.clock(now)));

        assertRefused(speech, "Sortez.", "fr", Reason.STORAGE, "check " + file);
    }

    private interface Answer {
        byte[] wav(String text, String language) throws SpeechException;
    }

    private record Answering(Answer answer) implements SpeechEngine {
        @Override
        public String identity() {
            return "trial";
        }

        @Override
        public Set<String> languages() {
            return Set.of("fr");
        }

        @Override
        public byte[] wav(String text, String language) throws SpeechException {
            return answer.wav(text, language);
        }
    }

    private SpeechEngine counting(SpeechEngine engine) {
        return new SpeechEngine() {
            @Override
            public String identity() {
                return engine.identity();
            }

            @Override
            public Set<String> languages() {
                return engine.languages();
            }

            @Override
            public byte[] wav(String text, String language) throws SpeechException {
                spoken.incrementAndGet();
                return engine.wav(text, language);
            }
        };
    }

    private CachedSpeech speech(Map<String, Object> different) {
        return speech(different, espeak);
    }

    private CachedSpeech speech(Map<String, Object> different, SpeechEngine engine) {
        return opened(new CachedSpeech(settings(different), folder, counting(engine), EspeakEngineTest.clock(now)));
    }

    private CachedSpeech opened(CachedSpeech speech) {
        opened.add(speech);
        return speech;
    }

    private static CachedSpeech.Settings settings(Map<String, Object> different) {
        return Given.settings(CachedSpeech.Settings.class, different);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("7"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void assertRefused(
            CachedSpeech speech, String text, String language, Reason reason, String... words) {
        assertThatThrownBy(() -> speech.render(7, text, language, Lexicon.none()))
                .isInstanceOfSatisfying(
                        SpeechException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .message()
                .contains(words);
    }
}
