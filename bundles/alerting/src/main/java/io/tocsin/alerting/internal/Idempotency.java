package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Alerts.LaunchRequest;
import io.tocsin.alerting.api.Alerts.RelaunchRequest;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.routing.api.Ledger.OpenedWave;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The guard against sending twice what was meant once: the key is taken in the transaction of the launch, relaunch or
 * resumption itself, so one that was refused leaves it free, and of two at once the second waits for the first and then
 * sees what came of it.
 */
final class Idempotency {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final String FIELD = "idempotency-key";

    private Idempotency() {}

    /** What came of the first request with a key. @param wave the one that a relaunch opened */
    record Earlier(long alertId, Optional<OpenedWave> wave) {}

    /**
     * Takes the key.
     *
     * @return what came of this request before; empty: the key is ours now
     * @throws LaunchRefusedException if the key was used for another request
     */
    static Optional<Earlier> take(Connection connection, int tenantId, String key, byte[] requestHash)
            throws SQLException {
        if (!KEY.matcher(key).matches()) {
            throw refused("must be 1 to 255 visible ASCII characters");
        }
        for (int look = 1; look <= 2; look++) {
            if (isOurs(connection, tenantId, key, requestHash)) {
                return Optional.empty();
            }
            Optional<Earlier> earlier = earlier(connection, tenantId, key, requestHash);
            if (earlier.isPresent()) {
                return earlier;
            }
            // it was old, and forgotten between the two statements: now it is free
        }
        throw refused("is in use just now; try again");
    }

    private static boolean isOurs(Connection connection, int tenantId, String key, byte[] requestHash)
            throws SQLException {
        String take =
                """
                insert into idempotency (tenant_id, key, request_hash) values (?, ?, ?)
                on conflict (tenant_id, key) do nothing
                """;
        try (PreparedStatement statement = connection.prepareStatement(take)) {
            statement.setInt(1, tenantId);
            statement.setString(2, key);
            statement.setBytes(3, requestHash);
            return statement.executeUpdate() == 1;
        }
    }

    private static Optional<Earlier> earlier(Connection connection, int tenantId, String key, byte[] requestHash)
            throws SQLException {
        String taken =
                """
                select request_hash, alert_id, wave_no, targets from idempotency where tenant_id = ? and key = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(taken)) {
            statement.setInt(1, tenantId);
            statement.setString(2, key);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                if (!Arrays.equals(row.getBytes(1), requestHash)) {
                    throw refused("was already used for another request; use a new key for each one you mean");
                }
                Optional<OpenedWave> wave = row.getObject(3) == null
                        ? Optional.empty()
                        : Optional.of(new OpenedWave(row.getInt(3), row.getInt(4)));
                return Optional.of(new Earlier(row.getLong(2), wave));
            }
        }
    }

    static void bind(Connection connection, int tenantId, String key, long alertId, Optional<OpenedWave> wave)
            throws SQLException {
        String sql =
                """
                update idempotency set alert_id = ?, wave_no = ?, targets = ? where tenant_id = ? and key = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, alertId);
            statement.setObject(2, wave.map(OpenedWave::waveNo).orElse(null), Types.INTEGER);
            statement.setObject(3, wave.map(OpenedWave::targets).orElse(null), Types.INTEGER);
            statement.setInt(4, tenantId);
            statement.setString(5, key);
            statement.executeUpdate();
        }
    }

    /** The same for requests that mean the same; every part is length-prefixed so that no two requests run together. */
    static byte[] hash(LaunchDesk.Order order) {
        LaunchRequest request = order.request();
        StringBuilder canonical = new StringBuilder();
        order.only().ifPresent(contact -> part(canonical.append("only"), Long.toString(contact)));
        order.following().ifPresent(first -> {
            part(canonical.append("following"), Long.toString(first.alertId()));
            part(canonical, first.kind().word());
            part(canonical, first.whom().word());
            order.draft().ifPresent(made -> new TreeMap<>(made.messages()).forEach((language, messages) -> {
                part(canonical, language);
                new TreeMap<>(messages).forEach((channel, message) -> {
                    part(canonical, channel);
                    part(canonical, message.text());
                });
            }));
        });
        part(canonical, request.scenario());
        part(canonical, Boolean.toString(request.drill()));
        new TreeMap<>(request.variables()).forEach((name, value) -> {
            part(canonical, name);
            part(canonical, value);
        });
        request.lists().ifPresent(lists -> {
            canonical.append("lists");
            lists.forEach(list -> part(canonical, list));
        });
        request.patience().ifPresent(patience -> canonical.append("patience").append(patience));
        return hash(canonical);
    }

    static byte[] hash(long alertId, RelaunchRequest request) {
        StringBuilder canonical = new StringBuilder("relaunch");
        part(canonical, Long.toString(alertId));
        request.states().stream().distinct().sorted().forEach(state -> part(canonical, state.name()));
        part(canonical, request.channel());
        part(canonical, request.patience().toString());
        return hash(canonical);
    }

    static byte[] hashOfResumption(long alertId) {
        return hash(new StringBuilder("resume").append(alertId));
    }

    private static byte[] hash(StringBuilder canonical) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void part(StringBuilder canonical, String text) {
        canonical.append(text.length()).append(':').append(text);
    }

    private static LaunchRefusedException refused(String problem) {
        return new LaunchRefusedException(List.of(new Problem(FIELD, problem)));
    }
}
