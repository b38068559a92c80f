package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Alerts.CallLength;
import io.tocsin.alerting.api.Alerts.LaunchRequest;
import io.tocsin.alerting.api.Alerts.Preview;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.Unreachable;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.channel.api.CallScript;
import io.tocsin.directory.api.ContactLists;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.AlertDocuments;
import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.CostEstimates;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.Template;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Launches: everything of one launch is in one transaction, or nothing is. */
final class LaunchDesk {
    private static final Logger LOG = LoggerFactory.getLogger(LaunchDesk.class);

    private final Database database;
    private final AdministrativeModel model;
    private final ContactLists lists;
    private final Ledger ledger;
    private final Journal journal;
    private final AnswerLinks links;
    private final CostEstimates costs;
    private final VoiceCheck voice;
    private final LaunchCheck check;
    private final AlertDocuments documents;
    private final String answerBaseUrl;
    private final Clock clock;
    private final ScenarioTable scenarios = new ScenarioTable();

    LaunchDesk(
            Database database,
            AdministrativeModel model,
            ContactLists lists,
            Ledger ledger,
            Journal journal,
            AnswerLinks links,
            CostEstimates costs,
            VoiceCheck voice,
            AlertDocuments documents,
            String answerBaseUrl,
            Clock clock) {
        this.database = database;
        this.model = model;
        this.lists = lists;
        this.ledger = ledger;
        this.journal = journal;
        this.links = links;
        this.costs = costs;
        this.voice = voice;
        this.check = new LaunchCheck(lists, voice);
        this.documents = documents;
        this.answerBaseUrl = answerBaseUrl.strip().replaceAll("/+$", "");
        this.clock = clock;
    }

    /**
     * What is to be launched.
     *
     * @param draft instead of the stored scenario: for a preview, or made of an earlier alert
     * @param only the one contact it is tried on, instead of any list
     * @param following the alert it follows, whose people it is for, instead of any list
     * @param onBehalf whether somebody of the agency launches, for which the tenant must have given its consent
     */
    record Order(
            LaunchRequest request,
            Optional<Scenario> draft,
            Optional<Long> only,
            Optional<Following> following,
            boolean onBehalf) {
        static Order of(LaunchRequest request) {
            return new Order(request, Optional.empty(), Optional.empty(), Optional.empty(), false);
        }

        static Order onBehalf(LaunchRequest request) {
            return new Order(request, Optional.empty(), Optional.empty(), Optional.empty(), true);
        }

        static Order of(Scenario draft, LaunchRequest request) {
            return new Order(request, Optional.of(draft), Optional.empty(), Optional.empty(), false);
        }

        static Order on(long contactId, LaunchRequest request, boolean onBehalf) {
            return new Order(request, Optional.empty(), Optional.of(contactId), Optional.empty(), onBehalf);
        }

        static Order following(LaunchRequest request, Scenario made, Following first, boolean onBehalf) {
            return new Order(request, Optional.of(made), Optional.empty(), Optional.of(first), onBehalf);
        }

        /** Whether lists say whom. */
        boolean byLists() {
            return only.isEmpty() && following.isEmpty();
        }
    }

    Alert launch(int tenantId, Order order, Optional<String> key, Actor actor) {
        prepareAhead(tenantId, order);
        return database.inTenant(tenantId, connection -> {
            Optional<Idempotency.Earlier> earlier = key.isEmpty()
                    ? Optional.empty()
                    : Idempotency.take(connection, tenantId, key.get(), Idempotency.hash(order));
            if (earlier.isPresent()) {
                return ledger.alert(connection, tenantId, earlier.get().alertId())
                        .orElseThrow();
            }
            Launch launch = prepare(connection, tenantId, order);
            Tenant tenant = tenant(connection, tenantId);
            refuse(launch.problems());
            // what follows an alert takes its place, and is never refused for how many run
            refuse(order.following().isPresent() ? List.of() : RunningQuota.problems(connection, tenant));
            Map<String, Object> consent = order.onBehalf() ? Consent.required(connection, tenantId) : Map.of();
            if (order.following().isPresent()) {
                Following first = order.following().get();
                first.checkOnce(connection, tenantId);
                first.endFirst(connection, tenantId, ledger, journal, actor, clock.instant());
            }
            Alert stored = ledger.create(connection, launch.alert(actor.name(), clock.instant()), launch.messages());
            int people = freeze(connection, tenantId, stored.alertId(), launch, order);
            Audience audience = new Audience(connection, tenantId, stored.alertId());
            LaunchCheck.Frozen frozen = check.of(connection, audience, launch, tenant, people, order.following());
            refuse(frozen.problems());
            audience.addMessages(frozen.messages()
                    .subList(launch.messages().size(), frozen.messages().size()));
            Alert opened = ledger.openFirstWave(connection, tenantId, stored.alertId(), people);
            if (order.only().isPresent()) {
                TrialDesk.mark(connection, tenantId, stored.alertId(), actor);
            }
            if (order.following().isPresent()) {
                order.following().get().link(connection, tenantId, stored.alertId(), journal, actor);
            }
            if (key.isPresent()) {
                Idempotency.bind(connection, tenantId, key.get(), stored.alertId(), Optional.empty());
            }
            if (order.following().isEmpty()) {
                // again, now that nothing long is left to do: the lock keeps two launches from both taking the last
                // place
                RunningQuota.lock(connection, tenantId);
                refuse(RunningQuota.problems(connection, tenant, 1));
            }
            journal.append(
                    connection,
                    tenantId,
                    actor,
                    "alert.launched",
                    "alert",
                    Long.toString(stored.alertId()),
                    with(consent, details(opened, launch, frozen, order)));
            // for the log only: nothing reads it back
            try (var tenantField = MDC.putCloseable("tenant", Integer.toString(tenantId));
                    var alertField = MDC.putCloseable("alert", Long.toString(stored.alertId()))) {
                LOG.info(
                        "alert.launched tenant={} alert={} drill={} recipients={}",
                        tenantId,
                        stored.alertId(),
                        opened.drill(),
                        people);
            }
            return opened;
        });
    }

