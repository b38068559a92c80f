package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Receipt;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.AttemptRows.Row;
import io.tocsin.routing.internal.engine.Fact.Receipted;
import io.tocsin.routing.internal.engine.ReceiptRows.Found;
import io.tocsin.routing.internal.engine.ReceiptRows.Place;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds the message a receipt is about: by the carrier's id on that account (the latest that had it); else by our reference;
 * else it waits as an orphan until the response that names its id is recorded, or until it is clear that the response was
 * lost and a message in doubt at that address is what it speaks of. Used by the recorder only, one call at a time.
 */
final class ReceiptMatching {
    /** A receipt this young may still be ahead of its response: nothing is guessed from its address yet. */
    private static final Duration RESPONSE_MAY_COME = Duration.ofSeconds(5);

    private static final Duration ORPHANS_LOOKED_AT = Duration.ofMinutes(10);

    private final Clock clock;
    private volatile boolean orphansPossible = true;
    private boolean orphaned;
    private boolean noneLeft;

    ReceiptMatching(Clock clock) {
        this.clock = clock;
    }

    boolean orphansPossible() {
        return orphansPossible;
    }

    /** Another node may have left orphans behind. */
    void orphansPossibleAgain() {
        orphansPossible = true;
    }

    /** A group is about to be written, perhaps again: what an attempt that failed saw does not count. */
    void begin() {
        orphaned = false;
        noneLeft = false;
    }

    /** The last group is durable, and so are its orphans. */
    void committed() {
        if (orphaned) {
            orphansPossible = true;
        } else if (noneLeft) {
            orphansPossible = false;
        }
        begin();
    }

    void match(ReceiptRows rows, List<Receipted> received, Observations observations) throws SQLException {
        Map<Integer, Place> byId = rows.byCarrierId(received);
        List<Receipted> orphans = new ArrayList<>();
        for (int i = 0; i < received.size(); i++) {
            Receipted receipted = received.get(i);
            Place place = byId.get(i);
            Optional<TargetRef> named = place == null ? byReference(rows, receipted) : Optional.empty();
            if (place != null) {
                observe(place, receipted.accountId(), receipted.receipt(), observations::add, observations);
            } else if (named.isPresent()) {
                Consumer<Row> adding = moreToCome(receipted.receipt()) ? observations::addNamed : observations::add;
                observe(new Place(named.get(), 0), receipted.accountId(), receipted.receipt(), adding, observations);
            } else {
                orphans.add(receipted);
            }
        }
        if (!orphans.isEmpty()) {
            rows.keep(orphans);
            orphaned = true;
        }
    }

    /** A response after its time, for one: what is still to come may know the message by its id alone. */
    private static boolean moreToCome(Receipt receipt) {
        return receipt.state() == Receipt.State.BUFFERED && !receipt.carrierId().isEmpty();
    }

    private void observe(Place place, int accountId, Receipt receipt, Consumer<Row> adding, Observations observations) {
        String code = Record.word(receipt.code());
        Instant at = credible(receipt.at());
        String id = receipt.carrierId().isEmpty() ? null : receipt.carrierId();
        adding.accept(new Row(place.target(), place.segment(), 1, kind(receipt.state()), code, accountId, id, at));
        if (receipt.state() == Receipt.State.FAILED || receipt.state() == Receipt.State.EXPIRED) {
            observations.decide(place.target(), "failed", code, clock.instant(), Duration.ZERO);
        }
    }

    static String kind(Receipt.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** A carrier's clock may be wrong by years: a time that cannot be is replaced by ours. */
    private Instant credible(Instant at) {
        Instant now = clock.instant();
        return at.isAfter(now.plus(Duration.ofMinutes(1))) || at.isBefore(now.minus(Duration.ofHours(12))) ? now : at;
    }

    /** A reference a carrier echoes counts only for a target that is there, of a tenant this account carries for. */
    private static Optional<TargetRef> byReference(ReceiptRows rows, Receipted receipted) throws SQLException {
        Optional<TargetRef> target = receipted.receipt().reference().flatMap(TargetRef::parse);
        return target.isPresent() && receipted.tenants().contains(target.get().tenantId()) && rows.exists(target.get())
                ? target
                : Optional.empty();
    }

    /**
     * Matches orphans whose id is known by now and, in a thorough search, those whose response must be lost.
     *
     * @param thorough also look among older orphans, and by address
     */
    void matchOrphans(ReceiptRows rows, boolean thorough, Observations observations) throws SQLException {
        Instant now = clock.instant();
        observe(rows.takeKnown(now.minus(thorough ? ORPHANS_LOOKED_AT : RESPONSE_MAY_COME)), observations);
        if (thorough) {
            observe(rows.takeByAddress(now.minus(ORPHANS_LOOKED_AT), now.minus(RESPONSE_MAY_COME)), observations);
            noneLeft = !rows.anyWaiting(now.minus(ORPHANS_LOOKED_AT));
        }
    }

    private void observe(List<Found> found, Observations observations) {
        found.forEach(f -> observe(f.place(), f.accountId(), f.receipt(), observations::add, observations));
    }
}
