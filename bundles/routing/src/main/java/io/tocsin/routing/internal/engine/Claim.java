package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.persistence.api.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * First step: leases batches that are due, the most urgent and the least served first, for the lanes that have room. A lease
 * is a fencing token in PostgreSQL; whoever holds the latest may move the watermark, nobody else.
 */
final class Claim {
    /** Batches of one alert looked at in a round: more could not be leased in one. */
    private static final int PER_ALERT = 8;

    private final Database database;
    private final Node node;
    private final Duration lease;
    private final Clock clock;
    private final FairOrder fair = new FairOrder();

    /** Every lease of this node that has not ended: those being sent, and those drained whose outcomes are on their way. */
    private final Set<HeldBatch> leased = ConcurrentHashMap.newKeySet();

    Claim(Database database, Node node, Duration lease, Clock clock) {
        this.database = database;
        this.node = node;
        this.lease = lease;
        this.clock = clock;
    }

    /** A batch nobody holds. */
    record Candidate(
            HeldBatch.Key key, String channel, Category category, int agencyId, long token, int watermark, int end)
            implements FairOrder.Waiting {
        @Override
        public int tenantId() {
            return key.tenantId();
        }

        @Override
        public long alertId() {
            return key.alertId();
        }

        @Override
        public int messages() {
            return end - watermark;
        }
    }

    /** Leases what fits and hands it to the lanes. @return how many batches were leased */
    int round(Lanes lanes) {
        Collection<String> channels = lanes.channelsWithRoom();
        if (channels.isEmpty()) {
            return 0;
        }
        List<Candidate> waiting = database.asEngine(connection -> waiting(connection, channels));
        Map<Candidate, Lane> chosen = new LinkedHashMap<>();
        Map<Lane, Integer> taken = new HashMap<>();
        fair.serve(waiting, candidate -> {
            Optional<Lane> lane = lanes.laneFor(candidate.tenantId(), candidate.channel());
            if (lane.isEmpty() || lane.get().room(candidate.category()) <= taken.getOrDefault(lane.get(), 0)) {
                return false;
            }
            chosen.put(candidate, lane.get());
            taken.merge(lane.get(), candidate.messages(), Integer::sum);
            return true;
        });
        if (chosen.isEmpty()) {
            return 0;
        }
        Map<HeldBatch.Key, Long> tokens = database.asEngine(connection -> lease(connection, chosen));
        chosen.forEach((candidate, lane) -> {
            Long token = tokens.get(candidate.key);
            if (token != null) {
                HeldBatch batch = new HeldBatch(
                        candidate.key,
                        candidate.channel,
                        candidate.category,
                        token,
                        candidate.watermark,
                        candidate.end);
                leased.add(batch);
                lane.hold(batch);
            }
        });
        return tokens.size();
    }

