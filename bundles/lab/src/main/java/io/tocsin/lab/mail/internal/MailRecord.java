package io.tocsin.lab.mail.internal;

import io.tocsin.lab.mail.ReceivedMail;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who got what, within bounds: counts by recipient, a digest of each mail's id, the last few mails. Thread-safe. */
final class MailRecord {
    private static final int LAST = 500;

    private final int maxRecorded;
    private final Map<String, Integer> counts = new HashMap<>();
    private final Set<Long> ids = new HashSet<>();
    private final Deque<ReceivedMail> last = new ArrayDeque<>();
    private long accepted;
    private long duplicates;

    MailRecord(int maxRecorded) {
        this.maxRecorded = maxRecorded;
    }

    /** Returns how many mails the recipient has had, this one included; 1 for one who is no longer counted by name. */
    synchronized int add(ReceivedMail mail) {
        accepted++;
        last.addLast(mail);
        if (last.size() > LAST) {
            last.removeFirst();
        }
        if (counts.size() >= maxRecorded && !counts.containsKey(mail.recipient())) {
            return 1;
        }
        long id = 31L * mail.recipient().hashCode()
                + (long) DeliveryReport.messageId(mail).hashCode() * 0x9E3779B97F4A7C15L;
        if (ids.size() < 4 * maxRecorded && !ids.add(id)) {
            duplicates++;
        }
        return counts.merge(mail.recipient(), 1, Integer::sum);
    }

    synchronized int mailsTo(String recipient) {
        return counts.getOrDefault(recipient, 0);
    }

    synchronized List<ReceivedMail> last() {
        return List.copyOf(last);
    }

    synchronized long accepted() {
        return accepted;
    }

    synchronized long recipients() {
        return counts.size();
    }

    synchronized long duplicates() {
        return duplicates;
    }

    synchronized void reset() {
        counts.clear();
        ids.clear();
        last.clear();
        accepted = 0;
        duplicates = 0;
    }
}
