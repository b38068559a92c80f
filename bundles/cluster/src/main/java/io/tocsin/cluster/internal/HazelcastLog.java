package io.tocsin.cluster.internal;

import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Hazelcast logs, in our log: its warnings for who looks closer, its chatter only where somebody asked for it. It says why
 * it was not let in nowhere else, so the last such reason is kept.
 */
final class HazelcastLog extends Handler {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(HazelcastLog.class);

    /** Kept: the platform's own forgets a logger nobody holds, and its handlers with it. */
    private static final Logger SOURCE = Logger.getLogger("com.hazelcast");

    private final String ours;
    private volatile String refusal = "";

    /** @param place the member whose words these are: each begins with its address */
    HazelcastLog(Place place) {
        this.ours = "[" + place.own().host() + "]:" + place.own().port() + " ";
        SOURCE.setUseParentHandlers(false);
        SOURCE.addHandler(this);
    }

    /** Why this node was last not let in, in Hazelcast's words. */
    Optional<String> refusal() {
        return Optional.of(refusal).filter(said -> !said.isEmpty());
    }

    @Override
    public void publish(LogRecord entry) {
        String said = String.valueOf(entry.getMessage());
        if (said.startsWith("[") && !said.startsWith(ours)) {
            return;
        }
        String words = said.substring(said.startsWith(ours) ? said.indexOf("] ", ours.length()) + 1 : 0);
        int version = words.indexOf("] ");
        words = (version < 0 ? words : words.substring(version + 2)).strip();
        if (entry.getLevel().intValue() < Level.WARNING.intValue()) {
            LOG.debug("cluster.hazelcast-detail said=\"{}\"", words);
        } else if (words.contains("could not join") || words.contains("onfiguration mismatch")) {
            // [10.8.0.1]:5701 as anybody else writes it
            refusal = words.replaceAll("\\[([0-9.]+)]:", "$1:");
            LOG.warn("cluster.not-let-in said=\"{}\"", refusal);
        } else {
            // Warnings to it are a closed connection, a member that left: ours say so, in our words.
            LOG.info("cluster.hazelcast said=\"{}\"", words.replace('\n', ' '));
        }
        if (entry.getThrown() != null) {
            LOG.debug("cluster.hazelcast-detail", entry.getThrown());
        }
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public void close() {
        SOURCE.removeHandler(this);
    }
}
