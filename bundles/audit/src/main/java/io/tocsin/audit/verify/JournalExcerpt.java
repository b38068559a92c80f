package io.tocsin.audit.verify;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The journal's entries about an alert, as {@code journal.json} has them: each with the hash it follows and its own. */
final class JournalExcerpt {

    private JournalExcerpt() {}

    /** The number (from 1) of the first entry whose hash is not that of its content; 0 if unreadable; -1: none. */
    static long firstBad(String json) {
        try {
            long number = 0;
            for (Object element : (List<?>) Json.read(json)) {
                number++;
                if (!whole((Map<?, ?>) element)) {
                    return number;
                }
            }
            return -1;
        } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
            return 0;
        }
    }

    private static boolean whole(Map<?, ?> written) {
        Map<String, Object> entry = new TreeMap<>();
        written.forEach((name, value) -> entry.put((String) name, value));
        byte[] hash = HexFormat.of().parseHex((String) entry.remove("hash"));
        byte[] previous = HexFormat.of().parseHex((String) entry.remove("previous"));
        return java.util.Arrays.equals(EntryHash.of(previous, entry), hash);
    }

    /** The root of the audience in the last entry that seals the alert's end. */
    static Optional<String> sealedAudience(String json) {
        Optional<String> found = Optional.empty();
        for (Object element : (List<?>) Json.read(json)) {
            if (((Map<?, ?>) element).get("details") instanceof Map<?, ?> details
                    && details.get("audience") instanceof String root) {
                found = Optional.of(root);
            }
        }
        return found;
    }
}
