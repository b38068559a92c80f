package io.tocsin.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;

import io.tocsin.cluster.api.ClusterStatus;
import io.tocsin.cluster.api.ClusterStatus.State;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

/** Hazelcast in the container: it starts where it is configured, on the address it is given and no other, and ends when it is not. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ClusterIT {
    private static final long LIMIT_MILLIS = 90_000;
    private static final long LOOK_NANOS = 100_000_000;

    @Inject
    private ClusterStatus cluster;

    @Configuration
    public Option[] distribution() {
        int port = Distribution.freePort();
        return Distribution.node(
                editConfigurationFilePut("etc/io.tocsin.cluster.cfg", "site", "lyon"),
                editConfigurationFilePut("etc/io.tocsin.cluster.cfg", "address", "127.0.0.1:" + port),
                editConfigurationFilePut("etc/io.tocsin.cluster.cfg", "members", "127.0.0.1:" + port));
    }

    @Test
    public void aConfiguredNodeIsInItsClusterAndAnUnconfiguredOneIsNot() throws Exception {
        await(State.WHOLE);
        ClusterStatus.Node here = cluster.nodes().stream()
                .filter(ClusterStatus.Node::here)
                .findFirst()
                .orElseThrow();
        assertEquals("lyon", here.site());
        assertTrue(here.connected() && here.leader());
        int port = Integer.parseInt(here.address().replaceAll(".*:", ""));
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 5000);
        }

        Files.delete(Path.of(System.getProperty("karaf.etc"), "io.tocsin.cluster.cfg"));

        await(State.ALONE);
        // It leaves in order, which takes a moment.
        Instant limit = Instant.now().plusMillis(LIMIT_MILLIS);
        while (!threads().isEmpty()) {
            assertTrue(
                    "threads of Hazelcast's are left: " + threads(),
                    Instant.now().isBefore(limit));
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("hz."))
                .toList();
    }

    private void await(State wanted) {
        Instant limit = Instant.now().plusMillis(LIMIT_MILLIS);
        while (cluster.state() != wanted) {
            assertTrue(
                    "it is " + cluster.state() + " (" + cluster.detail() + "), not " + wanted,
                    Instant.now().isBefore(limit));
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
