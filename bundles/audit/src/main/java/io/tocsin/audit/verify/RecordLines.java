package io.tocsin.audit.verify;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The records of a CSV part as its bytes stream by: follows the chain of check columns and the Merkle blocks, and keeps
 * the first record that is wrong. The first line (record 0) is the head.
 */
final class RecordLines {
    private static final int LONGEST = 1 << 20;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final RecordChain chain = new RecordChain();
    private final Merkle merkle = new Merkle();
    private long lines;
    private long firstBad = -1;

    void take(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                end();
            } else if (line.size() < LONGEST) {
                line.write(bytes[i]);
            }
        }
    }

    private void end() {
        byte[] whole = line.toByteArray();
        line.reset();
        boolean ended = whole.length > 0 && whole[whole.length - 1] == '\r';
        byte[] record = ended ? java.util.Arrays.copyOf(whole, whole.length - 1) : whole;
        boolean right = ended;
        if (lines > 0) {
            right &= chain.follows(new String(record, StandardCharsets.UTF_8));
            merkle.add(record);
        }
        if (!right && firstBad < 0) {
            firstBad = lines;
        }
        lines++;
    }

    long records() {
        return Math.max(0, lines - 1);
    }

    /**
     * The first record that is wrong, or -1.
     *
     * @param blocks the roots of the blocks as they should be
     */
    long firstBad(long records, String root, List<?> blocks) {
        if (firstBad < 0 && line.size() > 0) {
            firstBad = lines;
        }
        if (firstBad < 0 && records() != records) {
            firstBad = Math.min(records(), records) + 1;
        }
        if (firstBad >= 0 || merkle.root().equals(root)) {
            return firstBad;
        }
        // every check column was made again: the signed blocks still tell where, to within a block
        List<String> found = merkle.blocks();
        int block = 0;
        while (block < Math.min(found.size(), blocks.size()) && found.get(block).equals(blocks.get(block))) {
            block++;
        }
        return (long) block * Merkle.BLOCK + 1;
    }
}
