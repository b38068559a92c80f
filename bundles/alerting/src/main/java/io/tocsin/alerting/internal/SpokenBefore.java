package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Listening;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.Scenario.Message;
import io.tocsin.channel.api.CallScript;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.Database;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import io.tocsin.routing.api.SpokenCalls;
import io.tocsin.routing.api.SpokenCalls.Telling;
import io.tocsin.routing.api.SpokenCalls.Words;
import io.tocsin.routing.api.Template;
import io.tocsin.speech.api.Sound;
import io.tocsin.speech.api.SpeechException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Has spoken for one listener what is spoken for everybody called, in the same way. */
@Component(service = Listening.class)
public final class SpokenBefore implements Listening {
    private final Database database;
    private final AdministrativeModel model;
    private final SpokenCalls calls;
    private final ScenarioTable scenarios = new ScenarioTable();

    @Activate
    public SpokenBefore(
            @Reference Database database, @Reference AdministrativeModel model, @Reference SpokenCalls calls) {
        this.database = database;
        this.model = model;
        this.calls = calls;
    }

    @Override
    public Sound text(int tenantId, String text, String language) throws SpeechException, InterruptedException {
        Stock stock = database.inTenant(tenantId, connection -> Stock.heard(connection, tenantId));
        refuse(stock.missing("text", text));
        Words words = new Words(
                tenantId,
                new Template(stock.frozen(text)),
                language,
                Map.of(),
                language,
                CallPolicy.usual(false),
                stock.lexicon(),
                "");
        try {
            return joined(calls.script(new Telling(words, Map.of(), Map.of())).message());
        } catch (IllegalArgumentException e) {
            throw refused("text", e.getMessage() + "; write what is to be heard in its place");
        }
    }

    private record Written(Scenario scenario, Stock stock, String tenantLanguage) {}

    @Override
    public Sound scenario(int tenantId, String slug, String language, boolean drill, Map<String, String> values)
            throws SpeechException, InterruptedException {
        Written written = database.inTenant(
                tenantId,
                connection -> new Written(
                        scenarios
                                .find(connection, tenantId, slug)
                                .orElseThrow(() -> new NoSuchElementException("no scenario " + slug)),
                        Stock.heard(connection, tenantId),
                        model.tenant(connection, tenantId)
                                .map(AdministrativeModel.Tenant::language)
                                .orElse("")));
        Scenario scenario = written.scenario();
        List<String> languages = scenario.messages().keySet().stream()
                .filter(each -> scenario.messages().get(each).containsKey(Scenario.VOICE))
                .toList();
        if (!languages.contains(language)) {
            throw refused(
                    "language",
                    languages.isEmpty()
                            ? "the scenario has nothing to say; write messages." + scenario.fallbackLanguage()
                                    + ".voice"
                            : "\"" + language + "\" is not written; choose one of " + languages);
        }
        Message message = scenario.messages().get(language).get(Scenario.VOICE);
        refuse(written.stock().missing("messages." + language + ".voice.text", message.text()));
        Message said = drill ? Drill.mark(message, Scenario.VOICE, language) : message;
        Template text = new Template(written.stock().frozen(said.text()));
        Words words = new Words(
                tenantId,
                text,
                language,
                scenario.question().map(Scenario.Question::choices).orElse(Map.of()),
                SpokenCalls.choicesLanguage(languages, written.tenantLanguage()),
                withoutPin(scenario),
                written.stock().lexicon(),
                "");
        return heard(calls.script(new Telling(words, Map.of(), values(scenario, drill, text, language, values))));
    }

    /** Nobody keys a PIN to listen. */
    private static CallPolicy withoutPin(Scenario scenario) {
        CallPolicy policy = scenario.call()
                .orElseGet(() -> CallPolicy.usual(scenario.question().isPresent()));
        return new CallPolicy(
                policy.ringing(),
                policy.times(),
                policy.machine(),
                Optional.empty(),
                policy.transfers(),
                policy.repeat(),
                policy.retry());
    }

    private static Map<String, String> values(
            Scenario scenario, boolean drill, Template text, String language, Map<String, String> given) {
        Map<String, String> values = new HashMap<>(scenario.variables());
        values.values().removeIf(String::isBlank);
        values.put(Variables.TITLE, drill ? Drill.title(scenario.name(), language) : scenario.name());
        values.putAll(given);
        text.variables().stream()
                .filter(variable -> !Variables.isKept(variable))
                .forEach(variable -> values.merge(
                        variable, variable.replaceAll("[_.-]+", " "), (value, name) -> value.isBlank() ? name : value));
        return values;
    }

    private static Sound heard(CallScript call) {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < call.times(); i++) {
            files.addAll(call.message());
        }
        call.question().ifPresent(question -> files.addAll(question.asked()));
        return joined(files);
    }

    private static Sound joined(List<Path> files) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            for (Path file : files) {
                Files.copy(file, all);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Sound.of(all.toByteArray());
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
