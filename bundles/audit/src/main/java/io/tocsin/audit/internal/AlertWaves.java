package io.tocsin.audit.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was tried for an alert, and when: each wave as {@code attempts.csv} numbers them, and told by step for people, who
 * would not read the thousand moments at which somebody was tried again.
 */
record AlertWaves(List<Wave> each, List<Line> byStep) {

    /**
     * @param observations kind of observation to how many: of a message in parts, each part's is one
     * @param messages kind of observation to how many messages; without those nobody told from parts
     */
    record Wave(
            int number,
            String kind,
            int rootWave,
            int step,
            String channel,
            String rule,
            int targets,
            Instant openedAt,
            Map<String, Long> observations,
            Map<String, Long> messages) {}

    /**
     * Waves that are told together: a step of the cascade or a relaunch, its retries, its resends.
     *
     * @param number the first one's
     * @param waves how many they are
     * @param people each counted once
     * @param firstTry the lowest number of a try at an address; 1 again at somebody's next one
     */
    record Line(
            int number,
            String kind,
            int rootWave,
            int step,
            String channel,
            int targets,
            Instant openedAt,
            Instant lastOpenedAt,
            int waves,
            int people,
            int firstTry,
            int lastTry,
            Map<String, Long> observations,
            Map<String, Long> messages) {

        boolean again() {
            return number != rootWave;
        }

        /** Messages, where they were told from parts; else observations. */
        long seen(String... kinds) {
            long seen = 0;
            for (String kind : kinds) {
                seen += messages.getOrDefault(kind, observations.getOrDefault(kind, 0L));
            }
            return seen;
        }
    }

    /** What carriers charge for: the parts of all messages accepted. */
    long partsAccepted() {
        return byStep.stream()
                .mapToLong(line -> line.observations.getOrDefault("accepted", 0L))
                .sum();
    }

    long messagesAccepted() {
        return byStep.stream().mapToLong(line -> line.seen("accepted")).sum();
    }

    /** By kind of observation. */
    private record Counts(Map<String, Long> observations, Map<String, Long> messages) {
        private static Counts none() {
            return new Counts(new LinkedHashMap<>(), new LinkedHashMap<>());
        }
    }

    /** @param dropped whether attempts are missing: then tallies, counted while they were written, are what is left */
    static AlertWaves read(Connection connection, int tenantId, long alertId, boolean dropped) throws SQLException {
        Map<Integer, Counts> counts = counts(connection, tenantId, alertId, dropped);
        List<Wave> each = each(connection, tenantId, alertId, counts);
        return new AlertWaves(each, byStep(connection, tenantId, alertId, each));
    }

    /** A message is accepted or delivered when all its parts are; it failed with the first of them. */
    private static Map<Integer, Counts> counts(Connection connection, int tenantId, long alertId, boolean dropped)
            throws SQLException {
        Map<Integer, Counts> counts = new HashMap<>();
        String observed =
                """
                select m.wave_no, m.kind, sum(m.n),
                    count(*) filter (where m.kind not in ('accepted', 'delivered') or m.parts >= m.segments)
                from (
                    select wave_no, kind, count(*) as n, count(distinct segment) as parts, max(segments) as segments
                    from attempt where tenant_id = ? and alert_id = ? group by wave_no, "position", kind
                ) m
                group by m.wave_no, m.kind order by m.wave_no, m.kind
                """;
        String tallied =
                """
                select wave_no, kind, sum(n), case when count(*) = count(messages) then sum(messages) end
                from tally where tenant_id = ? and alert_id = ?
                group by wave_no, kind order by wave_no, kind
                """;
        try (PreparedStatement statement =
                        AlertFacts.bound(connection, dropped ? tallied : observed, tenantId, alertId);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                Counts wave = counts.computeIfAbsent(row.getInt(1), number -> Counts.none());
                wave.observations.put(row.getString(2), row.getLong(3));
                long messages = row.getLong(4);
                if (!row.wasNull()) {
                    wave.messages.put(row.getString(2), messages);
                }
            }
        }
        return counts;
    }

    private static List<Wave> each(Connection connection, int tenantId, long alertId, Map<Integer, Counts> counts)
            throws SQLException {
        String sql =
                """
                select wave_no, kind, root_wave, step, channel, rule, targets, opened_at from wave
                where tenant_id = ? and alert_id = ? order by wave_no
                """;
        try (PreparedStatement statement = AlertFacts.bound(connection, sql, tenantId, alertId);
                ResultSet row = statement.executeQuery()) {
            List<Wave> waves = new ArrayList<>();
            while (row.next()) {
                Counts counted = counts.getOrDefault(row.getInt(1), Counts.none());
                waves.add(new Wave(
                        row.getInt(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getInt(4),
                        row.getString(5),
                        row.getString(6),
                        row.getInt(7),
                        row.getTimestamp(8).toInstant(),
                        counted.observations,
                        counted.messages));
            }
            return waves;
        }
    }

    private static List<Line> byStep(Connection connection, int tenantId, long alertId, List<Wave> each)
            throws SQLException {
        Map<Integer, Map<String, Counts>> counts = new HashMap<>();
        for (Wave wave : each) {
            Counts sums = counts.computeIfAbsent(wave.rootWave(), root -> new HashMap<>())
                    .computeIfAbsent(wave.kind(), kind -> Counts.none());
            wave.observations().forEach((kind, n) -> sums.observations.merge(kind, n, Long::sum));
            wave.observations()
                    .forEach((kind, n) ->
                            sums.messages.merge(kind, wave.messages().getOrDefault(kind, n), Long::sum));
        }
        String sql =
                """
                select wave_no, kind, root_wave, step, channel, targets, opened_at, last_opened_at, waves, people, first_try,
                    last_try
                from waves_by_step(?, ?) order by wave_no
                """;
        try (PreparedStatement statement = AlertFacts.bound(connection, sql, tenantId, alertId);
                ResultSet row = statement.executeQuery()) {
            List<Line> lines = new ArrayList<>();
            while (row.next()) {
                Counts counted = counts.get(row.getInt(3)).get(row.getString(2));
                lines.add(new Line(
                        row.getInt(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getInt(4),
                        row.getString(5),
                        row.getInt(6),
                        row.getTimestamp(7).toInstant(),
                        row.getTimestamp(8).toInstant(),
                        row.getInt(9),
                        row.getInt(10),
                        row.getInt(11),
                        row.getInt(12),
                        counted.observations,
                        counted.messages));
            }
            return lines;
        }
    }
}
