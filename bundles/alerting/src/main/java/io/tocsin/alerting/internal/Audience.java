package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.Unreachable;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.Template;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The frozen recipients of one alert, asked as a whole: no question here costs a statement per person. */
final class Audience {
    private static final int NAMED = 20;
    private static final int AFTER_THE_WRITTEN = 1_000;

    private final Connection connection;
    private final int tenantId;
    private final long alertId;

    Audience(Connection connection, int tenantId, long alertId) {
        this.connection = connection;
        this.tenantId = tenantId;
        this.alertId = alertId;
    }

    /** One variable that messages of one language and endpoint kind need. */
    record Need(String language, String endpointKind, String variable, boolean hasDefault) {}

    /** @param measured those of the variables whose length matters */
    Makeup makeup(Map<String, Boolean> variables, Collection<String> measured) throws SQLException {
        return Makeup.read(connection, tenantId, alertId, variables, measured);
    }

    /**
     * What the messages need of people, by the language people have.
     *
     * @param messages every language of the audience written, see {@link #inEveryLanguage}
     * @param defaults values for the whole alert; blank ones count as none
     * @param pin the variable asked for before a voice message is told
     */
    static Set<Need> needs(
            List<Ledger.Message> messages,
            Collection<String> channels,
            Channels endpoints,
            Map<String, String> defaults,
            Optional<String> pin) {
        Set<Need> needs = new HashSet<>();
        for (Ledger.Message message : messages) {
            variables(List.of(message), channels, defaults, pin).forEach((variable, hasDefault) -> {
                for (String kind : endpoints.endpointKinds(message.channel())) {
                    needs.add(new Need(message.language(), kind, variable, hasDefault));
                }
            });
        }
        return needs;
    }

    /** Variables that the messages of these channels have places for, and whether the whole alert has a value. */
    static Map<String, Boolean> variables(
            List<Ledger.Message> messages,
            Collection<String> channels,
            Map<String, String> defaults,
            Optional<String> pin) {
        Map<String, Boolean> all = new TreeMap<>();
        messages.stream()
                .filter(message -> channels.contains(message.channel()))
                .flatMap(message -> variables(message, pin).stream())
                .filter(variable -> !variable.equals(Variables.TITLE) && !variable.equals(Variables.ANSWER_URL))
                .filter(variable -> !Variables.isKept(variable))
                .forEach(variable ->
                        all.put(variable, !defaults.getOrDefault(variable, "").isBlank()));
        return all;
    }

    private static Set<String> variables(Ledger.Message message, Optional<String> pin) {
        Set<String> variables = new HashSet<>(new Template(message.text()).variables());
        if (message.channel().equals(Scenario.VOICE)) {
            pin.ifPresent(variables::add);
        }
        variables.addAll(new Template(message.subject()).variables());
        message.html().ifPresent(html -> variables.addAll(new Template(html).variables()));
        return variables;
    }

