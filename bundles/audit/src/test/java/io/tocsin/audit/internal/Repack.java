package io.tocsin.audit.internal;

import io.tocsin.audit.verify.RecordChain;
import io.tocsin.audit.verify.ZipLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A forger who knows the format: changes a part and packs everything again in the very layout. */
final class Repack {

    private Repack() {}

    private record Part(String name, int method, byte[] content) {}

    static Path edit(Path file, String name, UnaryOperator<String> edit) throws IOException {
        List<Part> parts = read(file);
        parts.replaceAll(part -> {
            if (!part.name().equals(name)) {
                return part;
            }
            String before = new String(part.content(), StandardCharsets.UTF_8);
            String after = edit.apply(before);
            if (after.equals(before)) {
                throw new IllegalArgumentException("nothing edited in " + name);
            }
            return new Part(name, part.method(), after.getBytes(StandardCharsets.UTF_8));
        });
        return write(file, parts);
    }

    static Path without(Path file, String name) throws IOException {
        List<Part> parts = read(file);
        parts.removeIf(part -> part.name().equals(name));
        return write(file, parts);
    }

    static Path with(Path file, String name, String content) throws IOException {
        List<Part> parts = read(file);
        parts.add(new Part(name, ZipLayout.STORED, content.getBytes(StandardCharsets.UTF_8)));
        return write(file, parts);
    }

    static String remakeChecks(String csv) {
        String[] lines = csv.split("\r\n");
        RecordChain chain = new RecordChain();
        for (int i = 1; i < lines.length; i++) {
            String line = lines[i].substring(0, lines[i].lastIndexOf(';'));
            lines[i] = line + ";" + chain.next(line);
        }
        return String.join("\r\n", lines) + "\r\n";
    }

    private static List<Part> read(Path file) throws IOException {
        List<Part> parts = new ArrayList<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                parts.add(new Part(
                        entry.getName(),
                        entry.getMethod(),
                        zip.getInputStream(entry).readAllBytes()));
            }
        }
        return parts;
    }

    private static Path write(Path beside, List<Part> parts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<ZipLayout.Entry> entries = new ArrayList<>();
        for (Part part : parts) {
            byte[] stored = part.method() == ZipLayout.STORED ? part.content() : deflated(part.content());
            CRC32 crc = new CRC32();
            crc.update(part.content());
            ZipLayout.Entry entry = new ZipLayout.Entry(
                    part.name(), part.method(), crc.getValue(), stored.length, part.content().length, out.size());
            out.write(ZipLayout.localHeader(entry));
            out.write(stored);
            entries.add(entry);
        }
        out.write(ZipLayout.directory(entries));
        Path file = Files.createTempFile(beside.getParent(), "repacked", ".zip");
        Files.write(file, out.toByteArray());
        return file;
    }

    private static byte[] deflated(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try (DeflaterOutputStream compressed = new DeflaterOutputStream(out, deflater)) {
            compressed.write(content);
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }
}
