package io.tocsin.persistence.internal;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node from working on a past: of one URL it remembers, across restarts, whose data it has seen and the highest
 * timeline of them. A primary with an older timeline is a site that came back with what it had before another was promoted;
 * one with another system identifier holds other data. Both are refused. Safe for threads.
 */
final class Fence {
    /** SQLSTATE of a refusal: the server rejected the connection, so callers wait as for a database that is away. */
    static final String REFUSED = "08004";

    private static final Logger LOG = LoggerFactory.getLogger(Fence.class);

    private final Optional<Path> file;
    private final String url;
    private long system;
    private long timeline;
    private Optional<String> refusal = Optional.empty();

    private Fence(Optional<Path> file, String url) {
        this.file = file;
        this.url = url;
    }

    /** For a server nobody can be confused about: the node's own. */
    static Fence none() {
        return new Fence(Optional.empty(), "");
    }

    /**
     * @param file where it remembers; made when missing
     * @param url what the operator said; another URL is another decision of his, and forgets what was seen
     * @throws SchemaRefusedException when the file cannot be read: what it said must not be forgotten silently
     */
    static Fence in(Path file, String url) {
        Fence fence = new Fence(Optional.of(file), url);
        fence.load();
        return fence;
    }

    /**
     * Lets a primary pass, and remembers it. Standbys pass: they write nothing.
     *
     * @return whether it is newer than all seen before
     * @throws Refused when this node must not work on it
     */
    synchronized boolean pass(ServerIdentity server) throws SQLException {
        if (file.isEmpty() || server.timeline() == 0) {
            return false;
        }
        if (system != 0 && server.system() != system) {
            throw refuse(
                    false,
                    "the server " + server.address() + " holds other data (system identifier " + server.system()
                            + ") than those this node has worked on (" + system
                            + "). If that is right, a restore say, stop the node and delete " + file.get());
        }
        if (server.timeline() < timeline) {
            throw refuse(
                    true,
                    "a site came back with an old timeline: the server " + server.address()
                            + " is a primary on timeline "
                            + server.timeline() + ", this node has seen " + timeline
                            + ". Stop that server and let it follow the right one (Patroni does so by itself:"
                            + " patronictl reinit); if it is the right one, stop the node and delete " + file.get());
        }
        if (refusal.isPresent()) {
            LOG.info("database.accepted server={} timeline={}", server.address(), server.timeline());
            refusal = Optional.empty();
        }
        if (server.timeline() == timeline) {
            return false;
        }
        store(server);
        LOG.info("database.timeline server={} timeline={} before={}", server.address(), server.timeline(), timeline);
        boolean known = system != 0;
        system = server.system();
        timeline = server.timeline();
        return known;
    }

    private Refused refuse(boolean past, String why) {
        if (refusal.filter(why::equals).isEmpty()) {
            LOG.error("database.refused problem=\"{}\"", why);
            refusal = Optional.of(why);
        }
        return new Refused(past, why);
    }

    /** A primary this node must not work on. */
    static final class Refused extends SQLException {
        private static final long serialVersionUID = 1L;

        /** Whether it is the same data, older; else they are others. */
        private final boolean past;

        private Refused(boolean past, String why) {
            super(why, REFUSED);
            this.past = past;
        }

        boolean past() {
            return past;
        }
    }

    private void load() {
        Path from = file.orElseThrow();
        if (!Files.exists(from)) {
            return;
        }
        Properties seen = new Properties();
        try (Reader in = Files.newBufferedReader(from)) {
            seen.load(in);
            if (url.equals(seen.getProperty("url"))) {
                system = Long.parseLong(seen.getProperty("system"));
                timeline = Long.parseLong(seen.getProperty("timeline"));
            }
        } catch (IOException | NumberFormatException e) {
            throw new SchemaRefusedException("the timeline this node has seen last cannot be read from " + from + " ("
                    + e.getMessage() + "): if PostgreSQL's primary is the right one, delete that file");
        }
    }

    /** On the disk before anything is done on the new timeline: a node killed right after still refuses the old one. */
    private void store(ServerIdentity server) throws SQLException {
        Path to = file.orElseThrow();
        Properties seen = new Properties();
        seen.setProperty("url", url);
        seen.setProperty("system", Long.toString(server.system()));
        seen.setProperty("timeline", Long.toString(server.timeline()));
        Path made = to.resolveSibling(to.getFileName() + ".new");
        try {
            Files.createDirectories(to.toAbsolutePath().getParent());
            try (Writer out = Files.newBufferedWriter(made)) {
                seen.store(out, "what this node has seen of its database; delete only when told to");
            }
            try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(made, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new SQLException(
                    "the timeline " + server.timeline() + " cannot be noted in " + to + ": " + e, REFUSED, e);
        }
    }
}
