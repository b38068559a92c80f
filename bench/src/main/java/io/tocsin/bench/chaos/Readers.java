package io.tocsin.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.bench.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** People who look on, all at once and without a pause: desks, a script that exports, an analyst in the database. */
final class Readers {
    private static final Duration READING = Duration.ofSeconds(8);

    private static final int SCAN_SECONDS = 4;
    private static final String CANCELLED = "57014";

    private static final String SCAN =
            """
            select t.wave_no, a.kind, count(*), count(distinct t.address), min(a.at), max(a.at)
            from target t join attempt a using (tenant_id, alert_id, wave_no, position)
            join recipient r using (tenant_id, alert_id, recipient_no)
            group by 1, 2 order by 3 desc
            """;

    private final Site site;
    private final long alert;
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicInteger failed = new AtomicInteger();

    private Readers(Site site, long alert) {
        this.site = site;
        this.alert = alert;
    }

    private interface Reading {
        void once() throws IOException, InterruptedException, SQLException;
    }

    static long read(Site site, long alert) throws Exception {
        Readers readers = new Readers(site, alert);
        List<Thread> threads = new ArrayList<>();
        threads.add(
                readers.thread("totals", () -> site.api().get(Site.path(alert)).expect(200)));
        threads.add(readers.thread("people", readers::people));
        threads.add(readers.thread("evidence", readers::evidence));
        threads.add(readers.thread("scan-1", readers::scan));
        threads.add(readers.thread("scan-2", readers::scan));
        threads.forEach(Thread::start);
        Site.pause(READING);
        readers.enough.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        if (readers.failed.get() > 0) {
            System.err.println("tocsin: " + readers.failed + " of the readers' questions were not answered");
        }
        return System.nanoTime();
    }

    private Thread thread(String name, Reading reading) {
        Thread thread = new Thread(
                () -> {
                    while (!enough.get()) {
                        try {
                            reading.once();
                        } catch (IOException | SQLException | IllegalStateException e) {
                            failed.incrementAndGet();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                            return;
                        }
                    }
                },
                "reader-" + name);
        thread.setDaemon(true);
        return thread;
    }

    /** Everybody, page by page. */
    private void people() throws IOException, InterruptedException {
        String after = "";
        while (after != null && !enough.get()) {
            JsonNode page = site.api()
                    .get(Site.path(alert) + "/people?limit=1000&after=" + Api.query(after))
                    .expect(200);
            after = page.path("next").isTextual() ? page.get("next").asText() : null;
        }
    }

    private void evidence() throws IOException, InterruptedException {
        Path file = Files.createTempFile("chaos-evidence", ".zip");
        try {
            site.api().download(Site.path(alert) + "/evidence", file);
        } finally {
            Files.delete(file);
        }
    }

    private void scan() throws SQLException {
        try (Connection connection = site.node().database();
                Statement statement = connection.createStatement()) {
            // A scan that goes on would be harm after the harm is said to be over.
            statement.setQueryTimeout(SCAN_SECONDS);
            statement.execute(SCAN);
        } catch (SQLException e) {
            if (!CANCELLED.equals(e.getSQLState())) {
                throw e;
            }
        }
    }
}
