package io.tocsin.lab.mail.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** The one mailbox of the server, in memory: mails by ascending uid (RFC 3501, 2.3.1.1), within bounds. Thread-safe. */
final class BounceMailbox {
    private static final int READ_KEPT = 5_000;
    private static final int MOST = 200_000;

    private final ConcurrentSkipListMap<Long, Mail> mails = new ConcurrentSkipListMap<>();
    private final AtomicLong nextUid = new AtomicLong(1);
    private final AtomicLong size = new AtomicLong();
    private final long validity;
    private final Clock clock;

    /** A mail with its flags in upper case. */
    record Mail(long uid, Instant at, byte[] content, Set<String> flags) {
        boolean has(String flag) {
            return flags.contains(flag);
        }
    }

    BounceMailbox(Clock clock) {
        this.clock = clock;
        this.validity = clock.instant().getEpochSecond();
    }

    long validity() {
        return validity;
    }

    long nextUid() {
        return nextUid.get();
    }

    void deliver(byte[] content) {
        long uid = nextUid.getAndIncrement();
        mails.put(uid, new Mail(uid, clock.instant(), content, ConcurrentHashMap.newKeySet()));
        if (size.incrementAndGet() > READ_KEPT) {
            forgetRead();
        }
    }

    /** Mails with a uid above the given one, ascending. */
    Collection<Mail> after(long uid) {
        return mails.tailMap(uid, false).values();
    }

    boolean holds(Mail mail) {
        return mails.containsKey(mail.uid());
    }

    void remove(Mail mail) {
        if (mails.remove(mail.uid()) != null) {
            size.decrementAndGet();
        }
    }

    int unread() {
        return (int) mails.values().stream().filter(mail -> !mail.has("\\SEEN")).count();
    }

    /** The oldest that were read go first; unread ones only when memory would not hold them. */
    private void forgetRead() {
        Map.Entry<Long, Mail> oldest;
        while ((oldest = mails.firstEntry()) != null
                && size.get() > (oldest.getValue().has("\\SEEN") ? READ_KEPT : MOST)) {
            remove(oldest.getValue());
        }
    }
}
