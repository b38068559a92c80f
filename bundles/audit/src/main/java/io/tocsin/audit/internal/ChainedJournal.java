package io.tocsin.audit.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.audit.verify.EntryHash;
import io.tocsin.audit.verify.Json;
import io.tocsin.persistence.api.DatabaseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The journal in PostgreSQL: one chain a tenant, its head locked while an entry is added. */
@Component(service = Journal.class)
public final class ChainedJournal implements Journal {
    private static final int PAGE = 1_000;

    private final Clock clock;

    @Activate
    public ChainedJournal() {
        this(Clock.systemUTC());
    }

    ChainedJournal(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void append(
            Connection connection,
            int tenantId,
            Actor actor,
            String action,
            String objectType,
            String objectId,
            Map<String, ?> details) {
        try {
            Head head = lockHead(connection, tenantId);
            // what PostgreSQL keeps of a timestamp: a finer one would hash differently when read again
            Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
            Stored entry = new Stored(
                    tenantId,
                    head.seq() + 1,
                    at,
                    Json.storable(actor.name()),
                    Json.storable(actor.door()),
                    Json.storable(actor.origin()),
                    Json.storable(action),
                    Json.storable(objectType),
                    Json.storable(objectId),
                    Json.canonical(Json.normal(details)),
                    head.hash());
            insert(connection, entry);
            moveHead(connection, entry);
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    @Override
    public List<Entry> read(Connection connection, int tenantId, long afterSeq, int limit) {
        try {
            List<Entry> entries = new ArrayList<>();
            for (Row row : rows(connection, tenantId, afterSeq, limit)) {
                entries.add(row.entry());
            }
            return entries;
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    @Override
    public List<Entry> find(Connection connection, int tenantId, Search search, Optional<Long> beforeSeq, int limit) {
        try (PreparedStatement statement = connection.prepareStatement(
                """
                select seq, at, actor, door, origin, action, object_type, object_id, details::text, previous, hash
                from journal
                where tenant_id = ?
                  and (?::bigint is null or seq < ?::bigint)
                  and (?::text is null or actor = ?::text)
                  and (?::text is null or action like ?::text)
                  and (?::text is null or object_type = ?::text)
                  and (?::text is null or object_id = ?::text)
                  and (?::timestamptz is null or at >= ?::timestamptz)
                  and (?::timestamptz is null or at < ?::timestamptz)
                order by seq desc limit ?
                """)) {
            statement.setInt(1, tenantId);
            int at = 2;
            for (Optional<?> wanted : List.of(
                    beforeSeq,
                    search.actor(),
                    search.action().map(ChainedJournal::pattern),
                    search.objectType(),
                    search.objectId(),
                    search.from(),
                    search.to())) {
                String text = wanted.map(Object::toString).orElse(null);
                statement.setString(at++, text);
                statement.setString(at++, text);
            }
            statement.setInt(at, limit);
            List<Entry> entries = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    entries.add(row(tenantId, row).entry());
                }
            }
            return entries;
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** A family ends with a dot; what else could be a pattern is meant as it is written. */
    private static String pattern(String action) {
        String literal = action.replaceAll("([\\\\%_])", "\\\\$1");
        return action.endsWith(".") ? literal + "%" : literal;
    }

    @Override
    public Optional<Long> firstBroken(Connection connection, int tenantId) {
        try {
            Scan scan = new Scan();
            if (!scan.follow(connection, tenantId)) {
                return Optional.of(scan.seq);
            }
            // the rest under the lock, so that an entry being added just now does not look like a forged head
            Head head = lockHead(connection, tenantId);
            if (!scan.follow(connection, tenantId)) {
                return Optional.of(scan.seq);
            }
            // entries cut off the end leave the head ahead of what is there; a rewound head leaves it behind
            boolean whole = head.seq() == scan.seq && Arrays.equals(head.hash(), scan.previous);
            return whole ? Optional.empty() : Optional.of(Math.min(scan.seq, head.seq()) + 1);
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** A walk along a chain, page by page, as far as it is whole. */
    private static final class Scan {
        private long seq;
        private byte[] previous = EntryHash.genesis();

        /** @return false if it broke at {@link #seq} */
        private boolean follow(Connection connection, int tenantId) throws SQLException {
            List<Row> page;
            do {
                page = rows(connection, tenantId, seq, PAGE);
                for (Row row : page) {
                    seq++;
                    if (row.stored().seq() != seq
                            || !Arrays.equals(row.stored().previous(), previous)
                            || !Arrays.equals(row.stored().computedHash(), row.hash())) {
                        return false;
                    }
                    previous = row.hash();
                }
            } while (page.size() == PAGE);
            return true;
        }
    }

    private static Head lockHead(Connection connection, int tenantId) throws SQLException {
        String begin =
                """
                insert into journal_head (tenant_id, seq, hash) values (?, 0, ?)
                on conflict (tenant_id) do nothing
                """;
        String lock = "select seq, hash from journal_head where tenant_id = ? for update";
        try (PreparedStatement locked = connection.prepareStatement(lock)) {
            locked.setInt(1, tenantId);
            Optional<Head> head = one(locked);
            if (head.isPresent()) {
                return head.get();
            }
            try (PreparedStatement begun = connection.prepareStatement(begin)) {
                begun.setInt(1, tenantId);
                begun.setBytes(2, EntryHash.genesis());
                begun.executeUpdate();
            }
            return one(locked).orElseThrow();
        }
    }

    private static Optional<Head> one(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(new Head(row.getLong(1), row.getBytes(2))) : Optional.empty();
        }
    }

    private static void insert(Connection connection, Stored entry) throws SQLException {
        String sql =
                """
                insert into journal (tenant_id, seq, at, actor, door, origin, action, object_type, object_id,
                                     details, previous, hash)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?)
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, entry.tenantId());
            statement.setLong(2, entry.seq());
            statement.setTimestamp(3, Timestamp.from(entry.at()));
            statement.setString(4, entry.actor());
            statement.setString(5, entry.door());
            statement.setString(6, entry.origin());
            statement.setString(7, entry.action());
            statement.setString(8, entry.objectType());
            statement.setString(9, entry.objectId());
            statement.setString(10, entry.details());
            statement.setBytes(11, entry.previous());
            statement.setBytes(12, entry.computedHash());
            statement.executeUpdate();
        }
    }

    private static void moveHead(Connection connection, Stored entry) throws SQLException {
        String sql = "update journal_head set seq = ?, hash = ? where tenant_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, entry.seq());
            statement.setBytes(2, entry.computedHash());
            statement.setInt(3, entry.tenantId());
            statement.executeUpdate();
        }
    }

    private static List<Row> rows(Connection connection, int tenantId, long afterSeq, int limit) throws SQLException {
        String sql =
                """
                select seq, at, actor, door, origin, action, object_type, object_id, details::text, previous, hash
                from journal where tenant_id = ? and seq > ? order by seq limit ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenantId);
            statement.setLong(2, afterSeq);
            statement.setInt(3, limit);
            List<Row> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(row(tenantId, row));
                }
            }
            return rows;
        }
    }

    /** The row under the cursor of a query with the columns of {@link #rows}. */
    static Row row(int tenantId, ResultSet row) throws SQLException {
        return new Row(
                new Stored(
                        tenantId,
                        row.getLong(1),
                        row.getTimestamp(2).toInstant(),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getString(8),
                        row.getString(9),
                        row.getBytes(10)),
                row.getBytes(11));
    }

    private record Head(long seq, byte[] hash) {}

    /** An entry with the hash that is stored beside it. */
    record Row(Stored stored, byte[] hash) {

        @SuppressWarnings("unchecked")
        Entry entry() {
            return new Entry(
                    stored.seq,
                    stored.at,
                    new Actor(stored.actor, stored.door, stored.origin),
                    stored.action,
                    stored.objectType,
                    stored.objectId,
                    (Map<String, Object>) Json.read(stored.details),
                    HexFormat.of().formatHex(hash));
        }
    }

    /** What is hashed of an entry, and the hash it follows. */
    record Stored(
            int tenantId,
            long seq,
            Instant at,
            String actor,
            String door,
            String origin,
            String action,
            String objectType,
            String objectId,
            String details,
            byte[] previous) {

        byte[] computedHash() {
            return EntryHash.of(previous, canonical());
        }

        Map<String, Object> canonical() {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("tenant", tenantId);
            entry.put("seq", seq);
            entry.put("at", at.toString());
            entry.put("actor", actor);
            entry.put("door", door);
            entry.put("origin", origin);
            entry.put("action", action);
            entry.put("objectType", objectType);
            entry.put("objectId", objectId);
            entry.put("details", Json.read(details));
            return entry;
        }
    }
}
