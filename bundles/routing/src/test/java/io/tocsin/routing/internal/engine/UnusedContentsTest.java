package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.internal.ledger.LedgerStore;
import io.tocsin.routing.testing.TestAlerts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a tenant said and printed goes when nothing names it, and not a moment before. */
class UnusedContentsTest {
    private static final byte[] NAMED = sha256(1);
    private static final byte[] LAUNCHED = sha256(2);
    private static final byte[] REPLACED = sha256(3);
    private static final Set<String> ALL = Set.of("1", "2", "3");
    private static TestDatabase db;
    private int tenant;

    @BeforeAll
    static void start() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stop() {
        db.close();
    }

    @BeforeEach
    void aTenantWithThree() {
        db.clear();
        tenant = db.tenant("commune");
        for (byte[] sha256 : new byte[][] {NAMED, LAUNCHED, REPLACED}) {
            run("insert into sound (tenant_id, sha256, alaw) values (?, ?, '\\x00')", tenant, sha256);
            run(
                    "insert into document_content (tenant_id, sha256, pdf, pages) values (?, ?, '\\x00', 1)",
                    tenant,
                    sha256);
        }
        for (String names : new String[] {"recording", "document"}) {
            run("insert into " + names + " values (?, 'maire', 'Maire', ?, 'maire', now())", tenant, NAMED);
        }
        new TestAlerts(db.database(), new LedgerStore(), Clock.systemUTC())
                .text("{{recording.maire." + hex(LAUNCHED) + "}} {{document.plan." + hex(LAUNCHED) + "}}")
                .launch(tenant);
    }

    @Test
    void whatNothingNamesGoesAfterADay() {
        sweep();
        sweep();
        assertThat(left("sound")).as("a launch under way may name it still").isEqualTo(ALL);
        assertThat(left("document_content")).isEqualTo(ALL);

        aDayPasses();
        sweep();
        assertThat(left("sound")).containsExactly("1", "2");
        assertThat(left("document_content")).containsExactly("1", "2");

        aDayPasses();
        sweep();
        assertThat(left("sound")).containsExactly("1", "2");
    }

    @Test
    void whatIsNamedAgainMeanwhileStays() {
        sweep();
        run("insert into document values (?, 'plan', 'Plan', ?, 'maire', now())", tenant, REPLACED);
        run("insert into recording values (?, 'sirene', 'Sirène', ?, 'maire', now())", tenant, REPLACED);
        aDayPasses();
        sweep();
        assertThat(left("sound")).isEqualTo(ALL);
        assertThat(left("document_content")).isEqualTo(ALL);
    }

    @Test
    void anAlertOfAnotherTenantNamesNothingHere() {
        int other = db.tenant("autre");
        run("insert into sound (tenant_id, sha256, alaw) values (?, ?, '\\x00')", other, LAUNCHED);
        sweep();
        aDayPasses();
        sweep();
        assertThat(left("sound")).containsExactly("1", "2");
        tenant = other;
        assertThat(left("sound")).isEmpty();
    }

    @Test
    void whatIsLaunchedWhileItIsForgottenStays() {
        sweep();
        new TestAlerts(db.database(), new LedgerStore(), Clock.systemUTC())
                .text("{{document.plan." + hex(REPLACED) + "}}")
                .launch(tenant);
        aDayPasses();
        sweep();
        assertThat(left("document_content")).isEqualTo(ALL);
        assertThat(left("sound"))
                .as("a document and a sound of one hash are told by it alone")
                .isEqualTo(ALL);
    }

    private void aDayPasses() {
        for (String table : new String[] {"sound", "document_content"}) {
            run("update " + table + " set unused_since = unused_since - interval '25 hours' where tenant_id > ?", 0);
        }
    }

    private void sweep() {
        db.database().asEngine(UnusedContents::sweep);
    }

    private Set<String> left(String table) {
        return db.database().asEngine(connection -> {
            Set<String> left = new TreeSet<>();
            try (PreparedStatement query = connection.prepareStatement(
                    "select get_byte(sha256, 0)::text from " + table + " where tenant_id = ?")) {
                query.setInt(1, tenant);
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        left.add(row.getString(1));
                    }
                }
            }
            return left;
        });
    }

    private static void run(String sql, Object... values) {
        db.database().asEngine(connection -> run(connection, sql, values));
    }

    private static Void run(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int n = 0; n < values.length; n++) {
                statement.setObject(n + 1, values[n]);
            }
            statement.executeUpdate();
        }
        return null;
    }

    private static byte[] sha256(int first) {
        byte[] sha256 = new byte[32];
        sha256[0] = (byte) first;
        return sha256;
    }

    private static String hex(byte[] sha256) {
        return HexFormat.of().formatHex(sha256);
    }
}
