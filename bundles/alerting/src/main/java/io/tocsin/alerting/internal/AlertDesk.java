package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.FollowUps;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.Unreachable;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Evidence;
import io.tocsin.audit.api.Journal;
import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.api.Hints;
import io.tocsin.directory.api.ContactLists;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.AlertDocuments;
import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.CostEstimates;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.LiveTotals;
import io.tocsin.routing.api.SpokenCalls;
import io.tocsin.routing.api.Totals;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Launches and follows alerts: the domain's words on one side, the ledger on the other. */
@Component(service = Alerts.class, configurationPid = AlertingSettings.PID)
@Designate(ocd = AlertingSettings.class)
public final class AlertDesk implements Alerts {
    private static final Logger LOG = LoggerFactory.getLogger(AlertDesk.class);

    private final Database database;
    private final Ledger ledger;
    private final LiveTotals live;
    private final Journal journal;
    private final Evidence evidence;
    private final EndSeal seal;
    private final Clock clock;
    private final LaunchDesk launches;
    private final TrialDesk trials;
    private final FollowUpDesk followUps;
    private final RelaunchDesk relaunches;
    private final AnswerDesk answers;
    private final AlertListing listing;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Hints hints;

    @Activate
    public AlertDesk(
            @Reference Database database,
            @Reference AdministrativeModel model,
            @Reference ContactLists lists,
            @Reference Ledger ledger,
            @Reference LiveTotals live,
            @Reference AnswerLinks links,
            @Reference Journal journal,
            @Reference Evidence evidence,
            @Reference CostEstimates costs,
            @Reference SpokenCalls calls,
            @Reference AlertDocuments documents,
            AlertingSettings settings) {
        this(
                database,
                model,
                lists,
                ledger,
                live,
                links,
                journal,
                evidence,
                costs,
                calls,
                documents,
                settings.answerBaseUrl(),
                Clock.systemUTC());
    }

    AlertDesk(
            Database database,
            AdministrativeModel model,
            ContactLists lists,
            Ledger ledger,
            LiveTotals live,
            AnswerLinks links,
            Journal journal,
            Evidence evidence,
            CostEstimates costs,
            SpokenCalls calls,
            AlertDocuments documents,
            String answerBaseUrl,
            Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.live = live;
        this.journal = journal;
        this.evidence = evidence;
        this.seal = new EndSeal(ledger, journal, evidence);
        this.clock = clock;
        this.launches = new LaunchDesk(
                database,
                model,
                lists,
                ledger,
                journal,
                links,
                costs,
                new VoiceCheck(calls),
                documents,
                answerBaseUrl,
                clock);
        this.trials = new TrialDesk(database, journal, launches, clock);
        this.followUps = new FollowUpDesk(database, model, ledger, launches, this::hint);
        this.relaunches = new RelaunchDesk(database, model, ledger, journal, calls);
        this.answers = new AnswerDesk(database, model, ledger, links, clock);
        this.listing = new AlertListing(ledger);
    }

    @Override
    public Preview preview(int tenantId, LaunchRequest request) {
        return launches.preview(tenantId, LaunchDesk.Order.of(request));
    }

    @Override
    public List<Unreachable.Person> unreachable(
            int tenantId, LaunchRequest request, Optional<Long> afterContactId, int limit) {
        return launches.unreachable(tenantId, LaunchDesk.Order.of(request), afterContactId, limit);
    }

    @Override
    public Alert launch(int tenantId, LaunchRequest request, Optional<String> idempotencyKey, Actor actor) {
        return leaves(launches.launch(tenantId, LaunchDesk.Order.of(request), idempotencyKey, actor));
    }

    @Override
    public Alert launchOnBehalf(int tenantId, LaunchRequest request, Optional<String> idempotencyKey, Actor actor) {
        return leaves(launches.launch(tenantId, LaunchDesk.Order.onBehalf(request), idempotencyKey, actor));
    }

    @Override
    public Preview preview(int tenantId, Scenario draft, LaunchRequest request) {
        return launches.preview(tenantId, LaunchDesk.Order.of(draft, request));
    }

