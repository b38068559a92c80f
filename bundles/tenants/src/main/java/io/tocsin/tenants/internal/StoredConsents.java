package io.tocsin.tenants.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.Database;
import io.tocsin.tenants.api.Consents;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The table {@code launch_consent}: one row a tenant, gone when the consent is taken back. */
@Component(service = Consents.class)
public final class StoredConsents implements Consents {
    private static final int LONGEST_NOTE = 200;

    private final Database database;
    private final Journal journal;
    private final Clock clock;

    @Activate
    public StoredConsents(@Reference Database database, @Reference Journal journal) {
        this(database, journal, Clock.systemUTC());
    }

    StoredConsents(Database database, Journal journal, Clock clock) {
        this.database = database;
        this.journal = journal;
        this.clock = clock;
    }

    @Override
    public Optional<Consent> present(int tenantId) {
        return database.inTenant(tenantId, connection -> inForce(connection, tenantId));
    }

    @Override
    public Consent grant(int tenantId, Duration lasting, Optional<String> note, Actor actor) {
        if (lasting.compareTo(Duration.ofHours(1)) < 0 || lasting.compareTo(LONGEST) > 0) {
            throw new RefusedException("lasting", "is out of bounds; write PT1H to PT" + LONGEST.toHours() + "H");
        }
        Optional<String> said = note.map(String::strip).filter(text -> !text.isEmpty());
        if (said.filter(text -> text.length() > LONGEST_NOTE).isPresent()) {
            throw new RefusedException("note", "is too long; write " + LONGEST_NOTE + " characters at most");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Consent consent = new Consent(actor.name(), now, now.plus(lasting), said);
        return database.inTenant(tenantId, connection -> {
            store(connection, tenantId, consent);
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("until", consent.until().toString());
            said.ifPresent(text -> details.put("note", text));
            journal.append(connection, tenantId, actor, "consent.granted", "consent", "launch", details);
            return consent;
        });
    }

    @Override
    public boolean withdraw(int tenantId, Actor actor) {
        return database.inTenant(tenantId, connection -> {
            boolean inForce = inForce(connection, tenantId).isPresent();
            try (PreparedStatement delete =
                    connection.prepareStatement("delete from launch_consent where tenant_id = ?")) {
                delete.setInt(1, tenantId);
                delete.executeUpdate();
            }
            if (inForce) {
                journal.append(connection, tenantId, actor, "consent.withdrawn", "consent", "launch", Map.of());
            }
            return inForce;
        });
    }

    private Optional<Consent> inForce(Connection connection, int tenantId) throws SQLException {
        String sql =
                """
                select granted_by, granted_at, until, note from launch_consent where tenant_id = ? and until > ?
                """;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, tenantId);
            query.setTimestamp(2, Timestamp.from(clock.instant()));
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new Consent(
                                row.getString(1),
                                row.getTimestamp(2).toInstant(),
                                row.getTimestamp(3).toInstant(),
                                Optional.ofNullable(row.getString(4))))
                        : Optional.empty();
            }
        }
    }

    private static void store(Connection connection, int tenantId, Consent consent) throws SQLException {
        String sql =
                """
                insert into launch_consent (tenant_id, granted_by, granted_at, until, note) values (?, ?, ?, ?, ?)
                on conflict (tenant_id) do update set granted_by = excluded.granted_by, granted_at = excluded.granted_at,
                    until = excluded.until, note = excluded.note
                """;
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setInt(1, tenantId);
            insert.setString(2, consent.grantedBy());
            insert.setTimestamp(3, Timestamp.from(consent.grantedAt()));
            insert.setTimestamp(4, Timestamp.from(consent.until()));
            insert.setString(5, consent.note().orElse(null));
            insert.executeUpdate();
        }
    }
}