    private static Map<String, Object> with(Map<String, Object> consent, Map<String, ?> details) {
        Map<String, Object> all = new LinkedHashMap<>(details);
        all.putAll(consent);
        return all;
    }

    /** What takes seconds is done before the transaction that finds it done; whatever is wrong is told there. */
    private Map<String, Path> prepareAhead(int tenantId, Order order) {
        Optional<Launch> launch = database.inTenant(tenantId, connection -> {
            Optional<Scenario> scenario = scenario(connection, tenantId, order);
            return scenario.filter(Stock::isUsedBy).isPresent()
                    ? Optional.of(prepare(connection, tenantId, order))
                    : Optional.empty();
        });
        Map<String, Path> files = new HashMap<>();
        launch.ifPresent(prepared -> {
            voice.speak(prepared);
            prepared.documents().forEach(sha256 -> fetch(tenantId, sha256, files));
        });
        return files;
    }

    /** Only a head start: who sends it later fetches it himself, and says what is in the way. */
    private void fetch(int tenantId, String sha256, Map<String, Path> files) {
        try {
            files.put(sha256, documents.file(tenantId, sha256));
        } catch (UncheckedIOException | NoSuchElementException e) {
            LOG.warn("alert.document-not-kept tenant={} problem=\"{}\"", tenantId, e.getMessage());
        }
    }

    /** The launch itself up to the point of no return, and back: what it says is what the launch would do, and cost. */
    Preview preview(int tenantId, Order order) {
        List<CostCheck.Sample> samples = new ArrayList<>();
        Map<String, Path> files = prepareAhead(tenantId, order);
        Preview preview = preview(tenantId, order, files, samples);
        CostCheck.Said said = CostCheck.ask(costs, tenantId, samples);
        return preview.costing(said.costs()).objecting(said.objections());
    }

    /** @param files of documents it prints @param samples filled with what its channels are to be asked, with no transaction open */
    private Preview preview(int tenantId, Order order, Map<String, Path> files, List<CostCheck.Sample> samples) {
        return database.inTenant(tenantId, connection -> {
            samples.clear();
            Launch launch;
            try {
                launch = prepare(connection, tenantId, order);
            } catch (LaunchRefusedException e) {
                return new Preview(0, Map.of(), e.problems(), Map.of());
            }
            Tenant tenant = tenant(connection, tenantId);
            List<Problem> problems = new ArrayList<>(launch.problems());
            if (order.following().isEmpty()) {
                problems.addAll(RunningQuota.problems(connection, tenant));
            }
            Savepoint before = connection.setSavepoint();
            try {
                long alertId = nextAlertId(connection);
                int people = order.byLists() && launch.lists().isEmpty()
                        ? 0
                        : freeze(connection, tenantId, alertId, launch, order);
                Audience audience = new Audience(connection, tenantId, alertId);
                LaunchCheck.Frozen frozen = check.of(connection, audience, launch, tenant, people, order.following());
                problems.addAll(frozen.problems());
                Map<String, CallScript> calls = voice.samples(connection, tenantId, alertId, launch, frozen.messages());
                samples.addAll(CostCheck.samples(
                        connection,
                        launch.alert("", clock.instant()),
                        alertId,
                        launch,
                        links,
                        frozen.messages(),
                        frozen.reachable(),
                        people,
                        new CostCheck.Media(calls, files)));
                Map<String, CallLength> lengths = lengths(launch, calls);
                return new Preview(
                        people,
                        frozen.reachable(),
                        List.copyOf(problems),
                        sampleTexts(connection, tenantId, alertId, launch),
                        people == 0
                                ? frozen.warnings()
                                : check.withEmptyAreas(connection, tenantId, launch, frozen.warnings()),
                        Map.of(),
                        lengths,
                        ForecastCheck.of(costs, tenantId, launch.policy(), frozen.reachable(), lengths),
                        frozen.unreachable(),
                        frozen.languages());
            } catch (LaunchRefusedException e) {
                problems.addAll(e.problems());
                return new Preview(0, Map.of(), List.copyOf(problems), Map.of());
            } finally {
                connection.rollback(before);
            }
        });
    }

