package io.tocsin.routing.internal.ledger;

import io.tocsin.routing.api.Ledger.Tries;
import io.tocsin.routing.api.Ledger.WaveProgress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** An alert's waves as people read them: by step. What is told together is said by {@code waves_by_step}, for the evidence too. */
final class StepView {
    private static final int MOST_CODES = 5;

    private StepView() {}

    /** What is told in one line. */
    private record Line(int rootWave, String kind) {}

    static List<WaveProgress> progress(Connection connection, int tenantId, long alertId) throws SQLException {
        Map<Line, Counts> counts = counts(connection, tenantId, alertId);
        try (PreparedStatement query = connection.prepareStatement(
                """
                select wave_no, kind, root_wave, step, channel, rules, targets, opened_at, last_opened_at, deadline, closed,
                    waves, people, first_try, last_try
                from waves_by_step(?, ?) order by wave_no
                """)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            List<WaveProgress> lines = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    lines.add(line(row, counts));
                }
            }
            return lines;
        }
    }

    private static WaveProgress line(ResultSet row, Map<Line, Counts> counts) throws SQLException {
        int waveNo = row.getInt("wave_no");
        int rootWave = row.getInt("root_wave");
        String kind = row.getString("kind");
        Optional<Tries> tries = rootWave == waveNo
                ? Optional.empty()
                : Optional.of(new Tries(
                        rootWave,
                        row.getInt("waves"),
                        row.getInt("people"),
                        row.getInt("first_try"),
                        row.getInt("last_try"),
                        AlertRows.instant(row, 9)));
        Counts counted = counts.getOrDefault(new Line(rootWave, kind), new Counts(Map.of(), Map.of()));
        return new WaveProgress(
                waveNo,
                kind,
                row.getInt("step"),
                row.getString("channel"),
                rule(List.of((String[]) row.getArray("rules").getArray())),
                row.getInt("targets"),
                AlertRows.instant(row, 8),
                AlertRows.instant(row, 10),
                row.getBoolean("closed"),
                counted.observations,
                tries,
                counted.messages);
    }

    /** By kind of observation. */
    private record Counts(Map<String, Long> observations, Map<String, Long> messages) {}

    private static Map<Line, Counts> counts(Connection connection, int tenantId, long alertId) throws SQLException {
        Map<Line, Counts> counts = new LinkedHashMap<>();
        try (PreparedStatement query = connection.prepareStatement(
                """
                select w.root_wave, w.kind, y.kind, sum(y.n),
                    case when count(*) = count(y.messages) then sum(y.messages) end
                from tally y
                join wave w on w.tenant_id = y.tenant_id and w.alert_id = y.alert_id and w.wave_no = y.wave_no
                where y.tenant_id = ? and y.alert_id = ? group by 1, 2, 3 order by 1, 2, 3
                """)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    Counts line = counts.computeIfAbsent(
                            new Line(row.getInt(1), row.getString(2)),
                            l -> new Counts(new LinkedHashMap<>(), new LinkedHashMap<>()));
                    line.observations.put(row.getString(3), row.getLong(4));
                    long messages = row.getLong(5);
                    if (!row.wasNull()) {
                        line.messages.put(row.getString(3), messages);
                    }
                }
            }
        }
        return counts;
    }

    /** The rules of several waves as one: {@code tried again after: busy} and {@code tried again after: busy, no-answer}. */
    static String rule(List<String> rules) {
        String first = rules.get(0);
        int codes = first.indexOf(": ") + 2;
        if (rules.size() == 1 || codes < 2) {
            return first;
        }
        String words = first.substring(0, codes);
        return rules.stream()
                .filter(rule -> rule.startsWith(words))
                .flatMap(rule -> List.of(rule.substring(codes).split(", ")).stream())
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .limit(MOST_CODES)
                .collect(Collectors.joining(", ", words, ""));
    }
}
