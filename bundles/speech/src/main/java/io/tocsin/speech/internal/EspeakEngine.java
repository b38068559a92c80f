package io.tocsin.speech.internal;

import io.tocsin.speech.api.SpeechEngine;
import io.tocsin.speech.api.SpeechException;
import io.tocsin.speech.api.SpeechException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * espeak-ng, a process a text: text on its standard input, WAV on its standard output. Each voice is tried at the start
 * by making it speak; one that does not is tried again later, so that installing it takes no restart.
 */
@Component(
        service = SpeechEngine.class,
        immediate = true,
        configurationPid = EspeakEngine.PID,
        property = "service.ranking:Integer=-1000")
@Designate(ocd = EspeakEngine.Settings.class)
public final class EspeakEngine implements SpeechEngine {

    static final String PID = "io.tocsin.speech.espeak";

    /** {@code etc/io.tocsin.speech.espeak.cfg}. */
    @ObjectClassDefinition(id = PID, name = "Tocsin speech: espeak-ng")
    public @interface Settings {
        @AttributeDefinition(description = "the program, by name or path")
        String program() default "espeak-ng";

        @AttributeDefinition(description = "LANGUAGE=VOICE, comma separated; “espeak-ng --voices” lists voices")
        String[] voices() default {"fr=fr", "en=en-gb"};

        @AttributeDefinition(description = "words a minute, 80 to 450")
        int pace() default 145;

        @AttributeDefinition(description = "seconds after which it hangs and is killed")
        int timeLimitSeconds() default 30;

        @AttributeDefinition(description = "most seconds one text may take to be said")
        int longestSeconds() default 600;
    }

    private static final Logger LOG = LoggerFactory.getLogger(EspeakEngine.class);

    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);
    private static final Duration TRIAL = Duration.ofSeconds(10);
    private static final int BYTES_A_SECOND = 2 * 22_050;
    private static final Pattern VERSION = Pattern.compile("text-to-speech: (\\S+)");

    /** “[[” begins phonemes: of a stranger's text nothing may be a command. */
    private static final Pattern PHONEMES = Pattern.compile("\\[(?=\\[)");

    private final String program;
    private final Map<String, String> voices = new TreeMap<>();
    private final int pace;
    private final Duration timeLimit;
    private final int mostBytes;
    private final Clock clock;
    private final OutsidePrograms programs = new OutsidePrograms("tocsin-espeak");

    private volatile Check check;

    private record Check(String version, Set<String> languages, Instant at) {}

    @Activate
    public EspeakEngine(Settings settings) {
        this(settings, Clock.systemUTC());
    }

    EspeakEngine(Settings settings, Clock clock) {
        this.clock = clock;
        program = settings.program();
        pace = within("pace", settings.pace(), 80, 450);
        timeLimit = Duration.ofSeconds(within("timeLimitSeconds", settings.timeLimitSeconds(), 1, 600));
        mostBytes = within("longestSeconds", settings.longestSeconds(), 1, 3_600) * BYTES_A_SECOND;
        for (String voice : settings.voices()) {
            String[] parts = voice.strip().split("=", 2);
            if (parts.length < 2 || !parts[0].matches("[a-z]{2,3}") || !parts[1].matches("[\\w+-]{1,60}")) {
                throw new IllegalArgumentException(
                        PID + ": voices: “" + voice + "” is not LANGUAGE=VOICE, as in fr=fr");
            }
            voices.put(parts[0], parts[1]);
        }
        check = tried();
    }

    private static int within(String setting, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    PID + ": " + setting + " is " + value + "; choose " + least + " to " + most);
        }
        return value;
    }

    @Override
    public String identity() {
        return "espeak-ng " + checked().version() + " " + voices + " " + pace;
    }

    @Override
    public Set<String> languages() {
        return checked().languages();
    }

    @Override
    public byte[] wav(String text, String language) throws SpeechException {
        String voice = voices.get(language);
        if (voice == null) {
            throw new SpeechException(
                    Reason.LANGUAGE, "espeak-ng has no voice for “" + language + "”: add it to voices of " + PID);
        }
        return spoken(text, voice, timeLimit);
    }

    @Deactivate
    void close() {
        programs.close();
    }

    private Check checked() {
        Check last = check;
        if (last.languages().size() < voices.size() && last.at().plus(TRY_AGAIN).isBefore(clock.instant())) {
            check = last = tried();
        }
        return last;
    }

    private Check tried() {
        Set<String> languages = new TreeSet<>();
        String version = "";
        try {
            version = version();
            for (Map.Entry<String, String> voice : voices.entrySet()) {
                if (spoken("a", voice.getValue(), TRIAL).length > 0) {
                    languages.add(voice.getKey());
                }
            }
        } catch (SpeechException e) {
            LOG.warn(
                    "speech.engine.missing languages={} of={} reason=\"{}\"",
                    languages,
                    voices.keySet(),
                    e.getMessage());
        }
        return new Check(version, Collections.unmodifiableSet(languages), clock.instant());
    }

    private String version() throws SpeechException {
        byte[] said = run(List.of(program, "--version"), "", TRIAL);
        Matcher version = VERSION.matcher(new String(said, StandardCharsets.UTF_8));
        return version.find() ? version.group(1) : "of unknown version";
    }

    private byte[] spoken(String text, String voice, Duration limit) throws SpeechException {
        List<String> command =
                List.of(program, "--stdin", "--stdout", "-b", "1", "-s", String.valueOf(pace), "-v", voice);
        return run(command, PHONEMES.matcher(text).replaceAll("[ "), limit);
    }

    private byte[] run(List<String> command, String text, Duration limit) throws SpeechException {
        InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        try {
            OutsidePrograms.Ended<byte[]> ended = programs.run(command, in, this::bounded, limit);
            if (ended.exit() != 0) {
                throw new SpeechException(
                        Reason.ENGINE,
                        program + " failed (" + ended.exit() + "): " + ended.complaint() + " – check voices of " + PID
                                + " against “" + program + " --voices”");
            }
            return ended.result();
        } catch (ProgramException e) {
            String cure = e.kind() == ProgramException.Kind.MISSING
                    ? ": install it (Debian, Ubuntu: apt-get install espeak-ng), or set program of " + PID
                    : ": try again; when it stays, raise timeLimitSeconds of " + PID;
            throw new SpeechException(Reason.ENGINE, e.getMessage() + cure, e);
        } catch (IOException e) {
            throw new SpeechException(Reason.ENGINE, program + " broke off: try again", e);
        }
    }

    private byte[] bounded(InputStream out) throws IOException, SpeechException {
        byte[] wav = out.readNBytes(mostBytes + 1);
        if (wav.length > mostBytes) {
            throw new SpeechException(
                    Reason.TEXT, "it takes more than " + mostBytes / BYTES_A_SECOND + " s to say: shorten the text");
        }
        return wav;
    }
}
