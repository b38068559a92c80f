package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Receipt;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Fact.Receipted;
import io.tocsin.routing.internal.engine.Observations.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the message a receipt is about: by the carrier's id on that account (the latest that had it); else by our reference;
 * else it waits as an orphan until the response that names its id is recorded, or until it is clear that the response was
 * lost and a message in doubt at that address is what it speaks of. Used by the recorder's thread only.
 */
final class ReceiptMatching {
    /** A receipt this young may still be ahead of its response: nothing is guessed from its address yet. */
    private static final Duration RESPONSE_MAY_COME = Duration.ofSeconds(5);

    private static final Duration ORPHANS_LOOKED_AT = Duration.ofMinutes(10);

    private final Clock clock;
    private volatile boolean orphansPossible = true;
    private boolean orphaned;

    ReceiptMatching(Clock clock) {
        this.clock = clock;
    }

    boolean orphansPossible() {
        return orphansPossible;
    }

    /** The last group is durable, and so are its orphans. */
    void committed() {
        if (orphaned) {
            orphansPossible = true;
            orphaned = false;
        }
    }

    void match(Connection connection, List<Receipted> received, Observations observations) throws SQLException {
        boolean[] matched = new boolean[received.size()];
        try (PreparedStatement query = connection.prepareStatement(
                """
                select r.n, m.tenant_id, m.alert_id, m.wave_no, m.position, m.segment
                from unnest(?::int[], ?::text[]) with ordinality r (account_id, carrier_id, n)
                cross join lateral (
                    select * from carrier_ref c where c.account_id = r.account_id and c.carrier_id = r.carrier_id
                    order by c.at desc limit 1
                ) m
                where r.carrier_id <> ''
                """)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "int4", received.stream().map(Receipted::accountId).toArray()));
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            received.stream().map(r -> r.receipt().carrierId()).toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    int i = row.getInt(1) - 1;
                    matched[i] = true;
                    observe(
                            new TargetRef(row.getInt(2), row.getLong(3), row.getInt(4), row.getInt(5)),
                            row.getInt(6),
                            received.get(i).accountId(),
                            received.get(i).receipt(),
                            observations);
                }
            }
        }
        List<Receipted> orphans = new ArrayList<>();
        for (int i = 0; i < matched.length; i++) {
            if (!matched[i]) {
                Receipted receipted = received.get(i);
                Optional<TargetRef> target = byReference(connection, receipted);
                if (target.isPresent()) {
                    observe(target.get(), 0, receipted.accountId(), receipted.receipt(), observations);
                } else {
                    orphans.add(receipted);
                }
            }
        }
        if (!orphans.isEmpty()) {
            keep(connection, orphans);
            orphaned = true;
        }
    }

    private void observe(TargetRef target, int segment, int accountId, Receipt receipt, Observations observations) {
        String kind = kind(receipt.state());
        String code = Record.word(receipt.code());
        Instant at = credible(receipt.at());
        String id = receipt.carrierId().isEmpty() ? null : receipt.carrierId();
        observations.add(new Row(target, segment, 1, kind, code, accountId, id, at));
        if (receipt.state() == Receipt.State.FAILED || receipt.state() == Receipt.State.EXPIRED) {
            observations.decide(target, "failed", code, clock.instant());
        }
    }

    private static String kind(Receipt.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** A carrier's clock may be wrong by years: a time that cannot be is replaced by ours. */
    private Instant credible(Instant at) {
        Instant now = clock.instant();
        return at.isAfter(now.plus(Duration.ofMinutes(1))) || at.isBefore(now.minus(Duration.ofHours(12))) ? now : at;
    }

    /** A reference a carrier echoes counts only for a target that is there, of a tenant this account carries for. */
    private static Optional<TargetRef> byReference(Connection connection, Receipted receipted) throws SQLException {
        Optional<TargetRef> target = receipted.receipt().reference().flatMap(TargetRef::parse);
        if (target.isEmpty() || !receipted.tenants().contains(target.get().tenantId())) {
            return Optional.empty();
        }
        try (PreparedStatement query = connection.prepareStatement(
                "select from target where tenant_id = ? and alert_id = ? and wave_no = ? and position = ?")) {
            query.setInt(1, target.get().tenantId());
            query.setLong(2, target.get().alertId());
            query.setInt(3, target.get().waveNo());
            query.setInt(4, target.get().position());
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? target : Optional.empty();
            }
        }
    }

    private static void keep(Connection connection, List<Receipted> orphans) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into orphan_receipt (account_id, carrier_id, reference, address, kind, code, at, seen_at)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            for (Receipted orphan : orphans) {
                Receipt receipt = orphan.receipt();
                insert.setInt(1, orphan.accountId());
                insert.setString(2, receipt.carrierId());
                insert.setString(3, receipt.reference().orElse(null));
                insert.setString(4, receipt.address().orElse(null));
                insert.setString(5, kind(receipt.state()));
                insert.setString(6, Record.word(receipt.code()));
                insert.setTimestamp(7, Timestamp.from(receipt.at()));
                insert.setTimestamp(8, Timestamp.from(orphan.seenAt()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /**
     * Matches orphans whose id is known by now and, in a thorough search, those whose response must be lost.
     *
     * @param thorough also look among older orphans, and by address
     */
    void matchOrphans(Connection connection, boolean thorough, Observations observations) throws SQLException {
        Instant now = clock.instant();
        take(
                connection,
                observations,
                """
                with found as (
                    select o.ctid as id, m.tenant_id, m.alert_id, m.wave_no, m.position, m.segment
                    from orphan_receipt o
                    cross join lateral (
                        select * from carrier_ref c where c.account_id = o.account_id and c.carrier_id = o.carrier_id
                        order by c.at desc limit 1
                    ) m
                    where o.seen_at >= ? and o.carrier_id <> ''
                    limit 5000
                )
                delete from orphan_receipt o using found f where o.ctid = f.id
                returning f.tenant_id, f.alert_id, f.wave_no, f.position, f.segment, o.account_id, o.carrier_id, o.kind, o.code,
                    o.at
                """,
                now.minus(thorough ? ORPHANS_LOOKED_AT : RESPONSE_MAY_COME),
                null);
        if (thorough) {
            take(
                    connection,
                    observations,
                    """
                    with found as (
                        select o.ctid as id, m.tenant_id, m.alert_id, m.wave_no, m.position, 0 as segment
                        from orphan_receipt o
                        cross join lateral (
                            select t.tenant_id, t.alert_id, t.wave_no, t.position
                            from target t
                            join attempt a on a.tenant_id = t.tenant_id and a.alert_id = t.alert_id
                                and a.wave_no = t.wave_no and a.position = t.position
                            where t.address = o.address and a.kind = 'in-doubt' and a.account_id = o.account_id
                              and a.at between o.seen_at - interval '6 hours' and o.seen_at + interval '2 minutes'
                              and observed_of(t.tenant_id, t.alert_id, t.wave_no, t.position) = 'in-doubt'
                            order by a.at desc limit 1
                        ) m
                        where o.seen_at >= ? and o.seen_at < ? and o.address is not null
                        limit 1000
                    )
                    delete from orphan_receipt o using found f where o.ctid = f.id
                    returning f.tenant_id, f.alert_id, f.wave_no, f.position, f.segment, o.account_id, o.carrier_id, o.kind,
                        o.code, o.at
                    """,
                    now.minus(ORPHANS_LOOKED_AT),
                    now.minus(RESPONSE_MAY_COME));
            orphansPossible = anyLeft(connection, now.minus(ORPHANS_LOOKED_AT));
        }
    }

    private void take(Connection connection, Observations observations, String sql, Instant since, Instant until)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setTimestamp(1, Timestamp.from(since));
            if (until != null) {
                query.setTimestamp(2, Timestamp.from(until));
            }
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    Receipt receipt = new Receipt(
                            row.getString(7),
                            Optional.empty(),
                            Optional.empty(),
                            Receipt.State.valueOf(row.getString(8).toUpperCase(Locale.ROOT)),
                            row.getString(9),
                            row.getTimestamp(10).toInstant());
                    observe(
                            new TargetRef(row.getInt(1), row.getLong(2), row.getInt(3), row.getInt(4)),
                            row.getInt(5),
                            row.getInt(6),
                            receipt,
                            observations);
                }
            }
        }
    }

    private static boolean anyLeft(Connection connection, Instant since) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select from orphan_receipt where seen_at >= ? limit 1")) {
            query.setTimestamp(1, Timestamp.from(since));
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }
}
