package io.tocsin.alerting.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.alerting.api.Alerts.AnswerPage;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.cluster.api.Hint;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.AnswerLinks.Person;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.Template;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;

/** Answers given through links. Showing a page never records anything: mail scanners open every link. */
final class AnswerDesk {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Database database;
    private final AdministrativeModel model;
    private final Ledger ledger;
    private final AnswerLinks links;
    private final Clock clock;

    AnswerDesk(Database database, AdministrativeModel model, Ledger ledger, AnswerLinks links, Clock clock) {
        this.database = database;
        this.model = model;
        this.ledger = ledger;
        this.links = links;
        this.clock = clock;
    }

    Optional<AnswerPage> page(String token) {
        return links.read(token)
                .flatMap(person -> database.inTenant(person.tenantId(), connection -> page(connection, person, token)));
    }

    private Optional<AnswerPage> page(Connection connection, Person person, String token) throws SQLException {
        Optional<Alert> found = ledger.alert(connection, person.tenantId(), person.alertId());
        Optional<Reader> reader = reader(connection, person);
        if (found.isEmpty() || reader.isEmpty()) {
            return Optional.empty();
        }
        Alert alert = found.get();
        Optional<AdministrativeModel.Tenant> tenant = model.tenant(connection, person.tenantId());
        String tenantLanguage = tenant.map(AdministrativeModel.Tenant::language).orElse("");
        Optional<Ledger.Message> message = message(connection, alert, reader.get());
        return Optional.of(new AnswerPage(
                tenant.map(AdministrativeModel.Tenant::name).orElse(""),
                alert.title(),
                alert.drill(),
                reader.get().language(),
                message.map(written -> text(alert, written, reader.get(), token))
                        .orElse(alert.title()),
                alert.policy().choices(),
                answered(connection, person),
                message.isPresent() ? writtenIn(connection, alert, message.get()) : tenantLanguage,
                tenantLanguage));
    }

    /** The person's message in their own language, the first step's channel before the others. */
    private static Optional<Ledger.Message> message(Connection connection, Alert alert, Reader reader)
            throws SQLException {
        List<String> order =
                alert.policy().cascade().stream().map(Step::channel).toList();
        return new Audience(connection, alert.tenantId(), alert.alertId())
                .messages().stream()
                        .filter(written -> written.language().equals(reader.language()))
                        .min(Comparator.comparingInt(written -> {
                            int at = order.indexOf(written.channel());
                            // what is said is read last: it may be a recording
                            return written.channel().equals(Scenario.VOICE)
                                    ? order.size() + 1
                                    : at < 0 ? order.size() : at;
                        }));
    }

    private static String text(Alert alert, Ledger.Message message, Reader reader, String token) {
        Map<String, String> values = new HashMap<>(alert.policy().variables());
        values.putAll(reader.values());
        values.put(Variables.TITLE, alert.title());
        values.put(Variables.ANSWER_URL, alert.policy().answerBaseUrl().orElse("") + "/a/" + token);
        Template text = new Template(message.text());
        text.variables().stream()
                .filter(Variables::isKept)
                .forEach(place -> values.put(place, "[" + Variables.keptName(place) + "]"));
        return text.render(values);
    }

    /** For languages the scenario has no text in, another's was copied at launch: the first with this text is the one. */
    private static String writtenIn(Connection connection, Alert alert, Ledger.Message message) throws SQLException {
        String sql =
                """
                select language from alert_message
                where tenant_id = ? and alert_id = ? and channel = ? and body_text = ? order by ordinal limit 1
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, alert.tenantId());
            statement.setLong(2, alert.alertId());
            statement.setString(3, message.channel());
            statement.setString(4, message.text());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : message.language();
            }
        }
    }

    /** @param answered told once it is on disk that what is under way to this person may have to be taken back */
    boolean answer(String token, String choice, Consumer<Hint> answered) {
        Person person = links.read(token).orElseThrow(() -> new NoSuchElementException("no such answer link"));
        boolean first = database.inTenant(person.tenantId(), connection -> {
            Alert alert = ledger.alert(connection, person.tenantId(), person.alertId())
                    .orElseThrow(() -> new NoSuchElementException("no such answer link"));
            if (!alert.policy().choices().containsKey(choice)) {
                throw new LaunchRefusedException(List.of(new Problem(
                        "choice", "must be one of " + alert.policy().choices().keySet())));
            }
            return ledger.answer(
                    connection,
                    person.tenantId(),
                    person.alertId(),
                    person.recipientNo(),
                    choice,
                    "web",
                    "link",
                    clock.instant());
        });
        if (first) {
            answered.accept(Hint.stopped(person.tenantId(), person.alertId()));
        }
        return first;
    }

    private record Reader(String language, Map<String, String> values) {}

    private static Optional<Reader> reader(Connection connection, Person person) throws SQLException {
        String sql =
                """
                select language, name, variables from recipient
                where tenant_id = ? and alert_id = ? and recipient_no = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, person.tenantId());
            statement.setLong(2, person.alertId());
            statement.setInt(3, person.recipientNo());
            return reader(statement);
        }
    }

    /** The values of the first recipient of a language, or of the first at all; empty when there is nobody. */
    static Map<String, String> firstReader(Connection connection, int tenantId, long alertId, String language)
            throws SQLException {
        String sql =
                """
                select language, name, variables from recipient
                where tenant_id = ? and alert_id = ? order by language <> ?, recipient_no limit 1
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setLong(2, alertId);
            statement.setString(3, language);
            return reader(statement).map(Reader::values).orElse(Map.of());
        }
    }

    private static Optional<Reader> reader(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            Map<String, String> values =
                    new HashMap<>(MAPPER.readValue(row.getString(3), new TypeReference<Map<String, String>>() {}));
            values.put(Variables.NAME, row.getString(2));
            return Optional.of(new Reader(row.getString(1), values));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a recipient's variables cannot be read", e);
        }
    }

    private static Optional<String> answered(Connection connection, Person person) throws SQLException {
        String sql = "select choice from answer where tenant_id = ? and alert_id = ? and recipient_no = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, person.tenantId());
            statement.setLong(2, person.alertId());
            statement.setInt(3, person.recipientNo());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }
}
