package io.tocsin.routing.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.internal.engine.Written;
import io.tocsin.routing.internal.ledger.LedgerStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The check of the law itself: each way to break it is seen, and said. */
class ConservationTest {
    private static TestDatabase db;

    private int tenant;
    private long alert;

    @BeforeAll
    static void start() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stop() {
        db.close();
    }

    @BeforeEach
    void launch() {
        tenant = db.tenant("commune-" + System.nanoTime());
        Clock clock = Clock.systemUTC();
        alert = new TestAlerts(db.database(), LedgerStore.at(clock), clock)
                .recipients(700)
                .launch(tenant);
        Written.targets(db.database(), tenant, alert);
    }

    @Test
    void anAlertThatWaitsObeys() {
        assertThat(Conservation.assertHolds(db.database(), tenant, alert).pending())
                .isEqualTo(700);
    }

    @Test
    void whatLeftWithoutAnIntentIsSeen() {
        tamper(
                """
                insert into attempt (tenant_id, alert_id, wave_no, position, kind, code, at, node)
                values (?, ?, 1, 3, 'accepted', '', now(), 'test')
                """);
        assertBroken("1 targets that left without an intent");
    }

    @Test
    void whatWasIntendedAndForgottenIsSeen() {
        tamper("update batch set watermark = first_position + 12 where tenant_id = ? and alert_id = ? and batch_no"
                + " = 1");
        assertBroken("12 targets below the watermark of a batch nobody holds, without a word");
    }

    @Test
    void whatIsInNobodysBatchIsSeen() {
        tamper("update batch set end_position = end_position - 5 where tenant_id = ? and alert_id = ? and batch_no"
                + " = 0");
        assertBroken("5 targets that are in no batch");
    }

    @Test
    void allAlertsAreCheckedAndEachOffenderNamed() {
        tamper("update batch set watermark = first_position + 1 where tenant_id = ? and alert_id = ? and batch_no = 0");
        assertThatThrownBy(() -> db.database()
                        .asEngine(connection -> io.tocsin.persistence.testing.Conservation.checkAll(connection)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("alertId=" + alert);
    }

    @Test
    void aSumThatDoesNotAddUpIsSaid() {
        assertThatThrownBy(() -> io.tocsin.persistence.testing.Conservation.checkShown(10, 1, 2, 3, 4, 5))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("recipients 10 is not answered 1");
    }

    private void assertBroken(String how) {
        assertThatThrownBy(() -> Conservation.assertHolds(db.database(), tenant, alert))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(how);
    }

    private void tamper(String sql) {
        db.database().asEngine(connection -> {
            execute(connection, sql);
            return null;
        });
    }

    private void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, tenant);
            statement.setLong(2, alert);
            assertThat(statement.executeUpdate()).as(sql).isEqualTo(1);
        }
    }
}
