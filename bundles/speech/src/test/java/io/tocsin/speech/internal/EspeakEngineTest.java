package io.tocsin.speech.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.speech.api.SpeechException;
import io.tocsin.speech.api.SpeechException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program, and programs that misbehave in its place. */
class EspeakEngineTest {

    @TempDir
    Path folder;

    private EspeakEngine engine;

    @AfterEach
    void close() {
        if (engine != null) {
            engine.close();
        }
    }

    @Test
    void speaks_french_and_english() throws Exception {
        engine = new EspeakEngine(Given.settings(EspeakEngine.Settings.class, Map.of()));

        assertThat(engine.languages()).containsExactlyInAnyOrder("fr", "en");
        assertThat(engine.identity()).matches("espeak-ng 1\\.\\S+ \\{en=en-gb, fr=fr} 145");
        byte[] french = engine.wav("Ceci est un exercice.", "fr");
        assertThat(french).startsWith('R', 'I', 'F', 'F').hasSizeGreaterThan(40_000);
        assertThat(engine.wav("Ceci est un exercice.", "en")).isNotEqualTo(french);
        assertThat(engine.wav("Ceci est un exercice.", "fr"))
                .as("the same again")
                .isEqualTo(french);
    }

    @Test
    void a_text_is_never_a_command() throws Exception {
        engine = engine("if [ $1 = --version ]; then echo 'eSpeak NG text-to-speech: 9.9  Data at: /'; exit; fi; cat");

        assertThat(new String(engine.wav("[[h@l'oU]] [[[ --stdout $(id) <speak>", "fr")))
                .isEqualTo("[ [h@l'oU]] [ [ [ --stdout $(id) <speak>");
    }

    @Test
    void a_program_gets_nothing_of_the_nodes_environment() throws Exception {
        engine = engine("env; cat");

        assertThat(new String(engine.wav("x", "fr")).lines().filter(line -> line.contains("=")))
                .allMatch(line -> line.matches("(PATH|LC_ALL|PWD|SHLVL|_|OLDPWD)=.*"));
    }

    @Test
    void without_the_program_it_says_what_to_install_and_finds_it_later() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T08:00:00Z"));
        Path program = folder.resolve("espeak-ng");
        engine = new EspeakEngine(Given.espeak(program.toString()), clock(now));

        assertThat(engine.languages()).isEmpty();
        assertRefused(Reason.ENGINE, "is not on this machine", "apt-get install espeak-ng");

        Given.program(folder, "espeak-ng", "cat");
        assertThat(engine.languages()).as("not asked at every call").isEmpty();
        now.updateAndGet(time -> time.plus(Duration.ofSeconds(31)));
        assertThat(engine.languages()).containsExactlyInAnyOrder("fr", "en");
    }

    @Test
    void a_voice_that_is_missing_is_no_language() {
        engine = new EspeakEngine(
                Given.settings(EspeakEngine.Settings.class, Map.of("voices", new String[] {"fr=fr", "zz=zz-none"})));

        assertThat(engine.languages()).containsExactly("fr");
        assertThatThrownBy(() -> engine.wav("x", "zz")).hasMessageContaining("voice does not exist");
        assertThatThrownBy(() -> engine.wav("x", "en")).hasMessageContaining("no voice for “en”: add it to voices");
    }

    @Test
    void one_that_hangs_is_killed_with_what_it_started() throws Exception {
        Path pids = folder.resolve("pids");
        engine = hasty(
                "case \"$1\" in --version) exit;; esac; line=$(cat); if [ \"$line\" != a ]; then sleep 1000 & echo $$ $! > '"
                        + pids + "'; wait; fi; echo x");

        assertRefused(Reason.ENGINE, "did not end within 3 s and was killed", "timeLimitSeconds");

        for (String pid : Files.readString(pids).strip().split(" ")) {
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> ProcessHandle.of(Long.parseLong(pid))
                    .filter(ProcessHandle::isAlive)
                    .isEmpty());
        }
    }

    @Test
    void one_that_never_stops_talking_is_cut_off() throws Exception {
        engine = new EspeakEngine(Given.settings(
                EspeakEngine.Settings.class,
                Map.of(
                        "program",
                        Given.program(
                                folder, "endless", "read line; [ \"$line\" = sortez ] || { echo a; exit; }; exec yes"),
                        "longestSeconds",
                        2)));

        assertThatThrownBy(() -> engine.wav("sortez\n", "fr"))
                .isInstanceOfSatisfying(
                        SpeechException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TEXT))
                .hasMessageContaining("more than 2 s to say: shorten");
    }

    @Test
    void one_that_fails_is_quoted() throws Exception {
        engine = engine("echo 'no data at /usr' >&2; exit 3");

        assertRefused(Reason.ENGINE, "failed (3): no data at /usr");
    }

    @Test
    void one_that_does_not_listen_blocks_nobody() throws Exception {
        engine = engine("echo x");

        assertThat(engine.wav("long ".repeat(100_000), "fr")).hasSize(2);
    }

    @Test
    void settings_that_make_no_sense_are_named() {
        assertThatThrownBy(() -> new EspeakEngine(Given.settings(EspeakEngine.Settings.class, Map.of("pace", 9))))
                .hasMessageContaining("pace is 9; choose 80 to 450");
        assertThatThrownBy(() -> new EspeakEngine(
                        Given.settings(EspeakEngine.Settings.class, Map.of("voices", new String[] {"fr --path=/etc"}))))
                .hasMessageContaining("is not LANGUAGE=VOICE");
    }

    private EspeakEngine hasty(String script) throws Exception {
        return new EspeakEngine(Given.settings(
                EspeakEngine.Settings.class,
                Map.of("program", Given.program(folder, "engine", script), "timeLimitSeconds", 3)));
    }

    private EspeakEngine engine(String script) throws Exception {
        return new EspeakEngine(Given.espeak(Given.program(folder, "engine", script)), Clock.systemUTC());
    }

    private void assertRefused(Reason reason, String... words) {
        assertThatThrownBy(() -> engine.wav("Sortez.", "fr"))
                .isInstanceOfSatisfying(
                        SpeechException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .message()
                .contains(words)
                .doesNotContain("Sortez");
    }

    static Clock clock(AtomicReference<Instant> now) {
        return new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
    }
}
