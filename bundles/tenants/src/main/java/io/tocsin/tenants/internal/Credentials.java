package io.tocsin.tenants.internal;

import io.tocsin.tenants.api.Authentication.ApiKey;
import io.tocsin.tenants.api.Authentication.KeyDescription;
import io.tocsin.tenants.api.Authentication.KeyOwner;
import io.tocsin.tenants.api.Role;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bearer tokens and API keys: 256 random bits each, of which only the SHA-256 is stored. A key is {@code tk_<id>_<secret>};
 * its id is public.
 */
final class Credentials {
    private static final Pattern BEARER = Pattern.compile("tb_[A-Za-z0-9_-]{43}");
    private static final Pattern KEY = Pattern.compile("tk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})");

    /** Of a tenant; else of an agency itself, or of the platform: a tenant's keys name its agency too. */
    private static final String OWNED =
            """
            (tenant_id = ? or ?::integer is null and tenant_id is null and agency_id is not distinct from ?)""";

    private final SecureRandom random = new SecureRandom();

    /** @param owner whom it belongs to; @param lastUsedAt as far as it was written down */
    record Key(String keyId, KeyOwner owner, Set<String> roles, Optional<Instant> lastUsedAt) {}

    /** What one sign-in began. */
    record Session(UUID id, Instant beganAt) {}

    static boolean isBearer(String text) {
        return BEARER.matcher(text).matches();
    }

    static boolean isKey(String text) {
        return KEY.matcher(text).matches();
    }

    Session newSession(Instant now) {
        return new Session(new UUID(random.nextLong(), random.nextLong()), now);
    }

    String newBearer() {
        return "tb_" + randomText();
    }

    ApiKey newKey() {
        byte[] id = new byte[8];
        random.nextBytes(id);
        String keyId = HexFormat.of().formatHex(id);
        return new ApiKey(keyId, "tk_" + keyId + "_" + randomText());
    }

    private String randomText() {
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    /** Clears the failures of a login; false if its password is no longer the one that was checked, or it was locked. */
    boolean unlock(Connection c, int userId, String passwordHash, Instant now) throws SQLException {
        String clearFailures =
                """
                update app_user set failed_logins = 0, locked_until = null
                where user_id = ? and password_hash = ? and state = 'active' and (locked_until is null or locked_until <= ?)""";
        try (PreparedStatement update = c.prepareStatement(clearFailures)) {
            update.setInt(1, userId);
            update.setString(2, passwordHash);
            update.setObject(3, at(now));
            return update.executeUpdate() == 1;
        }
    }

    /** One more failure, and the lock when there are enough; failures before an elapsed lock no longer count. */
    int countFailure(Connection c, int userId, int allowed, Instant lockUntil) throws SQLException {
        String countFailure =
                """
                update app_user
                set failed_logins = case when failed_logins >= ? then 1 else failed_logins + 1 end,
                    locked_until = case when failed_logins + 1 = ? then ?::timestamptz else null end
                where user_id = ?
                returning failed_logins""";
        try (PreparedStatement update = c.prepareStatement(countFailure)) {
            update.setInt(1, allowed);
            update.setInt(2, allowed);
            update.setObject(3, at(lockUntil));
            update.setInt(4, userId);
            try (ResultSet row = update.executeQuery()) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }

    void store(Connection c, String bearer, int userId, Session session, Instant now, Instant expires)
            throws SQLException {
        String forgetExpired = """
                delete from bearer_token where expires_at < ?""";
        try (PreparedStatement delete = c.prepareStatement(forgetExpired)) {
            delete.setObject(1, at(now));
            delete.executeUpdate();
        }
        String storeToken =
                """
                insert into bearer_token (token_hash, user_id, issued_at, expires_at, session_id, session_began_at)
                values (?, ?, ?, ?, ?, ?)""";
        try (PreparedStatement insert = c.prepareStatement(storeToken)) {
            insert.setBytes(1, sha256(bearer));
            insert.setInt(2, userId);
            insert.setObject(3, at(now));
            insert.setObject(4, at(expires));
            insert.setObject(5, session.id());
            insert.setObject(6, at(session.beganAt()));
            insert.executeUpdate();
        }
    }

    Optional<Session> session(Connection c, String bearer) throws SQLException {
        String findSession =
                """
                select session_id, session_began_at from bearer_token where token_hash = ?""";
        try (PreparedStatement select = c.prepareStatement(findSession)) {
            select.setBytes(1, sha256(bearer));
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Session(
                                row.getObject(1, UUID.class), instant(row, 2).orElseThrow()))
                        : Optional.empty();
            }
        }
    }

    Optional<Integer> user(Connection c, String bearer, Instant now) throws SQLException {
        String findToken =
                """
                select user_id from bearer_token where token_hash = ? and expires_at > ?""";
        try (PreparedStatement select = c.prepareStatement(findToken)) {
            select.setBytes(1, sha256(bearer));
            select.setObject(2, at(now));
            return firstInt(select);
        }
    }

    /** As {@link #user}; whoever changes that user's password waits until this transaction is over, or is waited for. */
    Optional<Integer> heldUser(Connection c, String bearer, Instant now) throws SQLException {
        String holdUser =
                """
                select u.user_id from bearer_token t join app_user u on u.user_id = t.user_id
                where t.token_hash = ? and t.expires_at > ? for share of u""";
        try (PreparedStatement select = c.prepareStatement(holdUser)) {
            select.setBytes(1, sha256(bearer));
            select.setObject(2, at(now));
            return firstInt(select);
        }
    }

