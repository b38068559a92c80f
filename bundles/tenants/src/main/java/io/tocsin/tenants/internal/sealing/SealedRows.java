package io.tocsin.tenants.internal.sealing;

import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.tenants.internal.sealing.Seal.Closed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is sealed, in the caller's transaction, which is the engine's. */
public final class SealedRows {
    private static final String SELECT =
            "select account_id, setting, key_id, nonce, sealed, since, typed_by from sealed_secret";

    private SealedRows() {}

    /** @param since when it was typed @param by who typed it */
    record Row(int accountId, String setting, Closed closed, Instant since, String by) {}

    /** Which settings of an account are sealed. */
    public static Set<String> settings(Connection c, int accountId) {
        return new TreeSet<>(of(c, accountId).keySet());
    }

    /**
     * Nothing stays sealed of an account.
     *
     * @return what was
     */
    public static List<String> forgetAll(Connection c, int accountId) {
        return sql(() -> {
            try (PreparedStatement delete =
                    c.prepareStatement("delete from sealed_secret where account_id = ? returning setting")) {
                delete.setInt(1, accountId);
                List<String> forgotten = new ArrayList<>();
                try (ResultSet rows = delete.executeQuery()) {
                    while (rows.next()) {
                        forgotten.add(rows.getString(1));
                    }
                }
                return forgotten.stream().sorted().toList();
            }
        });
    }

    static boolean forget(Connection c, int accountId, String setting) {
        return sql(() -> {
            try (PreparedStatement delete =
                    c.prepareStatement("delete from sealed_secret where account_id = ? and setting = ?")) {
                delete.setInt(1, accountId);
                delete.setString(2, setting);
                return delete.executeUpdate() == 1;
            }
        });
    }

    /** By setting. */
    static Map<String, Row> of(Connection c, int accountId) {
        return of(c, List.of(accountId)).getOrDefault(accountId, Map.of());
    }

    /** By account and setting. */
    static Map<Integer, Map<String, Row>> of(Connection c, Collection<Integer> accountIds) {
        return sql(() -> {
            try (PreparedStatement select = c.prepareStatement(SELECT + " where account_id = any (?)")) {
                select.setArray(1, c.createArrayOf("integer", accountIds.toArray()));
                return read(select);
            }
        });
    }

    static Map<Integer, Map<String, Row>> all(Connection c) {
        return sql(() -> {
            try (PreparedStatement select = c.prepareStatement(SELECT)) {
                return read(select);
            }
        });
    }

    private static Map<Integer, Map<String, Row>> read(PreparedStatement select) throws SQLException {
        Map<Integer, Map<String, Row>> found = new HashMap<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                Row row = new Row(
                        rows.getInt(1),
                        rows.getString(2),
                        new Closed(rows.getString(3), rows.getBytes(4), rows.getBytes(5)),
                        rows.getObject(6, OffsetDateTime.class).toInstant(),
                        rows.getString(7));
                found.computeIfAbsent(row.accountId(), id -> new TreeMap<>()).put(row.setting(), row);
            }
        }
        return found;
    }

    /** Under which key each is, by account and setting. */
    static Map<Integer, Map<String, String>> keys(Connection c) {
        return sql(() -> {
            Map<Integer, Map<String, String>> found = new HashMap<>();
            try (PreparedStatement select =
                            c.prepareStatement("select account_id, setting, key_id from sealed_secret");
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.computeIfAbsent(rows.getInt(1), id -> new TreeMap<>())
                            .put(rows.getString(2), rows.getString(3));
                }
            }
            return found;
        });
    }

    /** One of the keys that something is sealed under. */
    static Optional<String> anyKey(Connection c) {
        return sql(() -> {
            try (PreparedStatement select = c.prepareStatement("select max(key_id) from sealed_secret");
                    ResultSet row = select.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getString(1));
            }
        });
    }

    static void put(Connection c, CarrierAccount account, String setting, Closed closed, Instant since, String by) {
        sql(() -> {
            try (PreparedStatement insert = c.prepareStatement(
                    """
                    insert into sealed_secret
                      (account_id, agency_id, tenant_id, setting, key_id, nonce, sealed, since, typed_by)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    on conflict (account_id, setting) do update
                    set key_id = excluded.key_id, nonce = excluded.nonce, sealed = excluded.sealed,
                        since = excluded.since, typed_by = excluded.typed_by
                    """)) {
                insert.setInt(1, account.id());
                insert.setInt(2, account.agencyId());
                insert.setObject(3, account.tenantId().orElse(null), Types.INTEGER);
                insert.setString(4, setting);
                insert.setString(5, closed.keyId());
                insert.setBytes(6, closed.nonce());
                insert.setBytes(7, closed.sealed());
                insert.setObject(8, since.atOffset(ZoneOffset.UTC));
                insert.setString(9, by);
                return insert.executeUpdate();
            }
        });
    }

    /** @return whether it was still there as it was read */
    static boolean sealedAnew(Connection c, Row read, Closed closed) {
        return sql(() -> {
            try (PreparedStatement update = c.prepareStatement(
                    """
                    update sealed_secret set key_id = ?, nonce = ?, sealed = ?
                    where account_id = ? and setting = ? and nonce = ?
                    """)) {
                update.setString(1, closed.keyId());
                update.setBytes(2, closed.nonce());
                update.setBytes(3, closed.sealed());
                update.setInt(4, read.accountId());
                update.setString(5, read.setting());
                update.setBytes(6, read.closed().nonce());
                return update.executeUpdate() == 1;
            }
        });
    }

    private interface Query<T> {
        T run() throws SQLException;
    }

    private static <T> T sql(Query<T> query) {
        try {
            return query.run();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }
}
