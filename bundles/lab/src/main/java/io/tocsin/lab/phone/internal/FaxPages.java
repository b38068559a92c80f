package io.tocsin.lab.phone.internal;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;

/** Counts the pages of a TIFF file, as SendFAX must find it: its directories, one after the other (TIFF 6.0). */
final class FaxPages {
    private static final int MOST = 1_000;
    private static final int ENTRY = 12;

    private FaxPages() {}

    /** @return 0 for what is no TIFF file, or not there */
    static int of(String path) {
        try (RandomAccessFile file = new RandomAccessFile(new File(path), "r")) {
            int order = file.readUnsignedShort();
            boolean little = order == 0x4949;
            if (!little && order != 0x4D4D || number(file, little, 2) != 42) {
                return 0;
            }
            int pages = 0;
            long at = number(file, little, 4);
            while (at > 0 && at < file.length() && pages < MOST) {
                pages++;
                file.seek(at);
                file.seek(at + 2 + ENTRY * number(file, little, 2));
                at = number(file, little, 4);
            }
            return pages;
        } catch (IOException e) {
            return 0;
        }
    }

    private static long number(RandomAccessFile file, boolean little, int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            long octet = file.readUnsignedByte();
            value |= octet << 8 * (little ? i : bytes - 1 - i);
        }
        return value;
    }
}
