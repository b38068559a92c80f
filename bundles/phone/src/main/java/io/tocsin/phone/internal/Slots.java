package io.tocsin.phone.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.speech.api.Sound;
import java.util.Optional;
import java.util.OptionalInt;

/** A tenant's recordings that have a number, 1 to {@link #MOST}: what a scenario says with {@code {{recording.phone-7}}}. May block. */
interface Slots {
    int MOST = 99;

    /** Empty: nothing is kept under this number. */
    Optional<Sound> find(int tenantId, int number);

    /** The lowest number nothing is kept under. */
    OptionalInt free(int tenantId);

    /** Keeps a sound that was checked, whatever was kept under the number. Journaled. */
    void keep(int tenantId, int number, Sound sound, Actor actor);

    static String slug(int number) {
        return "phone-" + number;
    }
}