    /**
     * One problem a variable that people lack, naming the first of them by external id and name, with how many there
     * are. A person's own blank value counts as lacking even where a default exists: it is what would be sent.
     *
     * @param only limits to these recipients, when present
     */
    List<Problem> missingVariables(Set<Need> needs, Optional<List<Integer>> only) throws SQLException {
        if (needs.isEmpty()) {
            return List.of();
        }
        String sql =
                """
                with need as (
                    select n.language, n.variable, n.has_default,
                           jsonb_build_array(jsonb_build_object('kind', n.kind)) as endpoint
                    from unnest(?, ?, ?, ?) as n(language, kind, variable, has_default)
                ), lacking as (
                    select distinct n.variable, r.recipient_no, r.contact_id, r.name
                    from recipient r join need n on n.language = r.language
                    where r.tenant_id = ? and r.alert_id = ?
                      and (?::integer[] is null or r.recipient_no = any (?))
                      and case
                          when n.variable = 'name' then btrim(r.name) = ''
                          when n.has_default then btrim(r.variables ->> n.variable) = ''
                          else coalesce(btrim(r.variables ->> n.variable), '') = ''
                      end
                      and r.endpoints @> n.endpoint
                ), ranked as (
                    select *, count(*) over (partition by variable) as people,
                           row_number() over (partition by variable order by recipient_no) as rank
                    from lacking
                )
                select k.variable, k.people, coalesce(c.external_id, k.contact_id::text), k.name
                from ranked k left join contact c on c.tenant_id = ? and c.contact_id = k.contact_id
                where k.rank <= ? order by k.variable, k.rank
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            List<Need> listed = List.copyOf(needs);
            statement.setArray(1, texts(listed.stream().map(Need::language).toList()));
            statement.setArray(2, texts(listed.stream().map(Need::endpointKind).toList()));
            statement.setArray(3, texts(listed.stream().map(Need::variable).toList()));
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "bool", listed.stream().map(Need::hasDefault).toArray()));
            statement.setInt(5, tenantId);
            statement.setLong(6, alertId);
            Array chosen = only.isEmpty()
                    ? null
                    : connection.createArrayOf("int4", only.get().toArray());
            statement.setArray(7, chosen);
            statement.setArray(8, chosen);
            statement.setInt(9, tenantId);
            statement.setInt(10, NAMED);
            try (ResultSet row = statement.executeQuery()) {
                return problems(row, "is missing for ", "; complete the contacts");
            }
        }
    }

    /** Whose PIN is none: named as those are who lack a variable. */
    List<Problem> wrongPins(String variable, Collection<String> endpointKinds) throws SQLException {
        String sql =
                """
                select ?, count(*) over (), coalesce(c.external_id, r.contact_id::text), r.name
                from recipient r left join contact c on c.tenant_id = r.tenant_id and c.contact_id = r.contact_id
                where r.tenant_id = ? and r.alert_id = ?
                  and btrim(r.variables ->> ?) <> '' and btrim(r.variables ->> ?) !~ '^[0-9]{3,10}$'
                  and exists (select from unnest(?) k
                              where r.endpoints @> jsonb_build_array(jsonb_build_object('kind', k)))
                order by r.recipient_no limit ?
                """;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, variable);
            statement.setInt(2, tenantId);
            statement.setLong(3, alertId);
            statement.setString(4, variable);
            statement.setString(5, variable);
            statement.setArray(6, texts(endpointKinds));
            statement.setInt(7, NAMED);
            try (ResultSet row = statement.executeQuery()) {
                return problems(row, "is a PIN, 3 to 10 digits, and something else for ", "; correct the contacts");
            }
        }
    }

    /** Those without an endpoint of one of the kinds, by name, then by contact: so many after one of them. */
    List<Unreachable.Person> without(Collection<String> endpointKinds, Optional<Long> afterContactId, int limit)
            throws SQLException {
        Optional<String> name = afterContactId.isEmpty() ? Optional.empty() : Optional.of(name(afterContactId.get()));
        String sql =
                """
                select contact_id, name from recipient
                where tenant_id = ? and alert_id = ?
                  and not exists (select from unnest(?) k where endpoints @> jsonb_build_array(jsonb_build_object('kind', k)))
                  and (?::text is null or (name, contact_id) > (?::text, ?::bigint))
                order by name, contact_id limit ?
                """;
        try (PreparedStatement statement = bound(sql)) {
            statement.setArray(3, texts(endpointKinds));
            statement.setString(4, name.orElse(null));
            statement.setString(5, name.orElse(null));
            statement.setLong(6, afterContactId.orElse(0L));
            statement.setInt(7, limit);
            List<Unreachable.Person> people = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    people.add(new Unreachable.Person(row.getLong(1), row.getString(2)));
                }
            }
            return people;
        }
    }

    private String name(long contactId) throws SQLException {
        String sql = "select name from recipient where tenant_id = ? and alert_id = ? and contact_id = ? limit 1";
        try (PreparedStatement statement = bound(sql)) {
            statement.setLong(3, contactId);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new LaunchRefusedException(List.of(new Problem(
                            "after",
                            "is nobody of this audience any more, which changed; read it again from the beginning")));
                }
                return row.getString(1);
            }
        }
    }

    /** For whom an SMS of the launch will be shortened; costs nothing where the makeup shows that there is nobody. */
    List<ShortenedSms> shortened(List<Ledger.Message> messages, Makeup makeup, Launch launch, Channels channels)
            throws SQLException {
        List<ShortenedSms> shortened = new ArrayList<>();
        Set<String> kinds = channels.endpointKinds("sms");
        Map<String, String> shared = launch.shared();
        for (Ledger.Message message : messages) {
            if (launch.channels().contains("sms")
                    && message.channel().equals("sms")
                    && makeup.mayBeTooLong(message, kinds, shared)) {
                ShortenedSms found = ShortenedSms.read(connection, tenantId, alertId, message, kinds, shared);
                if (found.people() > 0) {
                    shortened.add(found);
                }
            }
        }
        return shortened;
    }

    private static List<Problem> problems(ResultSet row, String wrong, String cure) throws SQLException {
        record Lack(long people, List<String> named) {}
        Map<String, Lack> lacks = new LinkedHashMap<>();
        while (row.next()) {
            long people = row.getLong(2);
            lacks.computeIfAbsent(row.getString(1), variable -> new Lack(people, new ArrayList<>()))
                    .named()
                    .add(row.getString(3) + " (" + row.getString(4) + ")");
        }
        List<Problem> problems = new ArrayList<>();
        lacks.forEach((variable, lack) -> problems.add(new Problem(
                "variables." + variable,
                wrong
                        + lack.people()
                        + (lack.people() == 1 ? " contact: " : " contacts: ")
                        + String.join(", ", lack.named())
                        + (lack.people() > lack.named().size() ? ", …" : "")
                        + cure
                        + (Variables.RESERVED.contains(variable) ? "" : ", or give the variable at launch"))));
        return problems;
    }

    /**
     * The messages with one more for every language of the audience that is not written: the base language's (fr for
     * fr-CA), else the fallback's. So whoever renders finds every person's own language.
     */
    static List<Ledger.Message> inEveryLanguage(
            List<Ledger.Message> written, Collection<String> languages, String fallback) {
        Map<String, Map<String, Ledger.Message>> byChannel = new LinkedHashMap<>();
        written.forEach(message -> byChannel
                .computeIfAbsent(message.channel(), channel -> new LinkedHashMap<>())
                .put(message.language(), message));
        List<Ledger.Message> all = new ArrayList<>(written);
        byChannel.forEach((channel, byLanguage) -> languages.stream()
                .filter(language -> !byLanguage.containsKey(language))
                .forEach(language -> {
                    Ledger.Message other = byLanguage.getOrDefault(language.split("-", 2)[0], byLanguage.get(fallback));
                    all.add(new Ledger.Message(channel, language, other.subject(), other.text(), other.html()));
                }));
        return all;
    }

    void addMessages(List<Ledger.Message> messages) throws SQLException {
        String sql =
                """
                insert into alert_message
                    (tenant_id, alert_id, channel, language, ordinal, subject, body_text, body_html)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """;
        try (PreparedStatement statement = bound(sql)) {
            int ordinal = AFTER_THE_WRITTEN;
            for (Ledger.Message message : messages) {
                statement.setString(3, message.channel());
                statement.setString(4, message.language());
                statement.setInt(5, ordinal++);
                statement.setString(6, message.subject());
                statement.setString(7, message.text());
                statement.setString(8, message.html().orElse(null));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** The messages as stored, the order of channels and languages being the alphabet's. */
    List<Ledger.Message> messages() throws SQLException {
        String sql =
                """
                select channel, language, subject, body_text, body_html from alert_message
                where tenant_id = ? and alert_id = ? order by channel, language
                """;
        try (PreparedStatement statement = bound(sql);
                ResultSet row = statement.executeQuery()) {
            return messages(row);
        }
    }

    /** What was written, in the order of the launch: without the copies for other languages. */
    List<Ledger.Message> written() throws SQLException {
        String sql =
                """
                select channel, language, subject, body_text, body_html from alert_message
                where tenant_id = ? and alert_id = ? and ordinal < ? order by ordinal
                """;
        try (PreparedStatement statement = bound(sql)) {
            statement.setInt(3, AFTER_THE_WRITTEN);
            try (ResultSet row = statement.executeQuery()) {
                return messages(row);
            }
        }
    }

    /** Those that people read. */
    List<String> languages() throws SQLException {
        String sql = "select distinct language from recipient where tenant_id = ? and alert_id = ? order by language";
        try (PreparedStatement statement = bound(sql);
                ResultSet row = statement.executeQuery()) {
            List<String> languages = new ArrayList<>();
            while (row.next()) {
                languages.add(row.getString(1));
            }
            return languages;
        }
    }

    /** What of it is said by telephone. */
    List<Ledger.Message> saidAsWritten() throws SQLException {
        return written().stream()
                .filter(message -> message.channel().equals(Scenario.VOICE))
                .toList();
    }

    private static List<Ledger.Message> messages(ResultSet row) throws SQLException {
        List<Ledger.Message> messages = new ArrayList<>();
        while (row.next()) {
            messages.add(new Ledger.Message(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    Optional.ofNullable(row.getString(5))));
        }
        return messages;
    }

    Map<String, Long> answersByChoice() throws SQLException {
        String sql =
                """
                select choice, count(*) from answer where tenant_id = ? and alert_id = ? group by choice order by choice
                """;
        try (PreparedStatement statement = bound(sql);
                ResultSet row = statement.executeQuery()) {
            Map<String, Long> answers = new LinkedHashMap<>();
            while (row.next()) {
                answers.put(row.getString(1), row.getLong(2));
            }
            return answers;
        }
    }

    private PreparedStatement bound(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setInt(1, tenantId);
        statement.setLong(2, alertId);
        return statement;
    }

    private Array texts(Collection<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }
}
