package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.channel.api.Receipt;
import io.tocsin.channel.api.SendOutcome;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.AttemptRows.Mark;
import io.tocsin.routing.internal.engine.AttemptRows.Row;
import io.tocsin.routing.internal.engine.DispatchLedger.Tables;
import io.tocsin.routing.internal.engine.Fact.Asked;
import io.tocsin.routing.internal.engine.Fact.Receipted;
import io.tocsin.routing.internal.engine.Fact.Sent;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fourth step: appends what happened — outcomes and receipts, in groups, one transaction each — and ends the lease of a
 * batch with the last thing there was to know about it. Facts are recorded whoever holds the lease by now.
 */
final class Record implements GroupWriting.Writer<Fact> {
    private static final Logger LOG = LoggerFactory.getLogger(Record.class);

    /** Observations waiting for the database beyond which nothing new is claimed. */
    private static final int SLOW = 10_000;

    /**
     * Groups waiting for the database beyond which nothing new is sent: one being written, one gathered meanwhile. More would
     * leave receipts the smaller share, to pile up at the carrier, where nobody overtakes anybody.
     */
    private static final int GROUPS_AHEAD = 2;

    private static final int LEAST_AHEAD = 500;

    /** Beyond which receipts are refused for now: the carrier delivers them again. */
    private static final int FULL = 50_000;

    private final Settings settings;
    private final Node node;
    private final Clock clock;
    private final Counters counters;
    private final DispatchLedger ledger;
    private final Claim claim;
    private final ReceiptMatching receipts;
    private final Appender<Fact> appender;
    private final IntPredicate askable;
    private final UrgentReceipts urgent = new UrgentReceipts();

    /** Batches whose lease ends with the group being written; the appender's thread only. */
    private Set<HeldBatch> ended = Set.of();

    /**
     * @param askable whether messages of an account can be asked for when they are in doubt
     * @param appenders what has groups written by what it is given
     */
    Record(
            DispatchLedger ledger,
            Claim claim,
            Settings settings,
            Node node,
            Clock clock,
            Counters counters,
            IntPredicate askable,
            Function<GroupWriting.Writer<Fact>, Appender<Fact>> appenders) {
        this.claim = claim;
        this.settings = settings;
        this.node = node;
        this.clock = clock;
        this.counters = counters;
        this.ledger = ledger;
        this.askable = askable;
        this.receipts = new ReceiptMatching(clock);
        this.appender = appenders.apply(this);
    }

    void start() {
        appender.start();
    }

    /** Whether there may be more to send: what comes back of it can be kept in memory or written. */
    boolean keepsUp() {
        return !appender.stuck() && appender.backlog() < SLOW;
    }

    /** Whether more of a category may be sent just now. Life-safety does not wait for what others left to be written. */
    boolean keepsUp(Category category) {
        int ahead = Math.max(LEAST_AHEAD, GROUPS_AHEAD * settings.groupSize());
        return !appender.stuck() && appender.backlog() < (category == Category.LIFE_SAFETY ? 2 * ahead : ahead);
    }

    boolean close(Duration limit) {
        return appender.close(limit);
    }

    void record(Fact fact) {
        if (fact instanceof Sent sent && sent.category() == Category.LIFE_SAFETY) {
            appender.add(sent, true);
            // After it: a receipt written before its message is known takes a longer way.
            urgent.expect(sent.accountId(), sent.carrierIds());
        } else {
            appender.add(fact, false);
        }
    }

    /** Takes a receipt. @return completes once it is durable; exceptionally if the carrier should deliver it again */
    CompletionStage<Void> receipt(int accountId, Set<Integer> tenants, Receipt receipt) {
        if (appender.backlog() >= FULL) {
            return CompletableFuture.failedFuture(new IllegalStateException("too many receipts wait for the database"));
        }
        CompletableFuture<Void> durable = new CompletableFuture<>();
        appender.add(
                new Receipted(accountId, tenants, receipt, clock.instant(), durable),
                urgent.isUrgent(accountId, receipt.carrierId()));
        return durable;
    }

    /** A node is gone: the receipts it let wait for their messages are ours to match. */
    void inheritOrphans() {
        receipts.orphansPossibleAgain();
    }

    void lookForOrphansAgain() {
        if (receipts.orphansPossible() && appender.backlog() == 0) {
            appender.add(new Fact.OrphansAgain(clock.instant()), false);
        }
    }

