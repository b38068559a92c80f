package io.tocsin.audit.internal;

import io.tocsin.audit.verify.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** What there is to say of an alert as a whole, for {@code alert.json} and the report. */
record AlertFacts(
        long alertId,
        String tenantSlug,
        String tenantName,
        ZoneId zone,
        String language,
        String scenario,
        int scenarioVersion,
        String title,
        String category,
        boolean drill,
        String state,
        String launchedBy,
        Instant launchedAt,
        Optional<Instant> endedAt,
        Optional<LocalDate> attemptsDroppedBefore,
        Map<String, Object> policy,
        Map<String, Long> totals,
        AlertWaves waves,
        AlertKin kin,
        Map<String, Long> answers,
        List<Message> messages,
        List<ChainedJournal.Row> journal) {
    private static final List<String> CATEGORIES = List.of("life-safety", "operational", "information");
    private static final List<String> TOTALS =
            List.of("recipients", "answered", "delivered", "failed", "unknown", "pending", "flagged");

    record Message(String channel, String language, String subject, String text, Optional<String> html) {}

    /** @throws NoSuchElementException if the tenant has no such alert */
    static AlertFacts read(Connection connection, int tenantId, long alertId) throws SQLException {
        String sql =
                """
                select t.slug, t.name, t.time_zone, a.scenario_slug, a.scenario_version, a.title, a.category, a.drill,
                       a.state, a.launched_by, a.launched_at, a.ended_at, a.policy::text, t.language, k.since
                from alert a join tenant t on t.tenant_id = a.tenant_id
                left join attempt_kept k on k.since > a.launched_at
                where a.tenant_id = ? and a.alert_id = ?
                """;
        try (PreparedStatement statement = bound(connection, sql, tenantId, alertId);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new NoSuchElementException("no alert " + alertId);
            }
            return new AlertFacts(
                    alertId,
                    row.getString(1),
                    row.getString(2),
                    ZoneId.of(row.getString(3)),
                    row.getString(14),
                    row.getString(4),
                    row.getInt(5),
                    row.getString(6),
                    CATEGORIES.get(row.getInt(7)),
                    row.getBoolean(8),
                    row.getString(9),
                    row.getString(10),
                    row.getTimestamp(11).toInstant(),
                    Optional.ofNullable(row.getTimestamp(12)).map(Timestamp::toInstant),
                    Optional.ofNullable(row.getObject(15, LocalDate.class)),
                    object(Json.read(row.getString(13))),
                    totals(connection, tenantId, alertId),
                    AlertWaves.read(connection, tenantId, alertId, row.getObject(15) != null),
                    AlertKin.read(connection, tenantId, alertId),
                    answers(connection, tenantId, alertId),
                    messages(connection, tenantId, alertId),
                    journal(connection, tenantId, alertId));
        }
    }

    /** What an answer means; its key when the policy does not say. */
    String meaning(String choice) {
        if (policy.get("choices") instanceof List<?> choices) {
            for (Object element : choices) {
                if (element instanceof Map<?, ?> pair && choice.equals(pair.get("key"))) {
                    return String.valueOf(pair.get("meaning"));
                }
            }
        }
        return choice;
    }

    /** The value of {@code alert.json}. */
    Map<String, Object> json(Instant asOf) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("asOf", asOf.toString());
        json.put("tenant", Map.of("slug", tenantSlug, "name", tenantName));
        json.put("alert", alertId);
        json.put("scenario", scenario);
        json.put("scenarioVersion", scenarioVersion);
        json.put("title", title);
        json.put("category", category);
        json.put("drill", drill);
        json.put("state", state);
        json.put("launchedBy", launchedBy);
        json.put("launchedAt", launchedAt.toString());
        json.put("endedAt", endedAt.map(Instant::toString).orElse(null));
        json.put(
                "attemptsDroppedBefore",
                attemptsDroppedBefore.map(LocalDate::toString).orElse(null));
        json.put("policy", policy);
        json.put("totals", totals);
        json.put("answers", answers);
        json.put("lateAnswers", kin.lateAnswers());
        json.put("trial", kin.trial());
        json.put("follows", kin.follows().map(AlertKin.Other::json).orElse(null));
        json.put(
                "followedBy",
                kin.followedBy().stream().map(AlertKin.Other::json).toList());
        json.put(
                "waves",
                waves.each().stream()
                        .map(wave -> {
                            Map<String, Object> one = new LinkedHashMap<>();
                            one.put("wave", wave.number());
                            one.put("kind", wave.kind());
                            one.put("step", wave.step());
                            one.put("channel", wave.channel());
                            one.put("rule", wave.rule());
                            one.put("targets", wave.targets());
                            one.put("openedAt", wave.openedAt().toString());
                            one.put("observations", wave.observations());
                            one.put("messages", wave.messages());
                            return one;
                        })
                        .toList());
        json.put(
                "messages",
                messages.stream()
                        .map(message -> {
                            Map<String, Object> one = new LinkedHashMap<>();
                            one.put("channel", message.channel());
                            one.put("language", message.language());
                            one.put("subject", message.subject());
                            one.put("text", message.text());
                            one.put("html", message.html().orElse(null));
                            return one;
                        })
                        .toList());
        return json;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object json) {
        return (Map<String, Object>) json;
    }

    private static Map<String, Long> totals(Connection connection, int tenantId, long alertId) throws SQLException {
        String sql =
                "select recipients, answered, delivered, failed, unknown, pending, flagged from alert_totals(?, ?)";
        try (PreparedStatement statement = bound(connection, sql, tenantId, alertId);
                ResultSet row = statement.executeQuery()) {
            row.next();
            Map<String, Long> totals = new LinkedHashMap<>();
            for (String name : TOTALS) {
                totals.put(name, row.getLong(name));
            }
            totals.put("published", published(connection, tenantId, alertId));
            return totals;
        }
    }

    private static long published(Connection connection, int tenantId, long alertId) throws SQLException {
        try (PreparedStatement statement = bound(connection, "select alert_published(?, ?)", tenantId, alertId);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Map<String, Long> answers(Connection connection, int tenantId, long alertId) throws SQLException {
        String sql =
                """
                select choice, count(*) from answer where tenant_id = ? and alert_id = ? group by choice order by choice
                """;
        try (PreparedStatement statement = bound(connection, sql, tenantId, alertId);
                ResultSet row = statement.executeQuery()) {
            Map<String, Long> answers = new LinkedHashMap<>();
            while (row.next()) {
                answers.put(row.getString(1), row.getLong(2));
            }
            return answers;
        }
    }

    private static List<Message> messages(Connection connection, int tenantId, long alertId) throws SQLException {
        String sql =
                """
                select channel, language, subject, body_text, body_html from alert_message
                where tenant_id = ? and alert_id = ? order by ordinal, channel, language
                """;
        try (PreparedStatement statement = bound(connection, sql, tenantId, alertId);
                ResultSet row = statement.executeQuery()) {
            List<Message> messages = new ArrayList<>();
            while (row.next()) {
                messages.add(new Message(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        Optional.ofNullable(row.getString(5))));
            }
            return messages;
        }
    }

    private static List<ChainedJournal.Row> journal(Connection connection, int tenantId, long alertId)
            throws SQLException {
        String sql =
                """
                select seq, at, actor, door, origin, action, object_type, object_id, details::text, previous, hash
                from journal where tenant_id = ? and object_type = 'alert' and object_id = ?::text order by seq
                """;
        try (PreparedStatement statement = bound(connection, sql, tenantId, alertId);
                ResultSet row = statement.executeQuery()) {
            List<ChainedJournal.Row> entries = new ArrayList<>();
            while (row.next()) {
                entries.add(ChainedJournal.row(tenantId, row));
            }
            return entries;
        }
    }

    static PreparedStatement bound(Connection connection, String sql, int tenantId, long alertId) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setInt(1, tenantId);
        statement.setLong(2, alertId);
        return statement;
    }
}
