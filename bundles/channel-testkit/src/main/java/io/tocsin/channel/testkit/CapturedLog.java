package io.tocsin.channel.testkit;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * What the JVM writes to its standard error and output while open, still shown there, and everything logged by
 * {@code java.util.logging}. Not for tests that run in parallel in one JVM.
 */
public final class CapturedLog implements AutoCloseable {
    private final PrintStream err = System.err;
    private final PrintStream out = System.out;
    private final ByteArrayOutputStream captured = new ByteArrayOutputStream();

    private final Handler handler = new Capturing();

    public CapturedLog() {
        System.setErr(tee(err));
        System.setOut(tee(out));
        Logger.getLogger("").addHandler(handler);
    }

    public synchronized String text() {
        return captured.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(handler);
        System.setErr(err);
        System.setOut(out);
    }

    private final class Capturing extends Handler {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord line) {
            synchronized (CapturedLog.this) {
                captured.writeBytes(formatter.format(line).getBytes(StandardCharsets.UTF_8));
            }
        }

        @Override
        public void flush() {
            // nothing is held back
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    private PrintStream tee(PrintStream shown) {
        OutputStream both = new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                synchronized (CapturedLog.this) {
                    captured.write(bytes, offset, length);
                }
                shown.write(bytes, offset, length);
            }

            @Override
            public void flush() {
                shown.flush();
            }
        };
        return new PrintStream(both, true, StandardCharsets.UTF_8);
    }
}
