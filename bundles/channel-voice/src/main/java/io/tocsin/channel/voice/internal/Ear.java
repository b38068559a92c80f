package io.tocsin.channel.voice.internal;

import java.time.Duration;
import java.util.concurrent.Future;

/**
 * Listens to whoever picked up, to choose what is played and when: a person says a word and waits, a machine says its greeting, and
 * records after it. It decides nothing else: only a key is an answer. The switch's event loop only.
 */
final class Ear {
    /** Silence by which the switch takes talking for over, and energy above which it takes it for talking: TALK_DETECT's arguments. */
    static final String TALK_DETECT = "700,256";

    /** Who says nothing waits for us to speak. */
    private static final Duration SILENT_PERSON = Duration.ofMillis(2_500);

    /** Nobody says "hello" for longer. */
    private static final Duration LONGEST_HELLO = Duration.ofMillis(2_800);

    /** After a greeting: the beep is over by then, or was never heard. */
    private static final Duration AFTER_GREETING = Duration.ofMillis(1_200);

    private static final Duration LONGEST_GREETING = Duration.ofSeconds(60);

    /** What was made out. */
    interface Verdict {
        void person();

        /** The machine has said its greeting and listens. */
        void machine();
    }

    private final Leg leg;
    private final Verdict verdict;
    private Future<?> timer;
    private boolean machine;
    private boolean decided;

    Ear(Leg leg, Verdict verdict) {
        this.leg = leg;
        this.verdict = verdict;
        this.timer = leg.after(SILENT_PERSON, () -> decide(false));
    }

    void talking(boolean started, Duration spoke) {
        if (decided) {
            return;
        }
        timer.cancel(false);
        if (started) {
            timer = machine
                    ? leg.after(LONGEST_GREETING, () -> decide(true))
                    : leg.after(LONGEST_HELLO, () -> {
                        machine = true;
                        timer = leg.after(LONGEST_GREETING, () -> decide(true));
                    });
        } else if (machine || spoke.compareTo(LONGEST_HELLO) > 0) {
            machine = true;
            timer = leg.after(AFTER_GREETING, () -> decide(true));
        } else {
            decide(false);
        }
    }

    /** A key was pressed, or the call is over. */
    void enough() {
        decided = true;
        timer.cancel(false);
    }

    private void decide(boolean itIsAMachine) {
        if (!decided) {
            enough();
            if (itIsAMachine) {
                verdict.machine();
            } else {
                verdict.person();
            }
        }
    }
}
