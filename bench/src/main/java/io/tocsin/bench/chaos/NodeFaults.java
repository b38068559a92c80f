package io.tocsin.bench.chaos;

import java.time.Duration;

/** What happens to a node, to its disk and on its way to the carrier. */
final class NodeFaults {
    private static final Duration FULL = Duration.ofSeconds(8);

    private NodeFaults() {}

    /** A power cut, and somebody who starts it again at once: the harm is done with the signal, starting is recovery. */
    static long kill(Site site, long alert) throws Exception {
        long killed = System.nanoTime();
        site.node().kill();
        site.node().start();
        int status = site.api().get(Site.path(alert)).status();
        if (status != 200 && status != 401) {
            throw new IllegalStateException("the node says that it is ready, and answers with HTTP " + status);
        }
        return killed;
    }

    static long fillDisk(Site site, long alert) throws Exception {
        site.disk().fill();
        try {
            Site.pause(FULL);
        } finally {
            site.disk().empty();
        }
        return System.nanoTime();
    }

    static long dropSockets(Site site, long alert) throws Exception {
        site.smsc().command("/drop");
        return System.nanoTime();
    }
}
