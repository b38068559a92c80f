package io.tocsin.routing.internal.ledger;

import io.tocsin.routing.api.Ledger.Observation;
import io.tocsin.routing.api.Ledger.PersonState;
import io.tocsin.routing.api.Ledger.WaveProgress;
import io.tocsin.routing.api.Totals;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is read of an alert. Every state comes from the SQL functions of the ledger: there is no second definition. */
final class LedgerViews {
    private LedgerViews() {}

    static Totals totals(Connection connection, int tenantId, long alertId) throws SQLException {
        Plans.wholeAlert(connection);
        try (PreparedStatement query = connection.prepareStatement(
                "select t.*, alert_published(?, ?) as published from alert_totals(?, ?) t")) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            query.setInt(3, tenantId);
            query.setLong(4, alertId);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new Totals(
                        row.getLong("recipients"),
                        row.getLong("answered"),
                        row.getLong("delivered"),
                        row.getLong("failed"),
                        row.getLong("unknown"),
                        row.getLong("pending"),
                        row.getLong("flagged"),
                        row.getLong("published"));
            }
        }
    }

    static List<WaveProgress> progress(Connection connection, int tenantId, long alertId) throws SQLException {
        Map<Integer, Map<String, Long>> observations = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(
                """
                select wave_no, kind, sum(n) from tally where tenant_id = ? and alert_id = ? group by wave_no, kind
                order by wave_no, kind
                """)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    observations
                            .computeIfAbsent(row.getInt(1), w -> new LinkedHashMap<>())
                            .put(row.getString(2), row.getLong(3));
                }
            }
        }
        List<WaveProgress> waves = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                """
                select wave_no, kind, step, channel, rule, targets, opened_at, deadline, closed_at is not null
                from wave where tenant_id = ? and alert_id = ? order by wave_no
                """)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    waves.add(new WaveProgress(
                            row.getInt(1),
                            row.getString(2),
                            row.getInt(3),
                            row.getString(4),
                            row.getString(5),
                            row.getInt(6),
                            AlertRows.instant(row, 7),
                            AlertRows.instant(row, 8),
                            row.getBoolean(9),
                            observations.getOrDefault(row.getInt(1), Map.of())));
                }
            }
        }
        return waves;
    }

    private record Chosen(
            int recipientNo, long contactId, String name, String language, String state, boolean flagged) {}

    /**
     * Who is chosen: by index when everybody is asked for, by one scan when a state is. What was last tried for each of
     * them: by index always; one plan for both would scan all attempts once a person, and so would a planner without
     * statistics that is let past the fences (offset 0). The last code is never the acceptance of what a receipt spoke of
     * since: receipts carry their carrier's time, often to the second, and may seem to come before.
     */
    static List<PersonState> people(
            Connection connection, int tenantId, long alertId, Optional<Totals.State> state, int after, int limit)
            throws SQLException {
        List<Chosen> chosen = chosen(connection, tenantId, alertId, state, after, limit);
        if (chosen.isEmpty()) {
            return List.of();
        }
        Plans.fewRows(connection);
        List<PersonState> people = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                """
                select n.choice, last.channel, coalesce(nullif(last.code, ''), last.kind)
                from unnest(?) with ordinality as c(recipient_no, place)
                left join answer n on n.tenant_id = ? and n.alert_id = ? and n.recipient_no = c.recipient_no
                left join lateral (
                    select w.channel, a.code, a.kind
                    from (
                        select * from target z
                        where z.tenant_id = ? and z.alert_id = ? and z.recipient_no = c.recipient_no
                        offset 0
                    ) x
                    join wave w on w.tenant_id = x.tenant_id and w.alert_id = x.alert_id and w.wave_no = x.wave_no
                    cross join lateral (
                        select * from attempt y
                        where y.tenant_id = x.tenant_id and y.alert_id = x.alert_id and y.wave_no = x.wave_no
                            and y.position = x.position
                        offset 0
                    ) a
                    order by a.kind = 'accepted'
                            and bool_or(a.kind in ('buffered', 'delivered', 'failed', 'expired'))
                                over (partition by a.wave_no, a.position),
                        a.at desc, x.wave_no desc
                    limit 1
                ) last on true
                order by c.place
                """)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "int4", chosen.stream().map(Chosen::recipientNo).toArray()));
            query.setInt(2, tenantId);
            query.setLong(3, alertId);
            query.setInt(4, tenantId);
            query.setLong(5, alertId);
            try (ResultSet row = query.executeQuery()) {
                for (Chosen person : chosen) {
                    row.next();
                    people.add(new PersonState(
                            person.recipientNo,
                            person.contactId,
                            person.name,
                            person.language,
                            Totals.State.valueOf(person.state.toUpperCase(Locale.ROOT)),
                            Optional.ofNullable(row.getString(1)),
                            Optional.ofNullable(row.getString(2)),
                            Optional.ofNullable(row.getString(3)),
                            person.flagged));
                }
            }
        }
        Plans.usual(connection);
        return people;
    }

    private static List<Chosen> chosen(
            Connection connection, int tenantId, long alertId, Optional<Totals.State> state, int after, int limit)
            throws SQLException {
        String everybody =
                """
                select r.recipient_no, r.contact_id, r.name, r.language, p.state, p.flagged
                from (
                    select * from recipient where tenant_id = ? and alert_id = ? and recipient_no > ?
                    order by recipient_no limit ?
                ) r
                cross join lateral person_of(r.tenant_id, r.alert_id, r.recipient_no) p
                order by r.recipient_no
                """;
        String inState =
                """
                select p.recipient_no, p.contact_id, p.name, p.language, p.state, p.flagged
                from alert_people(?, ?) p where p.recipient_no > ? and p.state = ?
                order by p.recipient_no limit ?
                """;
        if (state.isPresent()) {
            Plans.wholeAlert(connection);
        } else {
            Plans.fewRows(connection);
        }
        List<Chosen> chosen = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(state.isPresent() ? inState : everybody)) {
            int i = 1;
            query.setInt(i++, tenantId);
            query.setLong(i++, alertId);
            query.setInt(i++, after);
            if (state.isPresent()) {
                query.setString(i++, state.get().name().toLowerCase(Locale.ROOT));
            }
            query.setInt(i, limit);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    chosen.add(new Chosen(
                            row.getInt(1),
                            row.getLong(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getBoolean(6)));
                }
            }
        }
        return chosen;
    }

    static List<Observation> history(Connection connection, int tenantId, long alertId, int recipientNo)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select x.wave_no, w.channel, x.address, a.kind, a.code, a.carrier_id, a.at,
                    coalesce(a.recorded_at, a.at) as recorded_at
                from (
                    select * from target z where z.tenant_id = ? and z.alert_id = ? and z.recipient_no = ? offset 0
                ) x
                join wave w on w.tenant_id = x.tenant_id and w.alert_id = x.alert_id and w.wave_no = x.wave_no
                cross join lateral (
                    select * from attempt y
                    where y.tenant_id = x.tenant_id and y.alert_id = x.alert_id and y.wave_no = x.wave_no
                        and y.position = x.position
                    offset 0
                ) a
                union all
                select 0, n.channel, '', 'answered', n.choice, null, n.at, coalesce(n.recorded_at, n.at)
                from answer n where n.tenant_id = ? and n.alert_id = ? and n.recipient_no = ?
                order by 8, 1, 7
                """)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            query.setInt(3, recipientNo);
            query.setInt(4, tenantId);
            query.setLong(5, alertId);
            query.setInt(6, recipientNo);
            List<Observation> observations = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    observations.add(new Observation(
                            row.getInt(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            Optional.ofNullable(row.getString(6)),
                            AlertRows.instant(row, 7),
                            AlertRows.instant(row, 8)));
                }
            }
            return observations;
        }
    }
}
