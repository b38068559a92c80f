package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.CallScript.Pin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Asks whoever picked up for the PIN, three times; a machine keys none. The switch's event loop only. */
final class PinPad {
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final int TIMES = 3;

    /** Told what came of it. */
    interface Gate {
        void admitted();

        /** The last words are being said. */
        void notAdmitted();
    }

    private final Leg leg;
    private final Pin pin;
    private final Gate gate;
    private Future<?> timer;
    private String keyed = "";
    private int times;
    private boolean tried;
    private boolean passed;

    PinPad(Leg leg, Pin pin, Gate gate) {
        this.leg = leg;
        this.pin = pin;
        this.gate = gate;
    }

    boolean passed() {
        return passed;
    }

    /** Whether anybody keyed a whole one that was wrong. */
    boolean tried() {
        return tried;
    }

    void ask() {
        ask(pin.asked());
    }

    private void ask(List<Path> words) {
        keyed = "";
        leg.play(words);
    }

    /** The question has been said. */
    void asked() {
        timer = leg.after(PATIENCE, this::again);
    }

    void key(char key) {
        leg.silence();
        stop();
        if (Character.isDigit(key)) {
            keyed += key;
        }
        if (keyed.length() < pin.digits().length() && key != '#') {
            timer = leg.after(PATIENCE, this::again);
        } else if (keyed.equals(pin.digits())) {
            passed = true;
            gate.admitted();
        } else {
            tried = true;
            again();
        }
    }

    private void again() {
        if (++times < TIMES) {
            ask(Stream.concat(pin.wrong().stream(), pin.asked().stream()).toList());
        } else {
            leg.play(pin.wrong());
            gate.notAdmitted();
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
