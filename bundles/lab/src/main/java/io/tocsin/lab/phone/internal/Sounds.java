package io.tocsin.lab.phone.internal;

import java.io.File;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** How long a medium is, in milliseconds. */
final class Sounds {
    /** Of a sound of the switch's own, which has no file here. */
    private static final long USUAL = 2_000;

    private static final long DIGIT = 700;
    /** A tone goes on until it is stopped. */
    private static final long TONE = 3_600_000;

    private final Function<String, Optional<Recordings.Stored>> recordings;

    Sounds(Function<String, Optional<Recordings.Stored>> recordings) {
        this.recordings = recordings;
    }

    /** Empty for a file or a recording that is not there, and what is no medium. */
    OptionalLong millis(String media) {
        int colon = media.indexOf(':');
        if (colon < 0) {
            return OptionalLong.empty();
        }
        String what = media.substring(colon + 1);
        return switch (media.substring(0, colon)) {
            case "sound" -> sound(what);
            case "recording" ->
                recordings
                        .apply(what)
                        .map(found -> OptionalLong.of(found.millis()))
                        .orElse(OptionalLong.empty());
            case "digits", "characters", "number" -> OptionalLong.of(DIGIT * Math.max(1, what.length()));
            case "tone" -> OptionalLong.of(TONE);
            default -> OptionalLong.empty();
        };
    }

    private static OptionalLong sound(String name) {
        if (name.startsWith("http://") || name.startsWith("https://") || !name.startsWith("/")) {
            return name.isEmpty() ? OptionalLong.empty() : OptionalLong.of(USUAL);
        }
        for (Format format : Format.values()) {
            long bytes = new File(name + format.ending).length();
            if (bytes > format.head) {
                return OptionalLong.of((bytes - format.head) * 1_000 / format.bytesPerSecond);
            }
        }
        return OptionalLong.empty();
    }

    /** What a switch finds beside the name it is given. */
    private enum Format {
        ALAW(".alaw", 0, 8_000),
        ULAW(".ulaw", 0, 8_000),
        SLIN(".sln", 0, 16_000),
        WIDE(".sln16", 0, 32_000),
        WAV(".wav", 44, 16_000);

        private final String ending;
        private final int head;
        private final int bytesPerSecond;

        Format(String ending, int head, int bytesPerSecond) {
            this.ending = ending;
            this.head = head;
            this.bytesPerSecond = bytesPerSecond;
        }
    }
}
