package io.tocsin.speech.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs programs of the machine between a stream in and a stream out: no shell, none of the node's environment, a time
 * limit after which the program and whatever it started are killed. What comes out is read by the caller, who decides
 * how much is too much: when he throws, the program is killed, too.
 */
final class OutsidePrograms implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OutsidePrograms.class);

    private static final int COMPLAINT = 2_048;

    private final ExecutorService pumps;
    private final ScheduledThreadPoolExecutor watch;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();

    OutsidePrograms(String name) {
        pumps = Executors.newCachedThreadPool(task -> thread(task, name + "-pump"));
        watch = new ScheduledThreadPoolExecutor(1, task -> thread(task, name + "-watch"));
        watch.setRemoveOnCancelPolicy(true);
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Reads what a program says, on the caller's thread. */
    interface Sink<T, E extends Exception> {
        T read(InputStream out) throws IOException, E;
    }

    /** @param complaint the beginning of what stood on its error stream */
    record Ended<T>(T result, int exit, String complaint) {}

    /**
     * @param in read to its end by another thread, or until the program ends; not closed
     * @throws IOException when {@code in} breaks, or the sink says so
     */
    <T, E extends Exception> Ended<T> run(List<String> command, InputStream in, Sink<T, E> sink, Duration limit)
            throws ProgramException, IOException, E {
        Process process = start(command);
        running.add(process);
        AtomicBoolean late = new AtomicBoolean();
        Feed feed = new Feed(in, process.getOutputStream());
        Future<?> limiter = null;
        Future<?> feeding = null;
        try {
            limiter = watch.schedule(
                    () -> {
                        late.set(true);
                        kill(process);
                    },
                    limit.toMillis(),
                    TimeUnit.MILLISECONDS);
            feeding = pumps.submit(feed);
            Future<String> complaining = pumps.submit(() -> complaint(process.getErrorStream()));
            T result = sink.read(process.getInputStream());
            int exit = process.waitFor();
            ended(late, feed, command, limit);
            return new Ended<>(result, exit, complaining.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramException(ProgramException.Kind.FAILED, command.get(0) + ": interrupted", e);
        } catch (RejectedExecutionException e) {
            throw new ProgramException(ProgramException.Kind.FAILED, command.get(0) + ": the node is stopping", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new ProgramException(ProgramException.Kind.HUNG, command.get(0) + ": its streams did not end", e);
        } catch (Exception e) {
            // What the sink makes of a stream that was cut off is not the reason.
            ended(late, feed, command, limit);
            throw e;
        } finally {
            if (limiter != null) {
                limiter.cancel(false);
            }
            if (feeding != null) {
                feeding.cancel(true);
            }
            kill(process);
            running.remove(process);
        }
    }

    private static void ended(AtomicBoolean late, Feed feed, List<String> command, Duration limit)
            throws ProgramException, IOException {
        if (feed.broken != null) {
            throw feed.broken;
        }
        if (late.get()) {
            throw new ProgramException(
                    ProgramException.Kind.HUNG,
                    command.get(0) + " did not end within " + limit.toSeconds() + " s and was killed");
        }
    }

    private static Process start(List<String> command) throws ProgramException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin");
        builder.environment().put("LC_ALL", "C.UTF-8");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new ProgramException(
                    ProgramException.Kind.MISSING, command.get(0) + " is not on this machine or cannot be started", e);
        }
    }

    /** From a stream into a program. One that stops listening is no failure; a stream that breaks is, and is known before the program sees an end. */
    private static final class Feed implements Runnable {
        private final InputStream in;
        private final OutputStream program;
        private volatile IOException broken;

        Feed(InputStream in, OutputStream program) {
            this.in = in;
            this.program = program;
        }

        @Override
        public void run() {
            byte[] block = new byte[16_384];
            try (program) {
                for (int count = read(block); count >= 0; count = read(block)) {
                    program.write(block, 0, count);
                }
            } catch (IOException gone) {
                LOG.debug("speech.program.deaf", gone);
            }
        }

        private int read(byte[] block) {
            try {
                return in.read(block);
            } catch (IOException e) {
                broken = e;
                return -1;
            }
        }
    }

    /** Reads to the end, so that the program never waits for us, and keeps the beginning. */
    private static String complaint(InputStream errors) throws IOException {
        byte[] kept = errors.readNBytes(COMPLAINT);
        try {
            errors.transferTo(OutputStream.nullOutputStream());
        } catch (IOException killed) {
            LOG.debug("speech.program.killed", killed);
        }
        return new String(kept, StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
    }

    private static void kill(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** Kills what still runs. */
    @Override
    public void close() {
        pumps.shutdown();
        watch.shutdownNow();
        running.forEach(OutsidePrograms::kill);
        pumps.shutdownNow();
    }
}
