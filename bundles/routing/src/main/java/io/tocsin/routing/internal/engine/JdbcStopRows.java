package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.ledger.Plans;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@link StopRows} in PostgreSQL. */
final class JdbcStopRows implements StopRows {
    private final Connection connection;

    JdbcStopRows(Connection connection) {
        this.connection = connection;
    }

    /** Fenced (offset 0), each is looked up by an index: a planner without statistics would read all answers for each. */
    @Override
    public Stopped stopped(Collection<Person> people, Collection<AlertKey> alerts, Duration lately)
            throws SQLException {
        Plans.fewRows(connection);
        try (PreparedStatement query = connection.prepareStatement(
                """
                select n.tenant_id, n.alert_id, n.recipient_no
                from unnest(?::int[], ?::bigint[], ?::int[]) p (tenant_id, alert_id, recipient_no)
                cross join lateral (
                    select x.tenant_id, x.alert_id, x.recipient_no from answer x
                    where x.tenant_id = p.tenant_id and x.alert_id = p.alert_id and x.recipient_no = p.recipient_no
                    offset 0
                ) n
                union all
                select n.tenant_id, n.alert_id, n.recipient_no
                from unnest(?::int[], ?::bigint[]) a (tenant_id, alert_id)
                cross join lateral (
                    select x.tenant_id, x.alert_id, x.recipient_no from answer x
                    where x.tenant_id = a.tenant_id and x.alert_id = a.alert_id
                      and x.recorded_at > clock_timestamp() - make_interval(secs => ?)
                    offset 0
                ) n
                union all
                select l.tenant_id, l.alert_id, null
                from unnest(?::int[], ?::bigint[]) a (tenant_id, alert_id)
                join alert l on l.tenant_id = a.tenant_id and l.alert_id = a.alert_id and l.state = 'cancelled'
                """)) {
            List<Person> keys = List.copyOf(people);
            query.setObject(1, keys.stream().mapToInt(p -> p.alert().tenantId()).toArray());
            query.setObject(2, keys.stream().mapToLong(p -> p.alert().alertId()).toArray());
            query.setObject(3, keys.stream().mapToInt(Person::recipientNo).toArray());
            int[] tenants = alerts.stream().mapToInt(AlertKey::tenantId).toArray();
            long[] ids = alerts.stream().mapToLong(AlertKey::alertId).toArray();
            query.setObject(4, tenants);
            query.setObject(5, ids);
            query.setDouble(6, lately.toMillis() / 1000.0);
            query.setObject(7, tenants);
            query.setObject(8, ids);
            Set<Person> answered = new HashSet<>();
            Set<AlertKey> cancelled = new HashSet<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    AlertKey alert = new AlertKey(row.getInt(1), row.getLong(2));
                    int recipientNo = row.getInt(3);
                    if (row.wasNull()) {
                        cancelled.add(alert);
                    } else {
                        answered.add(new Person(alert, recipientNo));
                    }
                }
            }
            return new Stopped(answered, cancelled);
        }
    }
}
