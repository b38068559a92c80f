package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.SimCarrier.Fate;
import io.tocsin.routing.internal.engine.SimCarrier.Submitted;
import io.tocsin.routing.internal.engine.SimLedger.Advance;
import io.tocsin.routing.internal.engine.SimStore.Attempt;
import io.tocsin.routing.internal.engine.SimStore.SimAlert;
import io.tocsin.routing.internal.engine.SimStore.SimBatch;
import io.tocsin.routing.internal.engine.SimStore.SimTarget;
import io.tocsin.routing.internal.engine.SimStore.SimWave;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The laws, checked from outside: from what was committed, what carriers took and what they said, never from what the engine
 * believes.
 */
final class SimMonitor {
    private final Sim sim;
    private SimStore store;

    /** The last move of each batch's watermark. */
    private final Map<HeldBatch.Key, Advance> moves = new HashMap<>();

    /** Of each target below a watermark: who intended it, with what token, and whether its person had answered by then. */
    private final Map<TargetRef, Intended> intended = new HashMap<>();

    /** Of each cap, what was intended under it and when. */
    private final Map<Integer, List<Passed>> passedCaps = new HashMap<>();

    private final Map<TargetRef, Submitted> submitted = new HashMap<>();
    /** Everything handed to a carrier, in order. */
    final List<Submitted> sent = new ArrayList<>();

    private final Map<String, List<Submitted>> byPerson = new HashMap<>();
    private final Map<TargetRef, SendOutcome> outcomes = new HashMap<>();
    private final Map<TargetRef, Set<Receipt.State>> reports = new HashMap<>();
    private final Map<String, Integer> receiptsDelivered = new HashMap<>();
    private final Set<String> receiptsDurable = new HashSet<>();
    private final Set<SimNode> crashed = new HashSet<>();

    /** By somebody's hand, so that their holders do not know. */
    boolean leasesStolen;

    /** How often something worth knowing happened: a simulation in which nothing does proves nothing. */
    final Map<String, Long> seen = new java.util.TreeMap<>();

    private record Intended(String batch, long token, boolean answered) {}

    SimMonitor(Sim sim) {
        this.sim = sim;
    }

    void watch(SimStore watched) {
        store = watched;
    }

    void saw(String what) {
        seen.merge(what, 1L, Long::sum);
    }

    /** When the database last failed somebody. */
    long databaseFailedAt() {
        return store.failedAt;
    }

    void crashed(SimNode node) {
        crashed.add(node);
        saw("crashes");
    }

    // Whenever a watermark moves.

    void advanced(Advance move) {
        HeldBatch batch = move.batch();
        if (!move.allowed()) {
            sim.violated("intended although the alert does not run or its wave is closed:", batch.key);
        }
        if (!move.leased()) {
            sim.violated("intended under a lease that had ended:", batch.key);
        }
        Advance before = moves.put(batch.key, move);
        int reached = before == null ? store.batch(batch.key).first : before.to();
        boolean repeated = before != null
                && before.batch().token == batch.token
                && before.from() == move.from()
                && before.to() == move.to();
        if (before != null && batch.token < before.batch().token) {
            sim.violated("a stale token moved the watermark of", batch.key, batch.token, before.batch().token);
        }
        // Whoever gives a batch back may say that less of it left than an unanswered intent had promised.
        boolean givenBack = before != null && before.batch().token != batch.token && move.from() < reached;
        if (!repeated && !givenBack && move.from() != reached) {
            sim.violated("the watermark of", batch.key, "moved from", move.from(), "but had reached", reached);
        }
        if (!repeated) {
            batch.caps.forEach(cap -> passed(cap, move.to() - move.from()));
        }
        for (SimTarget t : store.batch(batch.key).wave.targets.subList(move.from(), move.to())) {
            if (!repeated && submitted.containsKey(t.ref)) {
                sim.violated("intended again although it was handed over:", t.ref);
            }
            intended.put(
                    t.ref,
                    new Intended(
                            batch.key.toString(), batch.token, move.answered().contains(t.recipientNo)));
        }
        saw("intents");
    }

