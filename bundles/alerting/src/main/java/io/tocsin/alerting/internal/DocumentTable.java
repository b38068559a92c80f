package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Documents.Document;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The tables {@code document_content} and {@code document}, read together; names are changed by {@link KeptNames}. */
final class DocumentTable {

    List<Document> all(Connection connection, int tenantId) throws SQLException {
        return read(connection, tenantId, Optional.empty());
    }

    Optional<Document> find(Connection connection, int tenantId, String slug) throws SQLException {
        return read(connection, tenantId, Optional.of(slug)).stream().findFirst();
    }

    private static List<Document> read(Connection connection, int tenantId, Optional<String> slug) throws SQLException {
        String sql =
                """
                select d.slug, d.name, d.sha256, c.pages, octet_length(c.pdf), d.updated_by, d.updated_at
                from document d join document_content c on c.tenant_id = d.tenant_id and c.sha256 = d.sha256
                where d.tenant_id = ? and (?::text is null or d.slug = ?) order by d.slug
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setString(2, slug.orElse(null));
            statement.setString(3, slug.orElse(null));
            List<Document> found = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Document(
                            row.getString(1),
                            row.getString(2),
                            HexFormat.of().formatHex(row.getBytes(3)),
                            row.getInt(4),
                            row.getLong(5),
                            row.getString(6),
                            row.getTimestamp(7).toInstant()));
                }
            }
            return found;
        }
    }

    /** @throws IOException when the file cannot be read */
    void keep(Connection connection, int tenantId, byte[] sha256, Path pdf, int pages)
            throws SQLException, IOException {
        String sql =
                """
                insert into document_content (tenant_id, sha256, pdf, pages) values (?, ?, ?, ?)
                on conflict (tenant_id, sha256) do update set unused_since = null
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql);
                InputStream in = Files.newInputStream(pdf)) {
            statement.setInt(1, tenantId);
            statement.setBytes(2, sha256);
            statement.setBinaryStream(3, in, Files.size(pdf));
            statement.setInt(4, pages);
            statement.executeUpdate();
        }
    }
}
