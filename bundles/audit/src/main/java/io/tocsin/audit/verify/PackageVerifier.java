package io.tocsin.audit.verify;

import io.tocsin.audit.verify.Verdict.Finding;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Checks an evidence package byte by byte. The manifest says what every part is; the signature says the manifest is the
 * one that was made; what lies around the parts follows from them ({@link ZipLayout}). So every byte of the file is
 * covered, and what was touched is named. Constant memory but for the manifest and the journal excerpt. Used once.
 */
final class PackageVerifier {
    private static final String MANIFEST = "manifest.json";
    private static final String SIGNATURE = "signature.json";
    private static final String WHOLE = "package";
    private static final String MARK = "tocsin-evidence";
    private static final int LARGEST_JSON = 64 << 20;
    private static final int HEAD = 1 << 16;

    private final RandomAccessFile file;
    private final Optional<String> expectedKey;
    private final List<Finding> findings = new ArrayList<>();
    private final List<ZipLayout.Entry> entries = new ArrayList<>();
    private long records;
    private String keyId = "";
    private String variant = "";
    private Map<?, ?> recipients = Map.of();

    private PackageVerifier(RandomAccessFile file, Optional<String> expectedKey) {
        this.file = file;
        this.expectedKey = expectedKey;
    }

    /** @param expectedKey the id of the key that must have signed, when known from elsewhere */
    static Verdict verify(Path path, Optional<String> expectedKey) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            PackageVerifier verifier = new PackageVerifier(file, expectedKey);
            if (!verifier.recognised()) {
                return new Verdict(
                        false, 0, List.of(new Finding(WHOLE, -1, "is not a Tocsin evidence package")), "", "");
            }
            verifier.check();
            return new Verdict(
                    true, verifier.records, List.copyOf(verifier.findings), verifier.keyId, verifier.variant);
        }
    }

    /** By several marks, so that one touched byte cannot make a package look like something else. */
    private boolean recognised() throws IOException {
        byte[] head = bytes(0, (int) Math.min(HEAD, file.length()));
        String start = new String(head, StandardCharsets.ISO_8859_1);
        if (start.contains(MARK)) {
            return true;
        }
        int tail = (int) Math.min(HEAD, file.length());
        String end = new String(bytes(file.length() - tail, tail), StandardCharsets.ISO_8859_1);
        return end.contains(MANIFEST) && end.contains(SIGNATURE);
    }

    private void check() throws IOException {
        try {
            byte[] manifest = manifest();
            Object parsed = parse(MANIFEST, manifest);
            variant = parsed instanceof Map<?, ?> map && map.get("variant") instanceof String word ? word : "";
            List<?> parts =
                    parsed instanceof Map<?, ?> map && map.get("parts") instanceof List<?> list ? list : List.of();
            if (parts.isEmpty()) {
                finding(MANIFEST, -1, "does not list its parts");
                return;
            }
            List<Runnable> later = new ArrayList<>();
            int signatureAt = findings.size();
            for (Object part : parts) {
                part((Map<?, ?>) part, later);
            }
            List<Finding> ofParts = new ArrayList<>(findings.subList(signatureAt, findings.size()));
            findings.subList(signatureAt, findings.size()).clear();
            signature(manifest);
            findings.addAll(ofParts);
            later.forEach(Runnable::run);
            directory();
        } catch (EOFException e) {
            finding(WHOLE, -1, "ends too early: it was cut off");
        } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
            finding(MANIFEST, -1, "does not describe its parts as it should");
        }
    }

    private byte[] manifest() throws IOException {
        byte[] header = bytes(0, ZipLayout.LOCAL_HEADER);
        long size = Integer.toUnsignedLong(Integer.reverseBytes(intAt(header, 22)));
        if (size > LARGEST_JSON || size > file.length()) {
            throw new IllegalArgumentException("size of the manifest");
        }
        byte[] manifest = bytes(ZipLayout.LOCAL_HEADER + MANIFEST.length(), (int) size);
        entry(new ZipLayout.Entry(MANIFEST, ZipLayout.STORED, crc(manifest), size, size, 0));
        return manifest;
    }

    private void signature(byte[] manifest) throws IOException {
        long offset = offset();
        byte[] header = bytes(offset, ZipLayout.LOCAL_HEADER);
        int size = Integer.reverseBytes(intAt(header, 22));
        if (size < 0 || size > HEAD) {
            finding(SIGNATURE, -1, "is not where it should be: an entry was added, taken away or touched");
            return;
        }
        byte[] content = bytes(offset + ZipLayout.LOCAL_HEADER + SIGNATURE.length(), size);
        entry(new ZipLayout.Entry(SIGNATURE, ZipLayout.STORED, crc(content), size, size, offset));
        if (!(parse(SIGNATURE, content) instanceof Map<?, ?> signature)) {
            return;
        }
        if (!(signature.get("publicKey") instanceof String key)
                || !(signature.get("signature") instanceof String value)
                || !(signature.get("keyId") instanceof String id)
                || !Signatures.ALGORITHM.equals(signature.get("algorithm"))
                || signature.size() != 4) {
            finding(SIGNATURE, -1, "is not an Ed25519 signature with its key");
            return;
        }
        keyId = id;
        try {
            if (!Signatures.keyId(Signatures.strict(key)).equals(id)) {
                finding(SIGNATURE, -1, "names another key than it carries");
                return;
            }
        } catch (IllegalArgumentException e) {
            finding(SIGNATURE, -1, "carries a key that cannot be read");
            return;
        }
        if (!Signatures.right(manifest, key, value)) {
            finding(MANIFEST, -1, "is not what was signed (or the signature was touched)");
        }
        expectedKey
                .filter(expected -> !expected.equals(id))
                .ifPresent(expected ->
                        finding(SIGNATURE, -1, "was made with key " + id + ", not with the expected " + expected));
    }

    private void part(Map<?, ?> part, List<Runnable> later) throws IOException {
        String name = (String) part.get("name");
        long size = number(part.get("bytes"));
        long stored = number(part.get("storedBytes"));
        int method = part.get("stored").equals("deflated") ? ZipLayout.DEFLATED : ZipLayout.STORED;
        long at = offset();
        long data = at + ZipLayout.LOCAL_HEADER + name.getBytes(StandardCharsets.UTF_8).length;
        long there = storedThere(at, name).orElse(stored);
        if (data + there > file.length()) {
            throw new EOFException();
        }
        boolean csv = part.get("blocks") != null;
        Content content = new Content(size, csv, name.equals("journal.json"));
        content.read(data, there, method);
        boolean right = hex(content.sha256).equals(part.get("sha256"));
        boolean rightStored = hex(content.storedSha256).equals(part.get("storedSha256"));
        if (csv) {
            records += content.lines.records();
            if (!right) {
                long bad = content.lines.firstBad(
                        number(part.get("records")), (String) part.get("root"), (List<?>) part.get("blocks"));
                finding(name, Math.max(0, bad), "is not the record that was signed");
            }
        } else if (!right) {
            long bad = content.json == null ? -1 : JournalExcerpt.firstBad(text(content.json));
            finding(name, bad, "is not what was signed");
        }
        if (right && !rightStored) {
            finding(name, -1, "reads the same but its compressed bytes were touched");
        }
        entry(new ZipLayout.Entry(name, method, content.crc.getValue(), there, content.taken, at));
        if (right && name.equals("recipients.csv")) {
            recipients = part;
        }
        if (right && content.json != null) {
            byte[] journal = content.json;
            later.add(() -> journal(journal));
        }
    }

    /** The audience's hash went into the journal when the alert ended; the package must show the same audience. */
    private void journal(byte[] journal) {
        long bad = JournalExcerpt.firstBad(text(journal));
        if (bad >= 0) {
            finding(
                    "journal.json",
                    bad,
                    "does not have the hash it should: the journal was touched before the package");
        }
        JournalExcerpt.sealedAudience(text(journal))
                .filter(root -> Boolean.TRUE.equals(recipients.get("sealed")) && !root.equals(recipients.get("root")))
                .ifPresent(root ->
                        finding("recipients.csv", -1, "is not the audience that the journal saw when the alert ended"));
    }

    private void directory() throws IOException {
        byte[] expected = ZipLayout.directory(entries);
        long at = offset();
        long there = file.length() - at;
        byte[] found = bytes(at, (int) Math.min(Math.max(there, 0), expected.length));
        if (!Arrays.equals(expected, found)) {
            finding(WHOLE, -1, "has a directory that was touched, or an entry too many or too few");
        } else if (there != expected.length) {
            finding(WHOLE, -1, "has " + (there - expected.length) + " bytes too many at its end");
        }
    }

    /** How long the local header says the part is: a part packed again need not be as long as the one that was signed. */
    private Optional<Long> storedThere(long at, String name) throws IOException {
        byte[] expected = name.getBytes(StandardCharsets.UTF_8);
        if (at + ZipLayout.LOCAL_HEADER + expected.length > file.length()) {
            return Optional.empty();
        }
        byte[] header = bytes(at, ZipLayout.LOCAL_HEADER + expected.length);
        byte[] found = Arrays.copyOfRange(header, ZipLayout.LOCAL_HEADER, header.length);
        long stored = Integer.toUnsignedLong(Integer.reverseBytes(intAt(header, 18)));
        boolean plausible = Arrays.equals(expected, found) && at + header.length + stored <= file.length();
        return plausible ? Optional.of(stored) : Optional.empty();
    }

    /** Compares the local header that is there with the one that must be. */
    private void entry(ZipLayout.Entry entry) throws IOException {
        byte[] expected = ZipLayout.localHeader(entry);
        if (!Arrays.equals(expected, bytes(entry.offset(), expected.length))) {
            finding(entry.name(), -1, "has a header that was touched, or is not where it should be");
        }
        entries.add(entry);
    }

    private long offset() {
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).end();
    }

    private Object parse(String name, byte[] content) {
        try {
            Object parsed = Json.read(text(content));
            if (!Arrays.equals((Json.canonical(parsed) + "\n").getBytes(StandardCharsets.UTF_8), content)) {
                finding(name, -1, "is not written as it should be");
            }
            return parsed;
        } catch (IllegalArgumentException e) {
            finding(name, -1, "cannot be read: " + e.getMessage());
            return null;
        }
    }

    private void finding(String part, long record, String problem) {
        findings.add(new Finding(part, record, problem));
    }

    private byte[] bytes(long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        file.seek(at);
        file.readFully(bytes);
        return bytes;
    }

    private static int intAt(byte[] bytes, int at) {
        return java.nio.ByteBuffer.wrap(bytes).getInt(at);
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }

    private static long crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return crc.getValue();
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** One part's content as it streams by. */
    private final class Content {
        private final long size;
        private final MessageDigest sha256 = EntryHash.sha256();
        private final MessageDigest storedSha256 = EntryHash.sha256();
        private final CRC32 crc = new CRC32();
        private final RecordLines lines;
        private final byte[] json;
        private long taken;

        Content(long size, boolean csv, boolean keep) {
            this.size = size;
            this.lines = csv ? new RecordLines() : null;
            this.json = keep && size <= LARGEST_JSON ? new byte[(int) size] : null;
        }

        void read(long at, long stored, int method) throws IOException {
            byte[] in = new byte[HEAD];
            byte[] out = new byte[HEAD];
            Inflater inflater = new Inflater(true);
            try {
                file.seek(at);
                boolean readable = true;
                for (long left = stored; left > 0; ) {
                    int length = (int) Math.min(in.length, left);
                    file.readFully(in, 0, length);
                    left -= length;
                    storedSha256.update(in, 0, length);
                    if (method == ZipLayout.STORED) {
                        take(in, length);
                    } else if (readable) {
                        readable = inflate(inflater, in, length, out);
                    }
                }
            } finally {
                inflater.end();
            }
        }

        /** @return false once the compressed bytes make no sense: what came before has been taken */
        private boolean inflate(Inflater inflater, byte[] in, int length, byte[] out) {
            inflater.setInput(in, 0, length);
            try {
                int n;
                while ((n = inflater.inflate(out)) > 0) {
                    if (taken + n > size) {
                        take(out, (int) (size - taken));
                        return false;
                    }
                    take(out, n);
                }
                return true;
            } catch (DataFormatException e) {
                return false;
            }
        }

        private void take(byte[] bytes, int length) {
            sha256.update(bytes, 0, length);
            crc.update(bytes, 0, length);
            if (lines != null) {
                lines.take(bytes, length);
            }
            if (json != null && taken + length <= json.length) {
                System.arraycopy(bytes, 0, json, (int) taken, length);
            }
            taken += length;
        }
    }
}
