package io.tocsin.tenants.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.audit.internal.ChainedJournal;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.tenants.api.Cap;
import io.tocsin.tenants.api.Tenancy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CapRegistryTest {
    private static final Actor ADMIN = new Actor("admin", "rest", "127.0.0.1");
    private static TestDatabase db;

    private final Journal journal = new ChainedJournal();
    private Tenancy tenancy;
    private int tenant;
    private int agency;

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
        db.clear();
        tenancy = new TenantRegistry(db.database(), db.model(), journal, new CarrierLogins(Map.of(), n -> null));
        tenant = db.tenant("commune");
        agency = tenancy.tenant(tenant).orElseThrow().agencyId();
    }

    private Cap cap(String name, double perSecond, List<String> channels, String... prefixes) {
        return new Cap(0, agency, Optional.of(tenant), name, channels, List.of(prefixes), perSecond);
    }

    private List<Cap> own() {
        return tenancy.caps(agency, Optional.of(tenant));
    }

    private List<String> journaled(int tenantId) {
        return db.database().asEngine(c -> journal.read(c, tenantId, 0, 1000)).stream()
                .map(Journal.Entry::action)
                .filter(action -> action.startsWith("cap."))
                .toList();
    }

    @Test
    void aCapIsMadeChangedAndRemovedAndTheJournalSaysSo() {
        Cap made = tenancy.save(cap("bourg", 20, List.of("voice", "sms", "sms"), "+33 3 53-01.0", "+3335301"), ADMIN);
        assertThat(made.id()).isPositive();
        assertThat(made.channels()).containsExactly("sms", "voice");
        assertThat(made.prefixes()).containsExactly("+3335301", "+33353010");
        assertThat(own()).containsExactly(made);

        Cap slower = tenancy.save(cap("bourg", 0.5, List.of(), "+33 3 53 01"), ADMIN);
        assertThat(slower.id())
                .as("people who wait for it go on waiting for it")
                .isEqualTo(made.id());
        assertThat(tenancy.save(cap("bourg", 0.5, List.of(), "+33 3 53 01"), ADMIN))
                .isEqualTo(slower);
        assertThat(own()).containsExactly(slower);

        assertThat(tenancy.removeCap(agency, Optional.of(tenant), "bourg", ADMIN))
                .isTrue();
        assertThat(tenancy.removeCap(agency, Optional.of(tenant), "bourg", ADMIN))
                .isFalse();
        assertThat(own()).isEmpty();
        assertThat(journaled(tenant)).containsExactly("cap.created", "cap.changed", "cap.removed");
    }

    @Test
    void anAgencysCapIsAnotherThanATenantsOfTheSameName() {
        Cap shared = tenancy.save(
                new Cap(0, agency, Optional.empty(), "bourg", List.of(), List.of("+33 3 53 01"), 20), ADMIN);
        Cap mine = tenancy.save(cap("bourg", 2, List.of(), "+33 3 53 01 10"), ADMIN);
        assertThat(tenancy.caps(agency, Optional.empty())).containsExactly(shared);
        assertThat(own()).containsExactly(mine);
        assertThat(tenancy.removeCap(agency, Optional.empty(), "bourg", ADMIN)).isTrue();
        assertThat(own()).containsExactly(mine);
        assertThat(journaled(Journal.PLATFORM)).containsExactly("cap.created", "cap.removed");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceWithItsFieldAndCure() {
        assertThatThrownBy(() -> tenancy.save(
                        cap("Le Bourg", 0, List.of("SMS"), "03 53 01", "+", "+3", "+33 3 53 01 00 00 00 00 00"), ADMIN))
                .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.problems())
                        .extracting(RefusedException.Problem::field)
                        .containsExactly(
                                "name",
                                "channels[0]",
                                "prefixes[0]",
                                "prefixes[1]",
                                "prefixes[2]",
                                "prefixes[3]",
                                "per-second"))
                .hasMessageContaining("such as +33 3 53 01")
                .hasMessageContaining("0.01 to 100000");
        for (double rate : new double[] {-1, 0.001, 1e9, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> tenancy.save(cap("bourg", rate, List.of(), "+33353"), ADMIN))
                    .hasMessageContaining("per-second");
        }
        assertThatThrownBy(() -> tenancy.save(cap("bourg", 1, List.of()), ADMIN))
                .hasMessageContaining("prefixes: is missing or empty");
        String[] many = IntStream.range(0, 101).mapToObj(i -> "+333530" + i).toArray(String[]::new);
        assertThatThrownBy(() -> tenancy.save(cap("bourg", 1, List.of(), many), ADMIN))
                .hasMessageContaining("101 entries; 100 at most");
        assertThat(own()).isEmpty();
        assertThat(journaled(tenant)).isEmpty();
    }

    @Test
    void twoHundredAreEnough() {
        for (int i = 0; i < CapRegistry.MOST; i++) {
            tenancy.save(cap("cap-" + i, 1, List.of(), "+33353"), ADMIN);
        }
        assertThatThrownBy(() -> tenancy.save(cap("one-more", 1, List.of(), "+33353"), ADMIN))
                .hasMessageContaining("one cap more than 200");
        assertThat(tenancy.save(cap("cap-7", 2, List.of(), "+33353"), ADMIN).perSecond())
                .as("those there are may be changed")
                .isEqualTo(2);
    }
}
