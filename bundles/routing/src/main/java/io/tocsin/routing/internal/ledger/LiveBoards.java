package io.tocsin.routing.internal.ledger;

import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.LiveTotals;
import io.tocsin.routing.api.Totals;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
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

    /** Of so many people nobody waits until they were counted when a board is new. */
    private static final int CROWD = 20_000;

    private final Database database;
    private final LongSupplier nanoTime;
    private final int crowd;
    private final Map<Key, LiveBoard> boards = new LinkedHashMap<>();
    /** Counts everybody anew behind what is shown: one alert at a time, so that watching never takes more than a backend. */
    private final ScheduledExecutorService counter =
            Executors.newScheduledThreadPool(1, daemons("tocsin-totals-count"));

    private final ScheduledExecutorService looker = Executors.newScheduledThreadPool(2, daemons("tocsin-totals-look"));

    @Activate
    public LiveBoards(@Reference Database database) {
        this(database, System::nanoTime, CROWD);
    }

    /** @param crowd see {@link OpenFigures} */
    LiveBoards(Database database, LongSupplier nanoTime, int crowd) {
        this.database = database;
        this.nanoTime = nanoTime;
        this.crowd = crowd;
    }

    private static ThreadFactory daemons(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    @Deactivate
    void stop() {
        counter.shutdownNow();
        looker.shutdownNow();
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
                    key -> new LiveBoard(database, counter, looker, nanoTime, crowd));
            board.asked(now);
            return board;
        }
    }
}
