package io.tocsin.alerting.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.alerting.api.Statistics;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Totals;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What {@link AlertFigures} counted, read back. Every query follows an index and ends. */
@Component(service = Statistics.class)
public final class StoredStatistics implements Statistics {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String PAST =
            """
            select a.alert_id, a.scenario_slug, a.scenario_version, a.title, a.category, a.drill, a.state, a.recipients,
                   a.launched_by, a.launched_at, a.ended_at, f.recipients, f.answered, f.delivered, f.failed, f.unknown,
                   f.pending, f.flagged, f.published, f.answer_median, f.answer_slow, f.messages::text, f.reach::text, f.reasons::text,
                   """
                    + AlertListing.KIND + ", " + AlertListing.LATE
                    + """
                   , o.alert_id, u.kind, u.whom, o.title, o.state, o.recipients, o.launched_at
            from alert a left join alert_figures f on f.tenant_id = a.tenant_id and f.alert_id = a.alert_id
            left join trial r on r.tenant_id = a.tenant_id and r.alert_id = a.alert_id
            left join alert_follow_up u on u.tenant_id = a.tenant_id and u.alert_id = a.alert_id
            left join alert o on o.tenant_id = u.tenant_id and o.alert_id = u.of_alert_id
            """;

    private final Database database;

    @Activate
    public StoredStatistics(@Reference Database database) {
        this.database = database;
    }

    @Override
    public List<Past> past(int tenantId, Filter filter, Optional<Long> beforeAlertId, int limit) {
        String sql = PAST
                + """
                where a.tenant_id = ?
                  and (?::bigint is null or a.alert_id < ?::bigint)
                  and (?::boolean is null or a.drill = ?::boolean)
                  and (?::text is null or a.scenario_slug = ?::text)
                  and (?::timestamptz is null or a.launched_at >= ?::timestamptz)
                  and (?::timestamptz is null or a.launched_at < ?::timestamptz)
                order by a.alert_id desc limit ?
                """;
        return database.inTenant(tenantId, connection -> {
            try (PreparedStatement query = connection.prepareStatement(sql)) {
                query.setInt(1, tenantId);
                int at = 2;
                for (Optional<?> wanted :
                        List.of(beforeAlertId, filter.drill(), filter.scenario(), filter.from(), filter.to())) {
                    String text = wanted.map(Object::toString).orElse(null);
                    query.setString(at++, text);
                    query.setString(at++, text);
                }
                query.setInt(at, limit);
                return pasts(query);
            }
        });
    }

    @Override
    public Optional<Past> past(int tenantId, long alertId) {
        return database.inTenant(tenantId, connection -> {
            try (PreparedStatement query =
                    connection.prepareStatement(PAST + "where a.tenant_id = ? and a.alert_id = ?")) {
                query.setInt(1, tenantId);
                query.setLong(2, alertId);
                return pasts(query).stream().findFirst();
            }
        });
    }

