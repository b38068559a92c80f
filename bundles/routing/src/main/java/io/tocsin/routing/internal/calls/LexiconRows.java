package io.tocsin.routing.internal.calls;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.speech.api.Lexicon;
import io.tocsin.speech.api.Lexicon.Entry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads the table {@code lexicon}; alerting writes it. */
final class LexiconRows {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LexiconRows() {}

    /** A version that is not there has no words. */
    static Lexicon read(Connection connection, int tenantId, int version) throws SQLException {
        String sql = "select entries from lexicon where tenant_id = ? and version = ?";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, tenantId);
            query.setInt(2, version);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? lexicon(row.getString(1)) : Lexicon.none();
            }
        }
    }

    private static Lexicon lexicon(String json) {
        try {
            List<Entry> entries = new ArrayList<>();
            for (JsonNode entry : JSON.readTree(json)) {
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
