package io.tocsin.persistence.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the servers a URL names are: looked up over and over, and remembered, so that a node that knew them goes on connecting, to
 * a newly promoted primary too, while no DNS answers. A lookup may take as long as it likes: nobody waits for it.
 *
 * <p>With {@code sslmode=verify-full} connections keep the names, which is what certificates are held against; names that are gone
 * are then said, and no more.
 */
final class ServerNames implements AutoCloseable {
    /** Finds the address of a name. */
    interface Resolver {
        InetAddress find(String name) throws UnknownHostException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ServerNames.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final String[] names;
    private final String[] known;
    private final List<PGSimpleDataSource> sources;
    private final Resolver resolver;
    private final ScheduledExecutorService looks;
    private volatile String missing = "";

    /** @param sources all of the same URL; told of addresses from now on */
    ServerNames(List<PGSimpleDataSource> sources, Resolver resolver, String node) {
        this.names = sources.get(0).getServerNames().clone();
        this.known = new String[names.length];
        this.sources = "verify-full".equals(sources.get(0).getSslMode()) ? List.of() : List.copyOf(sources);
        this.resolver = resolver;
        this.looks = Executors.newSingleThreadScheduledExecutor(run -> {
            Thread thread = new Thread(run, "tocsin-database-names-" + node);
            thread.setDaemon(true);
            return thread;
        });
    }

    void start() {
        looks.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The names that could not be found when last looked for, by commas; empty: all were. */
    String missing() {
        return missing;
    }

    /** Whether connections go to where a name was last found, as long as it is not. */
    boolean remembered() {
        return !sources.isEmpty() && Arrays.stream(known).noneMatch(address -> address == null);
    }

    /** One look at all names. */
    void look() {
        StringBuilder lost = new StringBuilder();
        boolean changed = false;
        for (int i = 0; i < names.length; i++) {
            try {
                String address = written(resolver.find(names[i].replaceAll("^\\[|]$", "")));
                changed |= !address.equals(known[i]);
                known[i] = address;
            } catch (UnknownHostException e) {
                lost.append(lost.isEmpty() ? "" : ", ").append(names[i]);
            } catch (RuntimeException e) {
                LOG.warn("database.names-failed", e);
                return;
            }
        }
        if (changed) {
            String[] now = new String[names.length];
            for (int i = 0; i < names.length; i++) {
                now[i] = known[i] == null ? names[i] : known[i];
            }
            sources.forEach(source -> source.setServerNames(now));
        }
        tell(lost.toString());
    }

    private void tell(String lost) {
        if (!lost.isEmpty() && missing.isEmpty()) {
            LOG.warn("database.names-gone names=\"{}\" remembered={}", lost, remembered());
        } else if (lost.isEmpty() && !missing.isEmpty()) {
            LOG.info("database.names-found");
        }
        missing = lost;
    }

    private static String written(InetAddress address) {
        String text = address.getHostAddress().toLowerCase(Locale.ROOT);
        return address instanceof Inet6Address ? "[" + text + "]" : text;
    }

    /** A lookup that hangs is left to itself. */
    @Override
    public void close() {
        looks.shutdownNow();
    }
}
