package io.tocsin.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.persistence.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A full disk is in the stories: here, a server that became read-only, and how seldom it is asked. */
class WriteProbeTest {
    private static TestDatabase db;

    private final SteppedClock clock = new SteppedClock();
    private final Server server = new Server();
    private WriteProbe probe;

    @BeforeAll
    static void start() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stop() {
        db.close();
    }

    @BeforeEach
    void prepare() {
        PGSimpleDataSource like = (PGSimpleDataSource) PooledDatabase.writing(db.address(), "test");
        server.setURL(like.getURL());
        server.setUser(like.getUser());
        server.setPassword(like.getPassword());
        probe = new WriteProbe(server, "test", clock);
    }

    @Test
    void aServerThatTurnsReadOnlyIsToldAndComesBackByItself() {
        assertThat(probe.problem()).isEmpty();
        server.readOnly = true;
        assertThat(probe.problem()).as("seen a moment ago").isEmpty();
        clock.now = clock.now.plus(WriteProbe.EVERY);
        assertThat(probe.problem()).hasValueSatisfying(why -> assertThat(why).contains("read-only", "primary"));
        server.readOnly = false;
        assertThat(probe.problem()).as("seen a moment ago").isPresent();
        clock.now = clock.now.plus(WriteProbe.EVERY);
        assertThat(probe.problem()).isEmpty();
        assertThat(server.connections).isEqualTo(3);
    }

    @Test
    void asOftenAsItIsAskedItLooksOnceAndLeavesOneRow() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertThat(probe.problem()).isEmpty();
        }
        clock.now = clock.now.plus(WriteProbe.EVERY);
        probe.problem();
        assertThat(server.connections).isEqualTo(2);
        try (Connection c = db.engineDataSource().getConnection();
                var row = c.createStatement().executeQuery("select count(*) from write_probe where node = 'test'")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(1);
        }
    }

    @Test
    void aServerThatIsAwaySaysSo() {
        server.setPortNumbers(new int[] {1});
        assertThat(probe.problem()).contains("PostgreSQL does not answer");
    }

    @Test
    void theWholeServiceSaysTheSame() {
        assertThat(db.database().writeProblem()).isEqualTo(Optional.empty());
    }

    private static final class Server extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;
        private boolean readOnly;
        private int connections;

        @Override
        public Connection getConnection() throws SQLException {
            connections++;
            setOptions("-c default_transaction_read_only=" + (readOnly ? "on" : "off"));
            return super.getConnection();
        }
    }

    private static final class SteppedClock extends Clock {
        private Instant now = Instant.parse("2026-03-01T03:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