    /** In any time whatever a cap lets rate × time pass and what may leave at once, a fifth of a second's worth. */
    private void passed(int cap, int messages) {
        double rate = store.caps.get(cap).permits().perSecond();
        List<Passed> passed = passedCaps.computeIfAbsent(cap, c -> new ArrayList<>());
        passed.add(new Passed(sim.nanos(), messages));
        long sum = 0;
        for (int i = passed.size() - 1; i >= 0; i--) {
            sum += passed.get(i).messages;
            double seconds = (sim.nanos() - passed.get(i).at) / 1e9;
            if (sum > rate * seconds + Math.max(1, rate / 5) + 0.01) {
                sim.violated("more than its cap:", cap, sum, "in", seconds, "s, of", rate, "a second");
            }
        }
        saw("capped");
    }

    private record Passed(long at, int messages) {}

    // Whenever a message is handed to a carrier.

    void handedOver(Submitted message, int accountId) {
        TargetRef ref = TargetRef.parse(message.message().reference()).orElseThrow();
        SimTarget target = store.target(ref);
        Intended intent = intended.get(ref);
        if (intent == null) {
            sim.violated("left before its intent was durable:", ref);
        }
        if (submitted.put(ref, message) != null) {
            sim.violated("handed over twice:", ref);
        }
        if (!leasesStolen
                && target.attempts.stream().anyMatch(a -> a.row().code().equals("crash"))) {
            sim.violated("left although it was in doubt by name:", ref);
        }
        if (intent.answered) {
            sim.violated("left although its person had answered before it was intended:", ref);
        }
        if (message.message().possibleDuplicate() != target.possibleDuplicate) {
            sim.violated("not flagged as the ledger flags it:", ref);
        }
        String person = ref.alertId() + "/" + target.recipientNo + "/" + target.wave.root + "/" + target.address;
        List<Submitted> earlier = byPerson.computeIfAbsent(person, p -> new ArrayList<>());
        if (!target.possibleDuplicate) {
            for (Submitted copy : earlier) {
                TargetRef copyRef = TargetRef.parse(copy.message().reference()).orElseThrow();
                if (copy.taken() && !reports.getOrDefault(copyRef, Set.of()).contains(Receipt.State.FAILED)) {
                    sim.violated("a second copy that nobody flagged:", ref, "after", copyRef);
                }
            }
        } else {
            saw("flagged");
            if (target.wave.alert.launched.category() == Category.INFORMATION) {
                sim.violated("information was sent again after a doubt:", ref);
            }
            if (foundAgain(target)) {
                sim.violated("called again although it was found:", ref);
            }
            if (!doubted(target)) {
                sim.violated("flagged although nothing of it was in doubt:", ref);
            }
        }
        earlier.add(message);
        sent.add(message);
        saw("sent");
        saw("fate " + message.fate());
    }

    /** Whether an earlier try is known to be under way still, or to have ended well. */
    private boolean foundAgain(SimTarget target) {
        SimTarget t = store.target(target.replaces);
        return t.attempts.stream().anyMatch(a -> a.row().code().equals(Reattach.CODE))
                && !SimStore.state(t).equals("failed");
    }

    /** Whether a doubt about an earlier try is on disk. */
    private boolean doubted(SimTarget target) {
        SimTarget t = target;
        while (t.replaces != null) {
            t = store.target(t.replaces);
            if (t.attempts.stream().anyMatch(a -> a.row().kind().equals("in-doubt"))) {
                return true;
            }
        }
        return false;
    }

    void answered(Submitted message, SendOutcome outcome) {
        outcomes.put(TargetRef.parse(message.message().reference()).orElseThrow(), outcome);
    }

    /** A carrier will say this of a message, sooner or later. FAILED stands for expired too. */
    void willReport(Submitted message, Receipt.State state) {
        reports.computeIfAbsent(TargetRef.parse(message.message().reference()).orElseThrow(), r -> new HashSet<>())
                .add(state == Receipt.State.DELIVERED ? state : Receipt.State.FAILED);
    }

    void receiptDelivered(int accountId, Receipt receipt) {
        receiptsDelivered.merge(name(accountId, receipt), 1, Integer::sum);
        saw("receipts");
    }

