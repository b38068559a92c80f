package io.tocsin.lab.people;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who picks up a telephone that rings, and what they do then. Thread-safe; asked once a call, never blocks. */
@FunctionalInterface
public interface PhonePeople {

    /**
     * A telephone that is called.
     *
     * @param telephone as it was dialled
     * @param caller the number displayed; empty if none is
     * @param nth how many calls this telephone has had, from 1
     */
    record Ring(String telephone, String caller, int nth) {}

    /** What comes of a call. */
    sealed interface Reaction {}

    /**
     * Nobody picks up.
     *
     * @param fate with cause and SIP status; {@link PhoneFate#RINGS_OUT} rings for as long as the caller lets it
     * @param after since it was called
     * @param rings whether it rings before
     * @param callsBack how the person calls the displayed number later, if they do
     */
    record Refuses(PhoneFate fate, Duration after, boolean rings, Optional<CallBack> callsBack) implements Reaction {}

    /**
     * Somebody picks up, or something.
     *
     * @param ringing since it was called
     * @param machine a greeting, a beep, and then it records; presses nothing
     * @param speaks how long the first words take; the machine's greeting
     * @param presses in this order, each after the one before
     * @param leaves when they hang up, since they picked up, whatever happens; otherwise once they have heard and pressed all
     * @param patience how long they bear silence before they hang up
     * @param talks how long they talk to somebody they are connected with
     */
    record Answers(
            Duration ringing,
            boolean machine,
            Duration speaks,
            List<Press> presses,
            Optional<Duration> leaves,
            Duration patience,
            Duration talks)
            implements Reaction {}

    /**
     * @param during in the middle of what is said; otherwise in the silence after it
     * @param after since they picked up, or since the silence began
     * @param keys one after the other
     */
    record Press(boolean during, Duration after, String keys) {}

    /** @param after since the call they missed ended */
    record CallBack(Duration after, Answers conduct) {}

    Reaction called(Ring ring);
}
