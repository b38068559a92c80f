package io.tocsin.channel.fax.internal;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import io.tocsin.platform.asterisk.ami.AmiAction;
import io.tocsin.platform.asterisk.ami.AmiException;
import io.tocsin.platform.asterisk.ami.AmiMessage;
import io.tocsin.platform.asterisk.ami.AmiSettings;
import io.tocsin.platform.asterisk.ami.ConsoleListener;
import io.tocsin.platform.asterisk.ami.SwitchConsole;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The fax lines of one switch: dials, hears what becomes of each call, and says what that means. All on the console's event loop; a call
 * ends once, whoever ends it.
 */
final class FaxLines implements ConsoleListener {
    /** Of {@code manager.conf}: what the user must be able to read. */
    private static final String EVENTS = "call,dialplan";
    /** A call that the switch refused ends with a cause right before or after; one on a trunk it does not know never does. */
    private static final Duration CAUSE_FOLLOWS = Duration.ofSeconds(2);

    private static final Duration BEYOND_LIMIT = Duration.ofSeconds(20);
    private static final int RECEIPT_TRIES = 6;

    private final String account;
    private final FaxSettings settings;
    private final ChannelEvents events;
    private final Clock clock;
    private final Spool spool;
    private final Duration checkLimit;
    private final Map<String, FaxCall> calls = new ConcurrentHashMap<>();
    private final Queue<CompletableFuture<ChannelHealth>> checks = new ConcurrentLinkedQueue<>();
    private volatile SwitchConsole console;
    private volatile String trouble = "not connected yet";

    FaxLines(
            String account, FaxSettings settings, ChannelEvents events, Clock clock, Spool spool, Duration checkLimit) {
        this.account = account;
        this.settings = settings;
        this.events = events;
        this.clock = clock;
        this.spool = spool;
        this.checkLimit = checkLimit;
    }

    void start() {
        spool.sweep(clock.instant());
        AmiSettings reached = new AmiSettings(
                account,
                "fax",
                settings.host(),
                settings.port(),
                settings.user(),
                settings.password(),
                EVENTS,
                List.of(new AmiSettings.Filter(
                        "action(include),header(Uniqueid),method(starts_with)", FaxCall.prefix())),
                AmiSettings.Limits.USUAL);
        console = SwitchConsole.open(reached, this, clock);
    }

    boolean isUp() {
        return console.isUp();
    }

    /** Faxes under way that another began. */
    int adopted() {
        return (int) calls.values().stream().filter(FaxCall::adopted).count();
    }

    /** On which everything here happens. */
    ScheduledExecutorService loop() {
        return console.loop();
    }

    /** @return false if that message is under way */
    boolean take(FaxCall call) {
        return calls.putIfAbsent(call.reference(), call) == null;
    }

    /** The pages are there. */
    void dial(FaxCall call, int pages) {
        onLoop(call, () -> {
            if (calls.get(call.reference()) != call) {
                spool.remove(call.reference()); // withdrawn while its pages were drawn
                return;
            }
            Duration limit = settings.callLimit(pages);
            AmiAction originate = AmiAction.of("Originate")
                    .with("Channel", settings.channelTo(call.number()))
                    .with("ChannelId", call.id())
                    .with("Application", "SendFAX")
                    .with("Data", spool.onSwitch(call.reference()) + (settings.t38() ? ",fz" : ",F"))
                    .with("Timeout", Long.toString(settings.ringing().toMillis()))
                    .with("CallerID", "<" + settings.shown() + ">")
                    .with("Async", "true")
                    .with("Variable", "TIMEOUT(absolute)=" + limit.toSeconds())
                    .with("Variable", "FAXOPT(ecm)=yes")
                    .with("Variable", "FAXOPT(localstationid)=" + settings.stationId());
            call.dialled(pages);
            guard(call, limit);
            console.ask(originate).whenComplete((begun, failure) -> {
                if (failure != null) {
                    notBegun(call, (AmiException) failure);
                }
            });
        });
    }

    private void guard(FaxCall call, Duration limit) {
        call.guard(console.loop()
                .schedule(() -> overdue(call), limit.plus(BEYOND_LIMIT).toMillis(), TimeUnit.MILLISECONDS));
    }

