package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.routing.internal.engine.Sim.Actor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    SimCarrier(Sim sim, int accountId, int window, SimMonitor monitor) {
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
        Link link = new Link(node, events);
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

    private final class Link implements Channel {
        private final SimNode node;
        private final ChannelEvents events;
        private final List<CompletableFuture<SendOutcome>> pending = new ArrayList<>();
        private ChannelHealth health = ChannelHealth.up();
        private boolean closed;

        Link(SimNode node, ChannelEvents events) {
            this.node = node;
            this.events = events;
        }

        @Override
        public CompletionStage<SendOutcome> send(OutboundMessage message) {
            Fate fate = sim.oneOf(fates);
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
            sim.tell("sends", node.owner(), message.reference(), fate, taken, message.possibleDuplicate());
            monitor.handedOver(submitted, accountId);
            if (taken && fate != Fate.ACCEPTED_UNREADABLY) {
                report(submitted);
            }
            CompletableFuture<SendOutcome> answer = new CompletableFuture<>();
            pending.add(answer);
            Duration when = sim.between(Duration.ofNanos(500_000), slowest);
            switch (fate) {
                case ACCEPTED, ACCEPTED_IN_SEGMENTS, ACCEPTED_UNREADABLY ->
                    answer(submitted, answer, when, new SendOutcome.Accepted(ids));
                case RETRY ->
                    answer(
                            submitted,
                            answer,
                            when,
                            new SendOutcome.Retry("busy", Duration.ZERO, SendOutcome.Scope.MESSAGE));
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

        private void answer(
                Submitted submitted, CompletableFuture<SendOutcome> answer, Duration when, SendOutcome outcome) {
            sim.after(when, network, () -> {
                if (!node.gone() && pending.remove(answer)) {
                    monitor.answered(submitted, outcome);
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
