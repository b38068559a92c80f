package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.CallScript;
import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.channel.api.CallScript.Question;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Future;

/**
 * A call of ours to a person: rings, tells a machine from a person if it is to, asks the PIN, says the message, asks, hears keys. It
 * ends with an outcome, whatever happens, once; what is learnt on the way is told at once. The switch's event loop only.
 */
final class OutCall implements Leg.Hearer, Ear.Verdict, PinPad.Gate, Transfer.Watcher {
    private static final Duration PAUSE = Duration.ofMillis(700);

    /** How far it is. */
    enum Phase {
        BEGINNING,
        /** Somebody picked up when it was another's, and it is being moved to us. */
        ARRIVING,
        LISTENING,
        PIN,
        MESSAGE,
        QUESTION,
        TRANSFER,
        /** The last words; then we hang up. */
        GOODBYE,
        OVER
    }

    /** What a call needs of the channel. */
    interface Surroundings {
        Leg leg(String id, Leg.Hearer hearer);

        /** Has the switch tell when somebody talks. */
        void listen(Leg leg);

        /** Connects whoever is on the line with another number. */
        Transfer transfer(Leg caller, String number, Transfer.Watcher watcher);

        /** A choice was made: durable before long, whatever happens to the call. */
        void answered(OutCall call, String key);

        void ended(OutCall call, SendOutcome outcome, Reached reached);
    }

    /** What is certain of the person at the end of a call that was taken. */
    enum Reached {
        NO,
        HEARD,
        ANSWERED,
        CONNECTED
    }

    private final OutboundMessage message;
    private final CallScript script;
    private final Surroundings around;
    private final Leg leg;
    private final PinPad pinPad;
    private Phase phase = Phase.BEGINNING;
    private Ear ear;
    private Transfer transfer;
    private Future<?> timer;
    private Future<?> deadline;
    private boolean rangOut;
    private boolean withdrawn;
    private boolean machine;
    private boolean tooLong;
    private boolean notPlayed;
    private boolean messageHeard;
    private Reached reached = Reached.NO;
    private int said;
    private int asked;

    OutCall(OutboundMessage message, Surroundings around) {
        this.message = message;
        this.script = message.call().orElseThrow();
        this.around = around;
        this.leg = around.leg(message.reference(), this);
        this.pinPad = script.pin().map(pin -> new PinPad(leg, pin, this)).orElse(null);
    }

    OutboundMessage message() {
        return message;
    }

    Leg leg() {
        return leg;
    }

    Phase phase() {
        return phase;
    }

    /** It has begun to ring, or soon does. */
    void begun(Duration longest) {
        deadline = leg.after(longest, () -> {
            tooLong = true;
            leg.hangUp();
        });
    }

    /** It was another's, and somebody picked up; it arrives soon. */
    void takenOver() {
        phase = Phase.ARRIVING;
        leg.takenOver();
    }

    /** Certain that there is no call. */
    void notBegun(SendOutcome outcome) {
        over(outcome);
    }

    /** No longer wanted. Who listens already hears it to the end. */
    void withdraw() {
        if (phase == Phase.BEGINNING) {
            withdrawn = true;
            leg.hangUp();
        }
    }

    /** We rang for as long as we were to; the switch gives up at the same time, and tells why as if the other side had. */
    @Override
    public void ringing() {
        timer = leg.after(script.ringing().minusMillis(500), () -> rangOut = true);
    }

    @Override
    public void answered() {
        cancelTimer();
        rangOut = false;
        if (script.pin().isPresent()) {
            phase = Phase.PIN;
            pinPad.ask();
        } else if (script.machine() == AnsweringMachine.IGNORE) {
            sayMessage();
        } else {
            phase = Phase.LISTENING;
            ear = new Ear(leg, this);
            around.listen(leg);
        }
    }

    /** After a time in which nothing was heard of the call: what was being said is said again. */
    void resumed() {
        switch (phase) {
            case BEGINNING, ARRIVING, LISTENING -> {
                stopListening();
                answered();
            }
            case PIN -> pinPad.ask();
            case MESSAGE -> sayMessage();
            case QUESTION -> ask(script.question().orElseThrow(), List.of());
            case TRANSFER -> transfer.resumed();
            case GOODBYE -> leg.hangUp();
            case OVER -> {}
        }
    }

    @Override
    public void talking(boolean started, Duration spoke) {
        if (ear != null) {
            ear.talking(started, spoke);
        }
    }

    @Override
    public void person() {
        ear = null;
        sayMessage();
    }

    @Override
    public void machine() {
        ear = null;
        machine = true;
        if (script.machine() == AnsweringMachine.LEAVE_MESSAGE) {
            sayMessage();
        } else {
            phase = Phase.GOODBYE;
            leg.hangUp();
        }
    }

    private void stopListening() {
        if (ear != null) {
            ear.enough();
            ear = null;
        }
    }

    @Override
    public void admitted() {
        sayMessage();
    }

    @Override
    public void notAdmitted() {
        phase = Phase.GOODBYE;
    }

    private void sayMessage() {
        phase = Phase.MESSAGE;
        leg.play(script.message());
    }

