package io.tocsin.lab.phone;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A call that is over, as the telephone saw it.
 *
 * @param channel its id
 * @param telephone the person's, as it was dialled, or the one that called in
 * @param other the number displayed, or the one that was called in
 * @param inbound whether the person called
 * @param pickedUp empty if nobody did
 * @param cause Q.850
 * @param sip the status the other side answered; 0 for none
 * @param heard media played from beginning to end, in order
 * @param keys what the person pressed
 * @param byPerson whether the person, or the machine, ended it
 */
public record PlacedCall(
        String channel,
        String telephone,
        String other,
        boolean inbound,
        Instant at,
        Optional<Instant> pickedUp,
        Instant ended,
        int cause,
        int sip,
        List<String> heard,
        String keys,
        boolean byPerson) {

    /** Without numbers and keys. */
    @Override
    public String toString() {
        return "PlacedCall[" + channel + " " + cause + "/" + sip + "]";
    }
}
