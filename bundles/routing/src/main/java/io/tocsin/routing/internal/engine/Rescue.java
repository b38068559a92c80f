package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.LogScope;
import io.tocsin.routing.internal.engine.AttemptRows.Row;
import io.tocsin.routing.internal.engine.BatchRows.Fenced;
import io.tocsin.routing.internal.engine.BatchRows.Silent;
import io.tocsin.routing.internal.engine.DispatchLedger.Tables;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over from the dead: a lease that ran out is fenced, what may have left under it without a word is recorded as in
 * doubt by name, and only then is the batch free for others. What may still be under way somewhere is asked for first
 * ({@link Reattach}).
 */
final class Rescue {
    private static final Logger LOG = LoggerFactory.getLogger(Rescue.class);
    private static final int AT_ONCE = 100;

    private final DispatchLedger ledger;
    private final Node node;
    private final Settings settings;
    private final Clock clock;

    Rescue(DispatchLedger ledger, Node node, Settings settings, Clock clock) {
        this.ledger = ledger;
        this.node = node;
        this.settings = settings;
        this.clock = clock;
    }

    /** @return the batches taken over */
    List<Fenced> round() {
        return ledger.transact(tables -> {
            List<Fenced> fenced = tables.batches().fence(AT_ONCE);
            List<HeldBatch.Key> batches = fenced.stream().map(Fenced::key).toList();
            if (!fenced.isEmpty()) {
                int inDoubt = nameDoubts(tables, batches);
                tables.batches().free(batches);
                fenced.forEach(Rescue::tell);
                LOG.warn("rescue.round batches={} inDoubt={}", fenced.size(), inDoubt);
            }
            return fenced;
        });
    }

    private int nameDoubts(Tables tables, List<HeldBatch.Key> batches) throws SQLException {
        Instant now = clock.instant();
        Observations observations = new Observations();
        List<Silent> silent = tables.batches().silent(batches);
        for (Silent each : silent) {
            observations.add(new Row(each.target(), 0, 1, "in-doubt", "crash", each.accountId(), null, now));
            if (each.askable() && each.accountId() != null) {
                observations.askFirst(each.target(), each.accountId(), Node.named(each.owner()));
            }
            settings.grace(each.category())
                    .ifPresent(grace -> observations.decide(each.target(), "in-doubt", "crash", now, grace));
        }
        observations.writeRows(tables.attempts(), node.name());
        tables.reattach().doubt(observations.doubts(), Reattach.LIMIT);
        observations.writeRest(tables.attempts(), node.name());
        return silent.size();
    }

    private static void tell(Fenced batch) {
        try (LogScope about = LogScope.alert(batch.key().tenantId(), batch.key().alertId())) {
            LOG.warn("rescue.batch batch={} owner={}", batch.key(), batch.owner());
        }
    }
}
