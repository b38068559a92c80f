package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.routing.internal.engine.Fact.Intent;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** One message handed to a channel: takes one outcome, and one late one after the time limit spoke first. */
final class InFlight {
    private enum Stage {
        WAITING,
        GIVEN_UP,
        KNOWN
    }

    /** Where outcomes go. */
    interface Ended {
        void ended(InFlight message, SendOutcome outcome, boolean late);
    }

    final Intent intent;
    final Lane lane;
    final long since;
    final long givenUpAt;
    private final int place;
    private final Ended ended;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);

    /** @param since by this node's {@code nanoTime} @param limit how long the channel has to say what became of it */
    InFlight(Intent intent, Lane lane, int place, long since, Duration limit, Ended ended) {
        this.intent = intent;
        this.lane = lane;
        this.place = place;
        this.since = since;
        this.givenUpAt = since + limit.toNanos();
        this.ended = ended;
    }

    /**
     * The channel says what became of it; whatever it says a second time is ignored.
     *
     * @return whether it said so in time
     */
    boolean completed(SendOutcome outcome) {
        if (stage.compareAndSet(Stage.WAITING, Stage.KNOWN)) {
            ended.ended(this, outcome, false);
            lane.left(place);
            return true;
        }
        if (stage.compareAndSet(Stage.GIVEN_UP, Stage.KNOWN)) {
            ended.ended(this, outcome, true);
        }
        return false;
    }

    /**
     * Nobody waits for it any more: in doubt, unless the channel speaks after all.
     *
     * @return whether it was still waited for
     */
    boolean giveUp(String code) {
        if (stage.compareAndSet(Stage.WAITING, Stage.GIVEN_UP)) {
            ended.ended(this, new SendOutcome.InDoubt(code), false);
            lane.left(place);
            return true;
        }
        return false;
    }
}
