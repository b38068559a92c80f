package io.tocsin.alerting.internal;

import io.tocsin.speech.api.Sound;
import io.tocsin.speech.internal.CachedSpeech;
import io.tocsin.speech.internal.CheckedRecording;
import io.tocsin.speech.internal.EspeakEngine;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;

/** The real engine and the real intake of recordings, and sounds to bring. */
final class Studio {
    final CachedSpeech speech;
    final CheckedRecording intake = new CheckedRecording(settings(CheckedRecording.Settings.class, Map.of()));

    Studio(Path folder) {
        speech = new CachedSpeech(
                settings(CachedSpeech.Settings.class, Map.of("folder", folder.toString())),
                null,
                new EspeakEngine(settings(EspeakEngine.Settings.class, Map.of())));
    }

    /** The defaults of a settings type, but for some. */
    private static <A> A settings(Class<A> type, Map<String, Object> different) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> different.getOrDefault(method.getName(), method.getDefaultValue())));
    }

    /** Two seconds of a tone as a WAV file. */
    static InputStream tone(double hertz) {
        return wav(hertz, 2);
    }

    static InputStream silence() {
        return wav(0, 2);
    }

    static InputStream minutes(int minutes) {
        return wav(440, 60 * minutes);
    }

    /** A-law of a sine at a quarter of full scale: by the table of ITU-T G.711, through the sound's own WAV. */
    private static InputStream wav(double hertz, int seconds) {
        byte[] alaw = new byte[seconds * Sound.RATE];
        for (int i = 0; i < alaw.length; i++) {
            int sample = (int) (8_000 * Math.sin(2 * Math.PI * hertz * i / Sound.RATE));
            alaw[i] = alaw(sample);
        }
        return new ByteArrayInputStream(Sound.of(alaw).wav());
    }

    private static byte alaw(int sample) {
        int sign = sample < 0 ? 0 : 0x80;
        int magnitude = Math.min(32_635, sample < 0 ? -sample - 1 : sample) >> 3;
        int exponent = Math.max(0, 31 - Integer.numberOfLeadingZeros(magnitude | 1) - 4);
        int mantissa = exponent < 1 ? magnitude >> 1 & 15 : magnitude >> exponent & 15;
        return (byte) ((sign | exponent << 4 | mantissa) ^ 0x55);
    }
}
