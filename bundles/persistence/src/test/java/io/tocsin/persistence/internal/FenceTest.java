package io.tocsin.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.api.DatabaseState.Condition;
import io.tocsin.persistence.api.SchemaState;
import io.tocsin.persistence.internal.PooledDatabase.PoolSizes;
import io.tocsin.persistence.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FenceTest {
    private static final String URL = "jdbc:postgresql://a,b/tocsin?targetServerType=primary";
    private static final String OTHER = "jdbc:postgresql://c,d/tocsin?targetServerType=primary";
    private static final long SYSTEM = 7391L;

    @TempDir
    Path folder;

    @Test
    void aPrimaryOfAnOlderTimelineIsRefusedAlsoAfterARestartOfTheNode() throws Exception {
        Fence fence = fence(URL);
        assertThat(fence.pass(server(SYSTEM, 3))).as("the first is no surprise").isFalse();
        assertThat(fence.pass(server(SYSTEM, 3))).isFalse();
        assertThat(fence.pass(server(SYSTEM, 4))).as("a promotion").isTrue();
        for (Fence each : new Fence[] {fence, fence(URL)}) {
            assertThatThrownBy(() -> each.pass(server(SYSTEM, 3)))
                    .isInstanceOfSatisfying(Fence.Refused.class, refused -> {
                        assertThat(refused.past()).isTrue();
                        assertThat(refused.getSQLState()).isEqualTo(Fence.REFUSED);
                        assertThat(new DatabaseException(refused).transientFailure())
                                .as("waited for as for a database that is away")
                                .isTrue();
                    })
                    .hasMessageContaining("came back with an old timeline")
                    .hasMessageContaining(file().toString());
            assertThat(each.pass(server(SYSTEM, 4))).isFalse();
        }
    }

    @Test
    void otherDataAreRefusedUntilAnOperatorSaysOtherwise() throws Exception {
        fence(URL).pass(server(SYSTEM, 3));
        assertThatThrownBy(() -> fence(URL).pass(server(SYSTEM + 1, 9)))
                .isInstanceOfSatisfying(Fence.Refused.class, refused -> assertThat(refused.past())
                        .isFalse())
                .hasMessageContaining("other data");
        Files.delete(file());
        assertThat(fence(URL).pass(server(SYSTEM + 1, 1))).isFalse();
    }

    @Test
    void anotherUrlIsAnotherDecisionAndAStandbySaysNothing() throws Exception {
        fence(URL).pass(server(SYSTEM, 3));
        assertThat(fence(URL).pass(server(SYSTEM + 1, 0))).isFalse();
        assertThat(fence(OTHER).pass(server(SYSTEM + 1, 1))).isFalse();
    }

    @Test
    void whatWasSeenIsNeverForgottenSilently() throws Exception {
        Files.writeString(file(), "url=" + URL.replace(":", "\\:").replace("=", "\\=") + "\nsystem=x\ntimeline=3\n");
        assertThatThrownBy(() -> fence(URL))
                .isInstanceOf(SchemaRefusedException.class)
                .hasMessageContaining(file().toString());
    }

    @Test
    void nothingIsDoneOnARefusedServerAndItsStateHasAName() throws Exception {
        try (TestDatabase db = TestDatabase.start()) {
            ServerIdentity now;
            try (var connection = db.engineDataSource().getConnection()) {
                now = ServerIdentity.of(connection);
            }
            assertThat(now.timeline()).isPositive();
            String url = db.address().url();
            Fence fence = fence(url);
            try (PooledDatabase database = new PooledDatabase(
                    db.address(), new PoolSizes(2, 2, Duration.ofMinutes(1)), "fenced", fence, SchemaState.UNKNOWN)) {
                database.asEngine(connection -> connection.isValid(1));
                await().until(() -> database.status().state().condition() == Condition.PRIMARY);
                assertThat(database.status().state())
                        .satisfies(state -> assertThat(state.timeline()).isEqualTo(now.timeline()))
                        .satisfies(state -> assertThat(state.server()).contains(":"))
                        .satisfies(state -> assertThat(state.clockOffset())
                                .hasValueSatisfying(offset -> assertThat(offset.abs())
                                        .as("one machine, one clock")
                                        .isLessThan(Duration.ofSeconds(5))));

                // Somewhere a standby was promoted: connections that are open are ended, new ones refused.
                fence.pass(new ServerIdentity(now.system(), now.timeline() + 1, "elsewhere:5432"));
                await().until(() -> database.status().state().condition() == Condition.REFUSED_TIMELINE);
                assertThat(database.status().state().condition().usable()).isFalse();
                await().untilAsserted(() -> assertThatThrownBy(() -> database.asEngine(c -> c.isValid(1)))
                        .isInstanceOfSatisfying(DatabaseException.class, e -> assertThat(e.transientFailure())
                                .isTrue()));
                assertThat(database.writeProblem()).isPresent();
                assertThat(database.available()).isFalse();
            }
            assertThatThrownBy(() -> new Schema(db.address(), fence(url)).bringUpToDate("fenced"))
                    .as("a past is not migrated")
                    .isInstanceOf(DatabaseException.class)
                    .hasCauseInstanceOf(SQLException.class)
                    .hasMessageContaining("old timeline");
        }
    }

    private Path file() {
        return folder.resolve("database-timeline");
    }

    private Fence fence(String url) {
        return Fence.in(file(), url);
    }

    private static ServerIdentity server(long system, long timeline) {
        return new ServerIdentity(system, timeline, "192.0.2.1:5432");
    }
}
