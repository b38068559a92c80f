package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.BatchRows.Candidate;
import io.tocsin.routing.internal.engine.BatchRows.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Alerts whose targets are there although nothing left: somebody leased their batches and gave them back. */
public final class Written {
    private Written() {}

    /** Leases what waits of an alert, and gives it back as it was. */
    public static void targets(Database database, int tenantId, long alertId) {
        targets(new JdbcLedger(database), tenantId, alertId, Instant.now().plusSeconds(60), key -> true);
    }

    /** The same for one batch. */
    public static void targets(Database database, int tenantId, long alertId, int batchNo) {
        targets(
                new JdbcLedger(database),
                tenantId,
                alertId,
                Instant.now().plusSeconds(60),
                key -> key.batchNo() == batchNo);
    }

    static void targets(
            DispatchLedger ledger, int tenantId, long alertId, Instant now, Predicate<HeldBatch.Key> which) {
        List<Candidate> waiting =
                ledger.transact(t -> t.batches().due(now, Set.of("sms", "publish"), Integer.MAX_VALUE)).stream()
                        .filter(c -> c.tenantId() == tenantId && c.alertId() == alertId && which.test(c.key()))
                        .toList();
        ledger.transact(t -> {
            var tokens = t.batches()
                    .lease(waiting.stream().map(c -> new Wanted(c, 1)).toList(), "writer#1", Duration.ofMinutes(1));
            t.batches()
                    .release(waiting.stream()
                            .map(c -> new HeldBatch(
                                    c.key(),
                                    c.channel(),
                                    c.category(),
                                    tokens.get(c.key()),
                                    c.watermark(),
                                    c.end(),
                                    c.caps(),
                                    Long.MAX_VALUE))
                            .toList());
            return null;
        });
    }

    /** The first so many of wave 1 are taken by a carrier, each in so many parts. */
    public static void accepted(Database database, int tenantId, long alertId, int messages, int parts) {
        new JdbcLedger(database).transact(t -> {
            Observations observations = new Observations();
            for (int position = 0; position < messages; position++) {
                for (int part = 0; part < parts; part++) {
                    observations.add(new AttemptRows.Row(
                            new TargetRef(tenantId, alertId, 1, position),
                            part,
                            parts,
                            "accepted",
                            "",
                            null,
                            null,
                            Instant.now()));
                }
            }
            observations.writeRows(t.attempts(), "node");
            observations.writeRest(t.attempts(), "node");
            return null;
        });
    }
}
