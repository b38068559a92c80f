package io.tocsin.speech.api;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes in sound that people bring: WAV (PCM of 8 to 32 bits, floating point, A-law, mu-law; 4 to 192 kHz; 1 to 8
 * channels) and MP3. It is checked, made mono, resampled, levelled and trimmed; nothing is kept here. Safe for use by
 * several threads.
 */
@ProviderType
public interface Recording {

    /**
     * Reads an upload to its end or to the first thing wrong with it. Blocks while the sender sends, at most for the
     * time limit of the settings when it is MP3; a WAV file takes as long as its stream does.
     *
     * @param upload read and not closed; never more of it than {@code limits} admit
     * @throws RecordingException when it cannot be used; names the cure
     * @throws IOException when the stream breaks
     */
    Recorded read(InputStream upload, Limits limits) throws RecordingException, IOException;

    /**
     * @param longest most sound, at least a second
     * @param mostBytes largest file
     */
    record Limits(Duration longest, long mostBytes) {
        public Limits {
            if (longest.compareTo(Duration.ofSeconds(1)) < 0 || mostBytes < 1) {
                throw new IllegalArgumentException("limits of a recording: at least one second and one byte");
            }
        }
    }

    /**
     * @param format what was uploaded, in words
     * @param warnings what somebody should listen to before it is used; empty when nothing was seen
     */
    record Recorded(Sound sound, Measure measure, String format, List<Warning> warnings) {}

    /** @param text what was seen and the cure, for the one who recorded */
    record Warning(Flaw flaw, String text) {}

    /** What does not forbid a recording, but may spoil it. */
    enum Flaw {
        /** The recording was too loud for its own file: crackling. */
        CLIPPED,
        /** The decoder left parts out. */
        DAMAGED,
        /** So quiet that levelling raised its noise, too. */
        QUIET,
        /** A long pause in the middle: people hang up. */
        LONG_SILENCE,
        /** Sampled below 8 kHz: dull. */
        DULL,
        /** Two channels that cancel each other; the first one was taken. */
        OPPOSED_CHANNELS
    }

    /** Why a recording cannot be used; its message is for the one who uploaded it. */
    final class RecordingException extends Exception {
        private static final long serialVersionUID = 1L;

        /** A closed vocabulary, for doors that choose a status by it. */
        public enum Reason {
            /** Neither WAV nor MP3, or a kind of WAV that is not read. */
            FORMAT,
            /** Damaged, cut off, or not what its header says. */
            DAMAGED,
            /** Too many bytes or too many seconds. */
            TOO_LONG,
            TOO_SHORT,
            SILENT,
            /** Clipped beyond use. */
            CLIPPED,
            /** Not the file's fault: the decoder is missing, fails or hangs. The operator's turn. */
            DECODER
        }

        private final Reason reason;

        public RecordingException(Reason reason, String message) {
            super(message);
            this.reason = reason;
        }

        public RecordingException(Reason reason, String message, Throwable cause) {
            super(message, cause);
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }
}
