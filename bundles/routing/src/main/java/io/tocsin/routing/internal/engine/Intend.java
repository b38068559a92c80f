package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Fact.Intent;
import io.tocsin.routing.internal.ledger.Plans;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Second step: makes the intent to send durable before anything leaves. One statement moves the watermark (only for the
 * holder of the lease, only while the alert runs) and reads the targets it passed; its transaction is committed when this
 * returns.
 */
final class Intend {
    private final Database database;
    private final Duration lease;

    Intend(Database database, Duration lease) {
        this.database = database;
        this.lease = lease;
    }

    /**
     * Intends up to {@code most} messages of a batch.
     *
     * @return the intents, in order; empty: the lease is lost or the alert does not run, nothing may be sent
     * @throws io.tocsin.persistence.api.DatabaseException when it is not known whether it happened: ask again
     */
    Optional<List<Intent>> intend(HeldBatch batch, int most) {
        int from = batch.watermark();
        int to = batch.promise(most);
        List<Intent> intents = database.asEngine(connection -> advance(connection, batch, from, to));
        if (intents.isEmpty()) {
            return Optional.empty();
        }
        if (intents.size() != to - from) {
            throw new IllegalStateException("wave " + batch.key + " has holes between " + from + " and " + to);
        }
        batch.intended();
        return Optional.of(intents);
    }

    private List<Intent> advance(Connection connection, HeldBatch batch, int from, int to) throws SQLException {
        Plans.fewRows(connection);
        try (PreparedStatement query = connection.prepareStatement(
                """
                with advanced as (
                    update batch b set watermark = ?, lease_until = now() + make_interval(secs => ?)
                    where b.tenant_id = ? and b.alert_id = ? and b.wave_no = ? and b.batch_no = ?
                      and b.lease_token = ? and b.watermark in (?, ?)
                      and exists (select from alert a
                          where a.tenant_id = b.tenant_id and a.alert_id = b.alert_id and a.state = 'running')
                      and exists (select from wave w where w.tenant_id = b.tenant_id and w.alert_id = b.alert_id
                          and w.wave_no = b.wave_no and w.closed_at is null)
                    returning b.tenant_id, b.alert_id, b.wave_no
                )
                select t.position, t.recipient_no, t.address, t.possible_duplicate, t.try_no, r.name, r.language,
                    r.variables::text, n.recipient_no is not null
                from advanced v
                join target t on t.tenant_id = v.tenant_id and t.alert_id = v.alert_id and t.wave_no = v.wave_no
                    and t.position >= ? and t.position < ?
                join recipient r on r.tenant_id = t.tenant_id and r.alert_id = t.alert_id and r.recipient_no = t.recipient_no
                left join answer n
                    on n.tenant_id = t.tenant_id and n.alert_id = t.alert_id and n.recipient_no = t.recipient_no
                order by t.position
                """)) {
            HeldBatch.Key key = batch.key;
            query.setInt(1, to);
            query.setDouble(2, lease.toMillis() / 1000.0);
            query.setInt(3, key.tenantId());
            query.setLong(4, key.alertId());
            query.setInt(5, key.waveNo());
            query.setInt(6, key.batchNo());
            query.setLong(7, batch.token);
            query.setInt(8, from);
            query.setInt(9, to);
            query.setInt(10, from);
            query.setInt(11, to);
            List<Intent> intents = new ArrayList<>(to - from);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    intents.add(new Intent(
                            new TargetRef(key.tenantId(), key.alertId(), key.waveNo(), row.getInt(1)),
                            batch,
                            row.getInt(2),
                            row.getString(3),
                            row.getBoolean(4),
                            row.getInt(5),
                            batch.category,
                            row.getString(6),
                            row.getString(7),
                            row.getString(8),
                            row.getBoolean(9)));
                }
            }
            return intents;
        }
    }
}
