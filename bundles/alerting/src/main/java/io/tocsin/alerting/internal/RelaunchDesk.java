package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Alerts.RelaunchRequest;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.SpokenCalls;
import io.tocsin.routing.api.SpokenCalls.Words;
import io.tocsin.routing.api.Template;
import io.tocsin.routing.api.Totals;
import io.tocsin.speech.api.SpeechException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Reaches people of an alert again, by a channel of choice: one transaction, one wave, once for one key. */
final class RelaunchDesk {
    private static final Logger LOG = LoggerFactory.getLogger(RelaunchDesk.class);
    private static final int ATTEMPTS = 3;
    private static final int PAGE = 50_000;

    private final Database database;
    private final Ledger ledger;
    private final Journal journal;
    private final AdministrativeModel model;
    private final SpokenCalls calls;

    RelaunchDesk(Database database, AdministrativeModel model, Ledger ledger, Journal journal, SpokenCalls calls) {
        this.database = database;
        this.model = model;
        this.ledger = ledger;
        this.journal = journal;
        this.calls = calls;
    }

    Ledger.OpenedWave relaunch(int tenantId, long alertId, RelaunchRequest request, Optional<String> key, Actor actor) {
        ScenarioRules.patienceProblem(request.patience()).ifPresent(problem -> {
            throw refused("patience", problem);
        });
        if (request.states().isEmpty()) {
            throw refused("states", "names nobody; write for instance delivered, failed, unknown");
        }
        if (request.channel().equals(Scenario.VOICE)) {
            speak(tenantId, alertId);
        }
        return database.inTenant(tenantId, connection -> {
            Alert alert = ledger.alert(connection, tenantId, alertId)
                    .orElseThrow(() -> new NoSuchElementException("no alert " + alertId));
            Optional<Idempotency.Earlier> earlier = key.isEmpty()
                    ? Optional.empty()
                    : Idempotency.take(connection, tenantId, key.get(), Idempotency.hash(alertId, request));
            if (earlier.isPresent()) {
                return earlier.get().wave().orElseThrow();
            }
            Ledger.OpenedWave wave = open(connection, alert, request, actor);
            if (key.isPresent()) {
                Idempotency.bind(connection, tenantId, key.get(), alertId, Optional.of(wave));
            }
            return wave;
        });
    }

    /** What people will be told is spoken before anybody is called, as at the launch; nothing is said of an alert that is not there. */
    private void speak(int tenantId, long alertId) {
        record Said(Words words, Map<String, String> shared) {}
        List<Said> all = database.inTenant(tenantId, connection -> {
            Optional<Alert> found = ledger.alert(connection, tenantId, alertId);
            List<Ledger.Message> written = new Audience(connection, tenantId, alertId).saidAsWritten();
            if (found.isEmpty() || written.isEmpty()) {
                return List.of();
            }
            DispatchPolicy policy = found.get().policy();
            String tenantLanguage = model.tenant(connection, tenantId)
                    .map(AdministrativeModel.Tenant::language)
                    .orElse("");
            String choicesLanguage = SpokenCalls.choicesLanguage(
                    written.stream().map(Ledger.Message::language).toList(), tenantLanguage);
            Map<String, String> shared = new HashMap<>(policy.variables());
            shared.put(Variables.TITLE, found.get().title());
            return written.stream()
                    .map(message -> new Said(
                            new Words(
                                    tenantId,
                                    new Template(message.text()),
                                    message.language(),
                                    policy.choices(),
                                    choicesLanguage,
                                    policy.call()
                                            .orElseGet(() -> CallPolicy.usual(
                                                    !policy.choices().isEmpty())),
                                    policy.lexicon()),
                            shared))
                    .toList();
        });
        List<Problem> problems = new ArrayList<>();
        for (Said said : all) {
            try {
                calls.prepare(said.words(), said.shared());
            } catch (SpeechException e) {
                problems.add(VoiceCheck.problem(said.words(), e));
            } catch (InterruptedException e) {
                throw VoiceCheck.interrupted();
            }
        }
        if (!problems.isEmpty()) {
            throw new LaunchRefusedException(problems);
        }
    }

