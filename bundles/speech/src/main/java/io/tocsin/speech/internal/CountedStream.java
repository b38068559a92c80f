package io.tocsin.speech.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts what comes, and ends a stream that does not end. Closing it leaves the stream behind it open. */
final class CountedStream extends FilterInputStream {

    private final long most;
    /** Written by whoever reads, one at a time; looked at by another. */
    private volatile long count;

    CountedStream(InputStream in, long most) {
        super(in);
        this.most = most;
    }

    /** There is more than was asked for. */
    static final class TooMuch extends IOException {
        private static final long serialVersionUID = 1L;

        TooMuch(long most) {
            super("more than " + most + " bytes");
        }
    }

    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        return counted(in.read(), 1);
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int read = in.read(into, from, length);
        return counted(read, read);
    }

    private int counted(int result, int bytes) throws TooMuch {
        if (result >= 0) {
            count += bytes;
        }
        if (count > most) {
            throw new TooMuch(most);
        }
        return result;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() {
        // The uploader's stream is his.
    }
}
