package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Alerts.LaunchRequest;
import io.tocsin.alerting.api.Alerts.Preview;
import io.tocsin.alerting.api.FollowUps;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.Scenario.Message;
import io.tocsin.alerting.api.Unreachable;
import io.tocsin.audit.api.Actor;
import io.tocsin.cluster.api.Hint;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.Template;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Corrections and all-clears: worked out from the alert they follow, then launched as every alert is. */
final class FollowUpDesk implements FollowUps {
    private static final int LONGEST = 2_000;

    /** A text is taken from the first of these that the alert has: the shortest says what matters. */
    private static final List<String> TELLING = List.of("sms", "mail", Scenario.VOICE);

    private final Database database;
    private final AdministrativeModel model;
    private final Ledger ledger;
    private final LaunchDesk launches;
    private final Consumer<Hint> hint;
    private final ScenarioTable scenarios = new ScenarioTable();
    private final FollowUpTable table = new FollowUpTable();

    /** @param hint tells the nodes what is worth a look, after the commit */
    FollowUpDesk(
            Database database, AdministrativeModel model, Ledger ledger, LaunchDesk launches, Consumer<Hint> hint) {
        this.database = database;
        this.model = model;
        this.ledger = ledger;
        this.launches = launches;
        this.hint = hint;
    }

    /**
     * @param fallback the language of whoever reads one without a text
     * @param problems what refuses it whatever else does
     */
    private record Prepared(
            Alert first,
            Scenario scenario,
            Map<String, String> texts,
            String fallback,
            Following following,
            List<Problem> problems) {
        LaunchDesk.Order order(boolean onBehalf) {
            LaunchRequest request = new LaunchRequest(
                    first.scenario(), first.drill(), Map.of(), Optional.of(List.of()), Optional.empty());
            return LaunchDesk.Order.following(request, scenario, following, onBehalf);
        }
    }

    @Override
    public Draft draft(int tenantId, long alertId, Request request) {
        List<Problem> over = new ArrayList<>();
        Prepared prepared = database.inTenant(tenantId, connection -> {
            over.clear();
            Prepared found = prepare(connection, tenantId, alertId, request);
            over.addAll(found.following.over(connection, tenantId));
            return found;
        });
        Preview preview = launches.preview(tenantId, prepared.order(false))
                .refusing(prepared.problems)
                .refusing(over);
        boolean runs = prepared.first.state() == Alert.State.RUNNING || prepared.first.state() == Alert.State.PAUSED;
        return new Draft(prepared.texts, runs, preview, readers(preview, prepared));
    }

    private static List<Reader> readers(Preview preview, Prepared prepared) {
        return preview.languages().entrySet().stream()
                .map(each -> new Reader(
                        each.getKey(), each.getValue(), told(each.getKey(), prepared.texts, prepared.fallback)))
                .sorted(Comparator.comparingInt(Reader::people).reversed().thenComparing(Reader::language))
                .toList();
    }

    /** As {@link Audience#inEveryLanguage} will have it. */
    private static String told(String language, Map<String, String> texts, String fallback) {
        return Stream.of(language, language.split("-", 2)[0])
                .filter(each -> !texts.getOrDefault(each, "").isBlank())
                .findFirst()
                .orElse(fallback);
    }

    @Override
    public List<Unreachable.Person> unreachable(
            int tenantId, long alertId, Request request, Optional<Long> afterContactId, int limit) {
        Prepared prepared = database.inTenant(tenantId, connection -> prepare(connection, tenantId, alertId, request));
        return launches.unreachable(tenantId, prepared.order(false), afterContactId, limit);
    }

    @Override
    public Alert launch(
            int tenantId,
            long alertId,
            Request request,
            Optional<String> idempotencyKey,
            boolean onBehalf,
            Actor actor) {
        Prepared prepared = database.inTenant(tenantId, connection -> prepare(connection, tenantId, alertId, request));
        if (!prepared.problems.isEmpty()) {
            throw new LaunchRefusedException(prepared.problems);
        }
        Alert launched = launches.launch(tenantId, prepared.order(onBehalf), idempotencyKey, actor);
        hint.accept(Hint.stopped(tenantId, alertId));
        hint.accept(Hint.work(tenantId, launched.alertId()));
        return launched;
    }

    @Override
    public Links links(int tenantId, long alertId) {
        return database.inTenant(tenantId, connection -> {
            first(connection, tenantId, alertId);
            return table.links(connection, tenantId, alertId);
        });
    }

    private Alert first(Connection connection, int tenantId, long alertId) {
        return ledger.alert(connection, tenantId, alertId)
                .orElseThrow(() -> new NoSuchElementException("no alert " + alertId));
    }