    @Override
    public void write(List<Fact> group, Mark mark) {
        ledger.transact(tables -> {
            tables.attempts().begin(mark);
            write(tables, group);
            return null;
        });
    }

    @Override
    public boolean committed(Mark mark) {
        return ledger.transact(tables -> tables.attempts().committed(mark));
    }

    private void write(Tables tables, List<Fact> group) throws SQLException {
        ended = Set.of();
        receipts.begin();
        Observations observations = new Observations();
        List<Receipted> received = new ArrayList<>();
        boolean accepted = false;
        boolean again = false;
        for (Fact fact : group) {
            if (fact instanceof Fact.Skipped skipped) {
                observations.add(new Row(skipped.target(), 0, 1, "skipped", skipped.why(), null, null, skipped.at()));
            } else if (fact instanceof Sent sent) {
                observe(sent, observations);
                accepted |= !sent.carrierIds().isEmpty();
            } else if (fact instanceof Receipted receipt) {
                received.add(receipt);
            } else if (fact instanceof Asked asked) {
                asked(tables.reattach(), asked, observations);
            } else {
                again = true;
            }
        }
        observations.writeRows(tables.attempts(), node.name());
        if (!received.isEmpty()) {
            receipts.match(tables.receipts(), received, observations);
        }
        if (receipts.orphansPossible() && (accepted || again)) {
            receipts.matchOrphans(tables.receipts(), again, observations);
        }
        observations.writeRows(tables.attempts(), node.name());
        ended = ended(count(group));
        if (!ended.isEmpty()) {
            tables.batches().release(ended);
        }
        tables.reattach().doubt(observations.doubts(), Reattach.LIMIT);
        observations.writeRest(tables.attempts(), node.name());
    }

    /** What is found is accepted, as far as anybody can tell by now: the decision that is due finds it no longer in doubt. */
    private void asked(ReattachRows rows, Asked asked, Observations observations) throws SQLException {
        switch (asked.answer()) {
            case FOUND -> {
                if (rows.found(asked.target(), node.owner())) {
                    observations.add(new Row(
                            asked.target(), 0, 1, "accepted", Reattach.CODE, asked.accountId(), null, asked.at()));
                }
            }
            case NOT_FOUND -> rows.notFound(asked.target());
            case NOTHING_SAID -> rows.again(asked.target(), Reattach.PAUSE);
        }
    }

    private void observe(Sent sent, Observations observations) {
        TargetRef target = sent.target();
        if (sent.outcome() instanceof SendOutcome.Accepted) {
            segments(sent, Math.max(1, sent.carrierIds().size()), observations);
        } else if (sent.outcome() instanceof SendOutcome.InDoubt doubt) {
            // One segment more than those accepted is in doubt: all of them delivered is not the whole message.
            int segments = Math.min(sent.carrierIds().size() + 1, Observations.MOST_SEGMENTS);
            if (segments > 1) {
                segments(sent, segments, observations);
            }
            doubt(sent, segments - 1, segments, word(doubt.code()), sent.at(), observations);
        } else if (sent.outcome() instanceof SendOutcome.Retry retry) {
            String code = word(retry.code());
            observations.add(new Row(target, 0, 1, "retry", code, sent.accountId(), null, sent.at()));
            observations.decide(target, retryKind(retry), code, sent.at(), delay(retry, sent.tryNo()));
        } else if (sent.outcome() instanceof SendOutcome.Rejected rejected) {
            String code = word(rejected.code());
            observations.add(new Row(target, 0, 1, "rejected", code, sent.accountId(), null, sent.at()));
            observations.decide(target, "failed", code, sent.at(), Duration.ZERO);
        }
    }

    /** Flagged before anything else is decided; then the category decides. */
    private void doubt(Sent sent, int segment, int segments, String code, Instant at, Observations observations) {
        observations.add(new Row(sent.target(), segment, segments, "in-doubt", code, sent.accountId(), null, at));
        if (askable.test(sent.accountId()) && !sent.late()) {
            observations.askFirst(sent.target(), sent.accountId(), node.name());
        }
        settings.grace(sent.category())
                .ifPresent(grace -> observations.decide(sent.target(), "in-doubt", code, at, grace));
    }

    private static String retryKind(SendOutcome.Retry retry) {
        return retry.scope() == SendOutcome.Scope.ACCOUNT ? "not-sent" : "retry";
    }

