package io.tocsin.alerting.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.SmsTemplate;
import io.tocsin.routing.api.Template;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The people whose own values make one SMS too long, so that they will be shortened for them. Looked for only where
 * {@link Makeup#mayBeTooLong} says that there may be some.
 *
 * @param named the first of them
 * @param variable the one that is longest for most of them
 */
record ShortenedSms(String language, int people, List<String> named, String variable) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int NAMED = 20;
    private static final int ROWS = 1_000;

    /**
     * @param message in the language people read
     * @param endpointKinds those an SMS reaches
     * @param shared values of the whole alert, title and answer link among them
     */
    static ShortenedSms read(
            Connection connection,
            int tenantId,
            long alertId,
            Ledger.Message message,
            Set<String> endpointKinds,
            Map<String, String> shared)
            throws SQLException {
        String sql =
                """
                select r.name, r.variables, coalesce(c.external_id, r.contact_id::text)
                from recipient r left join contact c on c.tenant_id = r.tenant_id and c.contact_id = r.contact_id
                where r.tenant_id = ? and r.alert_id = ? and r.language = ?
                  and exists (select from unnest(?) as k(kind)
                              where r.endpoints @> jsonb_build_array(jsonb_build_object('kind', k.kind)))
                  and ? < (select sum(p.times * coalesce(
                               octet_length(case p.variable when 'name' then r.name else r.variables ->> p.variable end),
                               p.otherwise))
                           from unnest(?, ?, ?) as p(variable, times, otherwise))
                order by r.recipient_no
                """;
        Template template = new Template(message.text());
        List<String> own = template.variables().stream()
                .filter(variable -> !variable.equals(Variables.TITLE) && !variable.equals(Variables.ANSWER_URL))
                .toList();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(ROWS);
            statement.setInt(1, tenantId);
            statement.setLong(2, alertId);
            statement.setString(3, message.language());
            statement.setArray(4, connection.createArrayOf("text", endpointKinds.toArray()));
            statement.setInt(5, SmsTemplate.ALWAYS_FITS - fixed(template, own, shared));
            statement.setArray(6, connection.createArrayOf("text", own.toArray()));
            statement.setArray(
                    7,
                    connection.createArrayOf(
                            "int4", own.stream().map(template.places()::get).toArray()));
            statement.setArray(
                    8,
                    connection.createArrayOf(
                            "int4",
                            own.stream()
                                    .map(variable ->
                                            shared.getOrDefault(variable, "").length())
                                    .toArray()));
            try (ResultSet row = statement.executeQuery()) {
                return read(row, message.language(), template, shared);
            }
        }
    }

    /** What the text takes without people's own values. */
    private static int fixed(Template template, List<String> own, Map<String, String> shared) {
        Map<String, String> one = new HashMap<>(shared);
        own.forEach(variable -> one.put(variable, "x"));
        return template.render(one).length()
                - own.stream().mapToInt(template.places()::get).sum();
    }

    private static ShortenedSms read(ResultSet row, String language, Template template, Map<String, String> shared)
            throws SQLException {
        SmsTemplate sms = new SmsTemplate(template);
        int people = 0;
        List<String> named = new ArrayList<>();
        Map<String, Integer> longest = new TreeMap<>();
        while (row.next()) {
            Map<String, String> own = own(row);
            own.values().removeIf(String::isBlank);
            Map<String, String> all = new HashMap<>(shared);
            all.putAll(own);
            if (!all.keySet().containsAll(template.variables())
                    || !sms.render(shared, own).shortened()) {
                continue; // who lacks a value is another problem
            }
            people++;
            if (named.size() < NAMED) {
                named.add(row.getString(3) + " (" + row.getString(1) + ")");
            }
            own.keySet().stream()
                    .filter(template.variables()::contains)
                    .max(Comparator.comparingInt(variable ->
                            own.get(variable).length() * template.places().get(variable)))
                    .ifPresent(variable -> longest.merge(variable, 1, Integer::sum));
        }
        return new ShortenedSms(
                language,
                people,
                List.copyOf(named),
                longest.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .orElse(""));
    }

    private static Map<String, String> own(ResultSet row) throws SQLException {
        try {
            Map<String, String> own =
                    new HashMap<>(MAPPER.readValue(row.getString(2), new TypeReference<Map<String, String>>() {}));
            own.put(Variables.NAME, row.getString(1));
            own.remove(Variables.TITLE);
            own.remove(Variables.ANSWER_URL);
            return own;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a recipient's variables cannot be read", e);
        }
    }

    Problem warning() {
        return new Problem(
                "messages." + language + ".sms.text",
                "takes more than " + SmsTemplate.MOST_SEGMENTS + " SMS segments for " + people
                        + (people == 1 ? " contact" : " contacts") + ", most of all by " + variable + ": "
                        + String.join(", ", named) + (people > named.size() ? ", …" : "")
                        + "; their own values will be shortened until it fits: shorten them in the contacts, or the"
                        + " text");
    }
}