    private Prepared prepare(Connection connection, int tenantId, long alertId, Request request) throws SQLException {
        Alert first = first(connection, tenantId, alertId);
        if (table.isTrial(connection, tenantId, alertId)) {
            throw new LaunchRefusedException(List.of(new Problem(
                    "alert", "was somebody's trial on themselves: nobody else heard of it, and nothing is to follow")));
        }
        Audience audience = new Audience(connection, tenantId, alertId);
        List<Ledger.Message> written = audience.written();
        Set<String> languages = new LinkedHashSet<>(
                written.stream().map(Ledger.Message::language).toList());
        String fallback = languages.iterator().next();
        Set<String> read = new LinkedHashSet<>(languages);
        read.addAll(audience.languages());
        Optional<Scenario> source = scenarios.version(connection, tenantId, first.scenario(), first.scenarioVersion());
        String tenantLanguage = model.tenant(connection, tenantId)
                .map(AdministrativeModel.Tenant::language)
                .orElse(fallback);
        String name = source.map(Scenario::name).orElse(first.title());
        Map<String, String> wording = new LinkedHashMap<>();
        if (request.kind() == Kind.ALL_CLEAR) {
            read.stream()
                    .filter(language -> languages.contains(language) || FollowUpWords.speaks(language))
                    .forEach(language -> wording.put(language, FollowUpWords.over(name, language)));
        } else {
            languages.forEach(language ->
                    wording.put(language, told(source.map(Scenario::messages).orElse(Map.of()), written, language)));
        }
        Map<String, String> texts = request.texts().isEmpty() ? wording : request.texts();
        List<Problem> problems = problems(texts, read, fallback);
        if (request.kind() == Kind.CORRECTION) {
            texts.forEach((language, text) -> {
                if (text.strip().equals(wording.get(language))) {
                    problems.add(new Problem("texts." + language, "says what the alert said; write what is right"));
                }
            });
        }
        return new Prepared(
                first,
                scenario(first, request.kind(), name, tenantLanguage, texts, fallback, read),
                texts,
                fallback,
                new Following(alertId, request.kind(), request.whom()),
                problems);
    }

    private static Scenario scenario(
            Alert first,
            Kind kind,
            String name,
            String tenantLanguage,
            Map<String, String> texts,
            String fallback,
            Set<String> languages) {
        List<Step> cascade = first.policy().cascade().stream()
                .map(step -> new Step(step.channel(), step.patience(), step.maxAttempts(), Until.DELIVERED))
                .toList();
        Map<String, Map<String, Message>> messages = new LinkedHashMap<>();
        for (String language : languages) {
            String text = texts.getOrDefault(language, "");
            if (!text.isBlank() || language.equals(fallback)) {
                Map<String, Message> byChannel = new LinkedHashMap<>();
                cascade.forEach(step -> byChannel.put(
                        step.channel(), FollowUpWords.message(kind, name, text.strip(), step.channel(), language)));
                messages.put(language, byChannel);
            }
        }
        return new Scenario(
                first.scenario(),
                first.scenarioVersion(),
                FollowUpWords.title(kind, name, tenantLanguage),
                first.category(),
                List.of(),
                cascade,
                Optional.empty(),
                first.policy().variables(),
                messages,
                fallback,
                first.policy().call());
    }

    /** What was said in a language, as it was written: without the link that answers the first alert, and what is kept elsewhere. */
    private static String told(
            Map<String, Map<String, Message>> source, List<Ledger.Message> written, String language) {
        Map<String, String> byChannel = new LinkedHashMap<>();
        written.stream()
                .filter(message -> message.language().equals(language))
                .forEach(message -> byChannel.put(message.channel(), message.text()));
        // not marked as an exercise yet, as what was sent is
        source.getOrDefault(language, Map.of()).forEach((channel, message) -> byChannel.put(channel, message.text()));
        String text = TELLING.stream()
                .filter(byChannel::containsKey)
                .map(byChannel::get)
                .findFirst()
                .orElseGet(() -> byChannel.values().iterator().next());
        StringBuilder told = new StringBuilder();
        for (Template.Part part : new Template(text).parts()) {
            if (!part.place()) {
                told.append(part.text());
            } else if (!isTheFirsts(part.text())) {
                told.append("{{").append(part.text()).append("}}");
            }
        }
        return told.toString().strip();
    }

    private static List<Problem> problems(Map<String, String> texts, Set<String> languages, String fallback) {
        List<Problem> problems = new ArrayList<>();
        if (texts.getOrDefault(fallback, "").isBlank()) {
            problems.add(new Problem("texts." + fallback, "is missing: whoever reads no other language is told in it"));
        }
        texts.forEach((language, text) -> {
            String field = "texts." + language;
            if (!languages.contains(language)) {
                problems.add(new Problem(
                        field,
                        "is a language that the alert was not written in and nobody of it reads; there are "
                                + languages));
            }
            if (text.length() > LONGEST || text.indexOf('\0') >= 0) {
                problems.add(new Problem(field, "must be " + LONGEST + " characters at most, without NUL"));
            }
            new Template(text)
                    .variables().stream()
                            .filter(FollowUpDesk::isTheFirsts)
                            .sorted()
                            .forEach(place -> problems.add(new Problem(
                                    field,
                                    "has {{" + place + "}}, which belongs to the alert it follows; take it out")));
        });
        return problems;
    }

    private static boolean isTheFirsts(String place) {
        return place.equals(Variables.ANSWER_URL) || Variables.isKept(place);
    }
}