    private void ask(Question question, List<Path> before) {
        phase = Phase.QUESTION;
        leg.play(concat(before, question.asked()));
    }

    @Override
    public void played() {
        switch (phase) {
            case PIN -> pinPad.asked();
            case MESSAGE -> messageSaid();
            case QUESTION -> timer = leg.after(script.question().orElseThrow().patience(), this::noKey);
            case GOODBYE -> leg.hangUp();
            default -> {}
        }
    }

    private void messageSaid() {
        messageHeard = true;
        if (++said < script.times() && !machine) {
            timer = leg.after(PAUSE, this::sayMessage);
        } else if (script.question().isPresent()) {
            ask(script.question().get(), List.of());
        } else {
            reached(machine ? Reached.NO : Reached.HEARD);
            phase = Phase.GOODBYE;
            leg.hangUp();
        }
    }

    private void noKey() {
        Question question = script.question().orElseThrow();
        if (++asked < question.times() && !machine) {
            ask(question, question.unclear());
        } else {
            phase = Phase.GOODBYE;
            leg.hangUp();
        }
    }

    @Override
    public void key(char key) {
        switch (phase) {
            case PIN -> pinPad.key(key);
            case LISTENING -> {
                stopListening();
                if (!chosen(key)) {
                    sayMessage();
                }
            }
            case MESSAGE -> chosen(key);
            case QUESTION -> {
                cancelTimer();
                if (!chosen(key)) {
                    leg.silence();
                    noKey();
                }
            }
            default -> {}
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
            cancelTimer();
            machine = false;
            reached(Reached.ANSWERED);
            around.answered(this, pressed);
            phase = Phase.GOODBYE;
            leg.play(question.keys().get(pressed));
            return true;
        }
        if (question.transfers().containsKey(pressed)) {
            cancelTimer();
            machine = false;
            leg.silence();
            phase = Phase.TRANSFER;
            transfer = around.transfer(leg, question.transfers().get(pressed), this);
            return true;
        }
        if (question.repeat().filter(pressed::equals).isPresent()) {
            cancelTimer();
            machine = false;
            said = script.times() - 1;
            sayMessage();
            return true;
        }
        return false;
    }

    @Override
    public void connected() {
        reached(Reached.CONNECTED);
    }

    @Override
    public void over(boolean connected) {
        transfer = null;
        if (phase == Phase.TRANSFER) {
            if (connected) {
                phase = Phase.GOODBYE;
                leg.hangUp();
            } else {
                Question question = script.question().orElseThrow();
                ask(question, question.unclear());
            }
        }
    }

    @Override
    public void notPlayed() {
        notPlayed = true;
        leg.hangUp();
    }

    @Override
    public void gone(int cause, OptionalInt techCause) {
        over(result(cause, techCause));
    }

    @Override
    public void takenAway() {
        lost("taken-over");
    }

    /** Nobody can say any more what became of it: the connection to the switch was lost, and with it the call. */
    void lost(String code) {
        over(
                reached != Reached.NO
                        ? new SendOutcome.Accepted(message.reference())
                        : new SendOutcome.InDoubt(code, List.of()));
    }

    private SendOutcome result(int cause, OptionalInt techCause) {
        Map<String, Duration> again = script.again();
        if (phase == Phase.BEGINNING) {
            return withdrawn
                    ? new SendOutcome.Rejected(CallEnd.WITHDRAWN, Fault.CARRIER)
                    : CallEnd.unanswered(cause, techCause, rangOut, again);
        }
        if (phase == Phase.ARRIVING) {
            // what its person heard of whoever began it nobody knows
            return new SendOutcome.InDoubt(CallEnd.CALL_LOST);
        }
        if (reached != Reached.NO) {
            return new SendOutcome.Accepted(message.reference());
        }
        if (notPlayed) {
            return CallEnd.retry(CallEnd.SOUND_NOT_PLAYED, again);
        }
        if (machine || phase == Phase.LISTENING && tooLong) {
            return CallEnd.retry("voicemail", again);
        }
        if (pinPad != null && !pinPad.passed()) {
            return CallEnd.retry(pinPad.tried() ? "wrong-pin" : "no-pin", again);
        }
        return CallEnd.retry(messageHeard ? "no-key" : "hung-up", again);
    }

    private void reached(Reached how) {
        if (how.compareTo(reached) > 0) {
            reached = how;
        }
    }

    private void over(SendOutcome outcome) {
        if (phase == Phase.OVER) {
            return;
        }
        phase = Phase.OVER;
        stopTimers();
        if (transfer != null) {
            transfer.callerGone();
            transfer = null;
        }
        around.ended(this, outcome, reached);
    }

    /** It is not ours after all: nothing more is done about it. */
    void forgotten() {
        phase = Phase.OVER;
        stopTimers();
    }

    private void stopTimers() {
        cancelTimer();
        stopListening();
        if (pinPad != null) {
            pinPad.stop();
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private static List<Path> concat(List<Path> first, List<Path> then) {
        if (first.isEmpty() || then.isEmpty()) {
            return first.isEmpty() ? then : first;
        }
        return java.util.stream.Stream.concat(first.stream(), then.stream()).toList();
    }
}