    @Override
    public Alert tryOnMe(
            int tenantId,
            String scenario,
            Map<String, String> variables,
            String idempotencyKey,
            Actor actor,
            boolean onBehalf) {
        // an earlier trial must not hold a place among the running alerts, which a real one may need
        trials.superseded(tenantId, idempotencyKey, actor).forEach(alertId -> cancel(tenantId, alertId, actor));
        return leaves(trials.launch(tenantId, scenario, variables, idempotencyKey, actor, onBehalf));
    }

    @Override
    public Optional<Long> whoIs(int tenantId, Actor actor) {
        return trials.whoIs(tenantId, actor);
    }

    @Override
    public void iAm(int tenantId, long contactId, Actor actor) {
        trials.iAm(tenantId, contactId, actor);
    }

    @Override
    public FollowUps followUps() {
        return followUps;
    }

    @Override
    public Optional<Alert> find(int tenantId, long alertId) {
        return database.inTenant(tenantId, connection -> ledger.alert(connection, tenantId, alertId));
    }

    @Override
    public List<Alert> list(int tenantId, Optional<Long> beforeAlertId, int limit) {
        return database.inTenant(tenantId, connection -> ledger.alerts(connection, tenantId, beforeAlertId, limit));
    }

    @Override
    public List<Listed> listed(int tenantId, Optional<Kind> kind, Optional<Long> beforeAlertId, int limit) {
        return database.inTenant(
                tenantId, connection -> listing.read(connection, tenantId, kind, beforeAlertId, limit));
    }

    /** The state first, then the count: an alert that is shown as ended is shown with its last totals. */
    @Override
    public Status status(int tenantId, long alertId) {
        Alert alert = database.inTenant(tenantId, connection -> required(connection, tenantId, alertId));
        Totals totals = live.of(alert);
        boolean ended = alert.state() == Alert.State.CLOSED || alert.state() == Alert.State.CANCELLED;
        return database.inTenant(tenantId, connection -> {
            List<Ledger.WaveProgress> waves = ledger.progressByStep(connection, tenantId, alertId);
            return new Status(
                    alert,
                    totals,
                    waves,
                    new Audience(connection, tenantId, alertId).answersByChoice(),
                    clock.instant(),
                    ended ? List.of() : ChannelLimit.read(connection, tenantId).held(waves),
                    AlertListing.late(connection, tenantId, alertId));
        });
    }

    @Override
    public List<Ledger.PersonState> people(
            int tenantId, long alertId, Optional<Totals.State> state, int afterRecipientNo, int limit) {
        return database.inTenant(tenantId, connection -> {
            required(connection, tenantId, alertId);
            return ledger.people(connection, tenantId, alertId, state, afterRecipientNo, limit);
        });
    }

    @Override
    public List<Ledger.Observation> history(int tenantId, long alertId, int recipientNo) {
        return database.inTenant(tenantId, connection -> {
            Alert alert = required(connection, tenantId, alertId);
            if (recipientNo < 1 || recipientNo > alert.recipients()) {
                throw new NoSuchElementException("no recipient " + recipientNo + " in alert " + alertId);
            }
            return ledger.history(connection, tenantId, alertId, recipientNo);
        });
    }

    @Override
    public Status pause(int tenantId, long alertId, Actor actor) {
        return change(
                tenantId, alertId, Alert.State.PAUSED, "alert.paused", actor, c -> ledger.pause(c, tenantId, alertId));
    }

    @Override
    public Status resume(int tenantId, long alertId, Optional<String> idempotencyKey, Actor actor) {
        database.inTenant(tenantId, connection -> {
            required(connection, tenantId, alertId);
            if (idempotencyKey.isPresent()) {
                byte[] hash = Idempotency.hashOfResumption(alertId);
                if (Idempotency.take(connection, tenantId, idempotencyKey.get(), hash)
                        .isPresent()) {
                    return null;
                }
                Idempotency.bind(connection, tenantId, idempotencyKey.get(), alertId, Optional.empty());
            }
            change(
                    connection,
                    tenantId,
                    alertId,
                    Alert.State.RUNNING,
                    "alert.resumed",
                    actor,
                    c -> ledger.resume(c, tenantId, alertId));
            return null;
        });
        hint(Hint.work(tenantId, alertId));
        return status(tenantId, alertId);
    }

