package io.tocsin.routing.internal.engine;

import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.internal.engine.AttemptRows.Mark;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one group after another, each exactly once, one attempt a {@link #step}. A group whose commit was not answered is
 * asked for by its mark before anything else is tried; one the ledger refuses is split until the poisonous item is alone,
 * which is set aside. Not thread-safe, but for {@link #stuck}.
 */
final class GroupWriting<T> {
    private static final Logger LOG = LoggerFactory.getLogger(GroupWriting.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** What is done with a group. */
    interface Writer<T> {

        /**
         * Writes a group and its mark in one transaction. Without items: only the mark.
         *
         * @throws DatabaseException when it was refused, or when it is not known whether it was committed
         */
        void write(List<T> group, Mark mark);

        /** Whether the latest group committed by the mark's appender is this one. */
        boolean committed(Mark mark);

        /** The group is committed. */
        void durable(List<T> group);

        /** As {@link #write}, for one item the ledger refused: keeps its name and the reason instead. */
        void setAside(T item, DatabaseException why, Mark mark);
    }

    /** Whose groups these are: this run of this node, this appender. */
    private final UUID appender = UUID.randomUUID();

    private final Writer<T> writer;
    private final Deque<List<T>> parts = new ArrayDeque<>();
    private boolean introduced;
    private long groups;
    private Mark unanswered;
    private DatabaseException refusal;
    private Duration pause = FIRST_PAUSE;
    private volatile boolean stuck;

    GroupWriting(Writer<T> writer) {
        this.writer = writer;
    }

    /** Whether nothing is left to be written of what was taken. */
    boolean idle() {
        return parts.isEmpty();
    }

    /** Whether the database is away just now. */
    boolean stuck() {
        return stuck;
    }

    void take(List<T> group) {
        parts.add(List.copyOf(group));
    }

    /** Makes one attempt at what was taken. @return how long to wait before the next */
    Duration step() {
        try {
            if (!introduced) {
                // The mark is there before the first group, so that asking for it waits for whoever is writing it.
                writer.write(List.of(), new Mark(appender, 0));
                introduced = true;
            }
            if (unanswered != null) {
                boolean committed = writer.committed(unanswered);
                unanswered = null;
                if (committed) {
                    written();
                    return Duration.ZERO;
                }
            }
        } catch (DatabaseException e) {
            return waiting(e);
        }
        return attempt(parts.element());
    }

    private Duration attempt(List<T> part) {
        Mark mark = new Mark(appender, ++groups);
        try {
            if (refusal == null) {
                writer.write(part, mark);
            } else {
                writer.setAside(part.get(0), refusal, mark);
            }
        } catch (DatabaseException e) {
            if (refusesRows(e)) {
                refused(part, e);
                return Duration.ZERO;
            }
            // A connection may die between our commit and its answer: the mark that went with it will say which it was.
            unanswered = mark;
            return waiting(e);
        }
        written();
        return Duration.ZERO;
    }

    private void written() {
        stuck = false;
        pause = FIRST_PAUSE;
        refusal = null;
        writer.durable(parts.remove());
    }

    private Duration waiting(DatabaseException e) {
        stuck = true;
        LOG.warn(
                "record.waiting sqlState={} group={}",
                e.sqlState(),
                parts.element().size());
        Duration now = pause;
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        return now;
    }

    private void refused(List<T> part, DatabaseException why) {
        if (part.size() > 1) {
            parts.remove();
            parts.addFirst(part.subList(part.size() / 2, part.size()));
            parts.addFirst(part.subList(0, part.size() / 2));
        } else if (refusal == null) {
            LOG.error("record.set-aside sqlState={}", why.sqlState());
            refusal = why;
        } else {
            LOG.error("record.not-even-set-aside sqlState={}", why.sqlState());
            written();
        }
    }

    /** Errors of the rows themselves (bad text, a key, too long, …), as opposed to a database that is away or busy. */
    private static boolean refusesRows(DatabaseException e) {
        return e.sqlState().startsWith("22")
                || e.sqlState().startsWith("23")
                || e.sqlState().startsWith("42")
                || e.sqlState().startsWith("54");
    }
}
