package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.Dialogue;
import io.tocsin.channel.api.InboundCall;
import io.tocsin.platform.asterisk.ari.AriRecording;
import io.tocsin.platform.asterisk.ari.Recording;
import io.tocsin.platform.asterisk.ari.Switch;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** A call from somebody: does what the core's dialogue says, a turn after another. The switch's event loop only. */
final class InCall implements Leg.Hearer {
    private static final Pattern NOT_A_NAME = Pattern.compile("[^A-Za-z0-9._-]");
    private static final Duration TURN = Duration.ofSeconds(15);
    private static final Duration END_OF_SPEECH = Duration.ofSeconds(4);
    private static final Duration TONE = Duration.ofMillis(350);
    private static final int MOST_KEYS = 32;
    private static final int UNAVAILABLE = 38;

    private final InboundCall call;
    private final Switch asterisk;
    private final VoiceSettings settings;
    private final Consumer<InCall> over;
    private final Calls calls;
    private final Leg leg;
    private Dialogue dialogue;
    private Dialogue.Turn turn;
    private final StringBuilder ahead = new StringBuilder();
    private String keys = "";
    private boolean full;
    private String recording = "";
    private int recordings;
    private boolean playing;
    private Transfer transfer;
    private Future<?> timer;
    private Future<?> deadline;

    InCall(InboundCall call, Switch asterisk, VoiceSettings settings, Consumer<InCall> over, Calls calls) {
        this.call = call;
        this.asterisk = asterisk;
        this.settings = settings;
        this.over = over;
        this.calls = calls;
        this.leg = calls.leg(call.id(), this);
        leg.inbound();
    }

    String id() {
        return call.id();
    }

    Leg leg() {
        return leg;
    }

    @Override
    public void answered() {
        // it is ours from the start
    }

    /** @param cause Q.850: what the caller is told */
    void refuse(int cause) {
        leg.hangUp(cause);
    }

    void take(Dialogue says) {
        if (leg.isGone()) {
            says.ended();
            return;
        }
        dialogue = says;
        deadline = leg.after(settings.longestCall(), leg::hangUp);
        asterisk.answer(call.id()).whenComplete((answered, failure) -> {
            if (failure != null) {
                leg.hangUp(UNAVAILABLE);
            } else {
                heard(new Dialogue.Nothing());
            }
        });
    }

    /** After a time without connection. */
    void resumed(boolean lives) {
        if (!lives) {
            asterisk.detach(call.id());
            leg.gone(0, OptionalInt.empty());
        } else if (turn != null) {
            begin(turn);
        }
    }

    private void heard(Dialogue.Heard what) {
        if (dialogue == null || leg.isGone()) {
            return;
        }
        turn = null;
        timer = leg.after(TURN, () -> leg.hangUp(UNAVAILABLE));
        dialogue.next(what)
                .whenComplete((next, failure) -> asterisk.execute(() -> {
                    cancelTimer();
                    if (leg.isGone()) {
                        return;
                    }
                    if (failure != null || next == null) {
                        leg.hangUp(UNAVAILABLE);
                    } else {
                        begin(next);
                    }
                }));
    }

    private void begin(Dialogue.Turn next) {
        turn = next;
        keys = "";
        playing = true;
        leg.play(next.said());
        String keyed = ahead.toString();
        ahead.setLength(0);
        keyed.chars().forEach(key -> key((char) key));
    }

    @Override
    public void played() {
        playing = false;
        if (turn != null) {
            if (turn.then() instanceof Dialogue.AskKeys ask) {
                waitForKey(ask);
            } else if (turn.then() instanceof Dialogue.GoOn) {
                heard(new Dialogue.Nothing());
            } else if (turn.then() instanceof Dialogue.AskRecording ask) {
                tone(ask);
            } else if (turn.then() instanceof Dialogue.Connect connect) {
                transfer = calls.transfer(leg, connect.number(), connected -> {
                    transfer = null;
                    leg.hangUp();
                });
            } else {
                leg.hangUp();
            }
        }
    }

    @Override
    public void notPlayed() {
        leg.hangUp(UNAVAILABLE);
    }

    /** Who knows the way keys ahead: what comes before a turn that asks is for that turn. */
    @Override
    public void key(char key) {
        boolean late = full && key == '#';
        full = false;
        if (dialogue == null || late) {
            return;
        }
        if (turn != null && turn.then() instanceof Dialogue.AskKeys ask) {
            key(key, ask);
        } else if (turn == null || turn.then() instanceof Dialogue.GoOn) {
            if (ahead.length() < MOST_KEYS) {
                ahead.append(key);
            }
            if (turn != null) {
                hush();
                heard(new Dialogue.Nothing());
            }
        }
    }

    private void key(char key, Dialogue.AskKeys ask) {
        cancelTimer();
        hush();
        if (key == '#') {
            heard(new Dialogue.Keys(keys, true));
            return;
        }
        keys += key;
        full = keys.length() >= Math.min(ask.most(), MOST_KEYS);
        if (full) {
            heard(new Dialogue.Keys(keys, false));
        } else {
            waitForKey(ask);
        }
    }

    private void hush() {
        if (playing) {
            playing = false;
            leg.silence();
        }
    }

    private void waitForKey(Dialogue.AskKeys ask) {
        timer = leg.after(
                ask.patience(), () -> heard(keys.isEmpty() ? new Dialogue.Nothing() : new Dialogue.Keys(keys, false)));
    }

    /** The tone is the switch's own: it needs no file there. */
    private void tone(Dialogue.AskRecording ask) {
        leg.playOfSwitch("tone:1000/300");
        timer = leg.after(TONE, () -> {
            leg.silence();
            record(ask);
        });
    }

    private void record(Dialogue.AskRecording ask) {
        recording = "tocsin-" + NOT_A_NAME.matcher(call.id()).replaceAll("-") + "-" + ++recordings;
        asterisk.record(
                        call.id(),
                        new Recording(recording, "alaw", ask.longest(), Optional.of(END_OF_SPEECH), false, "#"))
                .whenComplete((begun, failure) -> {
                    if (failure != null) {
                        heard(new Dialogue.Nothing());
                    }
                });
    }

    @Override
    public void recorded(AriRecording changed) {
        boolean done = changed.state() == AriRecording.State.DONE;
        if (!changed.name().equals(recording)
                || !done
                        && changed.state() != AriRecording.State.FAILED
                        && changed.state() != AriRecording.State.CANCELED) {
            return;
        }
        String name = recording;
        recording = "";
        if (!done) {
            heard(new Dialogue.Nothing());
            return;
        }
        asterisk.storedRecording(name)
                .whenComplete((alaw, failure) -> asterisk.execute(() -> {
                    asterisk.deleteRecording(name);
                    heard(failure == null ? new Dialogue.Recorded(alaw) : new Dialogue.Nothing());
                }));
    }

    @Override
    public void gone(int cause, OptionalInt techCause) {
        cancelTimer();
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (transfer != null) {
            transfer.callerGone();
            transfer = null;
        }
        over.accept(this);
        if (dialogue != null) {
            dialogue.ended();
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
