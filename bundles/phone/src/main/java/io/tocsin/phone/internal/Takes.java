package io.tocsin.phone.internal;

import io.tocsin.speech.api.Recording;
import io.tocsin.speech.api.Recording.Limits;
import io.tocsin.speech.api.Recording.Recorded;
import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.speech.api.Sound;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.UUID;

/** What somebody spoke into a telephone: checked and made level like any upload, and a file to be listened to until the call is over. */
final class Takes {
    static final Duration LONGEST = Duration.ofMinutes(2);
    private static final int HEADER = 58;

    private final Recording studio;
    private final Path folder;

    /** @param folder made if it is not there; what stands in it is of calls that are over */
    Takes(Recording studio, Path folder) {
        this.studio = studio;
        this.folder = folder;
    }

    /**
     * @param wav as it was spoken: what is kept, is checked and made level once more, with the same result
     * @param file as it will be heard
     * @param mind whether something may have spoiled it
     */
    record Take(byte[] wav, Path file, boolean mind) {}

    /** @throws RecordingException when nobody would understand it; the reason says why */
    Take take(byte[] alaw) throws RecordingException {
        try {
            byte[] wav = wav(alaw);
            Recorded recorded = studio.read(new ByteArrayInputStream(wav), new Limits(LONGEST, wav.length + 1L));
            return new Take(
                    wav, playable(recorded.sound()), !recorded.warnings().isEmpty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of its own, for this process only; to be {@link #forget forgotten}. */
    Path playable(Sound sound) {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve(UUID.randomUUID() + ".alaw");
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.write(file, sound.alaw());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void forget(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
