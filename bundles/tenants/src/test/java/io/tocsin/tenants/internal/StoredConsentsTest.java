package io.tocsin.tenants.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.audit.internal.ChainedJournal;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.tenants.api.Consents;
import io.tocsin.tenants.api.Consents.Consent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredConsentsTest {
    private static final Actor MAYOR = new Actor("maire", "rest", "192.0.2.1");
    private static final Instant NOW = Instant.parse("2026-11-22T18:00:00Z");
    private static TestDatabase db;

    private final Journal journal = new ChainedJournal();
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
    void oneTenant() {
        db.clear();
        tenant = db.tenant("commune");
    }

    private Consents at(Instant now) {
        return new StoredConsents(db.database(), journal, Clock.fixed(now, ZoneOffset.UTC));
    }

    private List<String> journaled() {
        return db.database().inTenant(tenant, c -> journal.read(c, tenant, 0, 10)).stream()
                .map(Journal.Entry::action)
                .toList();
    }

    @Test
    void thereIsNoneUntilItIsGivenAndItEndsByItself() {
        assertThat(at(NOW).present(tenant)).isEmpty();

        Consent given = at(NOW).grant(tenant, Duration.ofDays(30), Optional.of(" Astreinte d'été "), MAYOR);
        assertThat(given.note()).contains("Astreinte d'été");
        assertThat(at(NOW.plus(Duration.ofDays(29))).present(tenant)).contains(given);
        assertThat(at(NOW.plus(Duration.ofDays(30))).present(tenant)).isEmpty();
        assertThat(at(NOW).present(db.tenant("autre"))).isEmpty();
        assertThat(journaled()).containsExactly("consent.granted");
    }

    @Test
    void itIsTakenBackAtOnceAndTwiceIsOnce() {
        at(NOW).grant(tenant, Duration.ofHours(1), Optional.empty(), MAYOR);

        assertThat(at(NOW).withdraw(tenant, MAYOR)).isTrue();
        assertThat(at(NOW).present(tenant)).isEmpty();
        assertThat(at(NOW).withdraw(tenant, MAYOR)).isFalse();
        assertThat(journaled()).containsExactly("consent.granted", "consent.withdrawn");
    }

    @Test
    void aNewOneTakesThePlaceOfTheOldOne() {
        at(NOW).grant(tenant, Duration.ofDays(366), Optional.of("a"), MAYOR);
        Consent shorter = at(NOW).grant(tenant, Duration.ofHours(2), Optional.empty(), MAYOR);

        assertThat(at(NOW).present(tenant)).contains(shorter);
    }

    @Test
    void whatIsOutOfBoundsIsNamed() {
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofDays(-1), Duration.ofDays(367))) {
            assertThatThrownBy(() -> at(NOW).grant(tenant, wrong, Optional.empty(), MAYOR))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("PT1H to PT8784H");
        }
        assertThatThrownBy(() -> at(NOW).grant(tenant, Duration.ofDays(1), Optional.of("x".repeat(201)), MAYOR))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("200");
        assertThat(journaled()).isEmpty();
    }
}
