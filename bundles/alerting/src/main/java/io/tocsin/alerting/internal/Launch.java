package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Alerts.LaunchRequest;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.Scenario.Message;
import io.tocsin.alerting.api.SmsSender;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.PrintedText;
import io.tocsin.routing.api.SpokenCalls;
import io.tocsin.routing.api.SpokenCalls.Words;
import io.tocsin.routing.api.Template;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One launch worked out from its scenario, its request and its tenant, before anybody is looked up: lists, variables,
 * messages as they will be sent (a drill's are marked), policy, and every problem that shows already.
 */
final class Launch {
    private final Scenario scenario;
    private final LaunchRequest request;
    private final boolean listless;
    private final Tenant tenant;
    private final String answerBaseUrl;
    private final Stock stock;
    private final List<Problem> problems = new ArrayList<>();

    /** @param listless whether something else than lists says whom: one person it is tried on, an alert that it follows */
    Launch(
            Scenario scenario,
            LaunchRequest request,
            boolean listless,
            Tenant tenant,
            String answerBaseUrl,
            Stock stock) {
        this.scenario = scenario;
        this.request = request;
        this.listless = listless;
        this.tenant = tenant;
        this.answerBaseUrl = answerBaseUrl;
        this.stock = stock;
        checkTenant();
        checkLists();
        checkVariables();
        checkSender();
        checkLengths();
        checkStock();
        checkPin();
        request.patience().flatMap(ScenarioRules::patienceProblem).ifPresent(problem -> problem("patience", problem));
    }

    List<Problem> problems() {
        return problems;
    }

    /** The lists alerted: those of the request, else the scenario's. */
    List<String> lists() {
        return List.copyOf(new LinkedHashSet<>(request.lists().orElse(scenario.lists())));
    }

    Set<String> channels() {
        Set<String> channels = new LinkedHashSet<>();
        scenario.cascade().stream().map(Step::channel).forEach(channels::add);
        return channels;
    }

    /** Values for the whole alert: the launch's over the scenario's; declared ones without value are left out. */
    Map<String, String> variables() {
        Map<String, String> values = new HashMap<>(scenario.variables());
        values.putAll(request.variables());
        values.values().removeIf(String::isBlank);
        return values;
    }

    String title() {
        return request.drill() ? Drill.title(scenario.name(), tenant.language()) : scenario.name();
    }

    DispatchPolicy policy() {
        return new DispatchPolicy(
                cascade(),
                scenario.question().map(Scenario.Question::choices).orElse(Map.of()),
                variables(),
                Optional.of(answerBaseUrl).filter(url -> !url.isBlank()),
                tenant.smsSender(),
                tenant.mailSender(),
                VoiceRules.calls(scenario) ? Optional.of(callPolicy()) : Optional.empty(),
                stock.lexicon());
    }

    private CallPolicy callPolicy() {
        return scenario.call()
                .orElseGet(() -> CallPolicy.usual(scenario.question().isPresent()));
    }

    /** The variable whose value people key before they hear anything, if this launch calls anybody. */
    Optional<String> pin() {
        return channels().contains(Scenario.VOICE) ? callPolicy().pin() : Optional.empty();
    }

    /** What is said by telephone, a text for each language written. */
    List<Words> words() {
        return messages().stream()
                .filter(message -> message.channel().equals(Scenario.VOICE))
                .map(this::words)
                .toList();
    }

    /** @param message a voice message of this launch; another language's copy is said in the language it is written in */
    Words words(Ledger.Message message) {
        List<Ledger.Message> written = messages().stream()
                .filter(each -> each.channel().equals(Scenario.VOICE))
                .toList();
        String language = written.stream()
                .filter(each -> each.text().equals(message.text()))
                .map(Ledger.Message::language)
                .findFirst()
                .orElse(message.language());
        return new Words(
                tenant.id(),
                new Template(message.text()),
                language,
                scenario.question().map(Scenario.Question::choices).orElse(Map.of()),
                SpokenCalls.choicesLanguage(
                        written.stream().map(Ledger.Message::language).toList(), tenant.language()),
                callPolicy(),
                stock.lexicon(),
                tenant.name());
    }

    /** What is heard or printed at each place of something kept, in words, for those who read. */
    private Map<String, String> kept() {
        Map<String, String> kept = new HashMap<>();
        messages().stream()
                .filter(message -> Stock.isUsedBy(message.channel()))
                .flatMap(message -> new Template(message.text()).variables().stream())
                .filter(Variables::isKept)
                .forEach(place -> kept.put(place, "[" + Variables.keptName(place) + "]"));
        return kept;
    }

    /** What faxes of this launch print, by its SHA-256. */
    Set<String> documents() {
        Set<String> documents = new LinkedHashSet<>();
        messages().stream()
                .filter(message -> message.channel().equals(Scenario.FAX))
                .forEach(message ->
                        PrintedText.of(new Template(message.text())).document().ifPresent(documents::add));
        return documents;
    }

    private void checkStock() {
        scenario.messages()
                .forEach((language, channels) -> channels.forEach((channel, message) -> {
                    if (Stock.isUsedBy(channel)) {
                        problems.addAll(
                                stock.missing("messages." + language + "." + channel + ".text", message.text()));
                    }
                }));
    }

    private void checkPin() {
        pin().filter(variable ->
                        !variables().getOrDefault(variable, "1234").strip().matches("[0-9]{3,10}"))
                .ifPresent(variable -> problem("variables." + variable, "is a PIN: 3 to 10 digits"));
    }

    /** The scenario's steps, each with the launch's patience where it gives one. */
    private List<Step> cascade() {
        return request.patience()
                .map(patience -> scenario.cascade().stream()
                        .map(step -> new Step(step.channel(), patience, step.maxAttempts(), step.until()))
                        .toList())
                .orElse(scenario.cascade());
    }

    /** The alert to store; nobody is in it yet. */
    Alert alert(String launchedBy, Instant at) {
        return new Alert(
                tenant.id(),
                0,
                scenario.slug(),
                scenario.version(),
                title(),
                scenario.category(),
                request.drill(),
                Alert.State.RUNNING,
                policy(),
                0,
                launchedBy,
                at,
                Optional.empty());
    }

    /** The messages as written, marked if this is a drill; the fallback's first: the ledger falls back to the first. */
    List<Ledger.Message> messages() {
        List<String> languages = new ArrayList<>(scenario.messages().keySet());
        languages.remove(scenario.fallbackLanguage());
        languages.add(0, scenario.fallbackLanguage());
        List<Ledger.Message> messages = new ArrayList<>();
        for (String language : languages) {
            scenario.messages().get(language).forEach((channel, written) -> {
                Message message = request.drill() ? Drill.mark(written, channel, language) : written;
                String text = Stock.isUsedBy(channel) ? stock.frozen(message.text()) : message.text();
                messages.add(
                        new Ledger.Message(channel, language, message.subject().orElse(""), text, message.html()));
            });
        }
        return messages;
    }

    Scenario scenario() {
        return scenario;
    }

    private void checkTenant() {
        if (!tenant.state().equals("active")) {
            problem("tenant", "is suspended; its agency can reinstate it");
        }
    }

    private void checkLists() {
        if (lists().isEmpty() && !listless) {
            problem("lists", "names nobody; name at least one list in the scenario or the launch");
        }
    }

    private void checkVariables() {
        Set<String> known = new HashSet<>(scenario.variables().keySet());
        scenario.messages().values().forEach(channels -> channels.values()
                .forEach(message -> known.addAll(ScenarioRules.places(message))));
        known.removeAll(Variables.RESERVED);
        known.removeIf(Variables::isKept);
        pin().ifPresent(known::add);
        request.variables().forEach((name, value) -> {
            if (Variables.RESERVED.contains(name)) {
                problem("variables." + name, "is filled in by the platform; leave it out");
            } else if (!known.contains(name)) {
                problem(
                        "variables." + name,
                        "is not a variable of " + scenario.slug() + "; there are "
                                + known.stream().sorted().toList());
            } else if (value.length() > 1_000 || value.indexOf('\0') >= 0) {
                problem("variables." + name, "must be 1000 characters at most, without NUL");
            }
        });
    }

    private void checkSender() {
        if (!channels().contains("sms")) {
            return;
        }
        Optional<String> sender = tenant.smsSender();
        sender.flatMap(SmsSender::problem).ifPresent(problem -> problem("tenant.sms-sender", problem));
        boolean deaf = sender.isPresent() && !SmsSender.takesReplies(sender.get());
        if (deaf && scenario.question().isPresent()) {
            scenario.messages().forEach((language, channels) -> {
                Message sms = channels.get("sms");
                if (sms != null && !ScenarioRules.places(sms).contains(Variables.ANSWER_URL)) {
                    problem(
                            "messages." + language + ".sms.text",
                            "asks a question that cannot be answered: nobody can reply to the sender " + sender.get()
                                    + "; add {{answer_url}}, or use a short code 36xxx or 38xxx");
                }
            });
        }
        boolean linked = scenario.messages().values().stream()
                .flatMap(channels -> channels.values().stream())
                .anyMatch(message -> ScenarioRules.places(message).contains(Variables.ANSWER_URL));
        if (linked && answerBaseUrl.isBlank()) {
            problem(
                    "answerBaseUrl",
                    "is not set on this node (PID io.tocsin.alerting) but messages have {{answer_url}}");
        }
    }

    /** What a message's places take that is the same for everybody, the answer link by its length. */
    Map<String, String> shared() {
        Map<String, String> values = variables();
        values.putAll(kept());
        values.put(Variables.TITLE, title());
        values.put(Variables.ANSWER_URL, answerUrl(Variables.TYPICAL_TOKEN));
        return values;
    }

    String answerUrl(String token) {
        return answerBaseUrl + "/a/" + token;
    }

    /** Variables of the SMS this launch sends that people may have values of their own for. */
    Set<String> ownValuesInSms() {
        if (!channels().contains("sms")) {
            return Set.of();
        }
        Set<String> own = new HashSet<>();
        scenario.messages().values().stream()
                .flatMap(channels -> Optional.ofNullable(channels.get("sms")).stream())
                .forEach(message -> own.addAll(ScenarioRules.places(message)));
        own.removeAll(Set.of(Variables.TITLE, Variables.ANSWER_URL));
        return own;
    }

    private void checkLengths() {
        Map<String, String> values = shared();
        messages().stream().filter(message -> message.channel().equals("sms")).forEach(message -> SmsLengths.problem(
                        "messages." + message.language() + ".sms.text",
                        message.text(),
                        values,
                        "with the values of this launch")
                .ifPresent(problems::add));
    }

    private void problem(String field, String problem) {
        problems.add(new Problem(field, problem));
    }
}