    private Ledger.OpenedWave open(Connection connection, Alert alert, RelaunchRequest request, Actor actor)
            throws SQLException {
        if (alert.state() == Alert.State.CANCELLED) {
            throw refused("state", "the alert is cancelled; launch a new one");
        }
        String channel = request.channel();
        ChannelLimit.read(connection, alert.tenantId())
                .problem("channel", channel)
                .ifPresent(problem -> {
                    throw new LaunchRefusedException(List.of(problem));
                });
        checkMessages(connection, alert, channel);
        Set<Totals.State> chosen = Set.copyOf(request.states());
        List<Integer> people = people(connection, alert, chosen);
        checkVariables(connection, alert, channel, people);
        String rule = "relaunch: "
                + chosen.stream()
                        .map(state -> state.name().toLowerCase(Locale.ROOT))
                        .sorted()
                        .collect(Collectors.joining(", "));
        Ledger.OpenedWave wave = people.isEmpty()
                ? new Ledger.OpenedWave(0, 0)
                : ledger.relaunch(
                        connection,
                        alert.tenantId(),
                        alert.alertId(),
                        channel,
                        request.patience(),
                        ATTEMPTS,
                        rule,
                        people);
        if (wave.targets() == 0) {
            throw refused("states", "nobody is left to reach by " + channel + " among those " + rule);
        }
        AlertEnds.forget(connection, alert.tenantId(), alert.alertId());
        record(connection, alert, request, rule, wave, actor);
        return wave;
    }

    private void record(
            Connection connection,
            Alert alert,
            RelaunchRequest request,
            String rule,
            Ledger.OpenedWave wave,
            Actor actor) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("wave", wave.waveNo());
        details.put("channel", request.channel());
        details.put("rule", rule);
        details.put("targets", wave.targets());
        details.put("patience", request.patience().toString());
        journal.append(
                connection,
                alert.tenantId(),
                actor,
                "alert.relaunched",
                "alert",
                Long.toString(alert.alertId()),
                details);
        // for the log only: nothing reads it back
        try (var tenantField = MDC.putCloseable("tenant", Integer.toString(alert.tenantId()));
                var alertField = MDC.putCloseable("alert", Long.toString(alert.alertId()))) {
            LOG.info(
                    "alert.relaunched tenant={} alert={} wave={} targets={}",
                    alert.tenantId(),
                    alert.alertId(),
                    wave.waveNo(),
                    wave.targets());
        }
    }

    private void checkMessages(Connection connection, Alert alert, String channel) throws SQLException {
        List<String> written = new Audience(connection, alert.tenantId(), alert.alertId())
                .messages().stream().map(Ledger.Message::channel).distinct().toList();
        if (!written.contains(channel)) {
            throw refused("channel", "the alert has no message for " + channel + "; it has " + written);
        }
    }

    private void checkVariables(Connection connection, Alert alert, String channel, List<Integer> people)
            throws SQLException {
        Audience audience = new Audience(connection, alert.tenantId(), alert.alertId());
        List<Problem> lacking = audience.missingVariables(
                Audience.needs(
                        audience.messages(),
                        Set.of(channel),
                        Channels.read(connection),
                        alert.policy().variables(),
                        alert.policy().call().flatMap(CallPolicy::pin)),
                Optional.of(people));
        if (!lacking.isEmpty()) {
            throw new LaunchRefusedException(lacking);
        }
    }

    private List<Integer> people(Connection connection, Alert alert, Set<Totals.State> states) {
        List<Integer> people = new ArrayList<>();
        for (Totals.State state : states) {
            int after = 0;
            List<Ledger.PersonState> page;
            do {
                page = ledger.people(connection, alert.tenantId(), alert.alertId(), Optional.of(state), after, PAGE);
                page.forEach(person -> people.add(person.recipientNo()));
                after = page.isEmpty() ? after : page.get(page.size() - 1).recipientNo();
            } while (page.size() == PAGE);
        }
        people.sort(null);
        return people;
    }

    private static LaunchRefusedException refused(String field, String problem) {
        return new LaunchRefusedException(List.of(new Problem(field, problem)));
    }
}
