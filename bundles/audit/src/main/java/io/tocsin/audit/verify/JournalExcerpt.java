package io.tocsin.audit.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The journal's entries about an alert, as {@code journal.json} has them: each with the hash it follows and its own. Whoever
 * touched the file may have left anything in it: nothing of it is taken to be there.
 */
final class JournalExcerpt {

    private JournalExcerpt() {}

    /** The number (from 1) of the first entry whose hash is not that of its content; 0 if unreadable; -1: none. */
    static long firstBad(String json) {
        Optional<List<Object>> entries = entries(json);
        if (entries.isEmpty()) {
            return 0;
        }
        long number = 0;
        for (Object entry : entries.get()) {
            number++;
            if (!whole(entry)) {
                return number;
            }
        }
        return -1;
    }

    /** The root of the audience in the last entry that seals the alert's end. */
    static Optional<String> sealedAudience(String json) {
        Optional<String> found = Optional.empty();
        for (Object element : entries(json).orElse(List.of())) {
            if (element instanceof Map<?, ?> entry
                    && entry.get("details") instanceof Map<?, ?> details
                    && details.get("audience") instanceof String root) {
                found = Optional.of(root);
            }
        }
        return found;
    }

    private static Optional<List<Object>> entries(String json) {
        try {
            return Json.read(json) instanceof List<?> list ? Optional.of(new ArrayList<>(list)) : Optional.empty();
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static boolean whole(Object written) {
        if (!(written instanceof Map<?, ?> members)) {
            return false;
        }
        Map<String, Object> entry = new TreeMap<>();
        members.forEach((name, value) -> entry.put(String.valueOf(name), value));
        Optional<byte[]> hash = octets(entry.remove("hash"));
        Optional<byte[]> previous = octets(entry.remove("previous"));
        return hash.isPresent()
                && previous.isPresent()
                && Arrays.equals(EntryHash.of(previous.get(), entry), hash.get());
    }

    private static Optional<byte[]> octets(Object written) {
        return written instanceof String text && text.length() % 2 == 0 && text.matches("[0-9a-fA-F]+")
                ? Optional.of(HexFormat.of().parseHex(text))
                : Optional.empty();
    }
}
