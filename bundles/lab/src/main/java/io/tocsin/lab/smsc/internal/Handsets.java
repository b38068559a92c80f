package io.tocsin.lab.smsc.internal;

import io.tocsin.lab.smsc.ReceivedMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The telephones behind the carrier: puts segments together, counts complete messages by number and recognises those
 * that came before. Keeps some 100 bytes a number, plus the messages themselves when asked to.
 */
public final class Handsets {
    private final Map<String, Handset> handsets = new ConcurrentHashMap<>();
    private final LongAdder messages = new LongAdder();
    private final LongAdder destinations = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final List<ReceivedMessage> kept = new ArrayList<>();

    /** One segment, as a submit_sm gave it; {@code total} is 1 for a message of one piece. */
    record Segment(
            String destination,
            String sender,
            String text,
            Optional<String> reference,
            int group,
            int total,
            int number) {}

    /** The message a segment completed; its number in the telephone's life, from 1. */
    record Complete(String text, int nth) {}

    /** A segment's place: which message of this telephone it belongs to, and the message if this completed it. */
    record Placed(int message, Optional<Complete> complete) {}

    Placed place(Segment segment, boolean keep) {
        Handset handset = handsets.computeIfAbsent(segment.destination(), number -> new Handset());
        synchronized (handset) {
            String text = segment.text();
            int place = handset.messages + 1;
            if (segment.total() > 1) {
                text = handset.join(segment);
                if (text == null) {
                    return new Placed(place, Optional.empty());
                }
            }
            handset.messages++;
            messages.increment();
            if (handset.messages == 1) {
                destinations.increment();
            }
            if (!handset.remember(fingerprint(segment.reference().orElse(segment.sender() + '\0' + text)))) {
                handset.duplicates++;
                duplicates.increment();
            }
            if (keep) {
                synchronized (kept) {
                    kept.add(new ReceivedMessage(
                            segment.destination(),
                            segment.sender(),
                            text,
                            segment.reference(),
                            segment.total(),
                            Instant.now()));
                }
            }
            return new Placed(place, Optional.of(new Complete(text, handset.messages)));
        }
    }

    public List<ReceivedMessage> kept() {
        synchronized (kept) {
            return List.copyOf(kept);
        }
    }

    public int messagesTo(String destination) {
        Handset handset = handsets.get(destination);
        if (handset == null) {
            return 0;
        }
        synchronized (handset) {
            return handset.messages;
        }
    }

    /** Numbers that got the same message more than once, with how many copies too many. */
    public Map<String, Integer> duplicatesByDestination() {
        Map<String, Integer> found = new TreeMap<>();
        handsets.forEach((number, handset) -> {
            synchronized (handset) {
                if (handset.duplicates > 0) {
                    found.put(number, handset.duplicates);
                }
            }
        });
        return found;
    }

    /** Numbers that got more than one message, whatever it was, with how many. */
    public Map<String, Integer> severalByDestination() {
        Map<String, Integer> found = new TreeMap<>();
        handsets.forEach((number, handset) -> {
            synchronized (handset) {
                if (handset.messages > 1) {
                    found.put(number, handset.messages);
                }
            }
        });
        return found;
    }

    public long messages() {
        return messages.sum();
    }

    public long duplicates() {
        return duplicates.sum();
    }

    /** Not counted anew: a bench asks for it many times a second, of a million numbers. */
    public long destinations() {
        return destinations.sum();
    }

    public void clear() {
        handsets.clear();
        messages.reset();
        destinations.reset();
        duplicates.reset();
        synchronized (kept) {
            kept.clear();
        }
    }

    /** FNV-1a, 64 bits: a million numbers with the same few texts do not collide. */
    private static long fingerprint(String of) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < of.length(); i++) {
            hash = (hash ^ of.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    private static final class Handset {
        private int messages;
        private int duplicates;
        private long[] seen = {};
        private Map<Integer, String[]> partial;

        /** The whole text if this segment completes its message, or null. A segment that comes twice replaces itself. */
        private String join(Segment segment) {
            if (partial == null) {
                partial = new TreeMap<>();
            }
            String[] parts = partial.computeIfAbsent(segment.group(), g -> new String[segment.total()]);
            if (segment.number() < 1 || segment.number() > parts.length) {
                return null;
            }
            parts[segment.number() - 1] = segment.text();
            if (Arrays.asList(parts).contains(null)) {
                return null;
            }
            partial.remove(segment.group());
            return String.join("", parts);
        }

        private boolean remember(long fingerprint) {
            for (long one : seen) {
                if (one == fingerprint) {
                    return false;
                }
            }
            seen = Arrays.copyOf(seen, seen.length + 1);
            seen[seen.length - 1] = fingerprint;
            return true;
        }
    }
}
