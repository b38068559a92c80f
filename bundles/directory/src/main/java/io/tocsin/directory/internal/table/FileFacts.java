package io.tocsin.directory.internal.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/** What one pass over all the bytes of a file tells: its digest, whether it is text, and in which encoding. */
final class FileFacts {
    private static final int BUFFER = 1 << 16;
    /** The letters French names are made of: what tells one 8-bit encoding from another. */
    private static final String FRENCH = "éèêëàâäçùûüôöîïœæÉÈÊËÀÂÇÔÎÏ";

    private static final List<String> EIGHT_BIT = List.of("windows-1252", "x-MacRoman", "IBM850");

    private final byte[] head;
    private final byte[] sha256;
    private final long nulBytes;
    private final long controlBytes;
    private final long goodSequences;
    private final long badBytes;
    private final long[] histogram;

    private FileFacts(byte[] head, byte[] sha256, Utf8Scan scan) {
        this.head = head;
        this.sha256 = sha256;
        this.nulBytes = scan.histogram[0];
        this.controlBytes = scan.controlBytes();
        this.goodSequences = scan.good;
        this.badBytes = scan.bad;
        this.histogram = scan.histogram;
    }

    static FileFacts of(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        Utf8Scan scan = new Utf8Scan();
        byte[] head = new byte[0];
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.readNBytes(buffer, 0, BUFFER); n > 0; n = in.readNBytes(buffer, 0, BUFFER)) {
                digest.update(buffer, 0, n);
                scan.feed(buffer, n);
                if (head.length == 0) {
                    head = Arrays.copyOf(buffer, n);
                }
            }
        }
        scan.end();
        return new FileFacts(head, digest.digest(), scan);
    }

    byte[] head() {
        return head;
    }

    byte[] sha256() {
        return sha256.clone();
    }

    boolean startsWith(int... magic) {
        if (head.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((head[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** Bytes of the byte order mark at the start; 0 if there is none. */
    int markLength() {
        if (startsWith(0xEF, 0xBB, 0xBF)) {
            return 3;
        }
        return startsWith(0xFF, 0xFE) || startsWith(0xFE, 0xFF) ? 2 : 0;
    }

    boolean wide() {
        return markLength() == 2;
    }

    /** NUL bytes, or more than a stray control character: no 8-bit text. */
    boolean binary() {
        return !wide() && (nulBytes > 0 || controlBytes > 16);
    }

    /**
     * A byte order mark decides; then strict UTF-8; then UTF-8 with a little damage (its broken letters are reported by
     * row); then the 8-bit encoding in which the file holds most French letters, Windows-1252 in doubt.
     */
    Charset charset() {
        if (startsWith(0xFF, 0xFE)) {
            return StandardCharsets.UTF_16LE;
        }
        if (startsWith(0xFE, 0xFF)) {
            return StandardCharsets.UTF_16BE;
        }
        if (markLength() == 3 || badBytes == 0 || goodSequences > 4 * badBytes) {
            return StandardCharsets.UTF_8;
        }
        Charset best = Charset.forName(EIGHT_BIT.get(0));
        long bestScore = score(best);
        for (String name : EIGHT_BIT.subList(1, EIGHT_BIT.size())) {
            if (Charset.isSupported(name) && score(Charset.forName(name)) > bestScore) {
                best = Charset.forName(name);
                bestScore = score(best);
            }
        }
        return best;
    }

    private long score(Charset charset) {
        long score = 0;
        for (int b = 0x80; b < 0x100; b++) {
            if (histogram[b] > 0 && FRENCH.contains(new String(new byte[] {(byte) b}, charset))) {
                score += histogram[b];
            }
        }
        return score;
    }

    /** Counts bytes, and the multi-byte sequences of UTF-8 (RFC 3629) that are whole and those that are not. */
    private static final class Utf8Scan {
        private final long[] histogram = new long[256];
        private long good;
        private long bad;
        private int wanted;
        private int low;
        private int high;

        void feed(byte[] bytes, int length) {
            for (int i = 0; i < length; i++) {
                int b = bytes[i] & 0xFF;
                histogram[b]++;
                if (wanted > 0) {
                    if (b >= low && b <= high) {
                        low = 0x80;
                        high = 0xBF;
                        if (--wanted == 0) {
                            good++;
                        }
                        continue;
                    }
                    bad++;
                    wanted = 0;
                }
                start(b);
            }
        }

        private void start(int b) {
            if (b < 0x80) {
                return;
            }
            low = 0x80;
            high = 0xBF;
            if (b >= 0xC2 && b <= 0xDF) {
                wanted = 1;
            } else if (b >= 0xE0 && b <= 0xEF) {
                wanted = 2;
                low = b == 0xE0 ? 0xA0 : 0x80;
                high = b == 0xED ? 0x9F : 0xBF;
            } else if (b >= 0xF0 && b <= 0xF4) {
                wanted = 3;
                low = b == 0xF0 ? 0x90 : 0x80;
                high = b == 0xF4 ? 0x8F : 0xBF;
            } else {
                bad++;
            }
        }

        void end() {
            if (wanted > 0) {
                bad++;
            }
        }

        long controlBytes() {
            long count = 0;
            for (int b = 1; b < 0x20; b++) {
                if (b != '\t' && b != '\n' && b != '\r' && b != 0x0C && b != 0x1A) {
                    count += histogram[b];
                }
            }
            return count;
        }
    }
}
