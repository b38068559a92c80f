package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Reattachment;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Fact.Asked;
import io.tocsin.routing.internal.engine.Fact.Inquiry;
import io.tocsin.routing.internal.engine.Fact.Intent;
import io.tocsin.routing.internal.engine.ReattachRows.Question;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks carriers for messages in doubt that may be under way: calls whose node died, stopped, or lost its switch. Any node that has the
 * account open asks, this one for its own of before its start as well; where each node has a switch of its own, nobody but the one that
 * had the call. What is found is waited for and not called again; of what is
 * not, nothing more is known than before: it may have rung, and the category decides.
 */
final class Reattach {
    /** How long decisions about a message wait for an answer. */
    static final Duration LIMIT = Duration.ofSeconds(15);

    /** Before a message is asked for again of which nothing could be said. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** What is recorded of a message that was found. */
    static final String CODE = "reattached";

    private static final Logger LOG = LoggerFactory.getLogger(Reattach.class);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int AT_ONCE = 5000;
    private static final int SPOKEN_AT_ONCE = 100;

    private final DispatchLedger ledger;
    private final Node node;
    private final Lanes lanes;
    private final Send send;
    private final Record record;
    private final Duration lease;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Map<Found, Long> found = new ConcurrentHashMap<>();

    /** A message that was found under way, and may be still. */
    record Found(TargetRef target, int accountId, int recipientNo) {}

    Reattach(
            DispatchLedger ledger,
            Node node,
            Lanes lanes,
            Send send,
            Record record,
            Duration lease,
            Clock clock,
            LongSupplier nanoTime) {
        this.ledger = ledger;
        this.node = node;
        this.lanes = lanes;
        this.send = send;
        this.record = record;
        this.lease = lease;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * Asks for what nobody asks for yet, if this node has a channel that can. Called a few times a second; blocks (database, and as long
     * as it takes to speak what calls say).
     */
    void round() throws InterruptedException {
        Map<Integer, Lane> able = new HashMap<>();
        for (Lane lane : lanes.all()) {
            if (lane.serves()
                    && lane.health().state() != ChannelHealth.State.DOWN
                    && ((GuardedChannel) lane.channel()).can(Reattachment.class)) {
                able.put(lane.accountId(), lane);
            }
        }
        if (able.isEmpty()) {
            return;
        }
        List<Integer> onlyOwn = able.entrySet().stream()
                .filter(each -> ((GuardedChannel) each.getValue().channel()).findsOnlyOwn())
                .map(Map.Entry::getKey)
                .toList();
        List<Question> questions =
                ledger.transact(t -> t.reattach().take(node, able.keySet(), onlyOwn, AT_ONCE, lease, LIMIT));
        Map<Lane, List<Question>> byLane = new LinkedHashMap<>();
        questions.forEach(q -> byLane.computeIfAbsent(able.get(q.accountId()), l -> new ArrayList<>())
                .add(q));
        for (Map.Entry<Lane, List<Question>> each : byLane.entrySet()) {
            List<Question> all = each.getValue();
            for (int from = 0; from < all.size(); from += SPOKEN_AT_ONCE) {
                prepare(each.getKey(), all.subList(from, Math.min(all.size(), from + SPOKEN_AT_ONCE)));
            }
        }
    }

    /** What a call says may have to be spoken first on this node: those that are ready do not wait for all others. */
    private void prepare(Lane lane, List<Question> questions) throws InterruptedException {
        send.ahead(lane, questions.stream().map(Question::intent).toList());
        Map<Question, OutboundMessage> messages = new LinkedHashMap<>();
        for (Question question : questions) {
            try {
                messages.put(question, send.render(lane, question.intent()));
            } catch (RuntimeException e) {
                // whatever keeps this node from saying it now: another may, or this one in a moment
                LOG.warn(
                        "reattach.not-rendered account={} failure={}",
                        lane.route().name(),
                        Redaction.described(e));
                answered(question, Inquiry.NOTHING_SAID);
            }
        }
        if (!messages.isEmpty()) {
            ask(lane, messages);
        }
    }

    /** What was found under way, and has not been over for certain. */
    List<Found> found() {
        found.values().removeIf(until -> nanoTime.getAsLong() - until > 0);
        return List.copyOf(found.keySet());
    }

    /** Nobody need look at it any more. */
    void ended(Found message) {
        found.remove(message);
    }

    /** All of a channel's in one go, on its account's thread: there may be as many as it has lines. */
    private void ask(Lane lane, Map<Question, OutboundMessage> messages) {
        LOG.info("reattach.asks account={} messages={}", lane.route().name(), messages.size());
        Map<Question, CompletableFuture<Boolean>> answers = new LinkedHashMap<>();
        messages.keySet().forEach(question -> answers.put(question, new CompletableFuture<>()));
        answers.forEach((question, answer) -> answer.whenComplete((found, failure) -> answered(
                question, failure != null ? Inquiry.NOTHING_SAID : found ? Inquiry.FOUND : Inquiry.NOT_FOUND)));
        ((GuardedChannel) lane.channel())
                .ask(Reattachment.class, channel -> {
                    messages.forEach((question, message) -> ask(channel, message, answers.get(question)));
                    return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new));
                })
                .orElseThrow()
                .whenComplete((done, failure) -> {
                    // whatever it was: nobody waits for those that have not answered by now
                    if (failure != null) {
                        answers.values().forEach(answer -> answer.completeExceptionally(failure));
                    }
                });
    }

    private static void ask(Reattachment channel, OutboundMessage message, CompletableFuture<Boolean> answer) {
        channel.reattach(message).whenComplete((found, failure) -> {
            if (found != null) {
                answer.complete(found);
            } else {
                answer.completeExceptionally(failure == null ? new IllegalStateException("no answer") : failure);
            }
        });
    }

    private void answered(Question question, Inquiry answer) {
        if (answer == Inquiry.FOUND) {
            Intent intent = question.intent();
            found.put(
                    new Found(intent.target(), question.accountId(), intent.recipientNo()),
                    nanoTime.getAsLong() + LONGEST.toNanos());
        }
        record.record(new Asked(question.intent().target(), question.accountId(), answer, clock.instant()));
    }
}
