package io.tocsin.channel.voice.internal;

import io.tocsin.platform.asterisk.ari.Switch;

/** The transfers of an account: each occupies a second line. The switch's event loop only, but for the number of them. */
final class Transfers {
    private final Switch asterisk;
    private final VoiceSettings settings;
    private int begun;
    private volatile int now;

    Transfers(Switch asterisk, VoiceSettings settings) {
        this.asterisk = asterisk;
        this.settings = settings;
    }

    /** Calls a number for whoever is on the line. */
    Transfer begin(Leg caller, String number, Transfer.Watcher watcher) {
        now = now + 1; // one thread writes
        return new Transfer(asterisk, settings, caller, ++begun, number, watcher, () -> now = now - 1);
    }

    /** Under way, from any thread. */
    int now() {
        return now;
    }
}
