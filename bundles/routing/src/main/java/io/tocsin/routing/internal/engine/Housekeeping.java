package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.internal.engine.Providers.Installed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** What keeps the database lean: partitions made ahead and dropped in time, carriers' ids forgotten, last words of channels. */
final class Housekeeping {
    private static final int DAYS_AHEAD = 3;
    private static final Duration PARTITIONS_EVERY = Duration.ofHours(1);
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(30);
    private static final int SWEPT_AT_ONCE = 20_000;

    private final Database database;
    private final Settings settings;
    private final Providers providers;
    private final Set<Installed> written = new HashSet<>();
    private long partitionsAt = System.nanoTime();
    private long sweptAt = System.nanoTime();

    Housekeeping(Database database, Settings settings, Providers providers) {
        this.database = database;
        this.settings = settings;
        this.providers = providers;
    }

    void round() {
        long now = System.nanoTime();
        if (now - partitionsAt >= 0) {
            database.asEngine(this::partitions);
            database.asEngine(UnusedContents::sweep);
            partitionsAt = now + PARTITIONS_EVERY.toNanos();
        }
        if (now - sweptAt >= 0) {
            database.asEngine(this::sweep);
            sweptAt = now + SWEEP_EVERY.toNanos();
        }
    }

    private Void partitions(Connection connection) throws SQLException {
        try (PreparedStatement call = connection.prepareStatement("select attempt_partitions(?, ?)")) {
            call.setInt(1, DAYS_AHEAD);
            call.setInt(2, settings.attemptRetentionDays());
            call.execute();
        }
        return null;
    }

    private Void sweep(Connection connection) throws SQLException {
        for (String statement : new String[] {
            """
            delete from carrier_ref where ctid = any (array(
                select ctid from carrier_ref where at < now() - make_interval(days => ?) limit ?))
            """,
            """
            delete from orphan_receipt where ctid = any (array(
                select ctid from orphan_receipt where seen_at < now() - make_interval(days => ?) limit ?))
            """
        }) {
            try (PreparedStatement delete = connection.prepareStatement(statement)) {
                delete.setInt(1, settings.carrierReferenceDays());
                delete.setInt(2, SWEPT_AT_ONCE);
                delete.executeUpdate();
            }
        }
        try (PreparedStatement delete =
                connection.prepareStatement("delete from appended_group where at < now() - interval '30 days'")) {
            delete.executeUpdate();
        }
        // What was found and is at its end, or nobody asks for any more.
        try (PreparedStatement delete = connection.prepareStatement(
                """
                delete from reattach where ctid = any (array(
                    select q.ctid from reattach q
                    join alert a on a.tenant_id = q.tenant_id and a.alert_id = q.alert_id
                    where a.state in ('cancelled', 'closed') or not q.found and q.until < now() - interval '1 minute'
                       or q.found and observed_of(q.tenant_id, q.alert_id, q.wave_no, q.position) in ('delivered', 'failed')
                    limit ?))
                """)) {
            delete.setInt(1, SWEPT_AT_ONCE);
            delete.executeUpdate();
        }
        // Decisions about alerts that ended are due to nobody.
        try (PreparedStatement delete = connection.prepareStatement(
                """
                delete from followup where ctid = any (array(
                    select f.ctid from followup f
                    join alert a on a.tenant_id = f.tenant_id and a.alert_id = f.alert_id
                    where a.state in ('cancelled', 'closed') limit ?))
                """)) {
            delete.setInt(1, SWEPT_AT_ONCE);
            delete.executeUpdate();
        }
        return null;
    }

    /** Writes down which kinds of endpoint the installed channels reach, and which publish, for the times when they are away. */
    void endpointKinds() {
        // what is remembered of a bundle that went away would keep its classes for ever
        written.retainAll(providers.all());
        for (Installed installed : providers.all()) {
            if (!installed.endpointKinds().isEmpty() && written.add(installed)) {
                database.asEngine(connection -> {
                    if (installed.said().publishes()) {
                        publishes(connection, installed.type());
                    }
                    try (PreparedStatement delete = connection.prepareStatement(
                                    "delete from channel_endpoint_kind where channel = ? and kind <> all (?)");
                            PreparedStatement insert = connection.prepareStatement(
                                    "insert into channel_endpoint_kind values (?, ?) on conflict do nothing")) {
                        delete.setString(1, installed.type());
                        delete.setArray(
                                2,
                                connection.createArrayOf(
                                        "text", installed.endpointKinds().toArray()));
                        delete.executeUpdate();
                        for (String kind : installed.endpointKinds()) {
                            insert.setString(1, installed.type());
                            insert.setString(2, kind);
                            insert.executeUpdate();
                        }
                    }
                    return null;
                });
            }
        }
    }

    private static void publishes(Connection connection, String channel) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into channel_publishes values (?) on conflict do nothing")) {
            insert.setString(1, channel);
            insert.executeUpdate();
        }
    }
}
