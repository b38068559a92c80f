package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes items in groups closed by size or age, one transaction each, in order, exactly once. While the database is away
 * items wait in memory; a group it refuses is split until the poisonous item is alone, which is set aside.
 */
final class GroupAppender<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupAppender.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** What is done with a group. Both methods run on the appender's thread. */
    interface Writer<T> {
        void write(Connection connection, List<T> group) throws SQLException;

        void durable(List<T> group);

        void setAside(T item, DatabaseException why);
    }

    /** Whose groups these are: this run of this node, this appender. */
    private final UUID appender = UUID.randomUUID();

    private final Database database;
    private final Writer<T> writer;
    private final int size;
    private final long ageNanos;
    private final BlockingQueue<T> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private long groups;
    private volatile boolean closing;
    private volatile boolean stuck;

    GroupAppender(String name, Database database, int size, Duration age, Writer<T> writer) {
        this.database = database;
        this.writer = writer;
        this.size = size;
        this.ageNanos = age.toNanos();
        this.thread = new Thread(this::run, name);
    }

    void start() {
        thread.start();
    }

    void add(T item) {
        queue.add(item);
    }

    /** Items not yet durable, roughly. */
    int backlog() {
        return queue.size();
    }

    /** Whether the database is away just now. */
    boolean stuck() {
        return stuck;
    }

    /** Stops once everything added before is durable, or after the time given; what is left then is lost to this node. */
    boolean close(Duration limit) {
        closing = true;
        try {
            thread.join(Math.max(1, limit.toMillis()));
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return queue.isEmpty();
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(10));
    }

    private void run() {
        List<T> group = new ArrayList<>(size);
        try {
            while (true) {
                T first = queue.poll(50, TimeUnit.MILLISECONDS);
                if (first == null) {
                    if (closing) {
                        return;
                    }
                    continue;
                }
                if (groups == 0) {
                    introduce();
                }
                group.add(first);
                gather(group);
                append(group);
                group.clear();
            }
        } catch (InterruptedException e) {
            LOG.warn("record.interrupted left={}", queue.size() + group.size());
            Thread.currentThread().interrupt();
        }
    }

    private void gather(List<T> group) throws InterruptedException {
        long closesAt = System.nanoTime() + ageNanos;
        while (group.size() < size) {
            queue.drainTo(group, size - group.size());
            long left = closesAt - System.nanoTime();
            if (group.size() >= size || left <= 0 || closing) {
                return;
            }
            T next = queue.poll(left, TimeUnit.NANOSECONDS);
            if (next != null) {
                group.add(next);
            }
        }
    }

    private void append(List<T> group) throws InterruptedException {
        Optional<DatabaseException> refusal = write(group);
        if (refusal.isEmpty()) {
            writer.durable(group);
        } else if (group.size() == 1) {
            LOG.error("record.set-aside sqlState={}", refusal.get().sqlState());
            writer.setAside(group.get(0), refusal.get());
        } else {
            append(group.subList(0, group.size() / 2));
            append(group.subList(group.size() / 2, group.size()));
        }
    }

    /** Writes a group, waiting for the database as long as it takes. @return why the database refuses the rows, if it does */
    private Optional<DatabaseException> write(List<T> group) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            long number = ++groups;
            try {
                database.asEngine(connection -> {
                    mark(connection, number);
                    writer.write(connection, group);
                    return null;
                });
                stuck = false;
                return Optional.empty();
            } catch (DatabaseException e) {
                if (refusesRows(e)) {
                    return Optional.of(e);
                }
                stuck = true;
                LOG.warn("record.waiting sqlState={} group={} backlog={}", e.sqlState(), group.size(), queue.size());
                Thread.sleep(pause.toMillis());
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                if (committed(number)) {
                    stuck = false;
                    return Optional.empty();
                }
            }
        }
    }

    /** Errors of the rows themselves (bad text, a key, too long, …), as opposed to a database that is away or busy. */
    private static boolean refusesRows(DatabaseException e) {
        return e.sqlState().startsWith("22")
                || e.sqlState().startsWith("23")
                || e.sqlState().startsWith("42")
                || e.sqlState().startsWith("54");
    }

    /** The mark is there before the first group, so that asking for it waits for whoever is writing it. */
    private void introduce() throws InterruptedException {
        while (true) {
            try {
                database.asEngine(connection -> {
                    mark(connection, 0);
                    return null;
                });
                return;
            } catch (DatabaseException e) {
                stuck = true;
                LOG.warn("record.waiting sqlState={} group=0 backlog={}", e.sqlState(), queue.size());
                Thread.sleep(LONGEST_PAUSE.toMillis());
            }
        }
    }

    private void mark(Connection connection, long number) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                insert into appended_group (appender, last, at) values (?, ?, now())
                on conflict (appender) do update set last = excluded.last, at = excluded.at
                """)) {
            update.setObject(1, appender);
            update.setLong(2, number);
            update.executeUpdate();
        }
    }

    /**
     * A connection may die between our commit and its answer: the mark that went with the group says which it was. Asked
     * until the database answers.
     */
    private boolean committed(long number) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return database.asEngine(connection -> {
                    try (PreparedStatement query = connection.prepareStatement(
                            "select last from appended_group where appender = ? for update")) {
                        query.setObject(1, appender);
                        try (ResultSet row = query.executeQuery()) {
                            return row.next() && row.getLong(1) == number;
                        }
                    }
                });
            } catch (DatabaseException e) {
                LOG.debug("record.still-waiting sqlState={}", e.sqlState());
            }
            Thread.sleep(pause.toMillis());
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }
}
