package io.tocsin.rest.internal.resources;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Takes a package as it is written and gives one part of it on when it is closed. In between it is a file that only the node can read. */
final class PackagePart extends OutputStream {
    private final String name;
    private final OutputStream to;
    private final Path file;
    private final OutputStream written;

    PackagePart(String name, OutputStream to) throws IOException {
        this.name = name;
        this.to = to;
        this.file = Files.createTempFile("tocsin-evidence-", ".zip");
        this.written = Files.newOutputStream(file);
    }

    @Override
    public void write(int octet) throws IOException {
        written.write(octet);
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
        written.write(octets, from, length);
    }

    /** A package that broke off has no such part, and gives nothing on. */
    @Override
    public void close() throws IOException {
        try {
            written.close();
            try (ZipFile zip = new ZipFile(file.toFile())) {
                ZipEntry entry = zip.getEntry(name);
                if (entry == null) {
                    throw new IOException("the package has no " + name);
                }
                try (InputStream part = zip.getInputStream(entry)) {
                    part.transferTo(to);
                }
            }
        } finally {
            Files.delete(file);
        }
    }
}
