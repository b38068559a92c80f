package io.tocsin.lab.phone.internal;

import io.netty.util.concurrent.Future;
import io.tocsin.lab.people.PhonePeople.Answers;
import io.tocsin.lab.people.PhonePeople.Press;
import java.util.List;

/** Whoever picked up, or the machine that did: speaks, presses, bears silence, hangs up. On the loop only. */
final class Person {
    private static final long BREATH = 300;
    private static final long BETWEEN_KEYS = 250;
    /** What a machine records at most. */
    private static final long TAPE = 60_000;
    /** How long a person speaks who is asked to. */
    private static final long SPEECH = 3_000;

    private final PlantCore plant;
    private final Call call;
    private Answers conduct;
    private int next;
    private boolean spokenTo;
    private boolean connected;
    private boolean records;
    private Future<?> act;
    private Future<?> speech;
    private Future<?> leave;

    /** @param conduct null as long as nobody picked up */
    Person(PlantCore plant, Call call, Answers conduct) {
        this.plant = plant;
        this.call = call;
        this.conduct = conduct;
    }

    boolean machine() {
        return conduct != null && conduct.machine();
    }

    /** Until a machine is told from a person by what it says. */
    long speaksMillis() {
        return conduct == null ? 0 : conduct.speaks().toMillis();
    }

    /** Whether a machine is behind its beep. */
    boolean records() {
        return records;
    }

    void pickedUp() {
        conduct.leaves().ifPresent(when -> leave = plant.after(when.toMillis(), call::leftByPerson));
        speech = plant.after(plant.scaled(BREATH), this::speaks);
        if (!conduct.machine()) {
            List<Press> presses = conduct.presses();
            if (!presses.isEmpty() && presses.get(0).during()) {
                Press first = presses.get(0);
                act = plant.after(first.after().toMillis(), () -> press(first));
            }
            bear();
        }
    }

    private void speaks() {
        call.talkingStarted();
        long millis = plant.scaled(conduct.speaks().toMillis());
        speech = plant.after(millis, () -> {
            if (conduct.machine()) {
                records = true;
                if (conduct.leaves().isEmpty()) {
                    leave = plant.after(plant.scaled(TAPE), call::leftByPerson);
                }
            }
            // it takes some silence to be sure
            speech = plant.after(plant.scaled(Math.max(0, call.talkSilence())), () -> call.talkingFinished(millis));
        });
    }

    void spokenTo() {
        if (conduct == null) {
            return;
        }
        spokenTo = true;
        if (bearing()) {
            leave.cancel(false);
            leave = null;
        }
    }

    /** Nothing is said any more, for now. */
    void silence() {
        if (conduct == null || conduct.machine() || call.over()) {
            return;
        }
        bear();
        if (spokenTo && next < conduct.presses().size() && (act == null || act.isDone())) {
            Press press = conduct.presses().get(next);
            act = plant.after(press.after().toMillis(), () -> press(press));
        }
    }

    private boolean bearing() {
        return leave != null && conduct.leaves().isEmpty() && !conduct.machine() && !connected;
    }

    /** Silence is borne for a while, beyond what the person still wants to press. */
    private void bear() {
        if (conduct.leaves().isPresent() || connected) {
            return;
        }
        if (leave != null) {
            leave.cancel(false);
        }
        long think = next < conduct.presses().size()
                ? conduct.presses().get(next).after().toMillis()
                : 0;
        leave = plant.after(conduct.patience().toMillis() + think, call::leftByPerson);
    }

    private void press(Press press) {
        next++;
        press(press.keys(), 0);
    }

    private void press(String keys, int at) {
        if (call.over()) {
            return;
        }
        call.key(keys.charAt(at));
        if (at + 1 < keys.length()) {
            act = plant.after(BETWEEN_KEYS, () -> press(keys, at + 1));
        } else if (!call.over() && call.quiet()) {
            act = null;
            silence();
        }
    }

    /** Asked to speak: does, and presses the key that ends it, if there is one. */
    void recorded(Recordings.Live recording, long longest, long silence) {
        if (bearing()) {
            leave.cancel(false);
            leave = null;
        }
        long speaks = plant.scaled(machine() ? conduct.speaks().toMillis() : SPEECH);
        char key = recording.endsWith('#') ? '#' : '*';
        long ends = speaks;
        Runnable by = () -> call.key(key);
        if (!recording.endsWith(key) || machine()) {
            ends = silence == 0 ? Long.MAX_VALUE : speaks + silence;
            by = () -> call.recorded(recording, true);
        }
        Runnable ended = ends < longest ? by : () -> call.recorded(recording, true);
        speech = plant.after(Math.min(ends, longest), () -> {
            if (recording.state().equals("recording")) {
                ended.run();
                silence();
            }
        });
    }

    /** Connected with somebody: talks for a while. */
    void connected(boolean with) {
        if (conduct == null || connected == with) {
            return;
        }
        if (bearing()) {
            leave.cancel(false);
            leave = null;
        }
        connected = with;
        if (conduct.leaves().isPresent()) {
            return;
        }
        if (with) {
            cancel(act);
            leave = plant.after(plant.scaled(conduct.talks().toMillis()), call::leftByPerson);
        } else {
            cancel(leave);
            leave = null;
            silence();
        }
    }

    void over() {
        cancel(act);
        cancel(speech);
        cancel(leave);
    }

    private static void cancel(Future<?> one) {
        if (one != null) {
            one.cancel(false);
        }
    }
}
