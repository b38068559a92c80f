package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Scope;
import io.tocsin.platform.asterisk.ari.AriEvent;
import io.tocsin.platform.asterisk.ari.AriException;
import io.tocsin.platform.asterisk.ari.Originate;
import io.tocsin.platform.asterisk.ari.Switch;
import io.tocsin.platform.asterisk.ari.SwitchListener;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls on a switch: begins them, takes over those of who is gone, and accounts for each. Its state is the switch's event loop's alone,
 * but for what says otherwise.
 */
final class Calls implements SwitchListener, OutCall.Surroundings {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final int NORMAL_CLEARING = 16;

    private final String account;
    private final VoiceSettings settings;
    private final ChannelEvents events;
    private final Clock clock;
    private final Runnable changed;
    private final TrunkWatch trunk;
    private final CallBook book = new CallBook();
    private final List<AriEvent.StasisStart> early = new ArrayList<>();
    private Reports reports;
    private Transfers transfers;
    private IncomingCalls incoming;
    private Reconciliation reconciliation;

    /** Set last, read first: with it the four above are there. */
    private volatile Switch asterisk;

    private boolean closing;
    private volatile String trouble = "not connected yet";

    /** @param changed told when health may have changed */
    Calls(
            String account,
            VoiceSettings settings,
            ChannelEvents events,
            TrunkWatch trunk,
            Clock clock,
            Runnable changed) {
        this.account = account;
        this.settings = settings;
        this.events = events;
        this.trunk = trunk;
        this.clock = clock;
        this.changed = changed;
    }

    /** The switch is there; it may have been up before that is known here. */
    void on(Switch opened) {
        reports = new Reports(account, events, opened, clock);
        transfers = new Transfers(opened, settings);
        incoming = new IncomingCalls(settings, events, clock, opened, this);
        reconciliation = new Reconciliation(account, settings.reconnectPatience(), opened, book, incoming);
        asterisk = opened;
        opened.execute(() -> {
            early.forEach(this::arrived);
            early.clear();
        });
    }

    /** Calls that occupy a line, from any thread. */
    int busy() {
        return book.size();
    }

    /** Lines of the trunk that calls occupy which the core did not ask for: taken over, come in, second legs. From any thread. */
    int beside() {
        return book.takenOver() + incoming.now() + transfers.now();
    }

    /** Why there is no connection, from any thread. */
    String trouble() {
        return trouble;
    }

    /** From any thread. @param end told once, on the event loop or at once */
    void call(OutboundMessage message, Consumer<SendOutcome> end) {
        asterisk.execute(() -> begin(message, end));
    }

    private void begin(OutboundMessage message, Consumer<SendOutcome> end) {
        if (closing || !asterisk.isUp()) {
            end.accept(CallEnd.trunk(closing ? "channel-closed" : "switch-away"));
            return;
        }
        if (book.has(message.reference())) {
            end.accept(new SendOutcome.InDoubt("called-already"));
            return;
        }
        OutCall call = new OutCall(message, this);
        CallerId from = caller(message);
        book.enter(call, from, end);
        Originate originate = new Originate(
                message.reference(),
                settings.endpoint(message.address()),
                Optional.of(settings.shown(from)),
                message.call().orElseThrow().ringing(),
                List.of("alert"),
                // the switch ends what nobody listens to any more
                Map.of(
                        "TIMEOUT(absolute)",
                        String.valueOf(settings.longestCall().toSeconds() + 30)));
        call.begun(settings.longestCall()); // before: it may be over as soon as it is asked for
        asterisk.originate(originate, call.leg()).whenComplete((begun, failure) -> {
            if (failure instanceof AriException why) {
                notBegun(call, why);
            }
        });
    }

    private CallerId caller(OutboundMessage message) {
        return message.sender()
                .map(CallerId::new)
                .orElseGet(() -> CallerId.of(settings.callerIds(), message.address()));
    }

    private void notBegun(OutCall call, AriException why) {
        switch (why.kind()) {
            case NOT_SENT -> call.over(CallEnd.trunk("switch-away"));
            case REFUSED -> {
                if (why.status() == 409) {
                    LOG.warn(
                            "voice-call-lived-already account={} call={}",
                            account,
                            call.message().reference());
                    // whoever began it has it, or nobody: whether it is to be taken over the core decides
                    asterisk.detach(call.message().reference());
                    call.lost("called-already");
                } else {
                    LOG.warn("voice-call-refused account={} status={}", account, why.status());
                    call.over(CallEnd.trunk("switch-refused"));
                }
            }
            case IN_DOUBT -> {
                if (asterisk.isUp()) {
                    reconciliation.find(call, "originate-unanswered");
                }
            }
        }
    }

