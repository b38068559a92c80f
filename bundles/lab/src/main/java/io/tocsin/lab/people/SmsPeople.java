package io.tocsin.lab.people;

import java.time.Duration;
import java.util.Optional;

/** Who answers a text message, what, and after how long. Thread-safe; called once a complete message, never blocks. */
@FunctionalInterface
public interface SmsPeople {

    /**
     * A message that reached a telephone.
     *
     * @param telephone the person's number, as the submit wrote it, with a plus if international
     * @param sender where the message came from
     * @param text the whole text, segments put together
     * @param nth how many messages this telephone has had, from 1
     */
    record Arrival(String telephone, String sender, String text, int nth) {}

    /** What the person writes back, and how long they think first. */
    record Reply(String text, Duration think) {}

    /** The person's reply, or empty for someone who stays silent. */
    Optional<Reply> replyTo(Arrival arrival);

    /** Nobody answers. */
    static SmsPeople silent() {
        return arrival -> Optional.empty();
    }
}
