package io.tocsin.alerting.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.internal.CallSection;
import io.tocsin.alerting.internal.CategoryWord;
import io.tocsin.alerting.internal.ChannelLimit;
import io.tocsin.alerting.internal.ScenarioReader;
import io.tocsin.alerting.internal.ScenarioRules;
import io.tocsin.channel.api.OutboundMessage.Category;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * How a scenario is written, in {@code tenants/} (YAML) and through the API (JSON): the same tree for both.
 *
 * <pre>{@code
 * name: Inondation — évacuation du quartier bas
 * category: life-safety            # life-safety | operational | information
 * lists: [quartier-bas]            # slugs of lists; optional: the launch may name them
 * cascade:                         # steps in order, at least one
 *   - channel: sms
 *     patience: PT5M               # ISO 8601, or 90s, 10m, 2h
 *     attempts: 3                  # 1 to 10; 3 when absent
 *     until: answered              # delivered | answered; answered when a question is asked, else delivered
 * question:                        # optional
 *   choices: {"1": En sécurité, "2": Besoin d'aide}
 * call:                            # optional: how people are called where a step is voice
 *   ring: 30s                      # 5 s to 2 min; 30 s when absent
 *   times: 1                       # how often the message is said, 1 to 3
 *   machine: leave-message         # leave-message | hang-up | ignore; hang-up when a pin is asked
 *   pin: code                      # optional: the variable with the 3 to 10 digits that a person keys first
 *   transfer: {"9": "+33199000009"} # optional: keys that connect with somebody
 *   repeat: "*"                    # the key that says everything again; * when something is asked
 *   retry: {busy: 1m, no-answer: 5m} # optional: waits by outcome; otherwise the channel's own
 * variables:                       # optional; no value: the launch (or every contact) must give one
 *   point_rassemblement: Salle des fêtes
 *   heure:
 * fallback-language: fr
 * messages:                        # language, then channel
 *   fr:
 *     sms: {text: "ALERTE {{name}} : rejoignez {{point_rassemblement}}. Répondez : {{answer_url}}"}
 *     mail: {subject: Inondation, text: …, html: …}
 *     voice: {text: "Alerte. Rejoignez {{point_rassemblement}}. {{recording.maire}}"}
 *     fax: {text: "Évacuez vers {{point_rassemblement}}. {{document.plan}}"}
 * }</pre>
 *
 * <p>Unknown fields are refused. {@code slug} and {@code version} are accepted where they agree with the caller's.
 * Stateless; callable from any thread.
 */
public final class ScenarioFormat {

    private ScenarioFormat() {}

    /**
     * Reads the tree of a scenario and applies every rule that needs nothing but the scenario itself.
     *
     * @param slug the scenario's slug, from the file's name or the address
     * @throws LaunchRefusedException naming the path of every field that is wrong, with the cure
     */
    public static Scenario read(String slug, JsonNode tree) {
        Scenario scenario = new ScenarioReader(tree).read(slug);
        List<Problem> problems = problems(scenario);
        if (!problems.isEmpty()) {
            throw new LaunchRefusedException(problems);
        }
        return scenario;
    }

    /** Every problem of a scenario by itself, without looking at a tenant's lists or accounts; empty: none. */
    public static List<Problem> problems(Scenario scenario) {
        return new ScenarioRules(scenario).problems();
    }

    /**
     * Every place where a scenario names a channel that is none of the tenant's.
     *
     * @param channels those the tenant is limited to; none: all are its own
     * @since 1.2
     */
    public static List<Problem> problems(Scenario scenario, Collection<String> channels) {
        return ChannelLimit.of(channels).problems(scenario);
    }

    /** The tree that {@link #read} reads back into an equal scenario (its version apart). */
    public static ObjectNode write(Scenario scenario) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("slug", scenario.slug());
        tree.put("version", scenario.version());
        tree.put("name", scenario.name());
        tree.put("category", word(scenario.category()));
        scenario.lists().forEach(tree.putArray("lists")::add);
        var cascade = tree.putArray("cascade");
        scenario.cascade().forEach(step -> cascade.addObject()
                .put("channel", step.channel())
                .put("patience", step.patience().toString())
                .put("attempts", step.maxAttempts())
                .put("until", step.until().name().toLowerCase(Locale.ROOT)));
        scenario.question().ifPresent(question -> {
            ObjectNode choices = tree.putObject("question").putObject("choices");
            question.choices().forEach(choices::put);
        });
        scenario.call().ifPresent(call -> CallSection.write(call, tree.putObject("call")));
        ObjectNode variables = tree.putObject("variables");
        scenario.variables().forEach(variables::put);
        tree.put("fallback-language", scenario.fallbackLanguage());
        ObjectNode messages = tree.putObject("messages");
        scenario.messages().forEach((language, channels) -> {
            ObjectNode written = messages.putObject(language);
            channels.forEach((channel, message) -> {
                ObjectNode node = written.putObject(channel);
                message.subject().ifPresent(subject -> node.put("subject", subject));
                node.put("text", message.text());
                message.html().ifPresent(html -> node.put("html", html));
            });
        });
        return tree;
    }

    /** A category as files and the API write it: {@code life-safety}, {@code operational}, {@code information}. */
    public static String word(Category category) {
        return CategoryWord.of(category);
    }
}
