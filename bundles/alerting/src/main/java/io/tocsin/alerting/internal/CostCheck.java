package io.tocsin.alerting.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.alerting.api.Alerts.Cost;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.channel.api.CallScript;
import io.tocsin.channel.api.CostEstimate;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.api.Preflight.Objection;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.AnswerLinks;
import io.tocsin.routing.api.CostEstimates;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.PrintedText;
import io.tocsin.routing.api.SmsTemplate;
import io.tocsin.routing.api.Template;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a launch would cost, channel by channel, by the word of the channels themselves: asked of everybody's own text where there are
 * a thousand people or fewer, else of a thousand taken evenly from all of them, for whom the others are taken. First {@link #samples}, in
 * the launch's transaction; then {@link #ask}, outside of it: a channel may take its time.
 */
final class CostCheck {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MOST = 1_000;
    private static final int DECIMALS = 5;

    private CostCheck() {}

    /**
     * What messages say and show beside their words.
     *
     * @param calls what the first reader of each language is told: a call is estimated by it, as speaking a thousand names takes its time
     * @param documents file by SHA-256
     */
    record Media(Map<String, CallScript> calls, Map<String, Path> documents) {}

    /** @param objections of channels to some of their messages */
    record Said(Map<String, Cost> costs, List<Problem> objections) {}

    /** @param messages one for each person the channel reaches @param texts as some of them would get it, or all */
    record Sample(String channel, int messages, List<OutboundMessage> texts) {}

    /**
     * Renders what people would get, by every channel of the launch.
     *
     * @param messages in every language of the audience
     * @param reachable people by channel
     * @param people how many there are, numbered from 1
     */
    static List<Sample> samples(
            Connection connection,
            Alert alert,
            long alertId,
            Launch launch,
            AnswerLinks links,
            List<Ledger.Message> messages,
            Map<String, Integer> reachable,
            int people,
            Media media)
            throws SQLException {
        Channels channels = Channels.read(connection);
        List<Sample> samples = new ArrayList<>();
        for (Map.Entry<String, Integer> each : reachable.entrySet()) {
            Map<String, Ledger.Message> byLanguage = new HashMap<>();
            messages.stream()
                    .filter(message -> message.channel().equals(each.getKey()))
                    .forEach(message -> byLanguage.put(message.language(), message));
            samples.add(new Sample(
                    each.getKey(),
                    each.getValue(),
                    each.getValue() == 0
                            ? List.of()
                            : texts(
                                    connection,
                                    alert,
                                    alertId,
                                    launch,
                                    links,
                                    byLanguage,
                                    channels.endpointKinds(each.getKey()),
                                    people,
                                    media)));
        }
        return samples;
    }

    private static List<OutboundMessage> texts(
            Connection connection,
            Alert alert,
            long alertId,
            Launch launch,
            AnswerLinks links,
            Map<String, Ledger.Message> byLanguage,
            Set<String> kinds,
            int people,
            Media media)
            throws SQLException {
        String sql =
                """
                select r.name, r.language, r.variables, first_address(r.endpoints, ?::jsonb), r.recipient_no
                from generate_series(1, ?, ?) n
                join recipient r on r.tenant_id = ? and r.alert_id = ? and r.recipient_no = n
                where first_address(r.endpoints, ?::jsonb) is not null
                order by n
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            String wanted = json(kinds);
            statement.setString(1, wanted);
            statement.setInt(2, people);
            statement.setInt(3, Math.max(1, (people + MOST - 1) / MOST));
            statement.setInt(4, alert.tenantId());
            statement.setLong(5, alertId);
            statement.setString(6, wanted);
            List<OutboundMessage> texts = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Ledger.Message message = byLanguage.get(row.getString(2));
                    if (message != null) {
                        Map<String, String> shared = launch.shared();
                        shared.put(
                                Variables.ANSWER_URL,
                                launch.answerUrl(links.token(alert.tenantId(), alertId, row.getInt(5))));
                        rendered(alert, shared, message, row.getString(4), own(row), media)
                                .ifPresent(texts::add);
                    }
                }
            }
            return texts;
        }
    }

    /** Empty for whoever lacks a value: that is another problem, and refuses the launch. */
    private static Optional<OutboundMessage> rendered(
            Alert alert,
            Map<String, String> shared,
            Ledger.Message message,
            String address,
            Map<String, String> own,
            Media media) {
        Map<String, String> values = new HashMap<>(shared);
        values.putAll(own);
        Template text = new Template(message.text());
        Optional<PrintedText> printed =
                message.channel().equals(Scenario.FAX) ? Optional.of(PrintedText.of(text)) : Optional.empty();
        try {
            return Optional.of(new OutboundMessage(
                    "estimate",
                    address,
                    message.channel().equals("sms")
                            ? alert.policy().smsSender()
                            : message.channel().equals("mail") ? alert.policy().mailSender() : Optional.empty(),
                    message.language(),
                    new Template(message.subject()).render(values),
                    message.channel().equals("sms")
                            ? new SmsTemplate(text).render(shared, own).text()
                            : printed.map(PrintedText::cover).orElse(text).render(values),
                    message.html().map(html -> new Template(html).renderHtml(values)),
                    alert.policy().choices().isEmpty()
                            ? Optional.empty()
                            : Optional.of(shared.get(Variables.ANSWER_URL)),
                    alert.category(),
                    alert.drill(),
                    false,
                    "estimate",
                    message.channel().equals(Scenario.VOICE)
                            ? Optional.ofNullable(media.calls.get(message.language()))
                            : Optional.empty(),
                    printed.flatMap(PrintedText::document).map(media.documents::get)));
        } catch (IllegalArgumentException lacking) {
            return Optional.empty();
        }
    }

    private static Map<String, String> own(ResultSet row) throws SQLException {
        try {
            String name = row.getString(1);
            int space = name.indexOf(' ');
            Map<String, String> own = new HashMap<>();
            own.put("first_name", space < 0 ? name : name.substring(0, space));
            own.put("last_name", space < 0 ? name : name.substring(space + 1));
            own.putAll(MAPPER.readValue(row.getString(3), new TypeReference<Map<String, String>>() {}));
            own.put(Variables.NAME, name);
            own.remove(Variables.TITLE);
            own.remove(Variables.ANSWER_URL);
            return own;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a recipient's variables cannot be read", e);
        }
    }

    private static String json(Set<String> kinds) {
        try {
            return MAPPER.writeValueAsString(Map.of("kinds", kinds));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("kinds of endpoint cannot be written", e);
        }
    }

    /** Asks the channels. Blocks as long as they take, each two seconds at most. */
    static Said ask(CostEstimates channels, int tenantId, List<Sample> samples) {
        Map<String, Cost> costs = new LinkedHashMap<>();
        List<Problem> objections = new ArrayList<>();
        for (Sample sample : samples) {
            if (sample.messages == 0) {
                costs.put(
                        sample.channel,
                        new Cost(0, 0, Optional.of(0L), Optional.empty(), Optional.empty(), Optional.empty()));
            } else if (sample.texts.isEmpty()) {
                costs.put(sample.channel, unknown(sample, "nobody it reaches was among those looked at"));
            } else {
                CostEstimates.Estimate said = channels.estimate(tenantId, sample.channel, sample.texts);
                costs.put(
                        sample.channel,
                        said.unknown().map(why -> unknown(sample, why)).orElseGet(() -> cost(sample, said.costs())));
                objections.addAll(objections(sample, said.objections()));
            }
        }
        return new Said(costs, objections);
    }

    /** Most frequent first. */
    private static List<Problem> objections(Sample sample, Map<Objection, Integer> objections) {
        return objections.entrySet().stream()
                .sorted(Map.Entry.<Objection, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(each -> each.getKey().code()))
                .map(each -> new Problem(
                        sample.channel,
                        "would reject " + each.getValue() + " of the " + sample.texts.size() + " messages looked at ("
                                + each.getKey().code() + "): " + each.getKey().cure()))
                .toList();
    }

    private static Cost unknown(Sample sample, String why) {
        return new Cost(sample.messages, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(why));
    }

    private static Cost cost(Sample sample, List<CostEstimate.Cost> costs) {
        int asked = costs.size();
        long parts = costs.stream().mapToLong(CostEstimate.Cost::parts).sum();
        Set<Optional<String>> currencies = new HashSet<>();
        costs.forEach(each -> currencies.add(each.currency()));
        boolean priced = costs.stream().allMatch(each -> each.millicents().isPresent());
        Optional<String> unknown = !priced
                ? Optional.of("the account that would carry them says no price")
                : currencies.size() > 1 ? Optional.of("its prices are in several currencies") : Optional.empty();
        Optional<BigDecimal> price = unknown.isPresent()
                ? Optional.empty()
                : Optional.of(BigDecimal.valueOf(
                        forAll(
                                costs.stream()
                                        .mapToLong(each -> each.millicents().getAsLong())
                                        .sum(),
                                asked,
                                sample.messages),
                        DECIMALS));
        return new Cost(
                sample.messages,
                asked,
                Optional.of(forAll(parts, asked, sample.messages)),
                price,
                price.flatMap(known -> currencies.iterator().next()),
                unknown);
    }

    /** What some come to, for all of them; exact where those are all. */
    private static long forAll(long sum, int asked, int all) {
        return asked == all ? sum : Math.round((double) sum * all / asked);
    }
}
