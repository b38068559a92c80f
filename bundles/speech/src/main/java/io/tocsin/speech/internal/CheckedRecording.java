package io.tocsin.speech.internal;

import io.tocsin.speech.api.Measure;
import io.tocsin.speech.api.Recording;
import io.tocsin.speech.api.Recording.RecordingException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Tells what an upload is, has it decoded, and says what is wrong with it before anybody hears it. */
@Component(service = Recording.class, configurationPid = CheckedRecording.PID)
@Designate(ocd = CheckedRecording.Settings.class)
public final class CheckedRecording implements Recording {

    static final String PID = "io.tocsin.speech.recording";

    /** {@code etc/io.tocsin.speech.recording.cfg}. */
    @ObjectClassDefinition(id = PID, name = "Tocsin speech: recordings")
    public @interface Settings {
        @AttributeDefinition(description = "the program that decodes MP3, by name or path")
        String mpg123() default "mpg123";

        @AttributeDefinition(description = "seconds an MP3 may take to arrive and be decoded")
        int timeLimitSeconds() default 120;
    }

    /** Shorter is a click or a slip of the finger. */
    private static final Duration SHORTEST = Duration.ofMillis(500);

    private static final double CLIPPED_TO_MENTION = 0.0001;
    private static final double CLIPPED_BEYOND_USE = 0.05;
    private static final double QUIET = -45;
    private static final Duration LONG_SILENCE = Duration.ofSeconds(3);

    /** Mastering takes some 10 MB a minute of sound: uploads wait for each other there. */
    private final Semaphore hands = new Semaphore(2, true);

    private final OutsidePrograms programs = new OutsidePrograms("tocsin-recording");
    private final Mp3Decoder mp3;

    @Activate
    public CheckedRecording(Settings settings) {
        if (settings.timeLimitSeconds() < 1) {
            throw new IllegalArgumentException(PID + ": timeLimitSeconds is less than 1");
        }
        mp3 = new Mp3Decoder(programs, settings.mpg123(), Duration.ofSeconds(settings.timeLimitSeconds()));
    }

    @Deactivate
    void close() {
        programs.close();
    }

    @Override
    public Recorded read(InputStream upload, Limits limits) throws RecordingException, IOException {
        PushbackInputStream start = new PushbackInputStream(upload, UploadKind.ENOUGH);
        byte[] first = start.readNBytes(UploadKind.ENOUGH);
        start.unread(first);
        CountedStream counted = new CountedStream(start, limits.mostBytes());
        UploadKind kind = UploadKind.of(first);
        try {
            return switch (kind) {
                case WAV -> {
                    Intake.Taken taken = Intake.take(WavStream.open(counted), limits.longest());
                    yield checked(taken, taken.format().words(), false);
                }
                case MP3 -> {
                    Mp3Decoder.Decoded decoded = mp3.decode(counted, limits.longest());
                    yield checked(decoded.taken(), mp3Words(decoded.taken().format()), decoded.damaged());
                }
                case EMPTY -> throw new RecordingException(Reason.FORMAT, "the file is empty: upload it again");
                default ->
                    throw new RecordingException(
                            Reason.FORMAT, "this is " + kind.words() + ": save it as WAV (16 bit PCM) or MP3");
            };
        } catch (CountedStream.TooMuch e) {
            throw new RecordingException(
                    Reason.TOO_LONG,
                    String.format(
                            Locale.ROOT,
                            "the file has more than %.1f MB: save it with one channel and a lower rate (16,000 Hz), or"
                                    + " as MP3, or record it shorter",
                            limits.mostBytes() / 1e6),
                    e);
        }
    }

    private static String mp3Words(WavStream.Format format) {
        String many = format.channels() == 1 ? "mono" : "stereo";
        return String.format(Locale.ROOT, "MP3, %d Hz, %s", format.rate(), many);
    }

    private Recorded checked(Intake.Taken taken, String format, boolean damaged) throws RecordingException {
        if (taken.clippedShare() > CLIPPED_BEYOND_USE) {
            throw new RecordingException(
                    Reason.CLIPPED,
                    String.format(
                            Locale.ROOT,
                            "%.0f %% of it is clipped, nobody would understand it: record it again, softer or further"
                                    + " from the microphone",
                            taken.clippedShare() * 100));
        }
        Mastering.Mastered mastered = mastered(taken);
        Measure measure = mastered.measure();
        if (measure.duration().isZero()) {
            throw new RecordingException(
                    Reason.SILENT, "nothing can be heard in it: check the microphone and record it again");
        }
        if (measure.duration().compareTo(SHORTEST) < 0) {
            throw new RecordingException(
                    Reason.TOO_SHORT,
                    "there are only " + measure.duration().toMillis() + " ms of sound in it: record it again");
        }
        return new Recorded(mastered.sound(), measure, format, warnings(taken, mastered, damaged));
    }

    private Mastering.Mastered mastered(Intake.Taken taken) {
        hands.acquireUninterruptibly();
        try {
            return Mastering.master(taken.samples());
        } finally {
            hands.release();
        }
    }

    private static List<Warning> warnings(Intake.Taken taken, Mastering.Mastered mastered, boolean damaged) {
        List<Warning> warnings = new ArrayList<>();
        if (damaged) {
            warnings.add(
                    new Warning(Flaw.DAMAGED, "parts of the file could not be read: listen to it, or upload it again"));
        }
        if (taken.clippedShare() > CLIPPED_TO_MENTION) {
            warnings.add(new Warning(
                    Flaw.CLIPPED, "some of it is clipped and may crackle: listen to it, or record it again softer"));
        }
        if (mastered.levelBefore() < QUIET) {
            warnings.add(new Warning(
                    Flaw.QUIET,
                    "it is very quiet; noise was raised with the voice: listen to it, or record it again closer to the"
                            + " microphone"));
        }
        Duration pause = Mastering.longestPause(mastered.sound());
        if (pause.compareTo(LONG_SILENCE) > 0) {
            warnings.add(new Warning(
                    Flaw.LONG_SILENCE,
                    "there is a silence of " + pause.toSeconds() + " s in it: people hang up; cut it"));
        }
        if (taken.format().rate() < 8_000) {
            warnings.add(
                    new Warning(Flaw.DULL, "it was recorded below 8,000 Hz and sounds dull: record it at 16,000 Hz"));
        }
        if (taken.opposed()) {
            warnings.add(new Warning(
                    Flaw.OPPOSED_CHANNELS, "its channels cancel each other; the first one was taken: listen to it"));
        }
        return List.copyOf(warnings);
    }
}