    @Override
    public Status cancel(int tenantId, long alertId, Actor actor) {
        return change(
                tenantId,
                alertId,
                Alert.State.CANCELLED,
                "alert.cancelled",
                actor,
                c -> ledger.cancel(c, tenantId, alertId, clock.instant())
                        && AlertEnds.markJournaled(c, tenantId, alertId));
    }

    @Override
    public Status close(int tenantId, long alertId, Actor actor) {
        return change(
                tenantId,
                alertId,
                Alert.State.CLOSED,
                "alert.closed",
                actor,
                c -> ledger.close(c, tenantId, alertId, clock.instant())
                        && AlertEnds.markJournaled(c, tenantId, alertId));
    }

    /** The change is committed before anybody is counted: what must stop has stopped, however many people there are. */
    private Status change(
            int tenantId, long alertId, Alert.State to, String action, Actor actor, Database.Work<Boolean> work) {
        database.inTenant(tenantId, connection -> {
            change(connection, tenantId, alertId, to, action, actor, work);
            return null;
        });
        hint(Hint.stopped(tenantId, alertId));
        return status(tenantId, alertId);
    }

    /**
     * Repeating a change that is already there is no error and leaves no second journal entry. An end's totals are in the
     * journal with its seal.
     */
    private void change(
            Connection connection,
            int tenantId,
            long alertId,
            Alert.State to,
            String action,
            Actor actor,
            Database.Work<Boolean> work)
            throws SQLException {
        required(connection, tenantId, alertId);
        if (work.run(connection)) {
            journal.append(connection, tenantId, actor, action, "alert", Long.toString(alertId), Map.of());
            // for the log only: nothing reads it back
            try (var tenantField = MDC.putCloseable("tenant", Integer.toString(tenantId));
                    var alertField = MDC.putCloseable("alert", Long.toString(alertId))) {
                LOG.info("{} tenant={} alert={}", action, tenantId, alertId);
            }
            return;
        }
        Alert.State state = required(connection, tenantId, alertId).state();
        if (state != to) {
            throw new LaunchRefusedException(
                    List.of(new Problem("state", "the alert is " + word(state) + " and cannot become " + word(to))));
        }
    }

    @Override
    public Ledger.OpenedWave relaunch(
            int tenantId, long alertId, RelaunchRequest request, Optional<String> idempotencyKey, Actor actor) {
        Ledger.OpenedWave wave = relaunches.relaunch(tenantId, alertId, request, idempotencyKey, actor);
        hint(Hint.work(tenantId, alertId));
        return wave;
    }

    @Override
    public void evidence(int tenantId, long alertId, Evidence.Variant variant, Actor actor, OutputStream out)
            throws IOException {
        database.inTenant(tenantId, connection -> seal.write(connection, tenantId, alertId));
        evidence.write(tenantId, alertId, variant, actor, out);
    }

    @Override
    public Optional<AnswerPage> answerPage(String token) {
        return answers.page(token);
    }

    @Override
    public boolean answer(String token, String choice, String origin) {
        return answers.answer(token, choice, this::hint);
    }

    private Alert leaves(Alert launched) {
        hint(Hint.work(launched.tenantId(), launched.alertId()));
        return launched;
    }

    /** After the commit: whoever hears it looks at what is in the database. */
    private void hint(Hint hint) {
        Hints given = hints;
        if (given != null) {
            given.give(hint);
        }
    }

    private Alert required(Connection connection, int tenantId, long alertId) {
        return ledger.alert(connection, tenantId, alertId)
                .orElseThrow(() -> new NoSuchElementException("no alert " + alertId));
    }

    private static String word(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
