package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.Template;
import io.tocsin.routing.internal.ledger.AlertRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The texts of the alerts being sent, read once: they never change after the launch. */
final class AlertTexts {
    private static final int KEPT = 256;

    private record Id(int tenantId, long alertId) {}

    private final Database database;
    private final AnswerLinks links;
    private final Map<Id, AlertText> texts = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Id, AlertText> eldest) {
            return size() > KEPT;
        }
    };

    AlertTexts(Database database, AnswerLinks links) {
        this.database = database;
        this.links = links;
    }

    AlertText of(int tenantId, long alertId) {
        Id id = new Id(tenantId, alertId);
        synchronized (texts) {
            AlertText known = texts.get(id);
            if (known != null) {
                return known;
            }
        }
        AlertText read = database.asEngine(connection -> read(connection, id));
        synchronized (texts) {
            texts.put(id, read);
        }
        return read;
    }

    private AlertText read(Connection connection, Id id) throws SQLException {
        Alert alert = AlertRows.find(connection, id.tenantId, id.alertId)
                .orElseThrow(() -> new NoSuchElementException("no alert " + id.alertId));
        String language;
        try (PreparedStatement query = connection.prepareStatement("select language from tenant where tenant_id = ?")) {
            query.setInt(1, id.tenantId);
            try (ResultSet row = query.executeQuery()) {
                language = row.next() ? row.getString(1) : "fr";
            }
        }
        List<AlertText.Written> messages = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                """
                select channel, language, subject, body_text, body_html from alert_message
                where tenant_id = ? and alert_id = ? order by ordinal
                """)) {
            query.setInt(1, id.tenantId);
            query.setLong(2, id.alertId);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    messages.add(new AlertText.Written(
                            row.getString(1),
                            row.getString(2),
                            new Template(row.getString(3)),
                            new Template(row.getString(4)),
                            Optional.ofNullable(row.getString(5)).map(Template::new)));
                }
            }
        }
        return new AlertText(alert, language, messages, links);
    }
}
