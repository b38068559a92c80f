package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.CallScript;
import io.tocsin.channel.api.CallScript.AnsweringMachine;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Future;

/**
 * A call of ours to a person: rings, tells a machine from a person if it is to, asks the PIN, then {@link Talk talks}. It ends with an
 * outcome, whatever happens, once; what is learnt on the way is told at once. The switch's event loop only.
 */
final class OutCall implements Leg.Hearer, Ear.Verdict, PinPad.Gate {

    /** How far it is. */
    enum Phase {
        BEGINNING,
        /** Somebody picked up when it was another's, and it is being moved to us. */
        ARRIVING,
        LISTENING,
        PIN,
        TALKING,
        /** Nothing more is said but the last words; then we hang up. */
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

        void ended(OutCall call, SendOutcome outcome, Talk.Reached reached);
    }

    private final OutboundMessage message;
    private final CallScript script;
    private final Surroundings around;
    private final Leg leg;
    private final PinPad pinPad;
    private final Talk talk;
    private Phase phase = Phase.BEGINNING;
    private Ear ear;
    private Future<?> ringing;
    private Future<?> deadline;
    private boolean rangOut;
    private boolean withdrawn;
    private boolean tooLong;
    private boolean notPlayed;

    OutCall(OutboundMessage message, Surroundings around) {
        this.message = message;
        this.script = message.call().orElseThrow();
        this.around = around;
        this.leg = around.leg(message.reference(), this);
        this.pinPad = script.pin().map(pin -> new PinPad(leg, pin, this)).orElse(null);
        this.talk = new Talk(this, script, around);
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

    /** It begins to ring, or soon does. */
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
        ringing = leg.after(script.ringing().minusMillis(500), () -> rangOut = true);
    }

    @Override
    public void answered() {
        stopRinging();
        rangOut = false;
        if (script.pin().isPresent()) {
            phase = Phase.PIN;
            pinPad.ask();
        } else if (script.machine() == AnsweringMachine.IGNORE) {
            talk();
        } else {
            phase = Phase.LISTENING;
            ear = new Ear(leg, this);
            around.listen(leg);
        }
    }

    private void talk() {
        phase = Phase.TALKING;
        talk.begin();
    }

    /** After a time in which nothing was heard of the call: what was being said is said again. */
    void resumed() {
        switch (phase) {
            case BEGINNING, ARRIVING, LISTENING -> {
                stopListening();
                answered();
            }
            case PIN -> pinPad.ask();
            case TALKING -> talk.resumed();
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
        talk();
    }

    @Override
    public void machine() {
        ear = null;
        talk.toMachine();
        if (script.machine() == AnsweringMachine.LEAVE_MESSAGE) {
            talk();
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
        talk();
    }

    @Override
    public void notAdmitted() {
        phase = Phase.GOODBYE;
    }

    @Override
    public void played() {
        switch (phase) {
            case PIN -> pinPad.asked();
            case TALKING -> talk.played();
            case GOODBYE -> leg.hangUp();
            default -> {}
        }
    }

    @Override
    public void key(char key) {
        switch (phase) {
            case LISTENING -> {
                stopListening();
                phase = Phase.TALKING;
                talk.begin(key);
            }
            case PIN -> pinPad.key(key);
            case TALKING -> talk.key(key);
            default -> {}
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

    /** Nobody can say any more what became of it. @param code of the doubt */
    void lost(String code) {
        over(
                talk.reached() == Talk.Reached.NO
                        ? new SendOutcome.InDoubt(code)
                        : new SendOutcome.Accepted(message.reference()));
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
        if (talk.reached() != Talk.Reached.NO) {
            return new SendOutcome.Accepted(message.reference());
        }
        if (notPlayed) {
            return CallEnd.retry(CallEnd.SOUND_NOT_PLAYED, again);
        }
        if (talk.isMachine() || phase == Phase.LISTENING && tooLong) {
            return CallEnd.retry("voicemail", again);
        }
        if (pinPad != null && !pinPad.passed()) {
            return CallEnd.retry(pinPad.tried() ? "wrong-pin" : "no-pin", again);
        }
        return CallEnd.retry(talk.messageHeard() ? "no-key" : "hung-up", again);
    }

    /** It has ended, or there certainly never was a call. */
    void over(SendOutcome outcome) {
        if (phase != Phase.OVER) {
            forgotten();
            around.ended(this, outcome, talk.reached());
        }
    }

    /** Nothing more is done about it. */
    void forgotten() {
        phase = Phase.OVER;
        stopRinging();
        stopListening();
        if (pinPad != null) {
            pinPad.stop();
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
        talk.end();
    }

    private void stopRinging() {
        if (ringing != null) {
            ringing.cancel(false);
            ringing = null;
        }
    }
}
