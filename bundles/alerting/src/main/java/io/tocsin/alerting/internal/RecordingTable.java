package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Recordings.Recorded;
import io.tocsin.speech.api.Sound;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The tables {@code sound} and {@code recording}, read together; names are changed by {@link KeptNames}. */
final class RecordingTable {

    List<Recorded> all(Connection connection, int tenantId) throws SQLException {
        return read(connection, tenantId, Optional.empty());
    }

    Optional<Recorded> find(Connection connection, int tenantId, String slug) throws SQLException {
        return read(connection, tenantId, Optional.of(slug)).stream().findFirst();
    }

    private static List<Recorded> read(Connection connection, int tenantId, Optional<String> slug) throws SQLException {
        String sql =
                """
                select r.slug, r.name, r.sha256, octet_length(s.alaw), r.updated_by, r.updated_at
                from recording r join sound s on s.tenant_id = r.tenant_id and s.sha256 = r.sha256
                where r.tenant_id = ? and (?::text is null or r.slug = ?) order by r.slug
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setString(2, slug.orElse(null));
            statement.setString(3, slug.orElse(null));
            List<Recorded> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Recorded(
                            row.getString(1),
                            row.getString(2),
                            HexFormat.of().formatHex(row.getBytes(3)),
                            Duration.ofMillis(row.getInt(4) * 1_000L / Sound.RATE),
                            row.getString(5),
                            row.getTimestamp(6).toInstant()));
                }
            }
            return found;
        }
    }

    Optional<Sound> sound(Connection connection, int tenantId, String slug) throws SQLException {
        String sql =
                """
                select s.alaw from recording r join sound s on s.tenant_id = r.tenant_id and s.sha256 = r.sha256
                where r.tenant_id = ? and r.slug = ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setString(2, slug);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(Sound.of(row.getBytes(1))) : Optional.empty();
            }
        }
    }

    void keepSound(Connection connection, int tenantId, byte[] sha256, Sound sound) throws SQLException {
        String sql =
                """
                insert into sound (tenant_id, sha256, alaw) values (?, ?, ?)
                on conflict (tenant_id, sha256) do update set unused_since = null
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setBytes(2, sha256);
            statement.setBytes(3, sound.alaw());
            statement.executeUpdate();
        }
    }
}
