package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.CallScript;
import io.tocsin.channel.api.CallScript.Question;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * What is said to whoever picked up, and what they press: the message as often as it is to be said, the question, what a key means, whom
 * one connects with. It ends by hanging up. The switch's event loop only.
 */
final class Talk implements Transfer.Watcher {
    private static final Duration PAUSE = Duration.ofMillis(700);

    /** What is certain of the person. */
    enum Reached {
        NO,
        HEARD,
        ANSWERED,
        CONNECTED
    }

    private enum Step {
        MESSAGE,
        QUESTION,
        TRANSFER,
        /** The last words; then we hang up. */
        GOODBYE
    }

    private final OutCall call;
    private final CallScript script;
    private final OutCall.Surroundings around;
    private final Leg leg;
    private Step step = Step.MESSAGE;
    private Reached reached = Reached.NO;
    private Transfer transfer;
    private Future<?> timer;
    private boolean machine;
    private boolean messageHeard;
    private int said;
    private int asked;

    Talk(OutCall call, CallScript script, OutCall.Surroundings around) {
        this.call = call;
        this.script = script;
        this.around = around;
        this.leg = call.leg();
    }

    /** A machine listens: it hears all once, and is nobody until a key is pressed. */
    void toMachine() {
        machine = true;
    }

    boolean isMachine() {
        return machine;
    }

    Reached reached() {
        return reached;
    }

    /** Whether the message was said to its end at least once. */
    boolean messageHeard() {
        return messageHeard;
    }

    void begin() {
        step = Step.MESSAGE;
        leg.play(script.message());
    }

    /** As {@link #begin}, by a key that may be a choice already. */
    void begin(char key) {
        if (!chosen(key)) {
            begin();
        }
    }

    /** After a time in which nothing was heard of the call: what was being said is said again. */
    void resumed() {
        switch (step) {
            case MESSAGE -> begin();
            case QUESTION -> ask(script.question().orElseThrow(), List.of());
            case TRANSFER -> transfer.resumed();
            case GOODBYE -> leg.hangUp();
        }
    }

    void played() {
        switch (step) {
            case MESSAGE -> messageSaid();
            case QUESTION -> timer = leg.after(script.question().orElseThrow().patience(), this::noKey);
            case TRANSFER -> {}
            case GOODBYE -> leg.hangUp();
        }
    }

    private void messageSaid() {
        messageHeard = true;
        if (++said < script.times() && !machine) {
            timer = leg.after(PAUSE, this::begin);
        } else if (script.question().isPresent()) {
            ask(script.question().get(), List.of());
        } else {
            reached(machine ? Reached.NO : Reached.HEARD);
            goodbye();
        }
    }

    private void ask(Question question, List<Path> before) {
        step = Step.QUESTION;
        leg.play(Stream.concat(before.stream(), question.asked().stream()).toList());
    }

    private void noKey() {
        Question question = script.question().orElseThrow();
        if (++asked < question.times() && !machine) {
            ask(question, question.unclear());
        } else {
            goodbye();
        }
    }

    private void goodbye() {
        step = Step.GOODBYE;
        leg.hangUp();
    }

    void key(char key) {
        switch (step) {
            case MESSAGE -> chosen(key);
            case QUESTION -> {
                cancelTimer();
                if (!chosen(key)) {
                    leg.silence();
                    noKey();
                }
            }
            case TRANSFER, GOODBYE -> {}
        }
    }

    /** @return false if the key means nothing here */
    private boolean chosen(char key) {
        String pressed = String.valueOf(key);
        if (script.question().isEmpty()) {
            return false;
        }
        Question question = script.question().get();
        if (question.keys().containsKey(pressed)) {
            byPerson();
            reached(Reached.ANSWERED);
            around.answered(call, pressed);
            step = Step.GOODBYE;
            leg.play(question.keys().get(pressed));
        } else if (question.transfers().containsKey(pressed)) {
            byPerson();
            leg.silence();
            step = Step.TRANSFER;
            transfer = around.transfer(leg, question.transfers().get(pressed), this);
        } else if (question.repeat().filter(pressed::equals).isPresent()) {
            byPerson();
            said = script.times() - 1;
            begin();
        } else {
            return false;
        }
        return true;
    }

    /** Machines press nothing. */
    private void byPerson() {
        cancelTimer();
        machine = false;
    }

    @Override
    public void connected() {
        reached(Reached.CONNECTED);
    }

    @Override
    public void over(boolean connected) {
        transfer = null;
        if (step != Step.TRANSFER) {
            return;
        }
        if (connected) {
            goodbye();
        } else {
            Question question = script.question().orElseThrow();
            ask(question, question.unclear());
        }
    }

    private void reached(Reached how) {
        if (how.compareTo(reached) > 0) {
            reached = how;
        }
    }

    /** The call is over. */
    void end() {
        step = Step.GOODBYE;
        cancelTimer();
        if (transfer != null) {
            transfer.callerGone();
            transfer = null;
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
