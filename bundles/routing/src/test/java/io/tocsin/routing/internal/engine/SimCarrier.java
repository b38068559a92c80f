package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.LineCapacity;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Reattachment;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.Withdrawal;
import io.tocsin.routing.internal.engine.Sim.Actor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A carrier's account: takes messages, answers or not, sends receipts early, late, twice and in any order, to whichever of
 * our nodes is connected. It knows the truth: what it took.
 */
final class SimCarrier {

    /** What may become of a message. */
    enum Fate {
        ACCEPTED,
        ACCEPTED_IN_SEGMENTS,
        ACCEPTED_UNREADABLY,
        RETRY,
        THROTTLED,
        UNBOUND,
        REJECTED,
        DOUBT,
        PARTIAL_DOUBT,
        SILENT,
        LATE,
        THROWS,
        FAILS
    }

    /** One message handed to this carrier. @param taken whether it will reach its person's operator */
    record Submitted(SimNode node, OutboundMessage message, long at, Fate fate, boolean taken, List<String> ids) {}

    final int accountId;
    private final Sim sim;
    private final SimMonitor monitor;
    private final int window;
    private final Actor network;
    private final List<Link> links = new ArrayList<>();
    private final boolean calls;
    private final Map<String, Call> up = new TreeMap<>();
    private int nextId;
    private int undelivered;

    // How it behaves just now.
    List<Fate> fates = List.of(Fate.ACCEPTED);
    Duration slowest = Duration.ofMillis(200);
    double referencesEchoed = 0.5;
    double receiptsTwice;
    double receiptsFirst;
    double failures = 0.1;
    double silences;
    double strangers;
    double speechless;
    int broken;
    /** What it asks for when a message is to be tried again. */
    Duration retryAfter = Duration.ZERO;

    /** Calls last at most so long. */
    private static final Duration LONGEST_CALL = Duration.ofSeconds(6);

    /** A call that is up. @param attached the connection that hears how it ends, if one does */
    private static final class Call {
        private final Submitted submitted;
        private final int freezes;
        private Link attached;

        private Call(Submitted submitted) {
            this.submitted = submitted;
            this.freezes = submitted.node.freezes();
        }
    }

    /** @param calls whether it is a telephone switch, with as many lines as its window */
    SimCarrier(Sim sim, int accountId, int window, boolean calls, SimMonitor monitor) {
        this.calls = calls;
        this.sim = sim;
        this.accountId = accountId;
        this.window = window;
        this.monitor = monitor;
        this.network = new Actor("carrier-" + accountId);
    }

    /** Receipts that are on their way, or that nobody took yet. */
    int undelivered() {
        return undelivered;
    }

    Channel open(SimNode node, ChannelAccount account, ChannelEvents events) {
        Link link = calls ? new Switch(node, events) : new Link(node, events);
        links.add(link);
        return link;
    }

    /** Every connection breaks: what is unanswered is in doubt, and nothing leaves for a while. */
    void drop(Duration away) {
        sim.tell("carrier drops", accountId, away);
        for (Link link : List.copyOf(links)) {
            link.drop(away);
        }
    }

    void heal() {
        fates = List.of(Fate.ACCEPTED, Fate.ACCEPTED, Fate.ACCEPTED, Fate.RETRY);
        slowest = Duration.ofMillis(200);
        silences = 0;
        strangers = 0;
        speechless = 0;
        broken = 0;
    }

    private Link anyLink() {
        List<Link> open =
                links.stream().filter(l -> !l.closed && !l.node.gone()).toList();
        return open.isEmpty() ? null : sim.oneOf(open);
    }

    /** What a carrier says later of a message it took. */
    private void report(Submitted submitted) {
        for (int i = 0; i < submitted.ids.size(); i++) {
            if (sim.maybe(silences)) {
                continue;
            }
            Receipt.State state = sim.maybe(failures)
                    ? sim.oneOf(List.of(Receipt.State.FAILED, Receipt.State.EXPIRED))
                    : Receipt.State.DELIVERED;
            monitor.willReport(submitted, state);
            Receipt receipt = new Receipt(
                    submitted.ids.get(i),
                    sim.maybe(referencesEchoed) && submitted.ids.size() == 1
                            ? Optional.of(submitted.message.reference())
                            : Optional.empty(),
                    Optional.of(submitted.message.address()),
                    state,
                    state == Receipt.State.DELIVERED ? "000" : "e42",
                    sim.instant());
            Duration when = sim.maybe(receiptsFirst)
                    ? Duration.ofNanos(100_000)
                    : sim.between(slowest, slowest.multipliedBy(4));
            int copies = sim.maybe(receiptsTwice) ? 2 : 1;
            if (sim.maybe(0.1)) {
                deliver(
                        new Receipt(
                                receipt.carrierId(),
                                receipt.reference(),
                                receipt.address(),
                                Receipt.State.BUFFERED,
                                "",
                                sim.instant()),
                        sim.between(Duration.ZERO, when));
            }
            for (int copy = 0; copy < copies; copy++) {
                deliver(receipt, when.plus(sim.between(Duration.ZERO, Duration.ofSeconds(copy * 3L))));
            }
        }
    }

