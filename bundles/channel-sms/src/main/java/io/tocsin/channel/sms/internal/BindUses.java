package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import java.time.Clock;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jsmpp.bean.DeliverSm;

/** What becomes of what an account's binds read: responses go to the window, deliveries to the receiving route. */
class BindUses implements Bind.Uses {
    private final TransmitWindow window;
    private final SmppComponent component;
    private final MessageIdFormat ids;
    private final IdFormatCheck check;
    private final ChannelEvents events;
    private final Clock clock;
    private final Runnable changed;

    BindUses(
            TransmitWindow window,
            SmppComponent component,
            MessageIdFormat ids,
            IdFormatCheck check,
            ChannelEvents events,
            Clock clock,
            Runnable changed) {
        this.window = window;
        this.component = component;
        this.ids = ids;
        this.check = check;
        this.events = events;
        this.clock = clock;
        this.changed = changed;
    }

    /** The same for a bind that never submits, on another event loop: the window is none of its business. */
    Bind.Uses receiving() {
        return new BindUses(window, component, ids, check, events, clock, changed) {
            @Override
            public void mayGoOn() {}

            @Override
            public void giveUpOverdue(long nanoTime) {}
        };
    }

    @Override
    public void answered(Submission submission, int status, String id) {
        if (status == 0) {
            check.response(id);
        }
        window.answered(submission, status, id);
    }

    /**
     * The message is in doubt by now, and the core decides what that means; what the carrier says all the same is news about
     * it. A passing refusal says nothing: the doubt stays.
     */
    @Override
    public void answeredLate(PendingSubmits.Late submission, int status, String id) {
        Receipt.State state = Receipt.State.BUFFERED;
        if (status != 0) {
            if (!(SmppStatus.outcome(status) instanceof SendOutcome.Rejected)) {
                return;
            }
            state = Receipt.State.FAILED;
        }
        events.receipt(new Receipt(
                ids.ofResponse(id),
                Optional.of(submission.reference()),
                Optional.of(submission.address()),
                state,
                "late-response" + (status == 0 ? "" : "-0x%02x".formatted(status)),
                clock.instant()));
    }

    @Override
    public void deliver(DeliverSm deliver, IntConsumer answer) {
        component.deliver(deliver, answer);
    }

    @Override
    public void mayGoOn() {
        window.pump();
    }

    @Override
    public void giveUpOverdue(long nanoTime) {
        window.giveUpOverdue(nanoTime);
    }

    @Override
    public void changed() {
        changed.run();
    }
}
