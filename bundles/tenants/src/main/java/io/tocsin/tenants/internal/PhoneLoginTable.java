package io.tocsin.tenants.internal;

import io.tocsin.tenants.api.PhoneLogins.PhoneLogin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** Rows of {@code phone_login}, read and written as the engine. */
final class PhoneLoginTable {

    /** @param failures with this try, which counts as one until it is cleared */
    record Try(int userId, String pinHash, int failures) {
        /** Without the hash. */
        @Override
        public String toString() {
            return "Try[" + userId + "]";
        }
    }

    /**
     * Counts a try before the PIN is looked at, so that no number of calls at once has more of them than allowed; the last one
     * allowed locks. Failures before an elapsed lock no longer count.
     *
     * @return empty: nobody has this ID, or it is locked
     */
    Optional<Try> takeTry(Connection c, String phoneId, Instant now, int allowed, Duration lock) throws SQLException {
        String takeTry =
                """
                update phone_login
                set failures = case when failures >= ? then 1 else failures + 1 end,
                    locked_until = case when failures + 1 = ? then ?::timestamptz else null end
                where phone_id = ? and (locked_until is null or locked_until <= ?)
                returning user_id, pin_hash, failures""";
        try (PreparedStatement update = c.prepareStatement(takeTry)) {
            update.setInt(1, allowed);
            update.setInt(2, allowed);
            update.setObject(3, at(now.plus(lock)));
            update.setString(4, phoneId);
            update.setObject(5, at(now));
            try (ResultSet row = update.executeQuery()) {
                return row.next()
                        ? Optional.of(new Try(row.getInt(1), row.getString(2), row.getInt(3)))
                        : Optional.empty();
            }
        }
    }

    /** @return false if the PIN is no longer the one that was checked */
    boolean clearTries(Connection c, int userId, String pinHash) throws SQLException {
        String clearTries =
                """
                update phone_login set failures = 0, locked_until = null where user_id = ? and pin_hash = ?""";
        try (PreparedStatement update = c.prepareStatement(clearTries)) {
            update.setInt(1, userId);
            update.setString(2, pinHash);
            return update.executeUpdate() == 1;
        }
    }

    Optional<PhoneLogin> find(Connection c, int userId, Instant now) throws SQLException {
        String find =
                """
                select phone_id, changed_at, locked_until from phone_login where user_id = ?""";
        try (PreparedStatement select = c.prepareStatement(find)) {
            select.setInt(1, userId);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                Optional<Instant> locked = Optional.ofNullable(row.getObject(3, OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant)
                        .filter(until -> until.isAfter(now));
                Instant changed = row.getObject(2, OffsetDateTime.class).toInstant();
                return Optional.of(new PhoneLogin(row.getString(1), changed, locked));
            }
        }
    }

    boolean isTaken(Connection c, String phoneId) throws SQLException {
        try (PreparedStatement select = c.prepareStatement("select from phone_login where phone_id = ?")) {
            select.setString(1, phoneId);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Sets or replaces somebody's; @return false if the ID is somebody else's, also when they took it just now. */
    boolean put(Connection c, int userId, String phoneId, String pinHash, Instant now) throws SQLException {
        String makeRoom = """
                delete from phone_login where user_id = ?""";
        String put =
                """
                insert into phone_login (user_id, phone_id, pin_hash, changed_at) values (?, ?, ?, ?)
                on conflict do nothing""";
        try (PreparedStatement delete = c.prepareStatement(makeRoom);
                PreparedStatement insert = c.prepareStatement(put)) {
            delete.setInt(1, userId);
            delete.executeUpdate();
            insert.setInt(1, userId);
            insert.setString(2, phoneId);
            insert.setString(3, pinHash);
            insert.setObject(4, at(now));
            return insert.executeUpdate() == 1;
        }
    }

    boolean remove(Connection c, int userId) throws SQLException {
        try (PreparedStatement delete = c.prepareStatement("delete from phone_login where user_id = ?")) {
            delete.setInt(1, userId);
            return delete.executeUpdate() == 1;
        }
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
