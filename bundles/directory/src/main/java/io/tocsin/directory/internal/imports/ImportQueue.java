package io.tocsin.directory.internal.imports;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The imports of this node: those of one tenant one after the other, in the order they came; those of different tenants
 * side by side. Tells every second how far each has come, and gives up those whose node fell silent.
 */
final class ImportQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ImportQueue.class);
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofMinutes(1);
    private static final Duration STOP = Duration.ofSeconds(10);

    private final Database database;
    private final Journal journal;
    private final ExecutorService workers;
    private final ScheduledExecutorService pulse;
    private final Map<ImportJob, CompletableFuture<Void>> open = new ConcurrentHashMap<>();
    private final Map<Integer, CompletableFuture<Void>> tails = new HashMap<>();
    private long beats;

    ImportQueue(Database database, Journal journal, int threads) {
        this.database = database;
        this.journal = journal;
        this.workers = Executors.newFixedThreadPool(Math.max(1, threads), named("tocsin-import-"));
        this.pulse = Executors.newSingleThreadScheduledExecutor(named("tocsin-import-pulse-"));
        pulse.scheduleWithFixedDelay(this::beat, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @return done when the job has ended, well or badly */
    CompletableFuture<Void> add(ImportJob job) {
        int tenant = job.order().tenantId();
        synchronized (tails) {
            CompletableFuture<Void> before = tails.getOrDefault(tenant, CompletableFuture.completedFuture(null));
            CompletableFuture<Void> mine = before.handleAsync(
                    (nothing, failure) -> {
                        job.run();
                        return null;
                    },
                    workers);
            tails.put(tenant, mine);
            open.put(job, mine);
            mine.whenComplete((nothing, failure) -> {
                open.remove(job);
                if (failure != null) {
                    // for the log only: nothing reads it back
                    try (var tenantField = MDC.putCloseable("tenant", Integer.toString(tenant))) {
                        LOG.error(
                                "import.broken tenant={} import={}",
                                tenant,
                                job.order().importId(),
                                failure);
                    }
                }
                synchronized (tails) {
                    tails.remove(tenant, mine);
                }
            });
            return mine;
        }
    }

    private void beat() {
        try {
            for (ImportJob job : open.keySet()) {
                database.inTenant(job.order().tenantId(), connection -> {
                    ImportRuns.beat(
                            connection, job.order().tenantId(), job.order().importId(), job.rowsRead());
                    return null;
                });
            }
            if (beats++ % 15 == 0) {
                giveUpTheSilent();
            }
        } catch (DatabaseException e) {
            LOG.debug("import.pulse-missed", e);
        }
    }

    private void giveUpTheSilent() {
        database.asEngine(connection -> {
            for (var abandoned : ImportRuns.abandonSilent(connection, SILENCE)) {
                // for the log only: nothing reads it back
                try (var tenantField = MDC.putCloseable("tenant", Integer.toString(abandoned.tenantId()))) {
                    LOG.warn("import.abandoned tenant={} import={}", abandoned.tenantId(), abandoned.importId());
                }
                journal.append(
                        connection,
                        abandoned.tenantId(),
                        Actor.engine(),
                        "import.failed",
                        "import",
                        Long.toString(abandoned.importId()),
                        Map.of("problem", "the node that ran it stopped"));
            }
            return null;
        });
    }

    /** Stops what runs (its transaction is rolled back) and waits for it a while. */
    @Override
    public void close() {
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(STOP.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("import.still-running after={}s", STOP.toSeconds());
            }
            open.forEach((job, end) -> {
                if (!end.isDone()) {
                    job.giveUp();
                    end.complete(null);
                }
            });
            pulse.shutdown();
            if (!pulse.awaitTermination(STOP.toSeconds(), TimeUnit.SECONDS)) {
                pulse.shutdownNow();
            }
        } catch (InterruptedException e) {
            pulse.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
