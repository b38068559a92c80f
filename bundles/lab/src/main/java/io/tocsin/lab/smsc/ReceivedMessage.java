package io.tocsin.lab.smsc;

import java.time.Instant;
import java.util.Optional;

/**
 * A complete message the SMSC took.
 *
 * @param destination the number, with a plus if international
 * @param sender the source address as submitted
 * @param text the text, segments put together
 * @param reference the sender's reference, if it came in the agreed TLV
 * @param segments how many segments it had
 * @param at when its last segment came
 */
public record ReceivedMessage(
        String destination, String sender, String text, Optional<String> reference, int segments, Instant at) {}
