package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.TargetRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows of {@code attempt} and what goes with them in the same transaction: carrier references, tallies, follow-ups. Arrays
 * instead of COPY, which PostgreSQL refuses to a role bound by row-level security.
 */
final class Observations {
    /** More segments than fit the bits of {@code target_state}: no carrier takes as many. */
    static final int MOST_SEGMENTS = 60;

    record Row(
            TargetRef target,
            int segment,
            int segments,
            String kind,
            String code,
            Integer accountId,
            String carrierId,
            Instant at) {}

    private record Followup(TargetRef target, String kind, String code, Instant dueAt) {}

    private record TallyKey(int tenantId, long alertId, int waveNo, String kind) {}

    private final List<Row> rows = new ArrayList<>();
    private final List<Followup> followups = new ArrayList<>();
    private final Map<TallyKey, Long> tallies = new TreeMap<>(Comparator.comparingInt(TallyKey::tenantId)
            .thenComparingLong(TallyKey::alertId)
            .thenComparingInt(TallyKey::waveNo)
            .thenComparing(TallyKey::kind));

    void add(Row row) {
        rows.add(row);
        tallies.merge(
                new TallyKey(row.target.tenantId(), row.target.alertId(), row.target.waveNo(), row.kind),
                1L,
                Long::sum);
    }

    /** A decision will be due about a target. */
    void decide(TargetRef target, String kind, String code, Instant dueAt) {
        followups.add(new Followup(target, kind, code, dueAt));
    }

    /** Writes the rows added since the last call. */
    void writeRows(Connection connection, String node) throws SQLException {
        if (!rows.isEmpty()) {
            insertRows(connection, node);
            rows.clear();
        }
    }

    /** Writes tallies and follow-ups; last, because tallies are what other transactions wait for. */
    void writeRest(Connection connection, String node) throws SQLException {
        if (!followups.isEmpty()) {
            insertFollowups(connection);
        }
        if (!tallies.isEmpty()) {
            addTallies(connection, node);
        }
    }

    private void insertRows(Connection connection, String node) throws SQLException {
        int n = rows.size();
        int[] tenant = new int[n];
        long[] alert = new long[n];
        int[] wave = new int[n];
        int[] position = new int[n];
        short[] segment = new short[n];
        short[] segments = new short[n];
        String[] kind = new String[n];
        String[] code = new String[n];
        Integer[] account = new Integer[n];
        String[] carrier = new String[n];
        long[] micros = new long[n];
        for (int i = 0; i < n; i++) {
            Row row = rows.get(i);
            tenant[i] = row.target.tenantId();
            alert[i] = row.target.alertId();
            wave[i] = row.target.waveNo();
            position[i] = row.target.position();
            segment[i] = (short) row.segment;
            segments[i] = (short) row.segments;
            kind[i] = row.kind;
            code[i] = row.code;
            account[i] = row.accountId;
            carrier[i] = row.carrierId;
            micros[i] = ChronoUnit.MICROS.between(Instant.EPOCH, row.at);
        }
        try (PreparedStatement insert = connection.prepareStatement(
                """
                with n as materialized (
                    select tenant_id, alert_id, wave_no, position, segment, segments, kind, code, account_id, carrier_id,
                        timestamptz 'epoch' + micros * interval '1 microsecond' as at
                    from unnest(?::int[], ?::bigint[], ?::int[], ?::int[], ?::smallint[], ?::smallint[], ?::text[], ?::text[],
                            ?::int[], ?::text[], ?::bigint[])
                        n (tenant_id, alert_id, wave_no, position, segment, segments, kind, code, account_id, carrier_id,
                            micros)
                ), refs as (
                    insert into carrier_ref (account_id, carrier_id, tenant_id, alert_id, wave_no, position, segment, at)
                    select account_id, carrier_id, tenant_id, alert_id, wave_no, position, segment, at
                    from n where kind = 'accepted' and carrier_id is not null
                )
                insert into attempt (tenant_id, alert_id, wave_no, position, segment, segments, kind, code, account_id,
                    carrier_id, at, node)
                select n.*, ? from n
                """)) {
            insert.setObject(1, tenant);
            insert.setObject(2, alert);
            insert.setObject(3, wave);
            insert.setObject(4, position);
            insert.setObject(5, segment);
            insert.setObject(6, segments);
            insert.setArray(7, connection.createArrayOf("text", kind));
            insert.setArray(8, connection.createArrayOf("text", code));
            insert.setArray(9, connection.createArrayOf("int4", account));
            insert.setArray(10, connection.createArrayOf("text", carrier));
            insert.setObject(11, micros);
            insert.setString(12, node);
            insert.executeUpdate();
        }
    }

