package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.InboundCall;
import io.tocsin.channel.api.InboundMessage;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Scope;
import io.tocsin.platform.asterisk.ari.AriChannel;
import io.tocsin.platform.asterisk.ari.AriEvent;
import io.tocsin.platform.asterisk.ari.AriException;
import io.tocsin.platform.asterisk.ari.Originate;
import io.tocsin.platform.asterisk.ari.Switch;
import io.tocsin.platform.asterisk.ari.SwitchListener;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls on a switch: begins them, finds them again after the connection was lost, takes over those of who is gone, and
 * accounts for each. Its state is the switch's event loop's alone, but for what says otherwise.
 */
final class Calls implements SwitchListener, OutCall.Surroundings {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final Duration LIST_AGAIN = Duration.ofSeconds(1);
    private static final int NO_ROUTE = 3;
    private static final int NORMAL_CLEARING = 16;

    /** The first argument of an application's calls that came in, as docs/voice.md has the dialplan say it. */
    private static final String CAME_IN = "in";

    private final String account;
    private final VoiceSettings settings;
    private final ChannelEvents events;
    private final Clock clock;
    private final Runnable changed;
    private final TrunkWatch trunk;
    private final CallBook book = new CallBook();
    private final Map<String, InCall> incoming = new HashMap<>();
    private final List<AriEvent.StasisStart> early = new ArrayList<>();
    private volatile Switch asterisk;
    private volatile Reports reports;
    private volatile Transfers transfers;
    private Future<?> givingUp;
    private volatile int cameIn;
    private boolean up;
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
        reports = new Reports(account, events, opened);
        transfers = new Transfers(opened, settings);
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
        return book.takenOver() + cameIn + transfers.now();
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
        if (closing || !up) {
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
            case NOT_SENT -> call.notBegun(CallEnd.trunk("switch-away"));
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
                    call.notBegun(CallEnd.trunk("switch-refused"));
                }
            }
            case IN_DOUBT -> {
                if (up) {
                    find(call, "originate-unanswered");
                }
            }
        }
    }

    /** Is it there? What is not is lost; what is goes on. */
    private void find(OutCall call, String otherwise) {
        asterisk.channel(call.message().reference()).whenComplete((found, failure) -> {
            if (failure != null) {
                if (up) {
                    asterisk.schedule(() -> find(call, otherwise), LIST_AGAIN);
                }
            } else if (found.isEmpty()) {
                asterisk.detach(call.message().reference());
                call.lost(otherwise);
            } else if (found.get().state() == AriChannel.State.UP) {
                if (call.leg().isUp()) {
                    call.resumed();
                } else {
                    call.leg().up();
                }
            }
        });
    }

    @Override
    public void up() {
        up = true;
        trouble = "";
        if (givingUp != null) {
            givingUp.cancel(false);
            givingUp = null;
        }
        if (!book.isEmpty() || !incoming.isEmpty()) {
            asterisk.channels().whenComplete((ids, failure) -> {
                if (failure == null) {
                    reconcile(new HashSet<>(ids));
                } else if (up) {
                    asterisk.schedule(this::up, LIST_AGAIN);
                }
            });
        }
        changed.run();
    }

    /** Events of the time without connection are lost: what lives goes on, of the others nobody knows how they ended. */
    private void reconcile(Set<String> living) {
        LOG.info("voice-calls-reconciled account={} calls={} living={}", account, book.size(), living.size());
        for (OutCall call : book.all()) {
            if (living.contains(call.message().reference())) {
                find(call, CallEnd.CALL_LOST);
            } else {
                asterisk.detach(call.message().reference());
                call.lost(CallEnd.CALL_LOST);
            }
        }
        for (InCall call : List.copyOf(incoming.values())) {
            call.resumed(living.contains(call.id()));
        }
    }

    @Override
    public void down(String why) {
        boolean was = up;
        up = false;
        trouble = why;
        if (was && givingUp == null) {
            givingUp = asterisk.schedule(() -> loseAll("switch-lost"), settings.reconnectPatience());
        }
        changed.run();
    }

    private void loseAll(String code) {
        givingUp = null;
        for (OutCall call : book.all()) {
            asterisk.detach(call.message().reference());
            call.lost(code);
        }
        List.copyOf(incoming.values()).forEach(call -> call.resumed(false));
    }

    @Override
    public void arrived(AriEvent.StasisStart start) {
        if (asterisk == null) {
            early.add(start);
            return;
        }
        AriChannel channel = start.channel();
        if (closing || start.arguments().isEmpty() || !start.arguments().get(0).equals(CAME_IN)) {
            // one we gave up, answered too late: nobody would say a word on it
            asterisk.hangup(channel.id(), NORMAL_CLEARING);
            return;
        }
        String number = start.arguments().size() > 1 ? start.arguments().get(1) : channel.dialled();
        String from = settings.e164(channel.callerNumber());
        InboundCall call = new InboundCall(
                channel.id(),
                from.matches("\\+?[0-9]{3,15}") ? Optional.of(from) : Optional.empty(),
                settings.e164(number),
                clock.instant());
        InCall taken = new InCall(call, asterisk, settings, this::forget, this);
        incoming.put(channel.id(), taken);
        cameIn = incoming.size();
        asterisk.attach(channel.id(), taken.leg());
        events.called(call)
                .whenComplete((dialogue, failure) -> asterisk.execute(() -> {
                    if (failure != null || dialogue == null) {
                        taken.refuse(NO_ROUTE);
                    } else {
                        taken.take(dialogue);
                    }
                }));
    }

    private void forget(InCall call) {
        incoming.remove(call.id());
        cameIn = incoming.size();
    }

    /** From any thread. @return whether it lives; its end comes as a receipt */
    CompletableFuture<Boolean> reattach(OutboundMessage message) {
        CompletableFuture<Boolean> found = new CompletableFuture<>();
        asterisk.execute(() -> {
            if (closing || !up) {
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
            receipt(call, Receipt.State.FAILED, retry.code());
        } else if (outcome instanceof SendOutcome.Rejected rejected) {
            receipt(call, Receipt.State.FAILED, rejected.code());
        }
    }

    /** From any thread. */
    void withdraw(String reference) {
        asterisk.execute(() -> {
            book.find(reference).ifPresent(OutCall::withdraw);
        });
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
        OutboundMessage message = call.message();
        reports.answer(new InboundMessage(
                message.reference() + "/" + key,
                message.address(),
                book.shown(call).number(),
                Optional.of(message.reference()),
                key,
                clock.instant()));
    }

    @Override
    public void ended(OutCall call, SendOutcome outcome, OutCall.Reached reached) {
        Consumer<SendOutcome> end = book.leave(call);
        boolean away = trunk.ended(outcome);
        if (away) {
            LOG.warn(
                    "voice-trunk-away account={} problem=\"{}\"",
                    account,
                    trunk.trouble().orElse(""));
        }
        end.accept(outcome);
        if (reached != OutCall.Reached.NO) {
            receipt(call, Receipt.State.DELIVERED, reached.name().toLowerCase(java.util.Locale.ROOT));
        }
        if (away || outcome instanceof SendOutcome.Retry retry && retry.scope() == Scope.ACCOUNT || book.isEmpty()) {
            changed.run();
        }
    }

    private void receipt(OutCall call, Receipt.State state, String code) {
        OutboundMessage message = call.message();
        reports.receipt(new Receipt(
                message.reference(),
                Optional.of(message.reference()),
                Optional.of(message.address()),
                state,
                code,
                clock.instant()));
    }

    /** From any thread: nothing new from now on. @return done when no call is left */
    CompletableFuture<Void> drain() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        asterisk.execute(() -> {
            closing = true;
            List.copyOf(incoming.values()).forEach(call -> call.refuse(NORMAL_CLEARING));
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
            loseAll("closed");
            abandoned.complete(null);
        });
        return abandoned;
    }
}
