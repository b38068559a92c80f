package io.tocsin.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

class DatabaseReturnsTest {

    @Test
    void bothPoolsServeAgainWhenTheDatabaseReturns() {
        try (TestDatabase db = TestDatabase.start()) {
            Database database = db.database();
            int tenant = db.tenant("commune");
            List<IntSupplier> calls = List.of(
                    () -> database.inTenant(tenant, PooledDatabaseTest::countTenants),
                    () -> database.asEngine(PooledDatabaseTest::countTenants));
            calls.forEach(call -> assertThat(call.getAsInt()).isEqualTo(1));
            assertThat(database.available()).isTrue();
            db.stop();
            assertThat(database.available()).isFalse();
            for (IntSupplier call : calls) {
                assertThatThrownBy(call::getAsInt)
                        .isInstanceOfSatisfying(DatabaseException.class, e -> assertThat(e.transientFailure())
                                .as("%s %s", e.sqlState(), e.getMessage())
                                .isTrue());
            }
            db.restart();
            for (IntSupplier call : calls) {
                await().atMost(Duration.ofMinutes(2))
                        .ignoreException(DatabaseException.class)
                        .until(() -> call.getAsInt() == 1);
            }
            assertThat(database.available()).isTrue();
        }
    }
}