    /** A receipt for a message we never sent. */
    void stranger() {
        deliver(
                new Receipt(
                        "stranger-" + nextId++,
                        Optional.empty(),
                        Optional.empty(),
                        Receipt.State.DELIVERED,
                        "",
                        sim.instant()),
                Duration.ofMillis(1));
    }

    /** Delivers a receipt until a node says that it is durable. */
    private void deliver(Receipt receipt, Duration when) {
        undelivered++;
        attempt(receipt, when, new boolean[1]);
    }

    private void attempt(Receipt receipt, Duration when, boolean[] taken) {
        sim.after(when, network, () -> {
            if (taken[0]) {
                return;
            }
            Link link = anyLink();
            if (link != null) {
                monitor.receiptDelivered(accountId, receipt);
                sim.tell("receipt", link.node.owner(), receipt.carrierId(), receipt.state());
                link.events.receipt(receipt).whenComplete((done, failure) -> {
                    if (failure == null && !taken[0]) {
                        taken[0] = true;
                        undelivered--;
                        monitor.receiptDurable(accountId, receipt);
                    }
                });
            }
            attempt(receipt, Duration.ofSeconds(5), taken);
        });
    }

    /** A call ends: who placed it hears how, or who found it again; else nobody ever does. */
    private void ends(Call call) {
        up.remove(call.submitted.message.reference());
        if (call.attached != null && !call.attached.node.gone() && !call.attached.closed) {
            Receipt.State state = sim.maybe(failures) ? Receipt.State.FAILED : Receipt.State.DELIVERED;
            monitor.willReport(call.submitted, state);
            deliver(
                    new Receipt(
                            accountId + "-again-" + nextId++,
                            Optional.of(call.submitted.message.reference()),
                            Optional.of(call.submitted.message.address()),
                            state,
                            "ended",
                            sim.instant()),
                    Duration.ofMillis(1));
        }
    }

    /**
     * Messages whose outcome our living nodes certainly wait for: each has a line. Who stood still, or could not prolong its lease,
     * has lost what it had.
     */
    private void callsNeverExceedLines() {
        long begun = links.stream()
                .filter(link -> !link.node.gone())
                .flatMap(link -> link.waiting.values().stream())
                .filter(call -> call.submitted.node.freezes() == call.freezes)
                .filter(call -> call.submitted.at > monitor.databaseFailedAt())
                .filter(call -> sim.nanos() - call.submitted.at < LONGEST_CALL.toNanos())
                .count();
        if (begun > window) {
            sim.violated("more calls than lines:", accountId, begun, window);
        }
        monitor.saw(begun == window ? "all lines busy" : "calls");
    }

    /** A connection to a telephone switch. */
    private final class Switch extends Link implements LineCapacity, Reattachment, Withdrawal {
        Switch(SimNode node, ChannelEvents events) {
            super(node, events);
        }

        @Override
        public int lines() {
            return Math.max(0, window - broken);
        }

        @Override
        public Duration longest() {
            return LONGEST_CALL;
        }

        @Override
        public CompletionStage<Boolean> reattach(OutboundMessage message) {
            if (sim.maybe(speechless)) {
                return CompletableFuture.failedFuture(new IllegalStateException("speechless"));
            }
            Call call = up.get(message.reference());
            sim.tell("asked for", node.owner(), message.reference(), call != null);
            monitor.saw(call == null ? "not found" : "found");
            if (call != null) {
                call.attached = this;
            }
            return CompletableFuture.completedFuture(call != null);
        }

        @Override
        public void withdraw(String reference) {
            Call call = up.get(reference);
            monitor.saw("withdrawals");
            if (call != null && sim.maybe(0.7)) {
                waiting.entrySet().stream()
                        .filter(e -> e.getValue() == call)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .ifPresent(answer -> {
                            up.remove(reference);
                            answer(
                                    call.submitted,
                                    answer,
                                    Duration.ofMillis(10),
                                    new SendOutcome.Rejected("withdrawn", SendOutcome.Fault.CARRIER));
                        });
            }
        }
    }

    private class Link implements Channel {
        final SimNode node;
        final Map<CompletableFuture<SendOutcome>, Call> waiting = new LinkedHashMap<>();
        final ChannelEvents events;
        private final List<CompletableFuture<SendOutcome>> pending = new ArrayList<>();
        private ChannelHealth health = ChannelHealth.up();
        boolean closed;

        Link(SimNode node, ChannelEvents events) {
            this.node = node;
            this.events = events;
        }

        /** A call has no segments, and an id of ours. */
        private Fate fate() {
            Fate fate = sim.oneOf(fates);
            return calls
                            && Set.of(Fate.ACCEPTED_IN_SEGMENTS, Fate.ACCEPTED_UNREADABLY, Fate.PARTIAL_DOUBT)
                                    .contains(fate)
                    ? Fate.ACCEPTED
                    : fate;
        }

