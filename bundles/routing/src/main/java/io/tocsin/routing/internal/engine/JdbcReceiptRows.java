package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Receipt;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Fact.Receipted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@link ReceiptRows} in PostgreSQL. */
final class JdbcReceiptRows implements ReceiptRows {
    private static final String TAKE_KNOWN =
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
            """;

    private static final String TAKE_BY_ADDRESS =
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
            """;

    private final Connection connection;

    JdbcReceiptRows(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Map<Integer, Place> byCarrierId(List<Receipted> received) throws SQLException {
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
            Map<Integer, Place> places = new HashMap<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    places.put(
                            row.getInt(1) - 1,
                            new Place(
                                    new TargetRef(row.getInt(2), row.getLong(3), row.getInt(4), row.getInt(5)),
                                    row.getInt(6)));
                }
            }
            return places;
        }
    }

    @Override
    public boolean exists(TargetRef target) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "select from target where tenant_id = ? and alert_id = ? and wave_no = ? and position = ?")) {
            query.setInt(1, target.tenantId());
            query.setLong(2, target.alertId());
            query.setInt(3, target.waveNo());
            query.setInt(4, target.position());
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }

    @Override
    public void keep(List<Receipted> orphans) throws SQLException {
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
                insert.setString(5, ReceiptMatching.kind(receipt.state()));
                insert.setString(6, Record.word(receipt.code()));
                insert.setTimestamp(7, Timestamp.from(receipt.at()));
                insert.setTimestamp(8, Timestamp.from(orphan.seenAt()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @Override
    public List<Found> takeKnown(Instant since) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(TAKE_KNOWN)) {
            query.setTimestamp(1, Timestamp.from(since));
            return found(query);
        }
    }

    @Override
    public List<Found> takeByAddress(Instant since, Instant until) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(TAKE_BY_ADDRESS)) {
            query.setTimestamp(1, Timestamp.from(since));
            query.setTimestamp(2, Timestamp.from(until));
            return found(query);
        }
    }

    private static List<Found> found(PreparedStatement query) throws SQLException {
        List<Found> found = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                Receipt receipt = new Receipt(
                        row.getString(7),
                        Optional.empty(),
                        Optional.empty(),
                        Receipt.State.valueOf(row.getString(8).toUpperCase(Locale.ROOT)),
                        row.getString(9),
                        row.getTimestamp(10).toInstant());
                found.add(new Found(
                        new Place(
                                new TargetRef(row.getInt(1), row.getLong(2), row.getInt(3), row.getInt(4)),
                                row.getInt(5)),
                        row.getInt(6),
                        receipt));
            }
        }
        return found;
    }

    @Override
    public boolean anyWaiting(Instant since) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select from orphan_receipt where seen_at >= ? limit 1")) {
            query.setTimestamp(1, Timestamp.from(since));
            try (ResultSet row = query.executeQuery()) {
                return row.next();
            }
        }
    }
}
