package io.tocsin.speech.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tocsin.speech.api.Measure;
import io.tocsin.speech.api.Recording.Flaw;
import io.tocsin.speech.api.Recording.Limits;
import io.tocsin.speech.api.Recording.Recorded;
import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.speech.api.Recording.RecordingException.Reason;
import io.tocsin.speech.api.Recording.Warning;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Uploads of every kind, good and bad; MP3 by the real mpg123. {@code exercice.mp3} is three seconds of espeak-ng, with tags. */
class CheckedRecordingTest {

    private static final Limits LIMITS = new Limits(Duration.ofSeconds(60), 20_000_000);

    @TempDir
    Path folder;

    private CheckedRecording recording = recording(Map.of());

    @AfterEach
    void close() {
        recording.close();
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(1, 8, 8_000, 1, "WAV, PCM 8 bit, 8000 Hz, mono"),
                Arguments.of(1, 8, 11_025, 2, "WAV, PCM 8 bit, 11025 Hz, stereo"),
                Arguments.of(1, 16, 8_000, 1, "WAV, PCM 16 bit, 8000 Hz, mono"),
                Arguments.of(1, 16, 44_100, 2, "WAV, PCM 16 bit, 44100 Hz, stereo"),
                Arguments.of(1, 24, 48_000, 2, "WAV, PCM 24 bit, 48000 Hz, stereo"),
                Arguments.of(1, 32, 96_000, 1, "WAV, PCM 32 bit, 96000 Hz, mono"),
                Arguments.of(1, 16, 192_000, 8, "WAV, PCM 16 bit, 192000 Hz, 8 channels"),
                Arguments.of(3, 32, 48_000, 1, "WAV, floating point 32 bit, 48000 Hz, mono"),
                Arguments.of(3, 64, 22_050, 2, "WAV, floating point 64 bit, 22050 Hz, stereo"),
                Arguments.of(6, 8, 8_000, 1, "WAV, A-law, 8000 Hz, mono"),
                Arguments.of(7, 8, 16_000, 1, "WAV, mu-law, 16000 Hz, mono"),
                Arguments.of(0xFFFE, 24, 44_100, 2, "WAV, PCM 24 bit, 44100 Hz, stereo"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void every_kind_of_wav_leaves_as_the_same_sound(int tag, int bits, int rate, int channels, String words)
            throws Exception {
        float[][] voice = new float[channels][];
        Arrays.fill(voice, Tones.syllables(3, rate, 0.3));

        Recorded recorded = read(new WavFile(tag, bits, rate, voice).bytes());

        assertThat(recorded.format()).isEqualTo(words);
        assertThat(recorded.warnings()).isEmpty();
        float[] heard = Tones.decoded(recorded.sound().alaw());
        assertThat(Loudness.of(heard)).isCloseTo(Measure.LEVEL, within(0.3));
        assertThat(Loudness.peak(heard)).isLessThan(Measure.CEILING + 0.3);
        assertThat(recorded.measure().duration()).isBetween(Duration.ofMillis(2_900), Duration.ofMillis(3_300));
    }

    @Test
    void an_mp3_is_what_was_said() throws Exception {
        Recorded recorded = read(mp3());

        assertThat(recorded.format()).isEqualTo("MP3, 22050 Hz, mono");
        assertThat(recorded.warnings()).isEmpty();
        assertThat(recorded.measure().level()).isCloseTo(Measure.LEVEL, within(0.3));
        assertThat(recorded.measure().duration()).isBetween(Duration.ofMillis(2_400), Duration.ofMillis(3_400));
    }

    @Test
    void a_length_that_a_recorder_did_not_know_is_no_damage() throws Exception {
        WavFile voice = new WavFile(1, 16, 16_000, Tones.syllables(2, 16_000, 0.3));

        for (long size : new long[] {0, 0xFFFF_FFFFL, 0x7FFF_F000L}) {
            assertThat(read(voice.bytes(size)).measure().duration()).isGreaterThan(Duration.ofMillis(1_900));
        }
    }

    @Test
    void what_may_spoil_it_is_said() throws Exception {
        float[] voice = Tones.syllables(4, 16_000, 0.3);

        assertWarned(
                new WavFile(1, 16, 16_000, Tones.syllables(4, 16_000, 1.35)), Flaw.CLIPPED, "record it again softer");
        assertWarned(
                new WavFile(1, 24, 16_000, Tones.syllables(4, 16_000, 0.01)), Flaw.QUIET, "closer to the microphone");
        assertWarned(
                new WavFile(1, 16, 16_000, Tones.joined(voice, Tones.silence(4, 16_000), voice)),
                Flaw.LONG_SILENCE,
                "silence of 4 s");
        assertWarned(new WavFile(1, 16, 6_000, Tones.syllables(4, 6_000, 0.3)), Flaw.DULL, "record it at 16,000 Hz");
        float[] reverse = voice.clone();
        for (int i = 0; i < reverse.length; i++) {
            reverse[i] = -reverse[i];
        }
        assertWarned(new WavFile(1, 16, 16_000, voice, reverse), Flaw.OPPOSED_CHANNELS, "first one was taken");
    }

    @Test
    void one_channel_that_is_empty_is_no_flaw() throws Exception {
        WavFile left = new WavFile(1, 16, 44_100, Tones.syllables(3, 44_100, 0.3), Tones.silence(3, 44_100));

        assertThat(read(left.bytes()).warnings()).isEmpty();
    }

    @Test
    void what_cannot_be_used_is_refused_with_the_cure() {
        byte[] wav = new WavFile(1, 16, 16_000, Tones.syllables(3, 16_000, 0.3)).bytes();

        assertRefused(new byte[0], Reason.FORMAT, "the file is empty: upload it again");
        assertRefused(
                "bonjour à tous".getBytes(StandardCharsets.UTF_8), Reason.FORMAT, "save it as WAV (16 bit PCM) or MP3");
        assertRefused(ascii("\0\0\0\u0020ftypM4A "), Reason.FORMAT, "MPEG-4 audio (m4a), as many telephones record");
        assertRefused(ascii("OggS\0\2\0\0\0\0\0\0"), Reason.FORMAT, "this is Ogg: save it as WAV");
        assertRefused(ascii("RF64\u00FF\u00FF\u00FF\u00FFWAVE"), Reason.FORMAT, "more than 4 GiB");
        assertRefused(
                Arrays.copyOf(wav, wav.length - 30_000),
                Reason.DAMAGED,
                "ends 0.9 s before its header says",
                "upload it again");
        assertRefused(Arrays.copyOf(wav, 20), Reason.DAMAGED, "ends before its sound begins");
        assertRefused(withFormat(2, 4), Reason.FORMAT, "coding 2 with 4 bits is not read: save it as WAV, 16 bit PCM");
        assertRefused(withFormat(1, 12), Reason.FORMAT, "coding 1 with 12 bits");
        assertRefused(new WavFile(1, 16, 384_000, new float[800]).bytes(), Reason.FORMAT, "at 384000 Hz: save it with");
        assertRefused(new WavFile(1, 8, 8_000, new float[9][800]).bytes(), Reason.FORMAT, "9 channels");
        float[] nothing = new float[8_000];
        nothing[3] = Float.NaN;
        assertRefused(new WavFile(3, 32, 8_000, nothing).bytes(), Reason.DAMAGED, "values that are no sound");
        assertRefused(
                new WavFile(1, 16, 8_000, Tones.silence(3, 8_000)).bytes(), Reason.SILENT, "check the microphone");
        assertRefused(new WavFile(1, 16, 8_000, new float[0]).bytes(), Reason.SILENT, "nothing can be heard");
        assertRefused(
                new WavFile(1, 16, 8_000, Tones.sine(440, 0.1, 8_000, -20)).bytes(), Reason.TOO_SHORT, "ms of sound");
        assertRefused(
                new WavFile(1, 16, 8_000, Tones.syllables(3, 8_000, 20)).bytes(),
                Reason.CLIPPED,
                "% of it is clipped",
                "softer");
        assertRefused(
                new WavFile(1, 16, 8_000, Tones.syllables(61, 8_000, 0.3)).bytes(),
                Reason.TOO_LONG,
                "at most 60 s may be played; this is 61 s");
    }

    @Test
    void a_header_that_contradicts_itself_is_damage() {
        byte[] wav = new WavFile(1, 16, 16_000, Tones.syllables(3, 16_000, 0.3)).bytes();
        int fmt = new String(wav, StandardCharsets.ISO_8859_1).indexOf("fmt ");
        byte[] align = wav.clone();
        align[fmt + 20] = 3;
        byte[] size = wav.clone();
        size[fmt + 6] = 1;
        byte[] late = wav.clone();
        System.arraycopy(ascii("junk"), 0, late, fmt, 4);

        assertRefused(align, Reason.DAMAGED, "contradicts itself");
        assertRefused(size, Reason.DAMAGED, "its format takes");
        assertRefused(late, Reason.DAMAGED, "its sound comes before its format");
    }

    @Test
    void damage_to_an_mp3_is_seen() throws Exception {
        byte[] mp3 = mp3();
        assertRefused(Arrays.copyOf(mp3, mp3.length / 2), Reason.DAMAGED, "the MP3 file is damaged: it is cut off");
        assertRefused(Arrays.copyOf(mp3, 200), Reason.DAMAGED, "damaged");
        byte[] noise = new byte[100_000];
        new Random(3).nextBytes(noise);
        noise[0] = 'I';
        noise[1] = 'D';
        noise[2] = '3';
        Arrays.fill(noise, 6, 10, (byte) 0);
        assertRefused(noise, Reason.DAMAGED, "damaged");
        byte[] torn = mp3.clone();
        byte[] hole = new byte[300];
        new Random(3).nextBytes(hole);
        System.arraycopy(hole, 0, torn, mp3.length / 2, hole.length);
        assertThat(read(torn).warnings()).extracting(Warning::flaw).containsExactly(Flaw.DAMAGED);
    }

    @Test
    void two_hours_are_refused_before_they_are_read() {
        Counter wav = new Counter(new SequenceInputStream(
                new ByteArrayInputStream(
                        Arrays.copyOf(new WavFile(1, 16, 44_100, new float[1]).bytes(2L * 44_100 * 7_200), 76)),
                new Endless(new byte[4_096])));

        assertRefused(
                wav,
                new Limits(Duration.ofMinutes(5), 1L << 40),
                Reason.TOO_LONG,
                "at most 300 s may be played; this is 7200 s");
        assertThat(wav.count).isLessThan(100_000);
    }

    @Test
    void streams_that_never_end_do() throws Exception {
        byte[] start = new WavFile(1, 16, 8_000, Tones.syllables(1, 8_000, 0.3)).bytes(0);
        assertRefused(endless(start, new byte[4_096]), LIMITS, Reason.TOO_LONG, "at most 60 s");
        assertRefused(
                endless(start, new byte[4_096]),
                new Limits(Duration.ofHours(9), 1_000_000),
                Reason.TOO_LONG,
                "more than 1.0 MB: save it with one channel");
        assertRefused(
                endless(ascii("RIFF\0\0\0\0WAVEjunk\u00F0\u00FF\u00FF\u00FF"), new byte[4_096]),
                LIMITS,
                Reason.TOO_LONG,
                "more than 20.0 MB");
        byte[] mp3 = mp3();
        byte[] frames = Arrays.copyOfRange(mp3, mp3.length / 2, mp3.length);
        assertRefused(endless(mp3, frames), LIMITS, Reason.TOO_LONG, "at most 60 s");
        assertRefused(
                endless(mp3, frames), new Limits(Duration.ofHours(9), 1_000_000), Reason.TOO_LONG, "more than 1.0 MB");
        assertRefused(
                endless(ascii("ID3\4\0\0\u007F\u007F\u007F\u007F"), new byte[4_096]),
                LIMITS,
                Reason.TOO_LONG,
                "more than 20.0 MB");
    }

    @Test
    void an_upload_that_breaks_off_is_no_recording() throws Exception {
        byte[] mp3 = mp3();
        for (byte[] part : new byte[][] {
            Arrays.copyOf(mp3, 8_000), new WavFile(1, 16, 8_000, Tones.syllables(3, 8_000, 0.3)).bytes()
        }) {
            InputStream broken =
                    new SequenceInputStream(new ByteArrayInputStream(part, 0, part.length / 2), new InputStream() {
                        @Override
                        public int read() throws IOException {
                            throw new IOException("connection reset");
                        }
                    });
            assertThatThrownBy(() -> recording.read(broken, LIMITS))
                    .isInstanceOf(IOException.class)
                    .hasMessage("connection reset");
        }
    }

    @Test
    void without_a_decoder_wav_still_works() throws Exception {
        recording.close();
        recording = recording(Map.of("mpg123", folder.resolve("none").toString()));

        assertRefused(mp3(), Reason.DECODER, "save the recording as WAV; or install mpg123");
        assertThat(read(new WavFile(1, 16, 8_000, Tones.syllables(3, 8_000, 0.3)).bytes())
                        .warnings())
                .isEmpty();
    }

    @Test
    void a_decoder_that_hangs_is_killed() throws Exception {
        recording.close();
        recording =
                recording(Map.of("mpg123", Given.program(folder, "hangs", "exec sleep 1000"), "timeLimitSeconds", 1));

        assertRefused(mp3(), Reason.DECODER, "did not end within 1 s and was killed", "timeLimitSeconds");
    }

    @Test
    void what_was_recorded_can_be_recorded_again() throws Exception {
        Recorded once = read(mp3());
        Recorded twice = read(once.sound().wav());

        assertThat(twice.measure().level()).isCloseTo(once.measure().level(), within(0.3));
        assertThat(twice.measure().duration()).isCloseTo(once.measure().duration(), Duration.ofMillis(30));
    }

    private static byte[] withFormat(int tag, int bits) {
        byte[] wav = new WavFile(1, 16, 8_000, new float[800]).bytes();
        int fmt = new String(wav, StandardCharsets.ISO_8859_1).indexOf("fmt ");
        wav[fmt + 8] = (byte) tag;
        wav[fmt + 22] = (byte) bits;
        return wav;
    }

    private static byte[] mp3() throws IOException {
        try (InputStream in = CheckedRecordingTest.class.getResourceAsStream("exercice.mp3")) {
            return in.readAllBytes();
        }
    }

    private static CheckedRecording recording(Map<String, Object> different) {
        return new CheckedRecording(Given.settings(CheckedRecording.Settings.class, different));
    }

    private Recorded read(byte[] upload) throws RecordingException, IOException {
        return recording.read(new ByteArrayInputStream(upload), LIMITS);
    }

    private void assertWarned(WavFile wav, Flaw flaw, String words) throws Exception {
        assertThat(read(wav.bytes()).warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.flaw()).isEqualTo(flaw);
            assertThat(warning.text()).contains(words);
        });
    }

    private void assertRefused(byte[] upload, Reason reason, String... words) {
        assertRefused(new ByteArrayInputStream(upload), LIMITS, reason, words);
    }

    private void assertRefused(InputStream upload, Limits limits, Reason reason, String... words) {
        assertThatThrownBy(() -> recording.read(upload, limits))
                .isInstanceOfSatisfying(
                        RecordingException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason))
                .message()
                .contains(words);
    }

    private static InputStream endless(byte[] start, byte[] then) {
        return new SequenceInputStream(new ByteArrayInputStream(start), new Endless(then));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The same bytes for ever. */
    private static final class Endless extends InputStream {
        private final byte[] bytes;
        private int at;

        Endless(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            at = (at + 1) % bytes.length;
            return bytes[at] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            int count = Math.min(length, bytes.length - at);
            System.arraycopy(bytes, at, into, from, count);
            at = (at + count) % bytes.length;
            return count;
        }
    }

    private static final class Counter extends InputStream {
        private final InputStream in;
        private long count;

        Counter(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            count++;
            return in.read();
        }
    }
}