        @Override
        public CompletionStage<SendOutcome> send(OutboundMessage message) {
            Fate fate = fate();
            boolean taken =
                    switch (fate) {
                        case ACCEPTED, ACCEPTED_IN_SEGMENTS, ACCEPTED_UNREADABLY -> true;
                        case RETRY, THROTTLED, UNBOUND, REJECTED -> false;
                        case DOUBT, PARTIAL_DOUBT, SILENT, LATE, THROWS, FAILS -> sim.maybe(0.5);
                    };
            int segments = fate == Fate.ACCEPTED_IN_SEGMENTS || fate == Fate.PARTIAL_DOUBT ? 2 : 1;
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < segments; i++) {
                ids.add(accountId + "-" + nextId++ + (fate == Fate.ACCEPTED_UNREADABLY ? "\u0000" : ""));
            }
            Submitted submitted = new Submitted(node, message, sim.nanos(), fate, taken, List.copyOf(ids));
            Duration lasts = sim.between(Duration.ofSeconds(1), LONGEST_CALL);
            sim.tell("sends", node.owner(), message.reference(), fate, taken, message.possibleDuplicate());
            monitor.handedOver(submitted, accountId);
            CompletableFuture<SendOutcome> answer = new CompletableFuture<>();
            Duration when = sim.between(Duration.ofNanos(500_000), slowest);
            if (calls) {
                Call call = new Call(submitted);
                if (fate != Fate.THROWS) {
                    waiting.put(answer, call);
                }
                answer.whenComplete((outcome, failure) -> waiting.remove(answer));
                callsNeverExceedLines();
                if (taken) {
                    up.put(message.reference(), call);
                    sim.after(lasts, network, () -> ends(call));
                }
                when = fate == Fate.ACCEPTED || fate == Fate.RETRY ? lasts.plusMillis(5) : when;
            } else if (taken && fate != Fate.ACCEPTED_UNREADABLY) {
                report(submitted);
            }
            pending.add(answer);
            switch (fate) {
                case ACCEPTED, ACCEPTED_IN_SEGMENTS, ACCEPTED_UNREADABLY ->
                    answer(submitted, answer, when, new SendOutcome.Accepted(ids));
                case RETRY ->
                    answer(
                            submitted,
                            answer,
                            when,
                            new SendOutcome.Retry("busy", retryAfter, SendOutcome.Scope.MESSAGE));
                case THROTTLED ->
                    answer(
                            submitted,
                            answer,
                            when,
                            new SendOutcome.Retry("throttled", Duration.ZERO, SendOutcome.Scope.ACCOUNT));
                case UNBOUND ->
                    answer(
                            submitted,
                            answer,
                            when,
                            new SendOutcome.Retry("unbound", Duration.ofMillis(800), SendOutcome.Scope.ACCOUNT));
                case REJECTED ->
                    answer(submitted, answer, when, new SendOutcome.Rejected("no-such", SendOutcome.Fault.ADDRESS));
                case DOUBT -> answer(submitted, answer, when, new SendOutcome.InDoubt("socket"));
                case PARTIAL_DOUBT ->
                    answer(submitted, answer, when, new SendOutcome.InDoubt("socket", List.of(ids.get(0))));
                case LATE ->
                    answer(
                            submitted,
                            answer,
                            sim.between(Duration.ofSeconds(2), Duration.ofSeconds(20)),
                            taken
                                    ? new SendOutcome.Accepted(ids)
                                    : new SendOutcome.Rejected("late", SendOutcome.Fault.CARRIER));
                case FAILS ->
                    sim.after(when, network, () -> answer.completeExceptionally(new IllegalStateException("guest")));
                case THROWS -> throw new IllegalStateException("guest");
                case SILENT -> {
                    // Nobody will ever say.
                }
            }
            return answer;
        }

        void answer(Submitted submitted, CompletableFuture<SendOutcome> answer, Duration when, SendOutcome outcome) {
            sim.after(when, network, () -> {
                if (!node.gone() && pending.remove(answer)) {
                    monitor.answered(submitted, outcome);
                    if (calls && outcome instanceof SendOutcome.Accepted) {
                        report(submitted);
                    }
                    answer.complete(outcome);
                }
            });
        }

        private void drop(Duration away) {
            List<CompletableFuture<SendOutcome>> unanswered = List.copyOf(pending);
            pending.clear();
            health = ChannelHealth.down("unbound");
            node.hears(() -> {
                unanswered.forEach(answer -> answer.complete(new SendOutcome.InDoubt("socket")));
                events.health(health);
            });
            sim.after(away, network, () -> {
                health = ChannelHealth.up();
                node.hears(() -> events.health(health));
            });
        }

        @Override
        public int window() {
            return window;
        }

        @Override
        public ChannelHealth health() {
            return health;
        }

        @Override
        public void close() {
            closed = true;
            List<CompletableFuture<SendOutcome>> unanswered = List.copyOf(pending);
            pending.clear();
            unanswered.forEach(answer -> answer.complete(new SendOutcome.InDoubt("closed")));
        }
    }
}
