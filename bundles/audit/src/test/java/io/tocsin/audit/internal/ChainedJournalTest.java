package io.tocsin.audit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.testing.TestDatabase;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChainedJournalTest {
    private static final Actor MAYOR = new Actor("maire", "rest", "192.0.2.1");
    private static TestDatabase db;
    private final Journal journal = new ChainedJournal();
    private int tenant;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void oneTenant() {
        db.clear();
        tenant = db.tenant("commune");
    }

    @Test
    void readsBackWhatWasAppended() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("z", "é\u0000 \uD83D\uDE00 \"quoted\"\n");
        details.put("a", List.of(1, 2.50, true));
        details.put("nothing", null);
        append("alert.launched", details);

        Journal.Entry entry = entries().get(0);
        assertThat(entry.seq()).isEqualTo(1);
        assertThat(entry.actor()).isEqualTo(MAYOR);
        assertThat(entry.details())
                .containsEntry("z", "é\uFFFD \uD83D\uDE00 \"quoted\"\n")
                .containsEntry("nothing", null);
        assertThat((List<?>) entry.details().get("a")).element(1).isEqualTo(new BigDecimal("2.5"));
        assertThat(broken()).isEmpty();
    }

    @Test
    void isSearchedFromItsEnd() {
        for (int i = 0; i < 5; i++) {
            append(i % 2 == 0 ? "user.created" : "alert.launched", Map.of("n", i));
        }
        Journal.Search everything = search(Optional.empty(), Optional.empty());
        assertThat(found(everything, Optional.empty(), 3)).containsExactly(5L, 4L, 3L);
        assertThat(found(everything, Optional.of(3L), 10)).containsExactly(2L, 1L);
        assertThat(found(search(Optional.empty(), Optional.of("alert.")), Optional.empty(), 10))
                .containsExactly(4L, 2L);
        assertThat(found(search(Optional.empty(), Optional.of("user.created")), Optional.of(5L), 10))
                .containsExactly(3L, 1L);
        assertThat(found(search(Optional.of("maire"), Optional.empty()), Optional.empty(), 10))
                .hasSize(5);
        for (String hostile : List.of("%", "_ser.created", "' or true --", "alert")) {
            assertThat(found(search(Optional.empty(), Optional.of(hostile)), Optional.empty(), 10))
                    .as(hostile)
                    .isEmpty();
        }
        assertThat(found(search(Optional.of("personne"), Optional.empty()), Optional.empty(), 10))
                .isEmpty();
        Instant soon = Instant.now().plusSeconds(60);
        assertThat(found(within(Optional.of(soon), Optional.empty()), Optional.empty(), 10))
                .isEmpty();
        assertThat(found(within(Optional.empty(), Optional.of(soon)), Optional.empty(), 10))
                .hasSize(5);
    }

    private static Journal.Search search(Optional<String> actor, Optional<String> action) {
        return new Journal.Search(
                actor, action, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Journal.Search within(Optional<Instant> from, Optional<Instant> to) {
        return new Journal.Search(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), from, to);
    }

    private List<Long> found(Journal.Search search, Optional<Long> before, int limit) {
        return db.database().inTenant(tenant, c -> journal.find(c, tenant, search, before, limit)).stream()
                .map(Journal.Entry::seq)
                .toList();
    }

    @Test
    void chainsEveryTenantByItself() {
        int other = db.tenant("autre");
        for (int i = 0; i < 5; i++) {
            append("user.created", Map.of("n", i));
        }
        db.database().inTenant(other, c -> {
            journal.append(c, other, MAYOR, "user.created", "user", "x", Map.of());
            return null;
        });

        assertThat(entries()).extracting(Journal.Entry::seq).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(broken()).isEmpty();
        assertThat(db.database().<List<Journal.Entry>>inTenant(other, c -> journal.read(c, tenant, 0, 10)))
                .isEmpty();
        assertThat(db.database().<Optional<Long>>inTenant(other, c -> journal.firstBroken(c, other)))
                .isEmpty();
    }

    @Test
    void keepsThePlatformsOwnChain() {
        db.database().asEngine(c -> {
            journal.append(c, Journal.PLATFORM, Actor.engine(), "agency.created", "agency", "a", Map.of());
            return null;
        });

        assertThat(db.database().<Optional<Long>>asEngine(c -> journal.firstBroken(c, Journal.PLATFORM)))
                .isEmpty();
    }

    @Test
    void losesAnEntryWithTheTransactionItBelongsTo() {
        assertThatThrownBy(() -> db.database().inTenant(tenant, c -> {
                    journal.append(c, tenant, MAYOR, "alert.launched", "alert", "1", Map.of());
                    throw new IllegalStateException("refused after all");
                }))
                .hasMessage("refused after all");

        assertThat(entries()).isEmpty();
        append("alert.launched", Map.of());
        assertThat(broken()).isEmpty();
    }

    @Test
    void keepsOneChainUnderConcurrentAppends() {
        CompletableFuture<?>[] appends = IntStream.range(0, 4)
                .mapToObj(thread -> CompletableFuture.runAsync(() ->
                        IntStream.range(0, 25).forEach(i -> append("user.created", Map.of("thread", thread, "i", i)))))
                .toArray(CompletableFuture[]::new);
        CompletableFuture<Boolean> neverBroken =
                CompletableFuture.supplyAsync(() -> IntStream.range(0, 20).allMatch(i -> broken().isEmpty()));
        CompletableFuture.allOf(appends).join();

        assertThat(neverBroken.join()).isTrue();
        assertThat(entries()).hasSize(100);
        assertThat(broken()).isEmpty();
    }

    @Test
    void cannotBeChangedByTheRolesOfThePlatform() {
        append("alert.launched", Map.of());
        for (String sql : List.of(
                "update journal set action = 'x'",
                "delete from journal",
                "truncate journal",
                "delete from journal_head")) {
            assertThatThrownBy(() -> db.database().inTenant(tenant, c -> execute(c, sql)))
                    .as("application: " + sql)
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> db.database().asEngine(c -> execute(c, sql)))
                    .as("engine: " + sql)
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("permission denied");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            an edited action     | update journal set action = 'x' where seq = 3                             | 3
            an edited detail     | update journal set details = '{"n": 99}' where seq = 3                    | 3
            an edited time       | update journal set at = at + interval '1 microsecond' where seq = 3       | 3
            a deleted entry      | delete from journal where seq = 3                                         | 3
            a cut end            | delete from journal where seq > 3                                         | 4
            a rewound head       | update journal_head set seq = 4 | 5
            two swapped          | update journal set seq = -seq where seq in (3, 4); update journal set seq = 7 + seq where seq < 0 | 3
            """)
    void namesTheFirstEntryThatADatabaseOwnerTouched(String what, String sql, long seq) {
        for (int i = 1; i <= 5; i++) {
            append("user.created", Map.of("n", i));
        }
        SampleAlert.touch(db, sql.contains("journal_head") ? "journal_head" : "journal", sql);

        assertThat(broken()).as(what).contains(seq);
    }

    private static boolean execute(java.sql.Connection connection, String sql) throws java.sql.SQLException {
        try (var statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }

    private void append(String action, Map<String, ?> details) {
        db.database().inTenant(tenant, c -> {
            journal.append(c, tenant, MAYOR, action, "alert", "1", details);
            return null;
        });
    }

    private List<Journal.Entry> entries() {
        return db.database().inTenant(tenant, c -> journal.read(c, tenant, 0, 1_000));
    }

    private Optional<Long> broken() {
        return db.database().inTenant(tenant, c -> journal.firstBroken(c, tenant));
    }
}
