package io.tocsin.routing.testing;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.Ledger;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Launches alerts for tests, as the domain would: alert, frozen recipients, first wave, in one transaction. */
public final class TestAlerts {
    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final List<Step> cascade = new ArrayList<>();
    private final Map<String, String> choices = new LinkedHashMap<>();
    private Category category = Category.OPERATIONAL;
    private int recipients = 10;
    private String endpoints =
            """
            jsonb_build_array(jsonb_build_object('kind', 'mobile', 'address', '+3363998' || lpad((i % 10000)::text, 4, '0')),
                jsonb_build_object('kind', 'email', 'address', 'p' || i || '@example.org'))
            """;
    private String text = "Bonjour {{name}} : {{title}}";

    public TestAlerts(Database database, Ledger ledger, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
    }

    public TestAlerts step(String channel, Duration patience, int maxAttempts, Until until) {
        cascade.add(new Step(channel, patience, maxAttempts, until));
        return this;
    }

    public TestAlerts category(Category value) {
        category = value;
        return this;
    }

    public TestAlerts choice(String key, String meaning) {
        choices.put(key, meaning);
        return this;
    }

    public TestAlerts recipients(int number) {
        recipients = number;
        return this;
    }

    /** A SQL expression of {@code i}, the recipient's number, giving the JSON of their endpoints. */
    public TestAlerts endpoints(String expression) {
        endpoints = expression;
        return this;
    }

    public TestAlerts text(String template) {
        text = template;
        return this;
    }

    public long launch(int tenantId) {
        return database.inTenant(tenantId, connection -> {
            List<Step> steps =
                    cascade.isEmpty() ? List.of(new Step("sms", Duration.ofMinutes(5), 3, Until.DELIVERED)) : cascade;
            Alert alert = ledger.create(
                    connection,
                    new Alert(
                            tenantId,
                            0,
                            "crue",
                            1,
                            "Crue de la rivière",
                            category,
                            false,
                            Alert.State.RUNNING,
                            new DispatchPolicy(
                                    steps,
                                    choices,
                                    Map.of(),
                                    Optional.of("http://127.0.0.1:8181"),
                                    Optional.empty(),
                                    Optional.empty()),
                            recipients,
                            "test",
                            clock.instant(),
                            Optional.empty()),
                    steps.stream()
                            .map(Step::channel)
                            .distinct()
                            .map(channel -> new Ledger.Message(channel, "fr", "Alerte", text, Optional.empty()))
                            .toList());
            try (PreparedStatement insert = connection.prepareStatement(
                    """
                    insert into recipient (tenant_id, alert_id, recipient_no, contact_id, name, language, variables, endpoints)
                    select ?, ?, i, i, 'Personne ' || i, 'fr', '{}', %s from generate_series(1, ?) i
                    """
                            .formatted(endpoints))) {
                insert.setInt(1, tenantId);
                insert.setLong(2, alert.alertId());
                insert.setInt(3, recipients);
                insert.executeUpdate();
            }
            ledger.openFirstWave(connection, tenantId, alert.alertId(), recipients);
            return alert.alertId();
        });
    }
}
