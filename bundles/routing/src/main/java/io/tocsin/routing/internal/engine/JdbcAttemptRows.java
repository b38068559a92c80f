package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.ledger.Plans;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * {@link AttemptRows} in PostgreSQL: arrays instead of COPY, which PostgreSQL refuses to a role bound by row-level security.
 */
final class JdbcAttemptRows implements AttemptRows {
    private final Connection connection;

    JdbcAttemptRows(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void begin(Mark mark) throws SQLException {
        GroupMarks.write(connection, mark);
        Plans.fewRows(connection);
    }

    @Override
    public boolean committed(Mark mark) throws SQLException {
        return GroupMarks.isLatest(connection, mark);
    }

    @Override
    public void append(List<Row> rows, String node) throws SQLException {
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
            tenant[i] = row.target().tenantId();
            alert[i] = row.target().alertId();
            wave[i] = row.target().waveNo();
            position[i] = row.target().position();
            segment[i] = (short) row.segment();
            segments[i] = (short) row.segments();
            kind[i] = row.kind();
            code[i] = row.code();
            account[i] = row.accountId();
            carrier[i] = row.carrierId();
            micros[i] = micros(row.at());
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

    @Override
    public void refer(List<Row> named) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into carrier_ref (account_id, carrier_id, tenant_id, alert_id, wave_no, position, segment, at)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            for (Row row : named) {
                insert.setInt(1, row.accountId());
                insert.setString(2, row.carrierId());
                insert.setInt(3, row.target().tenantId());
                insert.setLong(4, row.target().alertId());
                insert.setInt(5, row.target().waveNo());
                insert.setInt(6, row.target().position());
                insert.setShort(7, (short) row.segment());
                insert.setTimestamp(8, Timestamp.from(row.at()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @Override
    public void decideLater(List<Later> decisions) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into followup (tenant_id, alert_id, wave_no, position, kind, code, due_at)
                select n.tenant_id, n.alert_id, n.wave_no, n.position, n.kind, n.code,
                    case when m.asked < w.deadline and m.together >= w.deadline then m.asked else m.together end
                from unnest(?::int[], ?::bigint[], ?::int[], ?::int[], ?::text[], ?::text[], ?::bigint[], ?::bigint[])
                    n (tenant_id, alert_id, wave_no, position, kind, code, asked, together)
                cross join lateral (
                    select timestamptz 'epoch' + n.asked * interval '1 microsecond' as asked,
                        timestamptz 'epoch' + n.together * interval '1 microsecond' as together
                ) m
                left join wave w on w.tenant_id = n.tenant_id and w.alert_id = n.alert_id and w.wave_no = n.wave_no
                """)) {
            insert.setArray(
                    1,
                    connection.createArrayOf(
                            "int4",
                            decisions.stream().map(f -> f.target().tenantId()).toArray()));
            insert.setArray(
                    2,
                    connection.createArrayOf(
                            "int8",
                            decisions.stream().map(f -> f.target().alertId()).toArray()));
            insert.setArray(
                    3,
                    connection.createArrayOf(
                            "int4",
                            decisions.stream().map(f -> f.target().waveNo()).toArray()));
            insert.setArray(
                    4,
                    connection.createArrayOf(
                            "int4",
                            decisions.stream().map(f -> f.target().position()).toArray()));
            insert.setArray(
                    5,
                    connection.createArrayOf(
                            "text", decisions.stream().map(Later::kind).toArray()));
            insert.setArray(
                    6,
                    connection.createArrayOf(
                            "text", decisions.stream().map(Later::code).toArray()));
            insert.setArray(
                    7,
                    connection.createArrayOf(
                            "int8",
                            decisions.stream().map(f -> micros(f.due().asked())).toArray()));
            insert.setArray(
                    8,
                    connection.createArrayOf(
                            "int8",
                            decisions.stream()
                                    .map(f -> micros(f.due().together()))
                                    .toArray()));
            insert.executeUpdate();
        }
    }

    private static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    @Override
    public void count(List<Counted> counts, String node) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(
                """
                insert into tally (tenant_id, alert_id, wave_no, node, kind, n, messages)
                select tenant_id, alert_id, wave_no, ?, kind, n, messages
                from unnest(?::int[], ?::bigint[], ?::int[], ?::text[], ?::bigint[], ?::bigint[])
                    u (tenant_id, alert_id, wave_no, kind, n, messages)
                on conflict (tenant_id, alert_id, wave_no, node, kind)
                    do update set n = tally.n + excluded.n, messages = tally.messages + excluded.messages
                """)) {
            upsert.setString(1, node);
            upsert.setArray(
                    2,
                    connection.createArrayOf(
                            "int4", counts.stream().map(Counted::tenantId).toArray()));
            upsert.setArray(
                    3,
                    connection.createArrayOf(
                            "int8", counts.stream().map(Counted::alertId).toArray()));
            upsert.setArray(
                    4,
                    connection.createArrayOf(
                            "int4", counts.stream().map(Counted::waveNo).toArray()));
            upsert.setArray(
                    5,
                    connection.createArrayOf(
                            "text", counts.stream().map(Counted::kind).toArray()));
            upsert.setArray(
                    6,
                    connection.createArrayOf(
                            "int8", counts.stream().map(Counted::more).toArray()));
            upsert.setArray(
                    7,
                    connection.createArrayOf(
                            "int8", counts.stream().map(Counted::messages).toArray()));
            upsert.executeUpdate();
        }
    }

    @Override
    public void setAside(TargetRef target, Integer accountId, String kind, String reason, Instant at)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into set_aside (tenant_id, alert_id, wave_no, position, account_id, kind, reason, at)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            if (target == null) {
                insert.setNull(1, Types.INTEGER);
                insert.setNull(2, Types.BIGINT);
                insert.setNull(3, Types.INTEGER);
                insert.setNull(4, Types.INTEGER);
            } else {
                insert.setInt(1, target.tenantId());
                insert.setLong(2, target.alertId());
                insert.setInt(3, target.waveNo());
                insert.setInt(4, target.position());
            }
            insert.setObject(5, accountId, Types.INTEGER);
            insert.setString(6, kind);
            insert.setString(7, reason);
            insert.setTimestamp(8, Timestamp.from(at));
            insert.executeUpdate();
        }
    }
}
