package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.routing.internal.TargetRef;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Something that happened, to be recorded whoever holds what lease now: facts are never fenced. */
sealed interface Fact {

    /**
     * The intent of one target: what is needed to render it and to record its outcome.
     *
     * @param rootWave the cascade's step or the relaunch it belongs to, however often it is tried
     */
    record Intent(
            TargetRef target,
            HeldBatch batch,
            int rootWave,
            int recipientNo,
            String address,
            boolean possibleDuplicate,
            int tryNo,
            Category category,
            String name,
            String language,
            String variables,
            boolean answered) {}

    /** A person who answered before their turn. */
    record Skipped(TargetRef target, HeldBatch batch, Instant at) implements Fact {}

    /** @param late after the time limit had already said in doubt: the batch has counted it */
    record Sent(
            TargetRef target,
            HeldBatch batch,
            int accountId,
            int tryNo,
            Category category,
            SendOutcome outcome,
            boolean late,
            Instant at)
            implements Fact {

        /** The ids of the segments the carrier took; empty if it took none or gives none. */
        List<String> carrierIds() {
            if (outcome instanceof SendOutcome.Accepted accepted) {
                return accepted.carrierIds();
            }
            return outcome instanceof SendOutcome.InDoubt doubt ? doubt.carrierIds() : List.of();
        }
    }

    /** @param tenants whose messages this account may carry */
    record Receipted(
            int accountId, Set<Integer> tenants, Receipt receipt, Instant seenAt, CompletableFuture<Void> durable)
            implements Fact {}

    /** What a carrier said of a message in doubt. */
    enum Inquiry {
        FOUND,
        NOT_FOUND,
        NOTHING_SAID
    }

    /** A message in doubt was asked for. */
    record Asked(TargetRef target, int accountId, Inquiry answer, Instant at) implements Fact {}

    /** Time to look again whether receipts without a message have found theirs. */
    record OrphansAgain(Instant at) implements Fact {}
}