    private void insertFollowups(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into followup (tenant_id, alert_id, wave_no, position, kind, code, due_at)
                select tenant_id, alert_id, wave_no, position, kind, code,
                    timestamptz 'epoch' + micros * interval '1 microsecond'
                from unnest(?::int[], ?::bigint[], ?::int[], ?::int[], ?::text[], ?::text[], ?::bigint[])
                    n (tenant_id, alert_id, wave_no, position, kind, code, micros)
                """)) {
            insert.setArray(
                    1,
                    connection.createArrayOf(
                            "int4",
                            followups.stream().map(f -> f.target.tenantId()).toArray()));
            insert.setArray(
                    2,
                    connection.createArrayOf(
                            "int8",
                            followups.stream().map(f -> f.target.alertId()).toArray()));
            insert.setArray(
                    3,
                    connection.createArrayOf(
                            "int4",
                            followups.stream().map(f -> f.target.waveNo()).toArray()));
            insert.setArray(
                    4,
                    connection.createArrayOf(
                            "int4",
                            followups.stream().map(f -> f.target.position()).toArray()));
            insert.setArray(
                    5,
                    connection.createArrayOf(
                            "text", followups.stream().map(Followup::kind).toArray()));
            insert.setArray(
                    6,
                    connection.createArrayOf(
                            "text", followups.stream().map(Followup::code).toArray()));
            insert.setArray(
                    7,
                    connection.createArrayOf(
                            "int8",
                            followups.stream()
                                    .map(f -> ChronoUnit.MICROS.between(Instant.EPOCH, f.dueAt))
                                    .toArray()));
            insert.executeUpdate();
        }
    }

    /** Always in the same order of keys, so that two transactions of one node never wait for each other. */
    private void addTallies(Connection connection, String node) throws SQLException {
        List<TallyKey> keys = new ArrayList<>(tallies.keySet());
        try (PreparedStatement upsert = connection.prepareStatement(
                """
                insert into tally (tenant_id, alert_id, wave_no, node, kind, n)
                select tenant_id, alert_id, wave_no, ?, kind, n
                from unnest(?::int[], ?::bigint[], ?::int[], ?::text[], ?::bigint[]) u (tenant_id, alert_id, wave_no, kind, n)
                on conflict (tenant_id, alert_id, wave_no, node, kind) do update set n = tally.n + excluded.n
                """)) {
            upsert.setString(1, node);
            upsert.setArray(
                    2,
                    connection.createArrayOf(
                            "int4", keys.stream().map(TallyKey::tenantId).toArray()));
            upsert.setArray(
                    3,
                    connection.createArrayOf(
                            "int8", keys.stream().map(TallyKey::alertId).toArray()));
            upsert.setArray(
                    4,
                    connection.createArrayOf(
                            "int4", keys.stream().map(TallyKey::waveNo).toArray()));
            upsert.setArray(
                    5,
                    connection.createArrayOf(
                            "text", keys.stream().map(TallyKey::kind).toArray()));
            upsert.setArray(
                    6,
                    connection.createArrayOf(
                            "int8", keys.stream().map(tallies::get).toArray()));
            upsert.executeUpdate();
        }
    }
}
