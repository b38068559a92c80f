package io.tocsin.directory.internal.table;

import java.util.ArrayList;
import java.util.List;

/**
 * The character that parts the cells of a text.
 *
 * @param declared whether the first line says so itself ({@code sep=;}, as Excel writes), and is no row
 */
record SeparatorGuess(char separator, boolean declared) {
    private static final char[] CANDIDATES = {';', ',', '\t', '|'};
    private static final int LINES = 30;

    /** @param sample the beginning of the text; its last line may be cut */
    static SeparatorGuess of(String sample) {
        if (sample.length() > 5
                && sample.regionMatches(true, 0, "sep=", 0, 4)
                && "\r\n".indexOf(sample.charAt(5)) >= 0) {
            return new SeparatorGuess(sample.charAt(4), true);
        }
        char best = ';';
        double bestScore = 0;
        for (char candidate : CANDIDATES) {
            double score = score(counts(sample, candidate));
            if (score > bestScore) {
                best = candidate;
                bestScore = score;
            }
        }
        return new SeparatorGuess(best, false);
    }

    /** How many separators stand outside quotes in each of the first lines. */
    private static List<Integer> counts(String sample, char separator) {
        List<Integer> counts = new ArrayList<>();
        int count = 0;
        boolean quoted = false;
        boolean any = false;
        for (int i = 0; i < sample.length() && counts.size() < LINES; i++) {
            char c = sample.charAt(i);
            if (c == '"') {
                quoted = !quoted;
                any = true;
            } else if (!quoted && (c == '\n' || c == '\r')) {
                if (any) {
                    counts.add(count);
                }
                count = 0;
                any = false;
            } else {
                any = true;
                if (c == separator && !quoted) {
                    count++;
                }
            }
        }
        if (any && counts.isEmpty()) {
            counts.add(count);
        }
        return counts;
    }

    /** Many cells are good; the same number of cells in most lines is better. */
    private static double score(List<Integer> counts) {
        double best = 0;
        for (int count : List.copyOf(new java.util.HashSet<>(counts))) {
            long same = counts.stream().filter(c -> c == count).count();
            double share = (double) same / counts.size();
            best = Math.max(best, share * share * Math.min(count, 20));
        }
        return best;
    }
}
