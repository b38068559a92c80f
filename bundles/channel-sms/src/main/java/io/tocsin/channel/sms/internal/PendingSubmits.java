package io.tocsin.channel.sms.internal;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The submits of one connection that wait for a response, by sequence number, and for a while those that waited too long.
 * Every submit waits as long as the others, so the eldest is overdue first. Used on the connection's event loop only.
 */
final class PendingSubmits {
    private static final int MOST_LATE = 10_000;

    /** Of a submit that was given up: who it was for. */
    record Late(String reference, String address) {}

    /** A submission whose next segment is on its way; {@code written} once the kernel has all of it. */
    static final class Pending {
        private final Submission submission;
        private boolean written;

        private Pending(Submission submission) {
            this.submission = submission;
        }

        Submission submission() {
            return submission;
        }

        boolean written() {
            return written;
        }

        void setWritten() {
            written = true;
        }
    }

    private final Map<Integer, Pending> pending = new LinkedHashMap<>();
    private final Map<Integer, Late> late = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Late> eldest) {
            return size() > MOST_LATE;
        }
    };

    int size() {
        return pending.size();
    }

    Pending add(int sequence, Submission submission) {
        Pending one = new Pending(submission);
        pending.put(sequence, one);
        return one;
    }

    /** Takes back what could not be written; false if it has ended otherwise. */
    boolean remove(int sequence, Pending one) {
        return pending.remove(sequence, one);
    }

    /** The submission a response answers; it waits no more. */
    Optional<Submission> answered(int sequence) {
        return Optional.ofNullable(pending.remove(sequence)).map(Pending::submission);
    }

    /** The submission a response answers too late. */
    Optional<Late> answeredLate(int sequence) {
        return Optional.ofNullable(late.remove(sequence));
    }

    /** Takes out what has had its time, and remembers it for a late response. */
    List<Submission> takeOverdue(long nanoTime) {
        List<Submission> overdue = new ArrayList<>();
        for (Iterator<Map.Entry<Integer, Pending>> it = pending.entrySet().iterator(); it.hasNext(); ) {
            Map.Entry<Integer, Pending> eldest = it.next();
            Submission submission = eldest.getValue().submission;
            if (nanoTime - submission.deadline() < 0) {
                break;
            }
            it.remove();
            late.put(eldest.getKey(), new Late(submission.reference(), submission.address()));
            overdue.add(submission);
        }
        return overdue;
    }

    List<Pending> takeAll() {
        List<Pending> all = new ArrayList<>(pending.values());
        pending.clear();
        return all;
    }
}
