package io.tocsin.directory.internal.imports;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tocsin.directory.api.Place;
import io.tocsin.directory.internal.Json;
import io.tocsin.directory.internal.imports.RowReader.Rejected;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * Brings the rows of a file into temporary tables of the import's transaction: {@code staged}, and {@code refused} for
 * the people whose row was rejected. COPY in chunks, so that no statement lasts as long as the file.
 */
final class Staging {
    private static final int CHUNK_ROWS = 5_000;
    private static final String TABLES =
            """
            create temp table staged (
                row_number integer not null,
                external_id text not null,
                first_name text not null,
                last_name text not null,
                language text not null,
                household text not null,
                tags text[] not null,
                variables jsonb not null,
                endpoints jsonb not null,
                addresses text not null,
                latitude double precision,
                longitude double precision,
                keeps_place boolean not null
            ) on commit drop;
            create temp table refused (external_id text not null, last_name text not null, first_name text not null)
                on commit drop
            """;
    private static final String INDEXES = "create index on staged (external_id); analyze staged; analyze refused";

    private final Connection connection;
    private final StringBuilder staged = new StringBuilder();
    private final StringBuilder refused = new StringBuilder();
    private int pending;

    Staging(Connection connection) throws SQLException {
        this.connection = connection;
        execute(TABLES);
    }

    void add(StagedContact contact) throws SQLException {
        staged.append(contact.row());
        cell(staged, contact.externalId());
        cell(staged, contact.firstName());
        cell(staged, contact.lastName());
        cell(staged, contact.language());
        cell(staged, contact.household());
        cell(staged, array(contact.tags()));
        cell(staged, Json.write(contact.variables()));
        cell(
                staged,
                Json.write(contact.addresses().stream()
                        .map(a -> new Endpoint(a.kind(), a.address(), a.writtenAs()))
                        .toList()));
        cell(
                staged,
                contact.addresses().stream()
                        .map(a -> a.kind() + ":" + a.address())
                        .collect(Collectors.joining(",")));
        degrees(contact.place().map(Place::latitude));
        degrees(contact.place().map(Place::longitude));
        staged.append('\t').append(contact.keepsPlace());
        staged.append('\n');
        flushFull();
    }

    private void degrees(Optional<Double> degrees) {
        staged.append('\t').append(degrees.map(String::valueOf).orElse("\\N"));
    }

    void add(Rejected rejected) throws SQLException {
        if (rejected.externalId().isEmpty()
                && rejected.lastName().isEmpty()
                && rejected.firstName().isEmpty()) {
            return;
        }
        escape(refused, rejected.externalId());
        cell(refused, rejected.lastName());
        cell(refused, rejected.firstName());
        refused.append('\n');
        flushFull();
    }

    /** Makes the tables whole and known to the planner. */
    void finish() throws SQLException {
        flush();
        execute(INDEXES);
    }

    private void flushFull() throws SQLException {
        if (++pending >= CHUNK_ROWS) {
            flush();
        }
    }

    private void flush() throws SQLException {
        copy("copy staged from stdin", staged);
        copy("copy refused from stdin", refused);
        pending = 0;
    }

    private void copy(String sql, StringBuilder rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, new StringReader(rows.toString()));
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
        rows.setLength(0);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void cell(StringBuilder row, String text) {
        row.append('\t');
        escape(row, text);
    }

    /** COPY's text format: backslash, tab and line ends are escaped. */
    private static void escape(StringBuilder row, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> row.append("\\\\");
                case '\t' -> row.append("\\t");
                case '\n' -> row.append("\\n");
                case '\r' -> row.append("\\r");
                default -> row.append(c);
            }
        }
    }

    private static String array(Set<String> texts) {
        return texts.stream()
                .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }

    private record Endpoint(String kind, String address, @JsonProperty("written_as") String writtenAs) {}
}