    @Override
    public void up() {
        trouble = "";
        if (asterisk != null) {
            reconciliation.connected();
        }
        changed.run();
    }

    @Override
    public void down(String why) {
        trouble = why;
        if (asterisk != null) {
            reconciliation.disconnected();
        }
        changed.run();
    }

    @Override
    public void arrived(AriEvent.StasisStart start) {
        if (asterisk == null) {
            early.add(start);
        } else if (closing || !incoming.arrived(start)) {
            // one we gave up, answered too late: nobody would say a word on it
            asterisk.hangup(start.channel().id(), NORMAL_CLEARING);
        }
    }

    /** From any thread. @return whether it lives; its end comes as a receipt */
    CompletableFuture<Boolean> reattach(OutboundMessage message) {
        CompletableFuture<Boolean> found = new CompletableFuture<>();
        asterisk.execute(() -> {
            if (closing || !asterisk.isUp()) {
                found.completeExceptionally(new IllegalStateException("no connection to the switch"));
            } else if (book.has(message.reference())) {
                found.complete(true);
            } else {
                OutCall call = new OutCall(message, this);
                new TakeOver(account, asterisk, book, call, caller(message), this::reattachedEnded)
                        .begin(settings.longestCall(), found);
            }
        });
        return found;
    }

    private void reattachedEnded(OutCall call, SendOutcome outcome) {
        if (outcome instanceof SendOutcome.Retry retry) {
            reports.receipt(call.message(), Receipt.State.FAILED, retry.code());
        } else if (outcome instanceof SendOutcome.Rejected rejected) {
            reports.receipt(call.message(), Receipt.State.FAILED, rejected.code());
        }
    }

    /** From any thread. */
    void withdraw(String reference) {
        asterisk.execute(() -> book.find(reference).ifPresent(OutCall::withdraw));
    }

    @Override
    public Leg leg(String id, Leg.Hearer hearer) {
        return new Leg(asterisk, settings::media, id, hearer);
    }

    @Override
    public void listen(Leg leg) {
        asterisk.setVariable(leg.id(), "TALK_DETECT(set)", Ear.TALK_DETECT);
    }

    @Override
    public Transfer transfer(Leg caller, String number, Transfer.Watcher watcher) {
        return transfers.begin(caller, number, watcher);
    }

    @Override
    public void answered(OutCall call, String key) {
        reports.answer(call.message(), book.shown(call), key);
    }

    @Override
    public void ended(OutCall call, SendOutcome outcome, Talk.Reached reached) {
        Consumer<SendOutcome> end = book.leave(call);
        boolean away = trunk.ended(outcome);
        if (away) {
            LOG.warn(
                    "voice-trunk-away account={} problem=\"{}\"",
                    account,
                    trunk.trouble().orElse(""));
        }
        end.accept(outcome);
        if (reached != Talk.Reached.NO) {
            reports.receipt(
                    call.message(), Receipt.State.DELIVERED, reached.name().toLowerCase(Locale.ROOT));
        }
        if (away || outcome instanceof SendOutcome.Retry retry && retry.scope() == Scope.ACCOUNT || book.isEmpty()) {
            changed.run();
        }
    }

    /** From any thread: nothing new from now on. @return done when no call is left */
    CompletableFuture<Void> drain() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        asterisk.execute(() -> {
            closing = true;
            incoming.refuseAll(NORMAL_CLEARING);
            look(drained);
        });
        return drained;
    }

    private void look(CompletableFuture<Void> drained) {
        if (book.isEmpty()) {
            drained.complete(null);
        } else if (!drained.isDone()) {
            asterisk.schedule(() -> look(drained), Duration.ofMillis(50));
        }
    }

    /** What is left goes on at the switch without us: in doubt here, for whoever comes to find again. From any thread. */
    CompletableFuture<Void> abandon() {
        CompletableFuture<Void> abandoned = new CompletableFuture<>();
        asterisk.execute(() -> {
            reconciliation.loseAll("closed");
            abandoned.complete(null);
        });
        return abandoned;
    }
}