    void receiptDurable(int accountId, Receipt receipt) {
        receiptsDurable.add(name(accountId, receipt));
    }

    private static String name(int accountId, Receipt receipt) {
        return accountId + "/" + receipt.carrierId() + "/" + ReceiptMatching.kind(receipt.state());
    }

    // At any moment, and at the end.

    void conserved() {
        if (!store.complaints.isEmpty()) {
            sim.violated(store.complaints.get(0));
        }
        for (SimAlert alert : store.alerts.values()) {
            Totals totals = store.totals(alert.alertId);
            if (!totals.conserved()) {
                sim.violated("not conserved:", alert.alertId, totals);
            }
        }
    }

    /**
     * Whoever's message was in doubt was written to again, if the category asks for it and there was time: from when nothing
     * went wrong any more until the step was over.
     */
    void doubtsFollowedUp(Instant healed, Settings settings) {
        for (SimAlert alert : store.alerts.values()) {
            Optional<Duration> grace = settings.grace(alert.launched.category());
            if (alert.state == Alert.State.CANCELLED || grace.isEmpty()) {
                continue;
            }
            for (SimWave wave : alert.waves) {
                for (SimTarget t : wave.targets) {
                    if (SimStore.state(t).equals("in-doubt")
                            && t.replacedBy == null
                            && t.tryNo < Math.max(2, wave.maxAttempts)
                            && store.person(alert, alert.recipients.get(t.recipientNo - 1))
                                    .equals("unknown")) {
                        Instant due =
                                t.attempts.get(t.attempts.size() - 1).row().at().plus(grace.get());
                        Instant from = due.isAfter(healed) ? due : healed;
                        if (from.plusSeconds(10).isBefore(alert.wave(wave.root).deadline)) {
                            sim.violated("a doubt that nobody followed up:", t.ref, due);
                        }
                    }
                }
            }
        }
    }

    /** Tells what keeps a run from its end. */
    void left() {
        for (SimAlert alert : store.alerts.values()) {
            if (alert.open()) {
                sim.tell("left: alert", alert.alertId, alert.state, store.totals(alert.alertId), alert.followups);
                alert.waves.stream()
                        .filter(w -> w.closedAt == null)
                        .forEach(w -> sim.tell("left: wave", w.no, w.kind, w.root, w.deadline));
            }
        }
        store.batches().stream()
                .filter(b -> !b.settled || b.owner != null)
                .forEach(b -> sim.tell("left: batch", b.key, b.owner, b.token, b.first, b.watermark, b.end, b.until));
    }

    /** @param exact whether clocks were right, so that nothing was looked for in the wrong hour */
    void settled(boolean exact) {
        conserved();
        Map<String, Integer> recorded = new HashMap<>();
        for (SimAlert alert : store.alerts.values()) {
            Totals totals = store.totals(alert.alertId);
            if (totals.pending() != 0 || alert.open()) {
                sim.violated("not at its end:", alert.alertId, alert.state, totals);
            }
            Map<String, Long> counted = new HashMap<>();
            Set<Integer> steps = new HashSet<>();
            for (SimWave wave : alert.waves) {
                if (wave.kind.equals("cascade") && !steps.add(wave.step)) {
                    sim.violated("a step was opened twice:", alert.alertId, wave.step);
                }
                wave.batches.forEach(this::settled);
                for (SimTarget t : wave.targets) {
                    settled(t);
                    for (Attempt a : t.attempts) {
                        counted.merge(a.row().kind(), 1L, Long::sum);
                        recorded.merge(
                                a.row().accountId() + "/" + a.row().carrierId() + "/"
                                        + a.row().kind(),
                                1,
                                Integer::sum);
                    }
                }
            }
            Map<String, Long> tallied = new HashMap<>(store.observations(alert.alertId));
            if (!tallied.equals(counted)) {
                sim.violated("tallies", tallied, "of", counted, "observations in alert", alert.alertId);
            }
        }
        receipts(recorded, exact);
    }

