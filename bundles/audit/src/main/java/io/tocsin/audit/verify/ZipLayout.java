package io.tocsin.audit.verify;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The one way an evidence package is laid out as a ZIP (APPNOTE 6.3): no comments, no extra fields, no descriptors, no
 * gaps, one fixed date. What surrounds the parts follows from the parts, so a verifier can make it again and compare
 * every byte of the file.
 */
public final class ZipLayout {
    public static final int STORED = 0;
    public static final int DEFLATED = 8;
    static final int LOCAL_HEADER = 30;
    private static final short VERSION = 20;
    private static final short UTF_8_NAMES = 0x0800;
    /** 1980-01-01, the first day there is: when it was made is in the manifest, signed. */
    private static final short DATE = 0x21;

    private ZipLayout() {}

    /**
     * An entry as the headers describe it.
     *
     * @param crc CRC-32 of the content
     * @param stored bytes in the file, after compression
     * @param size bytes of the content
     * @param offset of its local header in the file
     */
    public record Entry(String name, int method, long crc, long stored, long size, long offset) {
        public long end() {
            return offset + LOCAL_HEADER + nameBytes().length + stored;
        }

        private byte[] nameBytes() {
            return name.getBytes(StandardCharsets.UTF_8);
        }
    }

    public static byte[] localHeader(Entry entry) {
        byte[] name = entry.nameBytes();
        ByteBuffer out = buffer(LOCAL_HEADER + name.length);
        out.putInt(0x04034b50);
        common(out, entry, name);
        return out.put(name).array();
    }

    /** The central directory and the end record that follow the last entry. */
    public static byte[] directory(List<Entry> entries) {
        int size = entries.stream()
                .mapToInt(entry -> 46 + entry.nameBytes().length)
                .sum();
        long offset = entries.get(entries.size() - 1).end();
        ByteBuffer out = buffer(size + 22);
        for (Entry entry : entries) {
            byte[] name = entry.nameBytes();
            out.putInt(0x02014b50).putShort(VERSION);
            common(out, entry, name);
            out.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
            out.putInt(unsigned(entry.offset())).put(name);
        }
        out.putInt(0x06054b50).putShort((short) 0).putShort((short) 0);
        out.putShort((short) entries.size()).putShort((short) entries.size());
        return out.putInt(size).putInt(unsigned(offset)).putShort((short) 0).array();
    }

    private static void common(ByteBuffer out, Entry entry, byte[] name) {
        out.putShort(VERSION).putShort(UTF_8_NAMES).putShort((short) entry.method());
        out.putShort((short) 0).putShort(DATE).putInt((int) entry.crc());
        out.putInt(unsigned(entry.stored())).putInt(unsigned(entry.size()));
        out.putShort((short) name.length).putShort((short) 0);
    }

    private static int unsigned(long value) {
        if (value < 0 || value > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("an evidence package is 4 GiB at most");
        }
        return (int) value;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
