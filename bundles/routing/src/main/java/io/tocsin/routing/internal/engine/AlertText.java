package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.SmsTemplate;
import io.tocsin.routing.api.Template;
import io.tocsin.routing.internal.engine.Fact.Intent;
import io.tocsin.routing.internal.ledger.PolicyJson;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An alert's texts, ready to be rendered for one person after another. Immutable, as the alert's are. */
final class AlertText {

    /** One message as written for a channel in a language. */
    record Written(String channel, String language, Template subject, Template text, Optional<Template> html) {}

    private final Alert alert;
    private final String tenantLanguage;
    private final List<Written> messages;
    private final AnswerLinks links;

    AlertText(Alert alert, String tenantLanguage, List<Written> messages, AnswerLinks links) {
        this.alert = alert;
        this.tenantLanguage = tenantLanguage;
        this.messages = List.copyOf(messages);
        this.links = links;
    }

    /**
     * Renders the message of one target.
     *
     * @throws IllegalArgumentException if there is no text for the channel or a variable is missing: the message is not sent
     */
    OutboundMessage render(String channel, Intent intent) {
        Written written = choose(channel, intent.language());
        String token = links.token(alert.tenantId(), alert.alertId(), intent.recipientNo());
        Optional<String> answerUrl = alert.policy().answerBaseUrl().map(base -> base + "/a/" + token);
        Map<String, String> shared = shared(answerUrl);
        Map<String, String> own = own(intent);
        Map<String, String> values = new HashMap<>(shared);
        values.putAll(own);
        return new OutboundMessage(
                intent.target().reference(),
                intent.address(),
                sender(channel),
                written.language(),
                written.subject().render(values),
                channel.equals("sms")
                        ? new SmsTemplate(written.text()).render(shared, own).text()
                        : written.text().render(values),
                written.html().map(html -> html.renderHtml(values)),
                alert.policy().choices().isEmpty() ? Optional.empty() : answerUrl,
                alert.category(),
                alert.drill(),
                intent.possibleDuplicate(),
                RepeatKey.of(token, intent.rootWave(), intent.address()));
    }

    private Map<String, String> shared(Optional<String> answerUrl) {
        Map<String, String> values = new HashMap<>(alert.policy().variables());
        values.put("title", alert.title());
        answerUrl.ifPresent(url -> values.put("answer_url", url));
        return values;
    }

    private Map<String, String> own(Intent intent) {
        Map<String, String> values = new HashMap<>();
        int space = intent.name().indexOf(' ');
        values.put("first_name", space < 0 ? intent.name() : intent.name().substring(0, space));
        values.put("last_name", space < 0 ? intent.name() : intent.name().substring(space + 1));
        values.putAll(PolicyJson.readVariables(intent.variables()));
        values.put("name", intent.name());
        // the platform's own: nobody brings them along
        values.remove("title");
        values.remove("answer_url");
        return values;
    }

    /** The person's language, its main tag, the tenant's language, then the first written. */
    private Written choose(String channel, String language) {
        Written best = null;
        int bestRank = Integer.MAX_VALUE;
        for (Written written : messages) {
            if (written.channel().equals(channel)) {
                int rank = written.language().equalsIgnoreCase(language)
                        ? 0
                        : mainTag(written.language()).equals(mainTag(language))
                                ? 1
                                : mainTag(written.language()).equals(mainTag(tenantLanguage)) ? 2 : 3;
                if (rank < bestRank) {
                    best = written;
                    bestRank = rank;
                }
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("the alert has no text for channel " + channel);
        }
        return best;
    }

    private static String mainTag(String language) {
        int dash = language.indexOf('-');
        return (dash < 0 ? language : language.substring(0, dash)).toLowerCase(Locale.ROOT);
    }

    private Optional<String> sender(String channel) {
        return switch (channel) {
            case "sms" -> alert.policy().smsSender();
            case "mail" -> alert.policy().mailSender();
            default -> Optional.empty();
        };
    }
}
