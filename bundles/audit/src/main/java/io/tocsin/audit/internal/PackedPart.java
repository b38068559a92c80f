package io.tocsin.audit.internal;

import io.tocsin.audit.verify.EntryHash;
import io.tocsin.audit.verify.Merkle;
import io.tocsin.audit.verify.RecordChain;
import io.tocsin.audit.verify.ZipLayout;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** One part of a package, compressed into a file of its own while it is made, with all that the manifest says of it. */
final class PackedPart {
    private final String name;
    private final Path file;
    private final long bytes;
    private final long storedBytes;
    private final long crc;
    private final String sha256;
    private final String storedSha256;
    private final Map<String, Object> records;

    private PackedPart(String name, Path file, Writer writer, Map<String, Object> records) throws IOException {
        this.name = name;
        this.file = file;
        this.bytes = writer.bytes;
        this.storedBytes = Files.size(file);
        this.crc = writer.crc.getValue();
        this.sha256 = HexFormat.of().formatHex(writer.sha256.digest());
        this.storedSha256 = HexFormat.of().formatHex(writer.storedSha256.digest());
        this.records = records;
    }

    /** What is written by a caller of {@link #of}. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** What feeds a part of records; may fail as databases do. */
    @FunctionalInterface
    interface Feed<X extends Exception> {
        void into(RecordParts.Lines lines) throws IOException, X;
    }

    static PackedPart of(Path folder, String name, Content content) throws IOException {
        try (Writer writer = new Writer(folder.resolve(name))) {
            content.writeTo(writer);
            writer.finish();
            return new PackedPart(name, folder.resolve(name), writer, Map.of());
        }
    }

    static <X extends Exception> PackedPart ofRecords(
            Path folder, String name, List<String> columns, String check, Feed<X> feed) throws IOException, X {
        try (Writer writer = new Writer(folder.resolve(name))) {
            Merkle merkle = new Merkle();
            RecordChain chain = new RecordChain();
            writer.text(Csv.BOM + Csv.line(columns) + ";" + check + Csv.END);
            feed.into(line -> {
                byte[] record = (line + ";" + chain.next(line)).getBytes(StandardCharsets.UTF_8);
                merkle.add(record);
                writer.write(record);
                writer.text(Csv.END);
            });
            writer.finish();
            Map<String, Object> records = new LinkedHashMap<>();
            records.put("records", merkle.records());
            records.put("root", merkle.root());
            records.put("blocks", merkle.blocks());
            return new PackedPart(name, folder.resolve(name), writer, records);
        }
    }

    String sha256() {
        return sha256;
    }

    long records() {
        return records.isEmpty() ? 0 : (Long) records.get("records");
    }

    String root() {
        return records.isEmpty() ? sha256 : (String) records.get("root");
    }

    Map<String, Object> manifestEntry() {
        Map<String, Object> entry = new LinkedHashMap<>(records);
        entry.put("name", name);
        entry.put("bytes", bytes);
        entry.put("sha256", sha256);
        entry.put("stored", "deflated");
        entry.put("storedBytes", storedBytes);
        entry.put("storedSha256", storedSha256);
        return entry;
    }

    ZipLayout.Entry zipEntry(long offset) {
        return new ZipLayout.Entry(name, ZipLayout.DEFLATED, crc, storedBytes, bytes, offset);
    }

    void copyTo(OutputStream out) throws IOException {
        Files.copy(file, out);
    }

    /** Compresses into the file and hashes both sides of the compression. */
    private static final class Writer extends OutputStream {
        private final MessageDigest sha256 = EntryHash.sha256();
        private final MessageDigest storedSha256 = EntryHash.sha256();
        private final CRC32 crc = new CRC32();
        private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        private final DeflaterOutputStream compressed;
        private final OutputStream content;
        private long bytes;

        Writer(Path file) throws IOException {
            OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
            compressed = new DeflaterOutputStream(new DigestOutputStream(out, storedSha256), deflater, 1 << 14);
            content = new BufferedOutputStream(
                    new CheckedOutputStream(new DigestOutputStream(compressed, sha256), crc), 1 << 14);
        }

        void text(String text) throws IOException {
            write(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void write(int b) throws IOException {
            content.write(b);
            bytes++;
        }

        @Override
        public void write(byte[] b, int offset, int length) throws IOException {
            content.write(b, offset, length);
            bytes += length;
        }

        void finish() throws IOException {
            content.flush();
            compressed.close();
        }

        @Override
        public void close() throws IOException {
            try {
                compressed.close();
            } finally {
                deflater.end();
            }
        }
    }
}