    @Override
    public List<Said> said(int tenantId, long alertId) {
        String sql =
                """
                select channel, language, subject, body_text from alert_message
                where tenant_id = ? and alert_id = ? order by channel, ordinal, language
                """;
        return database.inTenant(tenantId, connection -> {
            try (PreparedStatement query = connection.prepareStatement(sql)) {
                query.setInt(1, tenantId);
                query.setLong(2, alertId);
                List<Said> found = new ArrayList<>();
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        found.add(new Said(row.getString(1), row.getString(2), row.getString(3), row.getString(4)));
                    }
                }
                return found;
            }
        });
    }

    @Override
    public List<Month> months(int tenantId, int months) {
        if (months < 1 || months > MOST_MONTHS) {
            throw new IllegalArgumentException("months are 1 to " + MOST_MONTHS);
        }
        String sql =
                """
                select to_char(a.launched_at at time zone t.time_zone, 'YYYY-MM'), a.drill, count(*), count(f.alert_id),
                       coalesce(sum(f.recipients), 0), coalesce(sum(f.answered + f.delivered), 0), coalesce(sum(f.answered), 0),
                       coalesce(sum((select sum(m.value::bigint) from jsonb_each_text(f.messages) m)), 0),
                       percentile_cont(0.5) within group (order by f.answer_median)
                from tenant t
                join alert a on a.tenant_id = t.tenant_id and a.launched_at >=
                    (date_trunc('month', now() at time zone t.time_zone) - make_interval(months => ? - 1)) at time zone t.time_zone
                left join alert_figures f on f.tenant_id = a.tenant_id and f.alert_id = a.alert_id
                where t.tenant_id = ?
                  and not exists (select from trial r where r.tenant_id = a.tenant_id and r.alert_id = a.alert_id)
                  and not exists (
                      select from alert_follow_up u where u.tenant_id = a.tenant_id and u.alert_id = a.alert_id)
                group by 1, 2 order by 1, 2
                """;
        return database.inTenant(tenantId, connection -> {
            try (PreparedStatement query = connection.prepareStatement(sql)) {
                query.setInt(1, months);
                query.setInt(2, tenantId);
                List<Month> found = new ArrayList<>();
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        found.add(new Month(
                                row.getString(1),
                                row.getBoolean(2),
                                row.getInt(3),
                                row.getInt(4),
                                row.getLong(5),
                                row.getLong(6),
                                row.getLong(7),
                                row.getLong(8),
                                number(row, 9)));
                    }
                }
                return found;
            }
        });
    }

    @Override
    public List<Usage> usage(List<Integer> tenantIds, Instant since) {
        String sql =
                """
                select t.tenant_id,
                    (select count(*) from alert a where a.tenant_id = t.tenant_id and a.state in ('running', 'paused')),
                    n.alerts, n.drills, n.messages,
                    (select max(a.launched_at) from alert a where a.tenant_id = t.tenant_id and not a.drill
                        and not exists (
                            select from alert_follow_up u where u.tenant_id = a.tenant_id and u.alert_id = a.alert_id)),
                    (select max(a.launched_at) from alert a where a.tenant_id = t.tenant_id and a.drill
                        and not exists (select from trial r where r.tenant_id = a.tenant_id and r.alert_id = a.alert_id)
                        and not exists (
                            select from alert_follow_up u where u.tenant_id = a.tenant_id and u.alert_id = a.alert_id)),
                    n.parts
                from unnest(?) with ordinality as t(tenant_id, place)
                cross join lateral (
                    select count(*) filter (where not a.drill and u.alert_id is null) as alerts,
                           count(*) filter (where a.drill and r.alert_id is null and u.alert_id is null) as drills,
                           coalesce(sum(m.messages), 0) as messages, coalesce(sum(m.parts), 0) as parts
                    from alert a left join trial r on r.tenant_id = a.tenant_id and r.alert_id = a.alert_id
                        left join alert_follow_up u on u.tenant_id = a.tenant_id and u.alert_id = a.alert_id
                        cross join lateral (
                            select sum(coalesce(y.messages, y.n)) as messages, sum(y.n) as parts from tally y
                            where y.tenant_id = a.tenant_id and y.alert_id = a.alert_id and y.kind = 'accepted'
                        ) m
                    where a.tenant_id = t.tenant_id and a.launched_at >= ?
                ) n
                order by t.place
                """;
        return database.asEngine(connection -> {
            try (PreparedStatement query = connection.prepareStatement(sql)) {
                query.setArray(1, connection.createArrayOf("integer", tenantIds.toArray()));
                query.setTimestamp(2, Timestamp.from(since));
                List<Usage> found = new ArrayList<>();
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        found.add(new Usage(
                                row.getInt(1),
                                row.getInt(2),
                                row.getInt(3),
                                row.getInt(4),
                                row.getLong(5),
                                moment(row, 6),
                                moment(row, 7),
                                row.getLong(8)));
                    }
                }
                return found;
            }
        });
    }

    @Override
    public List<Moment> course(int tenantId, long alertId) {
        String sql =
                """
                select a.launched_at, extract(epoch from now() - a.launched_at),
                    not exists (select from attempt_kept k where k.since > a.launched_at::date)
                from alert a where a.tenant_id = ? and a.alert_id = ?
                """;
        return database.inTenant(tenantId, connection -> {
            try (PreparedStatement query = connection.prepareStatement(sql)) {
                query.setInt(1, tenantId);
                query.setLong(2, alertId);
                try (ResultSet row = query.executeQuery()) {
                    if (!row.next()) {
                        throw new NoSuchElementException("no alert " + alertId);
                    }
                    if (!row.getBoolean(3)) {
                        return List.of();
                    }
                    double elapsed = row.getDouble(2);
                    List<Moment> course = AlertFigures.course(connection, tenantId, alertId, row.getTimestamp(1));
                    long past = course.stream()
                            .filter(moment -> moment.seconds() < elapsed)
                            .count();
                    return course.subList(0, (int) Math.min(course.size(), past + 1));
                }
            }
        });
    }

    @Override
    public Readiness readiness(int tenantId, Instant staleBefore) {
        String people =
                """
                select count(*), count(*) filter (where updated_at < ?), count(*) filter (where reach = '[]'),
                    (select count(*) from alert where tenant_id = ? and state in ('running', 'paused'))
                from contact where tenant_id = ? and state = 'active'
                """;
        String latest =
                """
                select a.alert_id, a.title, a.ended_at, f.recipients, f.failed
                from alert a join alert_figures f on f.tenant_id = a.tenant_id and f.alert_id = a.alert_id
                where a.tenant_id = ? and not a.drill and a.ended_at is not null
                  and not exists (
                      select from alert_follow_up u where u.tenant_id = a.tenant_id and u.alert_id = a.alert_id)
                order by a.alert_id desc limit 1
                """;
        return database.inTenant(tenantId, connection -> {
            try (PreparedStatement query = connection.prepareStatement(people);
                    PreparedStatement last = connection.prepareStatement(latest)) {
                query.setTimestamp(1, Timestamp.from(staleBefore));
                query.setInt(2, tenantId);
                query.setInt(3, tenantId);
                last.setInt(1, tenantId);
                try (ResultSet row = query.executeQuery();
                        ResultSet ended = last.executeQuery()) {
                    row.next();
                    return new Readiness(
                            row.getLong(1),
                            row.getLong(2),
                            row.getLong(3),
                            row.getInt(4),
                            ended.next()
                                    ? Optional.of(new Last(
                                            ended.getLong(1),
                                            ended.getString(2),
                                            ended.getTimestamp(3).toInstant(),
                                            ended.getLong(4),
                                            ended.getLong(5)))
                                    : Optional.empty());
                }
            }
        });
    }

    private static List<Past> pasts(PreparedStatement query) throws SQLException {
        List<Past> found = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                found.add(new Past(
                        row.getLong(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getString(4),
                        Category.values()[row.getInt(5)],
                        row.getBoolean(6),
                        Alert.State.valueOf(row.getString(7).toUpperCase(Locale.ROOT)),
                        row.getInt(8),
                        row.getString(9),
                        row.getTimestamp(10).toInstant(),
                        moment(row, 11),
                        figures(row),
                        AlertListing.kind(row.getString(25)),
                        row.getObject(27) == null ? Optional.empty() : Optional.of(FollowUpTable.link(row, 27)),
                        row.getLong(26)));
            }
        }
        return found;
    }

    private static Optional<Figures> figures(ResultSet row) throws SQLException {
        if (row.getString(22) == null) {
            return Optional.empty();
        }
        Totals totals = new Totals(
                row.getLong(12),
                row.getLong(13),
                row.getLong(14),
                row.getLong(15),
                row.getLong(16),
                row.getLong(17),
                row.getLong(18),
                row.getLong(19));
        Map<String, Long> messages = new TreeMap<>();
        json(row.getString(22))
                .properties()
                .forEach(m -> messages.put(m.getKey(), m.getValue().asLong()));
        List<Moment> reach = new ArrayList<>();
        json(row.getString(23))
                .forEach(m -> reach.add(
                        new Moment(m.get(0).asInt(), m.get(1).asLong(), m.get(2).asLong())));
        List<Unreached> unreached = new ArrayList<>();
        json(row.getString(24))
                .forEach(r -> unreached.add(new Unreached(
                        Totals.State.valueOf(r.get(0).asText().toUpperCase(Locale.ROOT)),
                        r.get(1).asText(),
                        r.get(2).asText(),
                        r.get(3).asText(),
                        r.get(4).asLong())));
        return Optional.of(new Figures(totals, number(row, 20), number(row, 21), messages, reach, unreached));
    }

    private static JsonNode json(String text) throws SQLException {
        try {
            return text == null ? JSON.createArrayNode() : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new SQLException("what is kept of an alert is no JSON", e);
        }
    }

    private static Optional<Double> number(ResultSet row, int column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }

    private static Optional<Instant> moment(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }
}
