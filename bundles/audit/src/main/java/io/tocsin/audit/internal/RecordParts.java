package io.tocsin.audit.internal;

import io.tocsin.audit.verify.Json;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The parts of a package that are records, straight from the ledger: who the frozen audience was, where each stands,
 * every observation, every answer. Read through cursors: memory does not grow with the alert.
 */
final class RecordParts {
    private static final int FETCH = 5_000;

    private RecordParts() {}

    /** Takes the lines of one part in order, without check column and line end. */
    @FunctionalInterface
    interface Lines {
        void line(String line) throws IOException;
    }

    /** The frozen audience: never changes after the launch. */
    static final Part RECIPIENTS = new Part(
            "recipients.csv",
            List.of("recipient", "contact", "name", "language", "addresses", "variables"),
            """
            select recipient_no, contact_id, name, language, endpoints::text, variables::text
            from recipient where tenant_id = ? and alert_id = ? order by recipient_no
            """,
            (row, how) -> List.of(
                    row.getString(1),
                    how.masked() ? "" : row.getString(2),
                    how.masked() ? "" : row.getString(3),
                    row.getString(4),
                    addresses(row.getString(5), how.masked()),
                    how.masked() ? "" : Json.canonical(Json.read(row.getString(6)))));

    static final Part RESULTS = new Part(
            "results.csv",
            List.of("recipient", "state", "answer", "possible-duplicate"),
            """
            select p.recipient_no, p.state, n.choice, p.flagged
            from alert_people(?, ?) p
            left join answer n on n.tenant_id = ? and n.alert_id = ? and n.recipient_no = p.recipient_no
            order by p.recipient_no
            """,
            (row, how) -> Arrays.asList(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    how.words().of(row.getBoolean(4) ? "yes" : "no")));

    static final Part ATTEMPTS = new Part(
            "attempts.csv",
            List.of(
                    "wave",
                    "position",
                    "recipient",
                    "channel",
                    "address",
                    "segment",
                    "segments",
                    "observation",
                    "code",
                    "carrier-id",
                    "at",
                    "node"),
            """
            select a.wave_no, a.position, t.recipient_no, w.channel, t.address, a.segment, a.segments, a.kind, a.code,
                   a.carrier_id, a.at, a.node
            from attempt a
            join wave w on w.tenant_id = a.tenant_id and w.alert_id = a.alert_id and w.wave_no = a.wave_no
            join target t on t.tenant_id = a.tenant_id and t.alert_id = a.alert_id and t.wave_no = a.wave_no
                and t.position = a.position
            where a.tenant_id = ? and a.alert_id = ?
            order by a.at, a.wave_no, a.position, a.segment, a.kind, a.code
            """,
            (row, how) -> Arrays.asList(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    address(row.getString(5), how.masked()),
                    row.getString(6),
                    row.getString(7),
                    row.getString(8),
                    row.getString(9),
                    row.getString(10),
                    instant(row, 11),
                    row.getString(12)));

    static final Part ANSWERS = new Part(
            "answers.csv",
            List.of("recipient", "choice", "channel", "source", "at"),
            """
            select recipient_no, choice, channel, source, at
            from answer where tenant_id = ? and alert_id = ? order by at, recipient_no
            """,
            (row, how) -> Arrays.asList(
                    row.getString(1), row.getString(2), row.getString(3), row.getString(4), instant(row, 5)));

    static final List<Part> ALL = List.of(RECIPIENTS, RESULTS, ATTEMPTS, ANSWERS);

    /** How cells are written. What is sealed, recipients and attempts, has no words. */
    record How(boolean masked, Words words) {}

    /**
     * @param columns names of words
     * @param sql its parameters are tenant and alert, as often as it asks for them
     */
    record Part(String name, List<String> columns, String sql, Row row) {

        void read(Connection connection, int tenantId, long alertId, How how, Lines lines)
                throws SQLException, IOException {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                int parameters = (int) sql.chars().filter(c -> c == '?').count();
                for (int i = 1; i <= parameters; i += 2) {
                    statement.setInt(i, tenantId);
                    statement.setLong(i + 1, alertId);
                }
                statement.setFetchSize(FETCH);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        lines.line(Csv.line(this.row.cells(row, how)));
                    }
                }
            }
        }
    }

    @FunctionalInterface
    interface Row {
        List<String> cells(ResultSet row, How how) throws SQLException;
    }

    /**
     * Whole scans are ahead: compiling them takes longer than running them, they sort, and an alert launched a moment
     * ago is in no statistics, so that the planner would walk its 400,000 rows once for each of them.
     */
    static void prepareForScan(Connection connection) throws SQLException {
        try (Statement settings = connection.createStatement()) {
            settings.execute(
                    """
                    select set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true),
                        set_config('work_mem', '64MB', true)
                    """);
        }
    }

    private static String addresses(String endpoints, boolean masked) {
        List<String> written = new ArrayList<>();
        for (Object endpoint : (List<?>) Json.read(endpoints)) {
            Map<?, ?> one = (Map<?, ?>) endpoint;
            written.add(one.get("kind") + "=" + address(String.valueOf(one.get("address")), masked));
        }
        return String.join(" ", written);
    }

    /** A telephone as RFC 3966 writes it: E.164's plus in front would make a spreadsheet compute it. */
    static String address(String address, boolean masked) {
        String shown = masked ? "…" + address.substring(Math.max(0, address.length() - 2)) : address;
        return address.startsWith("+") ? "tel:" + shown : shown;
    }

    private static String instant(ResultSet row, int column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at.toInstant().toString();
    }
}
