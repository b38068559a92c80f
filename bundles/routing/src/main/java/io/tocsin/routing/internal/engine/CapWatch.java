package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.DispatchStatus.CapStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How each cap is doing, on all nodes together: for whoever asks why a batch waits. */
final class CapWatch {
    private final Database database;

    CapWatch(Database database) {
        this.database = database;
    }

    List<CapStatus> all() {
        return database.asEngine(CapWatch::all);
    }

    /** What was counted for less than ten seconds is completed with what was measured before. */
    private static List<CapStatus> all(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select c.cap_id, coalesce(t.slug, g.slug) || '.' || c.slug as name, c.per_second,
                    case when n.lasted >= 10 then c.counted / n.lasted
                        else (c.counted + c.rate_before * (10 - n.lasted)) / 10 end,
                    w.tenant_id, w.messages
                from cap c
                join agency g on g.agency_id = c.agency_id
                left join tenant t on t.tenant_id = c.tenant_id
                cross join lateral (
                    select extract(epoch from clock_timestamp() - c.counted_from)::double precision as lasted) n
                left join (
                    select k.cap_id, b.tenant_id, sum(b.end_position - b.watermark) as messages
                    from alert a
                    join batch b on b.tenant_id = a.tenant_id and b.alert_id = a.alert_id and not b.settled and b.caps <> '{}'
                    join wave v on v.tenant_id = b.tenant_id and v.alert_id = b.alert_id and v.wave_no = b.wave_no
                        and v.closed_at is null
                    cross join unnest(b.caps) k (cap_id)
                    where a.state = 'running'
                    group by k.cap_id, b.tenant_id
                ) w on w.cap_id = c.cap_id and w.messages > 0
                order by name, w.tenant_id
                """)) {
            Map<Integer, CapStatus> caps = new LinkedHashMap<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    CapStatus cap = caps.get(row.getInt(1));
                    Map<Integer, Long> waiting = new TreeMap<>(cap == null ? Map.of() : cap.waitingByTenant());
                    if (row.getObject(5) != null) {
                        waiting.put(row.getInt(5), row.getLong(6));
                    }
                    caps.put(
                            row.getInt(1),
                            new CapStatus(
                                    row.getInt(1),
                                    row.getString(2),
                                    row.getDouble(3),
                                    row.getDouble(4),
                                    waiting.values().stream().mapToLong(n -> n).sum(),
                                    waiting));
                }
            }
            return List.copyOf(caps.values());
        }
    }
}
