package io.tocsin.phone.internal;

import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.Recordings;
import io.tocsin.alerting.api.Recordings.Recorded;
import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.speech.api.Sound;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A tenant's recordings that have a number: what a scenario says with {@code {{recording.phone-7}}}. */
final class Slots {
    static final int MOST = 99;

    private final Recordings recordings;

    Slots(Recordings recordings) {
        this.recordings = recordings;
    }

    /** Empty: nothing is kept under this number. */
    Optional<Sound> find(int tenantId, int number) {
        return recordings.sound(tenantId, slug(number));
    }

    /** The lowest number nothing is kept under. */
    OptionalInt free(int tenantId) {
        Set<String> taken =
                recordings.list(tenantId).stream().map(Recorded::slug).collect(Collectors.toSet());
        return IntStream.rangeClosed(1, MOST)
                .filter(number -> !taken.contains(slug(number)))
                .findFirst();
    }

    /**
     * Keeps a take, whatever was kept under the number; a name that somebody gave it stays.
     *
     * @throws RecordingException when it cannot be used after all
     * @throws LaunchRefusedException when the tenant has as many recordings as it may
     */
    void keep(int tenantId, int number, byte[] wav, Member member) throws RecordingException {
        String name =
                recordings.find(tenantId, slug(number)).map(Recorded::name).orElse("Téléphone " + number);
        try {
            recordings.save(tenantId, slug(number), name, new ByteArrayInputStream(wav), member.actor());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String slug(int number) {
        return "phone-" + number;
    }
}
