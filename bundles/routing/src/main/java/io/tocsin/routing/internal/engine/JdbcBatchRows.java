package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Fact.Intent;
import io.tocsin.routing.internal.ledger.Plans;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@link BatchRows} in PostgreSQL. */
final class JdbcBatchRows implements BatchRows {
    private final Connection connection;

    JdbcBatchRows(Connection connection) {
        this.connection = connection;
    }

    @Override
    public List<Candidate> due(Instant now, Collection<String> channels, int atMost) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select a.tenant_id, a.alert_id, b.wave_no, b.batch_no, b.channel, a.category, t.agency_id, g.weight, t.weight,
                    b.lease_token, b.watermark, b.end_position, b.caps
                from (values (?::timestamptz, ?::text[])) n (now, channels)
                cross join alert a
                join tenant t on t.tenant_id = a.tenant_id
                join agency g on g.agency_id = t.agency_id
                cross join lateral (
                    (
                        select b.* from batch b
                        join wave w on w.tenant_id = b.tenant_id and w.alert_id = b.alert_id and w.wave_no = b.wave_no
                            and w.closed_at is null
                        where b.tenant_id = a.tenant_id and b.alert_id = a.alert_id and not b.settled
                          and b.lease_owner is null and b.due_at <= n.now and b.channel = any (n.channels) and b.caps = '{}'
                        order by b.wave_no, b.batch_no limit ?
                    )
                    union all
                    (
                        select (b.capped).* from (
                            select b as capped,
                                row_number() over (partition by b.caps order by b.wave_no, b.batch_no) as nth
                            from batch b
                            join wave w on w.tenant_id = b.tenant_id and w.alert_id = b.alert_id and w.wave_no = b.wave_no
                                and w.closed_at is null
                            where b.tenant_id = a.tenant_id and b.alert_id = a.alert_id and not b.settled
                              and b.lease_owner is null and b.due_at <= n.now and b.channel = any (n.channels)
                              and b.caps <> '{}'
                        ) b
                        where b.nth <= ?
                    )
                ) b
                where a.state = 'running'
                """)) {
            query.setTimestamp(1, Timestamp.from(now));
            query.setArray(2, connection.createArrayOf("text", channels.toArray()));
            query.setInt(3, atMost);
            query.setInt(4, atMost);
            List<Candidate> candidates = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    candidates.add(new Candidate(
                            key(row),
                            row.getString(5),
                            Category.values()[row.getInt(6)],
                            new FairOrder.Shares(row.getInt(7), row.getInt(8), row.getInt(9)),
                            row.getLong(10),
                            row.getInt(11),
                            row.getInt(12),
                            List.of((Integer[]) row.getArray(13).getArray())));
                }
            }
            return candidates;
        }
    }

    @Override
    public Map<HeldBatch.Key, Long> lease(Collection<Wanted> wanted, String owner, Duration lease) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update batch b
                set lease_owner = ?, lease_token = b.lease_token + 1, lease_until = now() + make_interval(secs => ?),
                    account_id = c.account_id
                from unnest(?::int[], ?::bigint[], ?::int[], ?::int[], ?::bigint[], ?::int[])
                    c (tenant_id, alert_id, wave_no, batch_no, token, account_id)
                where b.tenant_id = c.tenant_id and b.alert_id = c.alert_id and b.wave_no = c.wave_no
                  and b.batch_no = c.batch_no and b.lease_token = c.token and b.lease_owner is null and not b.settled
                returning b.tenant_id, b.alert_id, b.wave_no, b.batch_no, b.lease_token
                """)) {
            update.setString(1, owner);
            update.setDouble(2, seconds(lease));
            Rows.bindKeys(
                    connection,
                    update,
                    3,
                    wanted.stream().map(w -> w.batch().key()).toList());
            update.setArray(
                    7,
                    connection.createArrayOf(
                            "int8", wanted.stream().map(w -> w.batch().token()).toArray()));
            update.setArray(
                    8,
                    connection.createArrayOf(
                            "int4", wanted.stream().map(Wanted::accountId).toArray()));
            Map<HeldBatch.Key, Long> leased = new HashMap<>();
            try (ResultSet row = update.executeQuery()) {
                while (row.next()) {
                    leased.put(key(row), row.getLong(5));
                }
            }
            write(leased.entrySet().stream()
                    .filter(batch -> batch.getValue() == 1)
                    .map(Map.Entry::getKey)
                    .toList());
            return leased;
        }
    }

    /** Writes the targets of batches leased for the first time, if they are of a wave of everybody; others have theirs. */
    private void write(List<HeldBatch.Key> batches) throws SQLException {
        if (batches.isEmpty()) {
            return;
        }
        Plans.fewRows(connection);
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into target (tenant_id, alert_id, wave_no, position, recipient_no, address)
                select b.tenant_id, b.alert_id, b.wave_no,
                    b.first_position + row_number() over (partition by b.tenant_id, b.alert_id, b.wave_no, b.batch_no
                        order by r.recipient_no) - 1,
                    r.recipient_no, r.address
                from unnest(?::int[], ?::bigint[], ?::int[], ?::int[]) k (tenant_id, alert_id, wave_no, batch_no)
                join batch b on b.tenant_id = k.tenant_id and b.alert_id = k.alert_id and b.wave_no = k.wave_no
                    and b.batch_no = k.batch_no and b.first_recipient is not null
                join wave w on w.tenant_id = b.tenant_id and w.alert_id = b.alert_id and w.wave_no = b.wave_no
                cross join lateral (
                    select z.recipient_no, first_address(z.endpoints, w.everybody) as address from recipient z
                    where z.tenant_id = b.tenant_id and z.alert_id = b.alert_id
                      and z.recipient_no >= b.first_recipient and z.recipient_no <= b.last_recipient
                    offset 0
                ) r
                where r.address is not null
                """)) {
            Rows.bindKeys(connection, insert, 1, batches);
            insert.executeUpdate();
        }
    }

    @Override
    public List<Intent> advance(HeldBatch batch, int from, int to, Duration lease) throws SQLException {
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
                    returning b.tenant_id, b.alert_id, b.wave_no, (select w.root_wave from wave w
                        where w.tenant_id = b.tenant_id and w.alert_id = b.alert_id and w.wave_no = b.wave_no) as root_wave
                )
                select t.position, t.recipient_no, t.address, t.possible_duplicate, t.try_no, r.name, r.language,
                    r.variables::text, n.recipient_no is not null, v.root_wave
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
            query.setDouble(2, seconds(lease));
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
                            row.getInt(10),
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

    @Override
    public Map<HeldBatch.Key, Long> renew(Collection<HeldBatch> batches, Duration lease) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update batch b set lease_until = now() + make_interval(secs => ?)
                from unnest(?::int[], ?::bigint[], ?::int[], ?::int[], ?::bigint[])
                    c (tenant_id, alert_id, wave_no, batch_no, token)
                where b.tenant_id = c.tenant_id and b.alert_id = c.alert_id and b.wave_no = c.wave_no
                  and b.batch_no = c.batch_no and b.lease_token = c.token
                returning b.tenant_id, b.alert_id, b.wave_no, b.batch_no, b.lease_token
                """)) {
            update.setDouble(1, seconds(lease));
            bindTokens(update, 2, List.copyOf(batches));
            Map<HeldBatch.Key, Long> kept = new HashMap<>();
            try (ResultSet row = update.executeQuery()) {
                while (row.next()) {
                    kept.put(key(row), row.getLong(5));
                }
            }
            return kept;
        }
    }

    @Override
    public void release(Collection<HeldBatch> batches) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update batch b
                set lease_owner = null, lease_until = null, lease_token = b.lease_token + 1, watermark = c.watermark,
                    settled = c.watermark = b.end_position or exists (select from wave w where w.tenant_id = b.tenant_id
                        and w.alert_id = b.alert_id and w.wave_no = b.wave_no and w.closed_at is not null)
                from unnest(?::int[], ?::bigint[], ?::int[], ?::int[], ?::bigint[], ?::int[])
                    c (tenant_id, alert_id, wave_no, batch_no, token, watermark)
                where b.tenant_id = c.tenant_id and b.alert_id = c.alert_id and b.wave_no = c.wave_no
                  and b.batch_no = c.batch_no and b.lease_token = c.token
                """)) {
            List<HeldBatch> list = List.copyOf(batches);
            bindTokens(update, 1, list);
            update.setObject(6, list.stream().mapToInt(HeldBatch::watermark).toArray());
            update.executeUpdate();
        }
    }

    @Override
    public List<Fenced> fence(int atMost) throws SQLException {
        Plans.fewRows(connection);
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
                returning b.tenant_id, b.alert_id, b.wave_no, b.batch_no, d.lease_owner, b.lease_token
                """)) {
            update.setInt(1, atMost);
            List<Fenced> fenced = new ArrayList<>();
            try (ResultSet row = update.executeQuery()) {
                while (row.next()) {
                    fenced.add(new Fenced(key(row), row.getString(5), row.getLong(6)));
                }
            }
            return fenced;
        }
    }

    @Override
    public List<Silent> silent(List<HeldBatch.Key> batches) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select b.tenant_id, b.alert_id, b.wave_no, t.position, b.account_id, a.category,
                    exists (select from channel_reattaches c where c.channel = b.channel), b.lease_owner
                from unnest(?::int[], ?::bigint[], ?::int[], ?::int[]) c (tenant_id, alert_id, wave_no, batch_no)
                join batch b on b.tenant_id = c.tenant_id and b.alert_id = c.alert_id and b.wave_no = c.wave_no
                    and b.batch_no = c.batch_no
                join alert a on a.tenant_id = b.tenant_id and a.alert_id = b.alert_id
                join target t on t.tenant_id = b.tenant_id and t.alert_id = b.alert_id and t.wave_no = b.wave_no
                    and t.position >= b.first_position and t.position < b.watermark
                where not exists (select from attempt x where x.tenant_id = t.tenant_id and x.alert_id = t.alert_id
                    and x.wave_no = t.wave_no and x.position = t.position)
                """)) {
            Rows.bindKeys(connection, query, 1, batches);
            List<Silent> silent = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    silent.add(new Silent(
                            new TargetRef(row.getInt(1), row.getLong(2), row.getInt(3), row.getInt(4)),
                            (Integer) row.getObject(5),
                            Category.values()[row.getInt(6)],
                            row.getBoolean(7),
                            row.getString(8)));
                }
            }
            return silent;
        }
    }

    @Override
    public void free(List<HeldBatch.Key> batches) throws SQLException {
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
            Rows.bindKeys(connection, update, 1, batches);
            update.executeUpdate();
        }
    }

    private static HeldBatch.Key key(ResultSet row) throws SQLException {
        return new HeldBatch.Key(row.getInt(1), row.getLong(2), row.getInt(3), row.getInt(4));
    }

    /** Binds keys and tokens as five arrays from parameter {@code first} on. */
    private void bindTokens(PreparedStatement statement, int first, List<HeldBatch> list) throws SQLException {
        Rows.bindKeys(
                connection, statement, first, list.stream().map(b -> b.key).toList());
        statement.setArray(
                first + 4,
                connection.createArrayOf("int8", list.stream().map(b -> b.token).toArray()));
    }

    private static double seconds(Duration lease) {
        return lease.toMillis() / 1000.0;
    }
}
