package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.internal.LogScope;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Observations.Row;
import io.tocsin.routing.internal.ledger.Plans;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over from the dead: a lease that ran out is fenced, what may have left under it without a word is recorded as in
 * doubt by name, and only then is the batch free for others.
 */
final class Rescue {
    private static final Logger LOG = LoggerFactory.getLogger(Rescue.class);
    private static final int AT_ONCE = 100;

    private final Database database;
    private final Node node;
    private final Settings settings;
    private final Clock clock;

    Rescue(Database database, Node node, Settings settings, Clock clock) {
        this.database = database;
        this.node = node;
        this.settings = settings;
        this.clock = clock;
    }

    private record Fenced(HeldBatch.Key key, String owner) {}

    /** @return how many batches were taken over */
    int round() {
        return database.asEngine(connection -> {
            Plans.fewRows(connection);
            List<Fenced> fenced = fence(connection);
            if (!fenced.isEmpty()) {
                Observations observations = new Observations();
                int inDoubt = nameDoubts(connection, fenced, observations);
                observations.writeRows(connection, node.name());
                observations.writeRest(connection, node.name());
                free(connection, fenced);
                fenced.forEach(Rescue::tell);
                LOG.warn("rescue.round batches={} inDoubt={}", fenced.size(), inDoubt);
            }
            return fenced.size();
        });
    }

    private static void tell(Fenced batch) {
        try (LogScope about = LogScope.alert(batch.key.tenantId(), batch.key.alertId())) {
            LOG.warn("rescue.batch batch={} owner={}", batch.key, batch.owner);
        }
    }

    /** The token moves: from here on the former holder can neither intend nor release. */
    private static List<Fenced> fence(Connection connection) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                with dead as (
                    select tenant_id, alert_id, wave_no, batch_no, lease_owner
                    from batch where not settled and lease_owner is not null and lease_until < now()
                    limit ? for update skip locked
                )
                update batch b set lease_token = b.lease_token + 1
                from dead d
                where b.tenant_id = d.tenant_id and b.alert_id = d.alert_id and b.wave_no = d.wave_no
                  and b.batch_no = d.batch_no
                returning b.tenant_id, b.alert_id, b.wave_no, b.batch_no, d.lease_owner
                """)) {
            update.setInt(1, AT_ONCE);
            List<Fenced> fenced = new ArrayList<>();
            try (ResultSet row = update.executeQuery()) {
                while (row.next()) {
                    fenced.add(new Fenced(
                            new HeldBatch.Key(row.getInt(1), row.getLong(2), row.getInt(3), row.getInt(4)),
                            row.getString(5)));
                }
            }
            return fenced;
        }
    }

    private int nameDoubts(Connection connection, List<Fenced> fenced, Observations observations) throws SQLException {
        Instant now = clock.instant();
        int named = 0;
        try (PreparedStatement query = connection.prepareStatement(
                """
                select b.tenant_id, b.alert_id, b.wave_no, t.position, b.account_id, a.category
                from unnest(?::int[], ?::bigint[], ?::int[], ?::int[]) c (tenant_id, alert_id, wave_no, batch_no)
                join batch b on b.tenant_id = c.tenant_id and b.alert_id = c.alert_id and b.wave_no = c.wave_no
                    and b.batch_no = c.batch_no
                join alert a on a.tenant_id = b.tenant_id and a.alert_id = b.alert_id
                join target t on t.tenant_id = b.tenant_id and t.alert_id = b.alert_id and t.wave_no = b.wave_no
                    and t.position >= b.first_position and t.position < b.watermark
                where not exists (select from attempt x where x.tenant_id = t.tenant_id and x.alert_id = t.alert_id
                    and x.wave_no = t.wave_no and x.position = t.position)
                """)) {
            Rows.bindKeys(connection, query, 1, fenced.stream().map(Fenced::key).toList());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    TargetRef target = new TargetRef(row.getInt(1), row.getLong(2), row.getInt(3), row.getInt(4));
                    observations.add(new Row(target, 0, 1, "in-doubt", "crash", (Integer) row.getObject(5), null, now));
                    settings.grace(Category.values()[row.getInt(6)])
                            .ifPresent(grace -> observations.decide(target, "in-doubt", "crash", now.plus(grace)));
                    named++;
                }
            }
        }
        return named;
    }

    private static void free(Connection connection, List<Fenced> fenced) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update batch b
                set lease_owner = null, lease_until = null,
                    settled = b.watermark = b.end_position or exists (select from wave w where w.tenant_id = b.tenant_id
                        and w.alert_id = b.alert_id and w.wave_no = b.wave_no and w.closed_at is not null)
                from unnest(?::int[], ?::bigint[], ?::int[], ?::int[]) c (tenant_id, alert_id, wave_no, batch_no)
                where b.tenant_id = c.tenant_id and b.alert_id = c.alert_id and b.wave_no = c.wave_no
                  and b.batch_no = c.batch_no
                """)) {
            Rows.bindKeys(
                    connection, update, 1, fenced.stream().map(Fenced::key).toList());
            update.executeUpdate();
        }
    }
}
