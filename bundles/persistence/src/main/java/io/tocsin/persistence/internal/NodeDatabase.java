package io.tocsin.persistence.internal;

import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.internal.admin.HibernateModel;
import io.tocsin.persistence.internal.embedded.EmbeddedPostgres;
import io.tocsin.persistence.internal.embedded.EmbeddedPostgresException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives this node its database: starts the embedded server or goes to the one it was given, brings the schema up to
 * date, and only then offers {@link Database} and {@link AdministrativeModel}. Works on a thread of its own, and tries
 * again for as long as the database cannot be had. An embedded server that ends on its own is started again under the
 * same services.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = NodeDatabase.PID)
@Designate(ocd = PersistenceSettings.class)
public final class NodeDatabase {
    static final String PID = "io.tocsin.persistence";

    private static final Logger LOG = LoggerFactory.getLogger(NodeDatabase.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration STOP_PATIENCE = Duration.ofMinutes(1);
    private static final Path REACHABLE = Path.of("/var/lib/tocsin");

    private final BundleContext context;
    private final PersistenceSettings settings;
    private final CompletableFuture<Void> stopRequested = new CompletableFuture<>();
    /** Needs no database: made while that starts, which is most of what a node waits for. */
    private final CompletableFuture<HibernateModel> model = new CompletableFuture<>();

    private final Thread thread = new Thread(this::run, "tocsin-database");
    private volatile boolean stopping;

    @Activate
    public NodeDatabase(BundleContext context, PersistenceSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    @Activate
    void start() {
        new Thread(this::makeModel, "tocsin-database-model").start();
        thread.start();
    }

    private void makeModel() {
        try {
            model.complete(new HibernateModel(Clock.systemUTC()));
        } catch (RuntimeException | LinkageError e) {
            model.completeExceptionally(e);
        }
    }

    /** Waits for the running transactions, then for the embedded server. */
    @Deactivate
    void stop() throws InterruptedException {
        stopping = true;
        // Ends a start under way. Before the request, so that the thread never meets it while it closes.
        thread.interrupt();
        stopRequested.complete(null);
        thread.join(STOP_PATIENCE.toMillis());
        if (thread.isAlive()) {
            LOG.error("database.stop-timeout seconds={}", STOP_PATIENCE.toSeconds());
        }
        model.thenAccept(HibernateModel::close);
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!stopping) {
            try {
                if (settings.url().isBlank()) {
                    runEmbedded();
                } else {
                    DatabaseAddress address = SettingsReader.address(settings, System.getenv());
                    runOn(address, Fence.in(base().resolve("database-timeline"), address.url()));
                }
                pause = FIRST_PAUSE;
            } catch (EmbeddedPostgresException | SchemaRefusedException | DatabaseException e) {
                if (!stopping) {
                    LOG.error("database.unusable retrySeconds={} problem={}", pause.toSeconds(), e.getMessage());
                }
            } catch (RuntimeException e) {
                LOG.error("database.failed retrySeconds={}", pause.toSeconds(), e);
            }
            waitForStop(pause);
            pause = pause.compareTo(LONGEST_PAUSE.dividedBy(2)) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
        LOG.info("database.closed");
    }

    private void runOn(DatabaseAddress address, Fence fence) {
        try (DatabaseServices services = DatabaseServices.offer(context, address, settings, fence, model::join)) {
            waitFor(CompletableFuture.anyOf(services.outgrown(), stopRequested));
        }
    }

    private void runEmbedded() {
        EmbeddedPostgres server = EmbeddedPostgres.start(place());
        try {
            DatabaseAddress address = new DatabaseAddress(server.url(), EmbeddedPostgres.OWNER, server.ownerPassword());
            try (DatabaseServices services =
                    DatabaseServices.offer(context, address, settings, Fence.none(), model::join)) {
                while (!stopping && server.url().equals(address.url())) {
                    waitFor(CompletableFuture.anyOf(server.ended(), stopRequested));
                    if (!stopping) {
                        LOG.error(
                                "database.ended folder={} problem=the server ended by itself, starting it again",
                                server.folder());
                        server.close();
                        server = EmbeddedPostgres.start(place());
                    }
                }
                fitForClosing();
            }
        } finally {
            fitForClosing();
            server.close();
        }
    }

    private EmbeddedPostgres.Place place() {
        Path base = base();
        return new EmbeddedPostgres.Place(
                settings.folder().isBlank() ? base.resolve("postgres") : Path.of(settings.folder()),
                base.resolve("postgres-" + EmbeddedPostgres.BINARIES),
                REACHABLE,
                settings.account(),
                Map.of());
    }

    private Path base() {
        return Path.of(Optional.ofNullable(context.getProperty("karaf.data")).orElse("data"));
    }

    private static void waitFor(CompletableFuture<?> end) {
        end.join();
        fitForClosing();
    }

    /** Closing waits, which an interrupted thread cannot; a request to stop interrupts, also a start that is all but done. */
    private static void fitForClosing() {
        Thread.interrupted();
    }

    private void waitForStop(Duration pause) {
        CompletableFuture<Void> either =
                stopRequested.copy().completeOnTimeout(null, pause.toMillis(), TimeUnit.MILLISECONDS);
        waitFor(either);
    }
}
