package io.tocsin.directory.internal.table;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The parts of a workbook, counted as they unpack: a small file that grows without end is refused, not read. */
final class XlsxParts implements AutoCloseable {
    private static final int MAX_PARTS = 5_000;
    /** Real sheets pack 10 to 60 times; what packs more than this beyond the first megabytes is made to hurt. */
    private static final int MAX_RATIO = 300;

    private static final long RATIO_FREE_BYTES = 8L << 20;

    private final ZipFile zip;
    private final TableLimits limits;
    private final XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    private long unpacked;

    XlsxParts(ZipFile zip, TableLimits limits) throws IOException {
        this.zip = zip;
        this.limits = limits;
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        if (zip.size() > MAX_PARTS) {
            zip.close();
            throw TableFile.refused("holds more than " + MAX_PARTS + " parts: this is no contact file");
        }
    }

    boolean has(String part) {
        return zip.getEntry(part) != null;
    }

    InputStream open(String part) throws IOException {
        ZipEntry entry = zip.getEntry(part);
        return new Counted(zip.getInputStream(entry), Math.max(1, entry.getCompressedSize()));
    }

    XMLStreamReader xml(InputStream in) throws XMLStreamException {
        return factory.createXMLStreamReader(in);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private final class Counted extends FilterInputStream {
        private final long packed;
        private long bytes;

        Counted(InputStream in, long packed) {
            super(in);
            this.packed = packed;
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count(b < 0 ? 0 : 1);
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            count(Math.max(0, n));
            return n;
        }

        private void count(int n) {
            bytes += n;
            unpacked += n;
            if (unpacked > limits.unpackedBytes() || bytes > RATIO_FREE_BYTES && bytes / packed > MAX_RATIO) {
                throw TableFile.refused("unpacks to far more than it weighs (a zip bomb?); at most "
                        + limits.unpackedBytes() + " bytes are unpacked: save the contacts alone, or as CSV");
            }
        }
    }
}