    /** Freezes the audience, and back; whoever reads page after page meets people by name, not by their place in one freezing. */
    List<Unreachable.Person> unreachable(int tenantId, Order order, Optional<Long> afterContactId, int limit) {
        return database.inTenant(tenantId, connection -> {
            Launch launch = prepare(connection, tenantId, order);
            Savepoint before = connection.setSavepoint();
            try {
                long alertId = nextAlertId(connection);
                freeze(connection, tenantId, alertId, launch, order);
                return new Audience(connection, tenantId, alertId)
                        .without(LaunchCheck.endpointKinds(launch, Channels.read(connection)), afterContactId, limit);
            } finally {
                connection.rollback(before);
            }
        });
    }

    private Optional<Scenario> scenario(Connection connection, int tenantId, Order order) throws SQLException {
        return order.draft().isPresent()
                ? order.draft()
                : scenarios.find(connection, tenantId, order.request().scenario());
    }

    private Launch prepare(Connection connection, int tenantId, Order order) throws SQLException {
        Scenario scenario = scenario(connection, tenantId, order)
                .orElseThrow(() -> refused(
                        "scenario", "there is no scenario \"" + order.request().scenario() + "\""));
        return new Launch(
                scenario,
                order.request(),
                !order.byLists(),
                tenant(connection, tenantId),
                answerBaseUrl,
                Stock.read(connection, tenantId, scenario));
    }

    /** Of what is written; of other languages' copies nobody asked. */
    private static Map<String, CallLength> lengths(Launch launch, Map<String, CallScript> calls) {
        Map<String, CallLength> lengths = new LinkedHashMap<>();
        launch.words().stream()
                .filter(words -> calls.containsKey(words.language()))
                .forEach(words -> lengths.put(words.language(), VoiceCheck.length(calls.get(words.language()))));
        return lengths;
    }

    private Tenant tenant(Connection connection, int tenantId) {
        return model.tenant(connection, tenantId)
                .orElseThrow(() -> new NoSuchElementException("no tenant " + tenantId));
    }

    private int freeze(Connection connection, int tenantId, long alertId, Launch launch, Order order)
            throws SQLException {
        if (order.following().isPresent()) {
            return order.following().get().freeze(connection, tenantId, alertId);
        }
        try {
            return order.only().isPresent()
                    ? lists.freeze(connection, tenantId, alertId, order.only().get())
                    : lists.freeze(connection, tenantId, alertId, launch.lists());
        } catch (RefusedException e) {
            throw new LaunchRefusedException(e.problems().stream()
                    .map(problem -> new Problem(problem.field(), problem.problem()))
                    .toList());
        }
    }

    private static long nextAlertId(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select nextval('alert_id')");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Map<String, Object> details(Alert alert, Launch launch, LaunchCheck.Frozen frozen, Order order) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("scenario", alert.scenario());
        details.put("version", alert.scenarioVersion());
        details.put("title", alert.title());
        details.put("drill", alert.drill());
        details.put("category", CategoryWord.of(alert.category()));
        details.put("recipients", alert.recipients());
        if (order.only().isPresent()) {
            details.put("trial", true);
        } else if (order.following().isPresent()) {
            details.putAll(order.following().get().details());
        } else {
            details.put("lists", launch.lists());
            if (order.request().lists().isPresent()) {
                details.put("listsOfScenario", launch.scenario().lists());
            }
        }
        details.put("channels", List.copyOf(launch.channels()));
        details.put("variables", launch.variables());
        if (alert.policy().lexicon() > 0) {
            details.put("lexicon", alert.policy().lexicon());
        }
        if (!frozen.shortened().isEmpty()) {
            details.put(
                    "shortened",
                    frozen.shortened().stream().mapToInt(ShortenedSms::people).sum());
        }
        details.put(
                "patience",
                alert.policy().cascade().stream()
                        .map(step -> step.patience().toString())
                        .toList());
        return details;
    }

    /** Each message as its first reader would get it; a place that cannot be filled stays as it is written. */
    private Map<String, String> sampleTexts(Connection connection, int tenantId, long alertId, Launch launch)
            throws SQLException {
        Map<String, String> samples = new LinkedHashMap<>();
        for (Ledger.Message message : launch.messages()) {
            Map<String, String> values = new HashMap<>(launch.shared());
            values.putAll(AnswerDesk.firstReader(connection, tenantId, alertId, message.language()));
            values.put(Variables.TITLE, launch.title());
            values.put(Variables.ANSWER_URL, answerBaseUrl + "/a/…");
            Template template = new Template(message.text());
            template.variables()
                    .forEach(variable -> values.merge(
                            variable, "{{" + variable + "}}", (value, place) -> value.isBlank() ? place : value));
            samples.put(message.language() + "." + message.channel(), template.render(values));
        }
        return samples;
    }

    private static void refuse(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new LaunchRefusedException(problems);
        }
    }

    private static LaunchRefusedException refused(String field, String problem) {
        return new LaunchRefusedException(List.of(new Problem(field, problem)));
    }
}
