package io.tocsin.alerting.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tocsin.alerting.api.Lexicons.Current;
import io.tocsin.speech.api.Lexicon;
import io.tocsin.speech.api.Lexicon.Entry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code lexicon}: versions are added, never changed. Routing reads it too. */
final class LexiconTable {
    private final ObjectMapper mapper = new ObjectMapper();

    /** The version a launch of now is spoken with; 0: none was ever written. */
    int version(Connection connection, int tenantId) throws SQLException {
        String sql = "select coalesce(max(version), 0) from lexicon where tenant_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    Current current(Connection connection, int tenantId) throws SQLException {
        String sql =
                """
                select version, entries, updated_by, updated_at from lexicon
                where tenant_id = ? order by version desc limit 1
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? new Current(
                                row.getInt(1),
                                lexicon(row.getString(2)),
                                Optional.of(row.getString(3)),
                                Optional.of(row.getTimestamp(4).toInstant()))
                        : new Current(0, Lexicon.none(), Optional.empty(), Optional.empty());
            }
        }
    }

    /** @return false if somebody else wrote that version meanwhile */
    boolean add(Connection connection, int tenantId, int version, Lexicon lexicon, String by, Instant at)
            throws SQLException {
        String sql =
                """
                insert into lexicon (tenant_id, version, entries, updated_by, updated_at) values (?, ?, ?::jsonb, ?, ?)
                on conflict do nothing
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setInt(2, version);
            statement.setString(3, json(lexicon));
            statement.setString(4, by);
            statement.setTimestamp(5, Timestamp.from(at));
            return statement.executeUpdate() == 1;
        }
    }

    private String json(Lexicon lexicon) {
        ArrayNode entries = mapper.createArrayNode();
        lexicon.entries().forEach(entry -> entries.addObject()
                .put("word", entry.word())
                .put("spoken", entry.spoken())
                .put("language", entry.language()));
        return entries.toString();
    }

    private Lexicon lexicon(String json) {
        try {
            List<Entry> entries = new ArrayList<>();
            for (JsonNode entry : mapper.readTree(json)) {
                entries.add(new Entry(
                        entry.path("word").asText(),
                        entry.path("spoken").asText(),
                        entry.path("language").asText()));
            }
            return new Lexicon(entries);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("jsonb is always JSON", e);
        }
    }
}
