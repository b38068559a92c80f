package io.tocsin.alerting.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.alerting.api.Alerts.RelaunchRequest;
import io.tocsin.alerting.api.FollowUps.Kind;
import io.tocsin.alerting.api.FollowUps.Request;
import io.tocsin.alerting.api.FollowUps.Whom;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.Statistics;
import io.tocsin.alerting.api.Statistics.Figures;
import io.tocsin.alerting.api.Statistics.Filter;
import io.tocsin.alerting.api.Statistics.Moment;
import io.tocsin.alerting.api.Statistics.Past;
import io.tocsin.alerting.api.Statistics.Readiness;
import io.tocsin.alerting.api.Statistics.Unreached;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.testing.TestDatabase;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Totals;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thirty people, of whom twenty have a mobile; what became of them is written into the ledger by hand. */
class StoredStatisticsTest {
    private static final Filter ALL =
            new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    private static TestDatabase db;

    @TempDir
    static Path keys;

    private Commune commune;
    private Statistics statistics;

    @BeforeAll
    static void startDatabase() {
        db = TestDatabase.start();
    }

    @AfterAll
    static void stopDatabase() {
        db.close();
    }

    @BeforeEach
    void floodedCommune() {
        db.clear();
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.execute(
                        "insert into channel_endpoint_kind values ('sms', 'mobile'), ('mail', 'email') on conflict do nothing");
            }
        });
        commune = new Commune(db, keys).withPeople(30).withScenario("inondation", Commune.FLOOD);
        statistics = new StoredStatistics(db.database());
    }

    private Alert launched(boolean drill) {
        return commune.alerts.launch(
                commune.tenant,
                drill ? Commune.drill("inondation") : Commune.live("inondation"),
                Optional.empty(),
                Commune.MAYOR);
    }

    /** Ten are delivered to after 90 s, four of them answer after 100 s, five fail after 20 s, a message in two parts half arrives. */
    private void told(Alert alert) {
        long id = alert.alertId();
        commune.sql(
                """
                insert into target (tenant_id, alert_id, wave_no, position, recipient_no, address)
                select %1$d, %2$d, 1, n - 1, n, '+336399800' || lpad(n::text, 2, '0') from generate_series(1, 16) n
                on conflict do nothing;
                insert into attempt (tenant_id, alert_id, wave_no, position, kind, code, at, recorded_at, node)
                select %1$d, %2$d, 1, n, k.kind, k.code, a.launched_at + k.after, a.launched_at + k.after, 'n'
                from alert a, generate_series(0, 14) n, (values ('accepted', '', interval '5 s'), ('delivered', '', interval '90 s'),
                    ('failed', '0x000b', interval '20 s')) k(kind, code, after)
                where a.tenant_id = %1$d and a.alert_id = %2$d
                  and (k.kind = 'accepted' or (k.kind = 'delivered') = (n < 10));
                insert into attempt (tenant_id, alert_id, wave_no, position, segment, segments, kind, code, at, node)
                select %1$d, %2$d, 1, 15, 0, 2, 'delivered', '', now(), 'n';
                insert into answer (tenant_id, alert_id, recipient_no, choice, channel, source, at, recorded_at)
                select %1$d, %2$d, n, '1', 'sms', 'link', a.launched_at, a.launched_at + interval '100 s'
                from alert a, generate_series(1, 4) n where a.tenant_id = %1$d and a.alert_id = %2$d;
                insert into tally (tenant_id, alert_id, wave_no, node, kind, n) values (%1$d, %2$d, 1, 'n', 'accepted', 15)
                """
                        .formatted(commune.tenant, id));
    }

    @Test
    void theCourseOfARunningAlertBeginsAtItsLaunchAndEndsNow() {
        Alert alert = launched(false);
        db.database().asEngine(c -> {
            try (var statement = c.createStatement()) {
                return statement.executeUpdate("update alert set launched_at = launched_at - interval '150 s'");
            }
        });
        told(alert);

        List<Moment> course = statistics.course(commune.tenant, alert.alertId());

        assertThat(course.get(0).seconds()).isPositive();
        assertThat(course)
                .filteredOn(moment -> moment.seconds() <= 60)
                .allSatisfy(moment -> assertThat(moment.reached()).isZero());
        assertThat(course.get(course.size() - 1).reached()).isEqualTo(10);
        assertThat(course.subList(0, course.size() - 1))
                .as("no moment but the last is still to come")
                .allSatisfy(moment -> assertThat(moment.seconds()).isLessThan(200));
        assertThatThrownBy(() -> statistics.course(db.tenant("autre"), alert.alertId()))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void saysWhetherItsPeopleCanBeReachedAndWhomTheLastAlertDidNot() {
        commune.sql("update contact set updated_at = now() - interval '400 days' where external_id in ('C-1', 'C-2');"
                + "\nupdate contact set reach = '[]' where external_id = 'C-3';"
                + "\nupdate contact set state = 'removed' where external_id = 'C-4'");
        Instant yearAgo = Instant.now().minus(Duration.ofDays(365));

        Readiness before = statistics.readiness(commune.tenant, yearAgo);
        assertThat(before).isEqualTo(new Readiness(29, 2, 1, 0, Optional.empty()));

        Alert alert = launched(false);
        told(alert);
        assertThat(statistics.readiness(commune.tenant, yearAgo).running()).isEqualTo(1);
        commune.alerts.close(commune.tenant, alert.alertId(), Commune.MAYOR);
        commune.ends.sweep();
        assertThat(statistics.readiness(commune.tenant, yearAgo).last()).hasValueSatisfying(last -> {
            assertThat(last.alertId()).isEqualTo(alert.alertId());
            assertThat(last.recipients()).isEqualTo(alert.recipients());
            assertThat(last.failed()).isPositive();
        });
        assertThat(statistics.readiness(db.tenant("autre"), yearAgo))
                .as("nobody else's")
                .isEqualTo(new Readiness(0, 0, 0, 0, Optional.empty()));
    }

    private Past only() {
        List<Past> past = statistics.past(commune.tenant, ALL, Optional.empty(), 10);
        assertThat(past).hasSize(1);
        return past.get(0);
    }

    @Test
    void anAlertIsCountedOnceItHasEnded() {
        Alert alert = launched(true);
        told(alert);
        assertThat(only().figures()).isEmpty();
        assertThat(statistics.said(commune.tenant, alert.alertId()))
                .extracting(Statistics.Said::channel, Statistics.Said::language)
                .contains(org.assertj.core.api.Assertions.tuple("sms", "en"));
        assertThat(statistics.said(db.tenant("autre"), alert.alertId())).isEmpty();
        commune.ends.sweep();
        assertThat(only().figures()).as("it runs").isEmpty();

        commune.alerts.close(commune.tenant, alert.alertId(), Commune.MAYOR);
        commune.ends.sweep();
        Past past = only();
        assertThat(past.drill()).isTrue();
        assertThat(past.state()).isEqualTo(Alert.State.CLOSED);
        Figures figures = past.figures().orElseThrow();
        Totals shown = commune.alerts.status(commune.tenant, alert.alertId()).totals();
        assertThat(figures.totals()).isEqualTo(shown);
        assertThat(shown.answered()).isEqualTo(4);
        assertThat(shown.delivered()).isEqualTo(6);
        assertThat(figures.messages()).containsExactly(java.util.Map.entry("sms", 15L));
        assertThat(figures.answerMedian()).hasValueSatisfying(s -> assertThat(s).isEqualTo(100));
        assertThat(figures.reach()).contains(new Moment(60, 0, 0), new Moment(120, 10, 4), new Moment(300, 10, 4));
        assertThat(figures.unreached())
                .contains(
                        new Unreached(Totals.State.FAILED, "sms", "failed", "0x000b", 5),
                        new Unreached(Totals.State.FAILED, "", "", "", 14));
        assertThat(figures.unreached().stream().mapToLong(Unreached::people).sum())
                .isEqualTo(shown.failed() + shown.unknown());
    }

    @Test
    void aRelaunchedAlertIsCountedAnew() {
        Alert alert = launched(false);
        told(alert);
        commune.alerts.close(commune.tenant, alert.alertId(), Commune.MAYOR);
        commune.ends.sweep();
        assertThat(only().figures()).isPresent();

        commune.alerts.relaunch(
                commune.tenant,
                alert.alertId(),
                new RelaunchRequest(List.of(Totals.State.FAILED), "mail", Duration.ofMinutes(5)),
                Optional.empty(),
                Commune.MAYOR);
        assertThat(only().figures()).isEmpty();
    }

    @Test
    void monthsAndFiltersTellDrillsFromAlerts() {
        for (boolean drill : new boolean[] {true, false, true}) {
            Alert alert = launched(drill);
            told(alert);
            commune.alerts.close(commune.tenant, alert.alertId(), Commune.MAYOR);
        }
        commune.ends.sweep();
        commune.sql(
                "update alert set launched_at = launched_at - interval '70 days' where alert_id = (select min(alert_id) from alert)");

        List<Statistics.Month> year = statistics.months(commune.tenant, 12);
        assertThat(year).hasSize(3);
        assertThat(year.get(0)).satisfies(month -> {
            assertThat(month.drill()).isTrue();
            assertThat(month.alerts()).isEqualTo(1);
            assertThat(month.reached()).isEqualTo(10);
            assertThat(month.messages()).isEqualTo(15);
            assertThat(month.answerMedian()).contains(100.0);
        });
        assertThat(statistics.months(commune.tenant, 1)).hasSize(2);
        assertThatThrownBy(() -> statistics.months(commune.tenant, 61)).hasMessageContaining("1 to 60");

        assertThat(past(new Filter(Optional.of(true), Optional.empty(), Optional.empty(), Optional.empty())))
                .hasSize(2);
        assertThat(past(new Filter(Optional.empty(), Optional.of("inondation"), Optional.empty(), Optional.empty())))
                .hasSize(3);
        assertThat(past(new Filter(Optional.empty(), Optional.of("' or 1=1 --"), Optional.empty(), Optional.empty())))
                .isEmpty();
        Instant week = Instant.now().minus(Duration.ofDays(7));
        assertThat(past(new Filter(Optional.empty(), Optional.empty(), Optional.of(week), Optional.empty())))
                .hasSize(2);
        assertThat(past(new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(week))))
                .hasSize(1);

        assertThat(statistics.usage(List.of(commune.tenant, 4711), week))
                .satisfiesExactly(
                        own -> {
                            assertThat(own.alerts()).isEqualTo(1);
                            assertThat(own.drills()).isEqualTo(1);
                            assertThat(own.messages()).isEqualTo(30);
                            assertThat(own.running()).isZero();
                            assertThat(own.lastDrill()).isPresent();
                        },
                        nobody -> assertThat(nobody.lastAlert()).isEmpty());
        assertThat(statistics.past(db.tenant("autre"), ALL, Optional.empty(), 10))
                .isEmpty();
    }

    @Test
    void aScenarioTriedOnOnePersonIsNoDrill() {
        long contact = commune.count("select min(contact_id) from contact");
        commune.alerts.iAm(commune.tenant, contact, Commune.MAYOR);
        Alert trial = commune.alerts.tryOnMe(
                commune.tenant, "inondation", Map.of("heure", "18 h"), "once", Commune.MAYOR, false);

        assertThat(statistics.months(commune.tenant, 1)).isEmpty();
        assertThat(statistics.usage(List.of(commune.tenant), Instant.EPOCH))
                .singleElement()
                .satisfies(used -> {
                    assertThat(used.running()).isEqualTo(1);
                    assertThat(used.drills()).isZero();
                    assertThat(used.lastDrill()).isEmpty();
                });
        assertThat(only().alertId()).isEqualTo(trial.alertId());
    }

    @Test
    void whatFollowsAnAlertBelongsToItAndIsNoAlertOfItsOwn() {
        for (boolean drill : new boolean[] {true, false}) {
            Alert alert = launched(drill);
            commune.alerts
                    .followUps()
                    .launch(
                            commune.tenant,
                            alert.alertId(),
                            new Request(Kind.ALL_CLEAR, Whom.EVERYBODY, Map.of()),
                            Optional.empty(),
                            false,
                            Commune.MAYOR);
        }

        assertThat(statistics.months(commune.tenant, 1))
                .allSatisfy(month -> assertThat(month.alerts()).isEqualTo(1))
                .extracting(Statistics.Month::drill)
                .containsExactlyInAnyOrder(true, false);
        assertThat(statistics.usage(List.of(commune.tenant), Instant.EPOCH))
                .singleElement()
                .satisfies(used -> {
                    assertThat(used.alerts()).isEqualTo(1);
                    assertThat(used.drills()).isEqualTo(1);
                    assertThat(used.running()).isEqualTo(2);
                });
        assertThat(past(ALL)).hasSize(4);
    }

    private List<Past> past(Filter filter) {
        return statistics.past(commune.tenant, filter, Optional.empty(), 10);
    }

    @Test
    void anAgencyLaunchesWithTheTenantsConsentOnly() {
        LaunchRefusedException refused = catchThrowableOfType(
                LaunchRefusedException.class,
                () -> commune.alerts.launchOnBehalf(
                        commune.tenant, Commune.drill("inondation"), Optional.empty(), Commune.MAYOR));
        assertThat(refused.problems()).singleElement().satisfies(p -> assertThat(p.field())
                .isEqualTo("consent"));
        commune.sql("insert into launch_consent values (%d, 'maire', now(), now() - interval '1 s', null)"
                .formatted(commune.tenant));
        assertThatThrownBy(() -> commune.alerts.launchOnBehalf(
                        commune.tenant, Commune.drill("inondation"), Optional.empty(), Commune.MAYOR))
                .isInstanceOf(LaunchRefusedException.class);
        assertThat(commune.count("select count(*) from alert")).isZero();

        commune.sql("update launch_consent set until = now() + interval '1 day'");
        commune.alerts.launchOnBehalf(commune.tenant, Commune.drill("inondation"), Optional.empty(), Commune.MAYOR);
        List<Journal.Entry> journaled = commune.journaled();
        assertThat(journaled.get(journaled.size() - 1).details())
                .containsEntry("onBehalf", true)
                .containsEntry("consentOf", "maire");
    }
}
