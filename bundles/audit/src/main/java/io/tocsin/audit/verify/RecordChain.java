package io.tocsin.audit.verify;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The last column of every CSV line: the first 16 hex digits of SHA-256 over the line before's last column and the line
 * itself. It names the very record that was touched, added, dropped or moved; the manifest's hashes are what protects
 * it from being made again.
 */
public final class RecordChain {
    private static final int BYTES = 8;

    private final MessageDigest digest = EntryHash.sha256();
    private String previous = "";

    /** @param line without its last column and without its end */
    public String next(String line) {
        previous = check(previous, line);
        return previous;
    }

    /**
     * Follows a written line. Goes on from what is written, so that one touched line does not spoil the rest.
     *
     * @return whether its last column is right
     */
    boolean follows(String line) {
        int last = line.lastIndexOf(';');
        if (last < 0) {
            previous = "";
            return false;
        }
        String written = line.substring(last + 1);
        boolean right = check(previous, line.substring(0, last)).equals(written);
        previous = written;
        return right;
    }

    private String check(String before, String line) {
        digest.update(before.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        byte[] hash = digest.digest(line.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, BYTES);
    }
}
