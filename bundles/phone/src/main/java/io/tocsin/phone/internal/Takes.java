package io.tocsin.phone.internal;

import io.tocsin.speech.api.Recording;
import io.tocsin.speech.api.Recording.Limits;
import io.tocsin.speech.api.Recording.Recorded;
import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.speech.api.Sound;
import io.tocsin.speech.api.SoundFiles;
import io.tocsin.speech.api.SpeechException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * What somebody spoke into a telephone: checked and made level like any upload, and a file to be listened to where the switch finds
 * sounds. That file goes with what was spoken lately, kept or not.
 */
final class Takes {
    static final Duration LONGEST = Duration.ofMinutes(2);
    private static final int HEADER = 58;

    private final Recording studio;
    private final SoundFiles files;

    Takes(Recording studio, SoundFiles files) {
        this.studio = studio;
        this.files = files;
    }

    /**
     * @param wav as it was spoken: what is kept, is checked and made level once more, with the same result
     * @param file as it will be heard
     * @param mind whether something may have spoiled it
     */
    record Take(byte[] wav, Path file, boolean mind) {}

    /**
     * @throws RecordingException when nobody would understand it; the reason says why
     * @throws SpeechException when there is no room for it
     */
    Take take(int tenantId, byte[] alaw) throws RecordingException, SpeechException {
        try {
            byte[] wav = wav(alaw);
            Recorded recorded = studio.read(new ByteArrayInputStream(wav), new Limits(LONGEST, wav.length + 1L));
            return new Take(
                    wav,
                    playable(tenantId, recorded.sound()),
                    !recorded.warnings().isEmpty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A sound as a file that can be played. */
    Path playable(int tenantId, Sound sound) throws SpeechException {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(sound.alaw());
            return files.keep(tenantId, "take-" + HexFormat.of().formatHex(sha256), sound);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** RIFF/WAVE around headerless A-law: format 6, 8 kHz, mono (RFC 2361). */
    private static byte[] wav(byte[] alaw) {
        ByteBuffer wav = ByteBuffer.allocate(HEADER + alaw.length).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(HEADER - 8 + alaw.length).put(ascii("WAVE"));
        wav.put(ascii("fmt ")).putInt(18).putShort((short) 6).putShort((short) 1);
        wav.putInt(Sound.RATE)
                .putInt(Sound.RATE)
                .putShort((short) 1)
                .putShort((short) 8)
                .putShort((short) 0);
        wav.put(ascii("fact")).putInt(4).putInt(alaw.length);
        wav.put(ascii("data")).putInt(alaw.length).put(alaw);
        return wav.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
