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

    /** @param observations kind of observation to how many */
    record Wave(
            int number,
            String kind,
            int rootWave,
            int step,
            String channel,
            String rule,
            int targets,
            Instant openedAt,
            Map<String, Long> observations) {}

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
            Map<String, Long> observations) {

        boolean again() {
            return number != rootWave;
        }
    }

    /** @param dropped whether attempts are missing: then tallies, counted while they were written, are what is left */
    static AlertWaves read(Connection connection, int tenantId, long alertId, boolean dropped) throws SQLException {
        Map<Integer, Map<String, Long>> observations = observations(connection, tenantId, alertId, dropped);
        List<Wave> each = each(connection, tenantId, alertId, observations);
        return new AlertWaves(each, byStep(connection, tenantId, alertId, each));
    }

    private static Map<Integer, Map<String, Long>> observations(
            Connection connection, int tenantId, long alertId, boolean dropped) throws SQLException {
        Map<Integer, Map<String, Long>> observations = new HashMap<>();
        String observed =
                """
                select wave_no, kind, count(*) from attempt where tenant_id = ? and alert_id = ?
                group by wave_no, kind order by wave_no, kind
                """;
        String tallied =
                """
                select wave_no, kind, sum(n) from tally where tenant_id = ? and alert_id = ?
                group by wave_no, kind order by wave_no, kind
                """;
        try (PreparedStatement statement =
                        AlertFacts.bound(connection, dropped ? tallied : observed, tenantId, alertId);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                observations
                        .computeIfAbsent(row.getInt(1), wave -> new LinkedHashMap<>())
                        .put(row.getString(2), row.getLong(3));
            }
        }
        return observations;
    }

    private static List<Wave> each(
            Connection connection, int tenantId, long alertId, Map<Integer, Map<String, Long>> observations)
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
                waves.add(new Wave(
                        row.getInt(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getInt(4),
                        row.getString(5),
                        row.getString(6),
                        row.getInt(7),
                        row.getTimestamp(8).toInstant(),
                        observations.getOrDefault(row.getInt(1), Map.of())));
            }
            return waves;
        }
    }

    private static List<Line> byStep(Connection connection, int tenantId, long alertId, List<Wave> each)
            throws SQLException {
        Map<Integer, Map<String, Map<String, Long>>> observations = new HashMap<>();
        for (Wave wave : each) {
            Map<String, Long> sums = observations
                    .computeIfAbsent(wave.rootWave(), root -> new HashMap<>())
                    .computeIfAbsent(wave.kind(), kind -> new LinkedHashMap<>());
            wave.observations().forEach((kind, n) -> sums.merge(kind, n, Long::sum));
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
                        observations.get(row.getInt(3)).get(row.getString(2))));
            }
            return lines;
        }
    }
}