    /** What the channel asks for; at least the back-off for a message, a second when it is the account's trouble. */
    private Duration delay(SendOutcome.Retry retry, int tryNo) {
        Duration least = retry.scope() == SendOutcome.Scope.ACCOUNT ? Duration.ofSeconds(1) : settings.backOff(tryNo);
        return retry.after().compareTo(least) > 0 ? retry.after() : least;
    }

    private static void segments(Sent sent, int segments, Observations observations) {
        List<String> ids = sent.carrierIds();
        int kept = Math.min(segments, Observations.MOST_SEGMENTS);
        if (ids.isEmpty()) {
            observations.add(new Row(sent.target(), 0, 1, "accepted", "", sent.accountId(), null, sent.at()));
        }
        for (int i = 0; i < Math.min(ids.size(), kept); i++) {
            String id = ids.get(i).isEmpty() ? null : ids.get(i);
            observations.add(new Row(sent.target(), i, kept, "accepted", "", sent.accountId(), id, sent.at()));
        }
    }

    /** A channel's code is a stranger's text: at most 64 characters. */
    static String word(String code) {
        return code.length() <= 64 ? code : code.substring(0, 64);
    }

    private static Map<HeldBatch, Integer> count(List<Fact> group) {
        Map<HeldBatch, Integer> counted = new HashMap<>();
        for (Fact fact : group) {
            if (fact instanceof Sent sent && !sent.late()) {
                counted.merge(sent.batch(), 1, Integer::sum);
            } else if (fact instanceof Fact.Skipped skipped) {
                counted.merge(skipped.batch(), 1, Integer::sum);
            }
        }
        return counted;
    }

    private static Set<HeldBatch> ended(Map<HeldBatch, Integer> counted) {
        Set<HeldBatch> ended = new HashSet<>();
        counted.forEach((batch, n) -> {
            if (batch.endsWith(n)) {
                ended.add(batch);
            }
        });
        return ended;
    }

    @Override
    public void durable(List<Fact> group) {
        Map<HeldBatch, Integer> counted = count(group);
        Set<HeldBatch> left = new HashSet<>();
        counted.forEach((batch, n) -> {
            batch.recorded(n);
            // Finished while its last facts were being written: they did not end the lease, so this does.
            if (batch.endsWith(0) && !ended.contains(batch)) {
                left.add(batch);
            }
        });
        receipts.committed();
        for (Fact fact : group) {
            if (fact instanceof Receipted receipt) {
                counters.add("receipts", 1);
                receipt.durable().complete(null);
            } else if (fact instanceof Sent sent) {
                counters.add(outcomeName(sent.outcome()), 1);
            } else if (fact instanceof Asked asked && asked.answer() == Fact.Inquiry.FOUND) {
                counters.add("reattached", 1);
            }
        }
        claim.released(ended);
        releaseQuietly(left);
    }

    private void releaseQuietly(Set<HeldBatch> left) {
        if (left.isEmpty()) {
            return;
        }
        try {
            claim.release(left);
        } catch (DatabaseException e) {
            // The lease ends by itself, and whoever takes over finds everything recorded.
            LOG.warn("record.release-failed sqlState={}", e.sqlState());
        }
    }

    private static String outcomeName(SendOutcome outcome) {
        if (outcome instanceof SendOutcome.Accepted) {
            return "accepted";
        }
        if (outcome instanceof SendOutcome.Retry) {
            return "retry";
        }
        return outcome instanceof SendOutcome.Rejected ? "rejected" : "in-doubt";
    }

    /** The fact is kept by name and reason; its target is in doubt, which is true: we cannot say what became of it. */
    @Override
    public void setAside(Fact fact, DatabaseException why, Mark mark) {
        ended = Set.of();
        receipts.begin();
        ledger.transact(tables -> {
            tables.attempts().begin(mark);
            setAside(tables, fact, why.sqlState(), clock.instant());
            return null;
        });
        counters.add("set-aside", 1);
    }

    private void setAside(Tables tables, Fact fact, String reason, Instant now) throws SQLException {
        String kind = fact.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        if (fact instanceof Sent sent) {
            tables.attempts().setAside(sent.target(), sent.accountId(), kind, reason, now);
            Observations observations = new Observations();
            doubt(sent, 0, 1, "set-aside", now, observations);
            observations.writeRows(tables.attempts(), node.name());
            observations.writeRest(tables.attempts(), node.name());
        } else {
            Integer account = fact instanceof Receipted receipt ? (Integer) receipt.accountId() : null;
            tables.attempts().setAside(null, account, kind, reason, now);
        }
    }
}
