package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.CallScript;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.DispatchPolicy.CallPolicy;
import io.tocsin.routing.api.PrintedText;
import io.tocsin.routing.api.SmsTemplate;
import io.tocsin.routing.api.SpokenCalls;
import io.tocsin.routing.api.Template;
import io.tocsin.routing.internal.engine.Fact.Intent;
import io.tocsin.routing.internal.engine.WaveRows.Launched;
import io.tocsin.routing.internal.ledger.PolicyJson;
import io.tocsin.speech.api.SpeechException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;

/** An alert's texts, ready to be rendered for one person after another. Immutable, as the alert's are. */
final class AlertText {

    /** One message as written for a channel in a language. */
    record Written(String channel, String language, Template subject, Template text, Optional<Template> html) {}

    private static final String VOICE = "voice";
    private static final String FAX = "fax";

    private final Alert alert;
    private final String tenantName;
    private final String tenantLanguage;
    private final List<Written> messages;
    private final AnswerLinks links;
    private final Media media;

    AlertText(Launched launched, AnswerLinks links, Media media) {
        this.alert = launched.alert();
        this.tenantName = launched.tenantName();
        this.tenantLanguage = launched.tenantLanguage();
        this.messages = List.copyOf(launched.messages());
        this.links = links;
        this.media = media;
    }

    /**
     * Renders the message of one target.
     *
     * @throws IllegalArgumentException if there is no text for the channel, a variable is missing, something cannot be spoken or a
     *     document is not there: the message is not sent
     * @throws UncheckedIOException if interrupted while something is spoken, or when a document cannot be kept on this node
     * @throws io.tocsin.persistence.api.DatabaseException while a document cannot be read: ask again
     */
    OutboundMessage render(String channel, Intent intent) {
        Written written = choose(channel, intent.language());
        String token = links.token(alert.tenantId(), alert.alertId(), intent.recipientNo());
        Optional<String> answerUrl = alert.policy().answerBaseUrl().map(base -> base + "/a/" + token);
        Map<String, String> shared = shared(answerUrl);
        Map<String, String> own = own(intent);
        Map<String, String> values = new HashMap<>(shared);
        values.putAll(own);
        Optional<PrintedText> printed =
                channel.equals(FAX) ? Optional.of(PrintedText.of(written.text())) : Optional.empty();
        return new OutboundMessage(
                intent.target().reference(),
                intent.address(),
                sender(channel),
                written.language(),
                written.subject().render(values),
                channel.equals("sms")
                        ? new SmsTemplate(written.text()).render(shared, own).text()
                        : printed.map(PrintedText::cover)
                                .orElse(written.text())
                                .render(channel.equals(VOICE) ? heard(written, values) : values),
                written.html().map(html -> html.renderHtml(values)),
                alert.policy().choices().isEmpty() ? Optional.empty() : answerUrl,
                alert.category(),
                alert.drill(),
                intent.possibleDuplicate(),
                RepeatKey.of(token, intent.rootWave(), intent.address()),
                channel.equals(VOICE) ? Optional.of(call(written, shared, own)) : Optional.empty(),
                printed.flatMap(PrintedText::document).map(this::document));
    }

    /** What a person will be told, if it is told by telephone. */
    Optional<SpokenCalls.Telling> telling(String channel, Intent intent) {
        if (!channel.equals(VOICE)) {
            return Optional.empty();
        }
        return Optional.of(new SpokenCalls.Telling(
                words(choose(channel, intent.language())), shared(Optional.empty()), own(intent)));
    }

    private CallScript call(Written written, Map<String, String> shared, Map<String, String> own) {
        try {
            return media.calls().script(new SpokenCalls.Telling(words(written), shared, own));
        } catch (SpeechException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException("interrupted while a message was spoken"));
        }
    }

    private Path document(String sha256) {
        try {
            return media.documents().file(alert.tenantId(), sha256);
        } catch (NoSuchElementException gone) {
            throw new IllegalArgumentException(gone.getMessage(), gone);
        }
    }

    /** Of people whose language is not written, the text is another's: the first that says the same. */
    private SpokenCalls.Words words(Written written) {
        String language = voice().filter(
                        other -> other.text().source().equals(written.text().source()))
                .findFirst()
                .orElse(written)
                .language();
        String choicesLanguage =
                SpokenCalls.choicesLanguage(voice().map(Written::language).toList(), tenantLanguage);
        return new SpokenCalls.Words(
                alert.tenantId(),
                written.text(),
                language,
                alert.policy().choices(),
                choicesLanguage,
                alert.policy()
                        .call()
                        .orElseGet(
                                () -> CallPolicy.usual(!alert.policy().choices().isEmpty())),
                alert.policy().lexicon(),
                tenantName);
    }

    private Stream<Written> voice() {
        return messages.stream().filter(written -> written.channel().equals(VOICE));
    }

    /** A recording is named in the text of the message, which is for those who read what was said. */
    private static Map<String, String> heard(Written written, Map<String, String> values) {
        Map<String, String> heard = new HashMap<>(values);
        written.text().variables().stream()
                .filter(place -> place.startsWith("recording."))
                .forEach(place -> heard.put(place, "[" + place + "]"));
        return heard;
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
            case "fax" -> Optional.of(tenantName);
            default -> Optional.empty();
        };
    }
}