    private void notBegun(FaxCall call, AmiException why) {
        switch (why.kind()) {
            case NOT_SENT -> end(call, new Retry("switch-away", Duration.ZERO, Scope.ACCOUNT));
            case REFUSED -> {
                trouble = "the switch refuses calls: " + why.getMessage()
                        + "; does its user have write = call,originate?";
                end(call, new Retry("switch-refuses", settings.waits().other(), Scope.ACCOUNT));
            }
            case IN_DOUBT -> {
                if (console.isUp()) { // else when it is up again
                    settle(call);
                }
            }
            default -> throw new IllegalStateException(why.kind().name());
        }
    }

    /** The switch knows whether the call lives. */
    private void settle(FaxCall call) {
        lives(call).whenComplete((lives, failure) -> {
            if (failure == null && !lives) {
                end(call, new InDoubt("result-unheard"));
            }
        });
    }

    private CompletableFuture<Boolean> lives(FaxCall call) {
        CompletableFuture<Boolean> lives = new CompletableFuture<>();
        AmiAction ask = AmiAction.of("Getvar").with("Channel", call.id()).with("Variable", "FAXSTATUS");
        console.ask(ask).whenComplete((found, failure) -> {
            if (failure == null) {
                lives.complete(true);
            } else if (((AmiException) failure).kind() == AmiException.Kind.REFUSED) {
                lives.complete(false);
            } else {
                lives.completeExceptionally(failure);
            }
        });
        return lives;
    }

    private void overdue(FaxCall call) {
        hangUp(call);
        end(call, new InDoubt("no-result"));
    }

    private void hangUp(FaxCall call) {
        console.ask(AmiAction.of("Hangup").with("Channel", call.id()).with("Cause", "16"));
    }

