package io.tocsin.peers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a phone does with a call.
 *
 * @param answer what it ends its ringing with
 * @param status the SIP status it refuses with
 * @param ringing how long it rings before it answers
 * @param talks when, after the answer, it says or presses what
 * @param hangsUp how long after the answer it hangs up; empty: when the other side does
 * @param cause the Q.850 cause it gives for that (RFC 3326), if any
 */
public record Phone(
        Answer answer, int status, Duration ringing, List<Talk> talks, Optional<Duration> hangsUp, OptionalInt cause) {

    /** How a call begins. */
    public enum Answer {
        ANSWERS,
        RINGS,
        REFUSES,
        /** Says nothing at all, as a trunk that is dead. */
        IGNORES
    }

    /** What is said (A-law) or pressed (0–9, *, #, A–D; 100 ms each and as much between them), and when after the answer. */
    public record Talk(Duration after, byte[] says, String presses) {}

    public Phone {
        talks = List.copyOf(talks);
    }

    /** Rings 200 ms, answers, and listens until the other side hangs up. */
    public static Phone answers() {
        return new Phone(Answer.ANSWERS, 200, Duration.ofMillis(200), List.of(), Optional.empty(), OptionalInt.empty());
    }

    /** A machine: answers after a second, says its greeting and listens. */
    public static Phone machine(byte[] greeting) {
        return answers().ringing(Duration.ofSeconds(1)).says(Duration.ofMillis(200), greeting);
    }

    public static Phone ringsForEver() {
        return new Phone(Answer.RINGS, 180, Duration.ZERO, List.of(), Optional.empty(), OptionalInt.empty());
    }

    public static Phone busy() {
        return refuses(486);
    }

    public static Phone declines() {
        return refuses(603);
    }

    /** @param status 400 to 699 */
    public static Phone refuses(int status) {
        if (status < 400 || status > 699) {
            throw new IllegalArgumentException("a call is refused with 400 to 699, not " + status);
        }
        return new Phone(Answer.REFUSES, status, Duration.ZERO, List.of(), Optional.empty(), OptionalInt.empty());
    }

    public static Phone ignores() {
        return new Phone(Answer.IGNORES, 0, Duration.ZERO, List.of(), Optional.empty(), OptionalInt.empty());
    }

    public Phone ringing(Duration ringing) {
        return new Phone(answer, status, ringing, talks, hangsUp, cause);
    }

    public Phone says(Duration after, byte[] alaw) {
        return talks(new Talk(after, alaw, ""));
    }

    public Phone presses(Duration after, String keys) {
        return talks(new Talk(after, new byte[0], Rtp.keys(keys)));
    }

    public Phone hangsUp(Duration after) {
        return new Phone(answer, status, ringing, talks, Optional.of(after), cause);
    }

    public Phone hangsUp(Duration after, int q850) {
        return new Phone(answer, status, ringing, talks, Optional.of(after), OptionalInt.of(q850));
    }

    private Phone talks(Talk talk) {
        List<Talk> all = new ArrayList<>(talks);
        all.add(talk);
        return new Phone(answer, status, ringing, all, hangsUp, cause);
    }
}