    /** Ends the whole session of a token; whose it was. */
    Optional<Integer> remove(Connection c, String bearer) throws SQLException {
        String removeSession =
                """
                delete from bearer_token
                where session_id = (select session_id from bearer_token where token_hash = ?)
                returning user_id""";
        try (PreparedStatement delete = c.prepareStatement(removeSession)) {
            delete.setBytes(1, sha256(bearer));
            return firstInt(delete);
        }
    }

    /** @param agencyId of the owner, or of the owner's agency when that is a tenant */
    void store(
            Connection c,
            ApiKey key,
            KeyOwner owner,
            Optional<Integer> agencyId,
            String label,
            Set<Role> roles,
            Optional<Instant> expires,
            Instant now)
            throws SQLException {
        String storeKey =
                """
                insert into api_key (key_id, agency_id, tenant_id, label, secret_hash, roles, created_at, expires_at)
                values (?, ?, ?, ?, ?, ?, ?, ?)""";
        try (PreparedStatement insert = c.prepareStatement(storeKey)) {
            insert.setString(1, key.keyId());
            insert.setObject(2, agencyId.orElse(null), Types.INTEGER);
            insert.setObject(3, owner.tenantId().orElse(null), Types.INTEGER);
            insert.setString(4, label);
            insert.setBytes(5, sha256(key.secret()));
            insert.setArray(
                    6,
                    c.createArrayOf(
                            "text", roles.stream().map(Role::word).sorted().toArray()));
            insert.setObject(7, at(now));
            insert.setObject(8, expires.map(Credentials::at).orElse(null));
            insert.executeUpdate();
        }
    }

    /** The key, if its secret is the right one (compared in constant time) and it is neither revoked nor expired. */
    Optional<Key> key(Connection c, String text, Instant now) throws SQLException {
        Matcher parts = KEY.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String findKey =
                """
                select secret_hash, tenant_id, agency_id, roles, last_used_at from api_key
                where key_id = ? and revoked_at is null and (expires_at is null or expires_at > ?)""";
        try (PreparedStatement select = c.prepareStatement(findKey)) {
            select.setString(1, parts.group(1));
            select.setObject(2, at(now));
            try (ResultSet row = select.executeQuery()) {
                boolean found = row.next();
                byte[] stored = found ? row.getBytes(1) : new byte[32];
                return MessageDigest.isEqual(stored, sha256(text)) && found
                        ? Optional.of(new Key(parts.group(1), owner(row), texts(row, 4), instant(row, 5)))
                        : Optional.empty();
            }
        }
    }

    private static KeyOwner owner(ResultSet row) throws SQLException {
        Integer tenant = row.getObject("tenant_id", Integer.class);
        Integer agency = row.getObject("agency_id", Integer.class);
        return tenant != null
                ? KeyOwner.tenant(tenant)
                : agency != null ? KeyOwner.agency(agency) : KeyOwner.platform();
    }

    void used(Connection c, String keyId, Instant now) throws SQLException {
        String noteUse =
                """
                update api_key set last_used_at = ? where key_id = ? and (last_used_at is null or last_used_at < ?)""";
        try (PreparedStatement update = c.prepareStatement(noteUse)) {
            update.setObject(1, at(now));
            update.setString(2, keyId);
            update.setObject(3, at(now));
            update.executeUpdate();
        }
    }

    boolean revoke(Connection c, KeyOwner owner, String keyId, Instant now) throws SQLException {
        String revokeKey =
                """
                update api_key set revoked_at = ? where key_id = ? and revoked_at is null and\s"""
                        + OWNED;
        try (PreparedStatement update = c.prepareStatement(revokeKey)) {
            update.setObject(1, at(now));
            update.setString(2, keyId);
            owned(update, 3, owner);
            return update.executeUpdate() == 1;
        }
    }

    List<KeyDescription> keys(Connection c, KeyOwner owner) throws SQLException {
        String listKeys =
                """
                select key_id, label, roles, created_at, expires_at, revoked_at, last_used_at from api_key
                where\s"""
                        + OWNED + " order by created_at, key_id";
        try (PreparedStatement select = c.prepareStatement(listKeys)) {
            owned(select, 1, owner);
            List<KeyDescription> keys = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Set<Role> roles = new TreeSet<>();
                    texts(row, 3).forEach(word -> roles.add(Role.of(word)));
                    keys.add(new KeyDescription(
                            row.getString(1),
                            row.getString(2),
                            Set.copyOf(roles),
                            instant(row, 4).orElseThrow(),
                            instant(row, 5),
                            instant(row, 6),
                            instant(row, 7)));
                }
            }
            return List.copyOf(keys);
        }
    }

    private static void owned(PreparedStatement statement, int first, KeyOwner owner) throws SQLException {
        statement.setObject(first, owner.tenantId().orElse(null), Types.INTEGER);
        statement.setObject(first + 1, owner.tenantId().orElse(null), Types.INTEGER);
        statement.setObject(first + 2, owner.agencyId().orElse(null), Types.INTEGER);
    }

    private static Optional<Integer> firstInt(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(row.getInt(1)) : Optional.empty();
        }
    }

    private static Set<String> texts(ResultSet row, int column) throws SQLException {
        return Set.of((String[]) row.getArray(column).getArray());
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
