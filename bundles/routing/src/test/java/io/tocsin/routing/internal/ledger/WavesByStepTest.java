package io.tocsin.routing.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Ledger.Tries;
import io.tocsin.routing.api.Ledger.WaveProgress;
import io.tocsin.routing.internal.engine.Written;
import io.tocsin.routing.testing.MovableClock;
import io.tocsin.routing.testing.TestAlerts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However often people are tried again, an alert is told in a few lines, and nothing is lost in the telling. */
class WavesByStepTest {
    private static final int PEOPLE = 60;
    private static TestDatabase db;

    private final MovableClock clock = new MovableClock();
    private final LedgerStore ledger = LedgerStore.at(clock);
    private final Instant begin = Instant.parse("2026-03-01T06:00:00Z");
    private int tenant;
    private long alert;
    private int waves = 1;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void launched() {
        db.clear();
        tenant = db.tenant("commune");
        engine("insert into channel_endpoint_kind values ('sms', 'mobile'), ('mail', 'email')");
        alert = new TestAlerts(db.database(), ledger, clock).recipients(PEOPLE).launch(tenant);
        Written.targets(db.database(), tenant, alert);
    }

    private static void engine(String sql) {
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.executeUpdate(sql);
            }
        });
    }

    private <T> List<T> list(Database.Work<List<T>> work) {
        return db.database().inTenant(tenant, work);
    }

    private List<WaveProgress> byStep() {
        return list(c -> ledger.progressByStep(c, tenant, alert));
    }

    private List<WaveProgress> byWave() {
        return list(c -> ledger.progress(c, tenant, alert));
    }

    /** Opens a wave for people tried in {@code from} before. @return its number */
    private int again(String kind, int root, String code, int tryNo, Map<Integer, Integer> from) {
        Instant at = begin.plusSeconds(10L * waves);
        db.database().asEngine(c -> {
            List<Replacement> replaced = new ArrayList<>();
            from.forEach((no, wave) -> replaced.add(new Replacement(
                    no, "+3363998" + String.format("%04d", no), wave, position(wave, no), false, tryNo)));
            WaveWriter.openReplacements(
                    c,
                    ledger.alert(c, tenant, alert).orElseThrow(),
                    kind,
                    root,
                    "tried again after: " + code,
                    replaced,
                    at);
            return null;
        });
        waves++;
        engine("insert into tally values (%d, %d, %d, 'a', 'retry', %d)".formatted(tenant, alert, waves, from.size()));
        return waves;
    }

    private int position(int wave, int recipientNo) {
        return db.database().asEngine(c -> {
            try (var query = c.prepareStatement(
                    "select position from target where alert_id = ? and wave_no = ? and recipient_no = ?")) {
                query.setLong(1, alert);
                query.setInt(2, wave);
                query.setInt(3, recipientNo);
                try (var row = query.executeQuery()) {
                    assertThat(row.next()).isTrue();
                    return row.getInt(1);
                }
            }
        });
    }

    @Test
    void retriesOfAStepAreOneLineHoweverManyMomentsTheyHad() {
        Map<Integer, Integer> second = new HashMap<>();
        for (int no = 1; no <= 40; no++) {
            second.put(no, again("retry", 1, no % 2 == 0 ? "busy" : "no-answer", 2, Map.of(no, 1)));
        }
        for (int no = 1; no <= 10; no++) {
            again("retry", 1, "busy", 3, Map.of(no, second.get(no)));
        }
        again("resend", 1, "timeout", 2, Map.of(41, 1, 42, 1, 43, 1));
        assertThat(byWave()).hasSize(52);

        List<WaveProgress> lines = byStep();
        assertThat(lines).extracting(WaveProgress::kind).containsExactly("cascade", "retry", "resend");
        WaveProgress cascade = lines.get(0);
        assertThat(cascade).isEqualTo(byWave().get(0));
        assertThat(cascade.tries()).isEmpty();
        WaveProgress retries = lines.get(1);
        assertThat(retries.waveNo()).isEqualTo(2);
        assertThat(retries.step()).isEqualTo(1);
        assertThat(retries.channel()).isEqualTo("sms");
        assertThat(retries.rule()).isEqualTo("tried again after: busy, no-answer");
        assertThat(retries.targets()).isEqualTo(50);
        assertThat(retries.openedAt()).isEqualTo(begin.plusSeconds(10));
        assertThat(retries.closed()).isFalse();
        assertThat(retries.observations()).containsExactly(Map.entry("retry", 50L));
        assertThat(retries.tries()).contains(new Tries(1, 50, 40, 2, 3, begin.plusSeconds(500)));
        assertThat(lines.get(2).tries()).contains(new Tries(1, 1, 3, 2, 2, begin.plusSeconds(510)));

        engine("update wave set people = null, first_try = null, last_try = null where wave_no in (5, 47)");
        assertThat(byStep()).as("a node opened some that does not count them").isEqualTo(lines);
    }

    @Test
    void whoIsDoubtedInBetweenIsTriedAgainOnce() {
        int second = again("retry", 1, "busy", 2, Map.of(7, 1));
        int doubted = again("resend", 1, "timeout", 3, Map.of(7, second));
        again("retry", 1, "busy", 4, Map.of(7, doubted));
        assertThat(byStep())
                .extracting(WaveProgress::tries)
                .containsExactly(
                        Optional.empty(),
                        Optional.of(new Tries(1, 2, 1, 2, 4, begin.plusSeconds(30))),
                        Optional.of(new Tries(1, 1, 1, 3, 3, begin.plusSeconds(20))));
    }

    @Test
    void eachRelaunchHasItsOwnAndTheSumsAreThoseOfTheWaves() {
        again("retry", 1, "busy", 2, Map.of(1, 1, 2, 1));
        for (int relaunch = 0; relaunch < 2; relaunch++) {
            List<Integer> people = IntStream.rangeClosed(1, 5).boxed().toList();
            int root = db.database()
                    .inTenant(
                            tenant,
                            c -> ledger.relaunch(c, tenant, alert, "sms", Duration.ofMinutes(1), 3, "by hand", people))
                    .waveNo();
            waves = root;
            int second = again("retry", root, "busy", 2, Map.of(1, root, 2, root));
            again("retry", root, "busy", 3, Map.of(1, second));
        }
        List<WaveProgress> lines = byStep();
        assertThat(lines)
                .extracting(WaveProgress::kind)
                .containsExactly("cascade", "retry", "relaunch", "retry", "relaunch", "retry");
        assertThat(lines.stream().flatMap(l -> l.tries().stream()))
                .extracting(Tries::rootWave, Tries::waves, Tries::people)
                .containsExactly(tuple(1, 1, 2), tuple(3, 2, 2), tuple(6, 2, 2));
        assertThat(lines.stream().mapToInt(WaveProgress::targets).sum())
                .isEqualTo(byWave().stream().mapToInt(WaveProgress::targets).sum());
        assertThat(observed(lines)).isEqualTo(observed(byWave()));
    }

    @Test
    void aMessageOfTwoPartsIsOneMessageAndTwoObservations() {
        Written.accepted(db.database(), tenant, alert, 17, 2);

        WaveProgress wave = byStep().get(0);
        assertThat(wave.observations()).containsExactly(Map.entry("accepted", 34L));
        assertThat(wave.messages()).containsExactly(Map.entry("accepted", 17L));

        engine(
                "insert into tally (tenant_id, alert_id, wave_no, node, kind, n) values (%d, %d, 1, 'before', 'accepted', 4)"
                        .formatted(tenant, alert));
        wave = byStep().get(0);
        assertThat(wave.observations()).containsExactly(Map.entry("accepted", 38L));
        assertThat(wave.messages())
                .as("a node counted that does not tell them apart")
                .isEmpty();
    }

    private static Tuple tuple(Object... values) {
        return Assertions.tuple(values);
    }

    private static long observed(List<WaveProgress> lines) {
        return lines.stream()
                .mapToLong(l -> l.observations().getOrDefault("retry", 0L))
                .sum();
    }
}