    private void settled(SimBatch batch) {
        if (batch.owner != null || !batch.settled) {
            sim.violated("a batch is left over:", batch.key, batch.owner, batch.watermark, batch.end);
        }
        for (SimTarget t : batch.wave.targets.subList(batch.first, batch.end)) {
            boolean passed = t.ref.position() < batch.watermark;
            if (passed && t.attempts.isEmpty()) {
                sim.violated("below the watermark without a word:", t.ref);
            }
            if (!passed && !t.attempts.isEmpty()) {
                sim.violated("known although never intended:", t.ref);
            }
        }
    }

    private void settled(SimTarget t) {
        Map<String, Integer> once = new HashMap<>();
        Set<String> kinds = new HashSet<>();
        for (Attempt a : t.attempts) {
            kinds.add(a.row().kind());
            if (a.row().kind().equals("skipped") && submitted.containsKey(t.ref)) {
                saw("taken back");
                if (t.replacedBy != null) {
                    sim.violated("tried again although it was taken back:", t.ref);
                }
            }
            if (Set.of("accepted", "retry", "rejected", "skipped")
                            .contains(a.row().kind())
                    && once.merge(a.row().kind() + a.row().segment() + reattached(a), 1, Integer::sum) > 1) {
                sim.violated("recorded twice:", t.ref, a.row().kind());
            }
        }
        Submitted message = submitted.get(t.ref);
        boolean takenBack = outcomes.get(t.ref) instanceof SendOutcome.Rejected rejected
                && rejected.code().equals(Withdraw.CODE);
        if (message != null
                && message.taken()
                && !takenBack
                && kinds.stream()
                        .noneMatch(Set.of("accepted", "in-doubt", "delivered", "failed", "expired")::contains)) {
            sim.violated("a carrier took it and the ledger does not know:", t.ref, message.fate(), kinds);
        }
        SendOutcome outcome = outcomes.get(t.ref);
        if (outcome != null && !crashed.contains(message.node()) && message.fate() != Fate.ACCEPTED_UNREADABLY) {
            String kind = outcome instanceof SendOutcome.Accepted
                    ? "accepted"
                    : outcome instanceof SendOutcome.Retry
                            ? "retry"
                            : outcome instanceof SendOutcome.Rejected rejected
                                    ? rejected.code().equals("withdrawn") ? "skipped" : "rejected"
                                    : "in-doubt";
            if (!kinds.contains(kind)) {
                sim.violated("what the carrier said is lost:", t.ref, kind, kinds);
            }
        }
        if (kinds.contains("delivered") && SimStore.state(t).equals("delivered") && !said(t)) {
            sim.violated("delivered, which no carrier said:", t.ref);
        }
    }

    /** Who was frozen may say what became of a message that another has found again. */
    private static String reattached(Attempt a) {
        return a.row().code().equals(Reattach.CODE) ? Reattach.CODE : "";
    }

    /** Whether the carrier said so of this message, or of another to its address. */
    private boolean said(SimTarget t) {
        return reports.getOrDefault(t.ref, Set.of()).contains(Receipt.State.DELIVERED)
                || submitted.entrySet().stream()
                        .anyMatch(e -> e.getValue().message().address().equals(t.address)
                                && reports.getOrDefault(e.getKey(), Set.of()).contains(Receipt.State.DELIVERED));
    }

    private void receipts(Map<String, Integer> recorded, boolean exact) {
        Map<String, Integer> waiting = new HashMap<>();
        store.orphans.forEach(
                o -> waiting.merge(o.accountId() + "/" + o.carrierId() + "/" + o.kind(), 1, Integer::sum));
        for (String receipt : receiptsDurable) {
            int known = recorded.getOrDefault(receipt, 0) + waiting.getOrDefault(receipt, 0);
            if (known == 0) {
                sim.violated("a receipt that was acknowledged is lost:", receipt);
            }
            if (known > receiptsDelivered.get(receipt)) {
                sim.violated("a receipt is recorded more often than it came:", receipt);
            }
        }
        for (String receipt : waiting.keySet()) {
            String id = receipt.substring(0, receipt.lastIndexOf('/'));
            if (exact && !store.carrierRefs.getOrDefault(id, List.of()).isEmpty()) {
                sim.violated("a receipt waits although its message is known:", receipt);
            }
        }
    }
}