    @Override
    public void event(AmiMessage event) {
        FaxCall call = FaxCall.reference(event).map(calls::get).orElse(null);
        if (call == null) {
            return; // another node's, or one whose end was told
        }
        if (call.heard(event)) {
            over(call);
        } else if (event.isEvent("OriginateResponse") && call.refused()) {
            console.loop().schedule(() -> over(call), CAUSE_FOLLOWS.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void over(FaxCall call) {
        FaxEnd end = call.end();
        SendOutcome outcome = end.outcome(call.id(), settings.waits());
        if (outcome instanceof Rejected rejected && rejected.fault() == Fault.ACCOUNT) {
            trouble = rejected.code();
        }
        if (!finished(call)) {
            return;
        }
        call.outcome().complete(outcome);
        if (outcome instanceof SendOutcome.Accepted) {
            tell(receipt(call, Receipt.State.DELIVERED, end.receipt()), RECEIPT_TRIES);
        } else if (call.adopted()) {
            tell(receipt(call, Receipt.State.FAILED, code(outcome)), RECEIPT_TRIES);
        }
    }

    private static String code(SendOutcome outcome) {
        if (outcome instanceof Retry retry) {
            return retry.code();
        }
        return outcome instanceof Rejected rejected ? rejected.code() : ((InDoubt) outcome).code();
    }

    private Receipt receipt(FaxCall call, Receipt.State state, String code) {
        return new Receipt(
                call.id(),
                Optional.of(call.reference()),
                Optional.of(call.number().e164()),
                state,
                code,
                clock.instant());
    }

    /** No switch says it twice: what is not stored now is told again. */
    private void tell(Receipt receipt, int tries) {
        events.receipt(receipt).whenComplete((stored, failure) -> {
            if (failure != null && tries > 1) {
                try {
                    console.loop()
                            .schedule(() -> tell(receipt, tries - 1), 1L << RECEIPT_TRIES - tries, TimeUnit.SECONDS);
                } catch (RejectedExecutionException closed) {
                    // whoever opens the account next finds the message accepted, and its end unknown
                }
            }
        });
    }

    /** From any thread. */
    void end(FaxCall call, SendOutcome outcome) {
        if (finished(call)) {
            call.outcome().complete(outcome);
        }
    }

    private boolean finished(FaxCall call) {
        if (!calls.remove(call.reference(), call)) {
            return false;
        }
        call.unguard();
        spool.remove(call.reference());
        return true;
    }

    void withdraw(String reference) {
        FaxCall call = calls.get(reference);
        if (call != null) {
            onLoop(call, () -> {
                if (!call.dialled()) {
                    end(call, new Rejected("withdrawn", Fault.CARRIER));
                } else if (call.withdraw()) {
                    hangUp(call);
                }
            });
        }
    }

    /** Listens to a call that somebody else began. */
    CompletableFuture<Boolean> adopt(FaxCall call) {
        if (!take(call)) {
            return CompletableFuture.completedFuture(true);
        }
        CompletableFuture<Boolean> found = new CompletableFuture<>();
        lives(call).whenComplete((lives, failure) -> {
            if (failure != null || !lives) {
                calls.remove(call.reference(), call);
            } else {
                guard(call, settings.longest());
            }
            if (failure != null) {
                found.completeExceptionally(failure);
            } else {
                found.complete(lives);
            }
        });
        return found;
    }

    private void onLoop(FaxCall call, Runnable what) {
        try {
            console.loop().execute(what);
        } catch (RejectedExecutionException closing) {
            if (!call.dialled()) {
                end(call, closedOutcome());
                spool.remove(call.reference());
            }
        }
    }

    @Override
    public void up() {
        trouble = "";
        calls.values().stream().filter(FaxCall::dialled).forEach(this::settle);
        calls.values().stream().filter(FaxCall::adopted).forEach(this::settle);
        events.health(health());
        checks.forEach(this::check);
    }

    @Override
    public void down(String why) {
        boolean news = !why.equals(trouble);
        trouble = why;
        if (news) {
            events.health(health());
        }
    }

    ChannelHealth health() {
        if (!isUp()) {
            return ChannelHealth.down("the switch " + trouble);
        }
        String odd = console.oddities().summary();
        String detail = calls.size() + " of " + settings.lines() + " lines busy"
                + (odd.isEmpty() ? "" : "; seen from the switch: " + odd) + (trouble.isEmpty() ? "" : "; " + trouble);
        return new ChannelHealth(ChannelHealth.State.UP, detail);
    }

    /** Asks the switch for its fax module: connected is not yet able. */
    CompletableFuture<ChannelHealth> check() {
        CompletableFuture<ChannelHealth> result = new CompletableFuture<>();
        checks.add(result);
        result.whenComplete((health, failure) -> checks.remove(result));
        try {
            console.loop().schedule(() -> result.complete(health()), checkLimit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            result.complete(ChannelHealth.down("closed"));
        }
        if (isUp()) {
            check(result);
        }
        return result;
    }

    private void check(CompletableFuture<ChannelHealth> result) {
        console.list(AmiAction.of("FAXSessions")).whenComplete((sessions, failure) -> {
            boolean lacks = failure instanceof AmiException why
                    && why.kind() == AmiException.Kind.REFUSED
                    && why.getMessage().contains("unknown");
            result.complete(
                    lacks ? ChannelHealth.down("the switch has no fax: load res_fax and res_fax_spandsp") : health());
        });
    }

    /** What is under way goes on at the switch, and keeps its file. */
    void close(Duration patience) {
        try {
            CompletableFuture.runAsync(this::endUndialled, console.loop())
                    .thenCompose(ended -> CompletableFuture.allOf(
                            calls.values().stream().map(FaxCall::outcome).toArray(CompletableFuture[]::new)))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // who is not done is in doubt
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        console.close();
        for (FaxCall call : calls.values()) {
            if (calls.remove(call.reference(), call)) {
                call.outcome().complete(call.dialled() ? new InDoubt("channel-closed") : closedOutcome());
            }
        }
        checks.forEach(check -> check.complete(ChannelHealth.down("closed")));
    }

    /** On the loop: there, none is dialled meanwhile. */
    private void endUndialled() {
        calls.values().stream()
                .filter(call -> !call.dialled() && !call.adopted())
                .forEach(call -> end(call, closedOutcome()));
    }

    static SendOutcome closedOutcome() {
        return new Retry("channel-closed", Duration.ZERO, Scope.ACCOUNT);
    }
}
