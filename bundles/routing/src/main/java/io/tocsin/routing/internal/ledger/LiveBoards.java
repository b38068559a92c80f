package io.tocsin.routing.internal.ledger;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.LiveTotals;
import io.tocsin.routing.api.Totals;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** One {@link LiveBoard} for each alert somebody watches on this node; those nobody asks for are forgotten. */
@Component
public final class LiveBoards implements LiveTotals {
    private static final Duration FORGET = Duration.ofMinutes(10);

    private record Key(int tenantId, long alertId) {}

    private final Database database;
    private final LongSupplier nanoTime;
    private final Map<Key, LiveBoard> boards = new LinkedHashMap<>();
    /** Counts everybody anew behind what is shown: one alert at a time, so that watching never takes more than a backend. */
    private final ExecutorService counter = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "tocsin-live-totals");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public LiveBoards(@Reference Database database) {
        this(database, System::nanoTime);
    }

    LiveBoards(Database database, LongSupplier nanoTime) {
        this.database = database;
        this.nanoTime = nanoTime;
    }

    @Deactivate
    void stop() {
        counter.shutdownNow();
    }

    @Override
    public Totals of(Alert alert) {
        return board(alert).totals(alert);
    }

    private LiveBoard board(Alert alert) {
        long now = nanoTime.getAsLong();
        synchronized (boards) {
            boards.values().removeIf(board -> now - board.askedAt() > FORGET.toNanos());
            LiveBoard board = boards.computeIfAbsent(
                    new Key(alert.tenantId(), alert.alertId()),
                    key -> new LiveBoard(database, counter, nanoTime, key.tenantId, key.alertId));
            board.asked(now);
            return board;
        }
    }
}