    private List<Candidate> waiting(Connection connection, Collection<String> channels) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select a.tenant_id, a.alert_id, b.wave_no, b.batch_no, b.channel, a.category, t.agency_id, b.lease_token,
                    b.watermark, b.end_position
                from alert a
                join tenant t on t.tenant_id = a.tenant_id
                cross join lateral (
                    select b.* from batch b
                    join wave w on w.tenant_id = b.tenant_id and w.alert_id = b.alert_id and w.wave_no = b.wave_no
                        and w.closed_at is null
                    where b.tenant_id = a.tenant_id and b.alert_id = a.alert_id and not b.settled and b.lease_owner is null
                      and b.due_at <= ? and b.channel = any (?)
                    order by b.wave_no, b.batch_no limit ?
                ) b
                where a.state = 'running'
                """)) {
            query.setTimestamp(1, Timestamp.from(clock.instant()));
            query.setArray(2, connection.createArrayOf("text", channels.toArray()));
            query.setInt(3, PER_ALERT);
            List<Candidate> candidates = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    candidates.add(new Candidate(
                            new HeldBatch.Key(row.getInt(1), row.getLong(2), row.getInt(3), row.getInt(4)),
                            row.getString(5),
                            Category.values()[row.getInt(6)],
                            row.getInt(7),
                            row.getLong(8),
                            row.getInt(9),
                            row.getInt(10)));
                }
            }
            return candidates;
        }
    }

    private Map<HeldBatch.Key, Long> lease(Connection connection, Map<Candidate, Lane> chosen) throws SQLException {
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
            List<Candidate> candidates = new ArrayList<>(chosen.keySet());
            update.setString(1, node.owner());
            update.setDouble(2, lease.toMillis() / 1000.0);
            Rows.bindKeys(
                    connection,
                    update,
                    3,
                    candidates.stream().map(Candidate::key).toList());
            update.setArray(
                    7,
                    connection.createArrayOf(
                            "int8", candidates.stream().map(Candidate::token).toArray()));
            update.setArray(
                    8,
                    connection.createArrayOf(
                            "int4",
                            candidates.stream()
                                    .map(c -> chosen.get(c).accountId())
                                    .toArray()));
            Map<HeldBatch.Key, Long> leased = new HashMap<>();
            try (ResultSet row = update.executeQuery()) {
                while (row.next()) {
                    leased.put(
                            new HeldBatch.Key(row.getInt(1), row.getLong(2), row.getInt(3), row.getInt(4)),
                            row.getLong(5));
                }
            }
            return leased;
        }
    }

    /** Prolongs this node's leases. @return those that are somebody else's by now, forgotten here */
    List<HeldBatch> renew() {
        List<HeldBatch> batches = List.copyOf(leased);
        if (batches.isEmpty()) {
            return List.of();
        }
        Set<HeldBatch.Key> ours = database.asEngine(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    """
                    update batch b set lease_until = now() + make_interval(secs => ?)
                    from unnest(?::int[], ?::bigint[], ?::int[], ?::int[], ?::bigint[])
                        c (tenant_id, alert_id, wave_no, batch_no, token)
                    where b.tenant_id = c.tenant_id and b.alert_id = c.alert_id and b.wave_no = c.wave_no
                      and b.batch_no = c.batch_no and b.lease_token = c.token
                    returning b.tenant_id, b.alert_id, b.wave_no, b.batch_no
                    """)) {
                update.setDouble(1, lease.toMillis() / 1000.0);
                Rows.bindKeys(
                        connection, update, 2, batches.stream().map(b -> b.key).toList());
                update.setArray(
                        6,
                        connection.createArrayOf(
                                "int8", batches.stream().map(b -> b.token).toArray()));
                Set<HeldBatch.Key> kept = new HashSet<>();
                try (ResultSet row = update.executeQuery()) {
                    while (row.next()) {
                        kept.add(new HeldBatch.Key(row.getInt(1), row.getLong(2), row.getInt(3), row.getInt(4)));
                    }
                }
                return kept;
            }
        });
        List<HeldBatch> lost =
                batches.stream().filter(b -> !ours.contains(b.key)).toList();
        return lost.stream().filter(leased::remove).toList();
    }

    /** Ends leases whose every position is recorded: settled when none is left to send, free for anybody otherwise. */
    void release(Collection<HeldBatch> batches) {
        database.asEngine(connection -> {
            release(connection, batches);
            return null;
        });
        released(batches);
    }

    /** The transaction that ended these leases is committed. */
    void released(Collection<HeldBatch> batches) {
        leased.removeAll(batches);
    }

    /** As {@link #release(Collection)} in the caller's transaction; to be confirmed by {@link #released}. */
    void release(Connection connection, Collection<HeldBatch> batches) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update batch b
                set lease_owner = null, lease_until = null,
                    settled = b.watermark = b.end_position or exists (select from wave w where w.tenant_id = b.tenant_id
                        and w.alert_id = b.alert_id and w.wave_no = b.wave_no and w.closed_at is not null)
                from unnest(?::int[], ?::bigint[], ?::int[], ?::int[], ?::bigint[])
                    c (tenant_id, alert_id, wave_no, batch_no, token)
                where b.tenant_id = c.tenant_id and b.alert_id = c.alert_id and b.wave_no = c.wave_no
                  and b.batch_no = c.batch_no and b.lease_token = c.token
                """)) {
            List<HeldBatch> list = List.copyOf(batches);
            Rows.bindKeys(connection, update, 1, list.stream().map(b -> b.key).toList());
            update.setArray(
                    5,
                    connection.createArrayOf(
                            "int8", list.stream().map(b -> b.token).toArray()));
            update.executeUpdate();
        }
    }
}
