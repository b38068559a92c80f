package io.tocsin.alerting.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.alerting.api.Unreachable;
import io.tocsin.alerting.internal.Audience.Need;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.SmsTemplate;
import io.tocsin.routing.api.Template;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Who a frozen audience is made of: the one reading of everybody that the checks of a launch cost. */
record Makeup(List<Alike> groups) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * People who are alike in what a launch asks of them.
     *
     * @param endpointKinds of all their endpoints
     * @param lacking of the variables asked for, those they have no value for
     * @param longest of the variables measured, the octets of the longest value; no SMS takes more of its units
     */
    record Alike(
            String language, Set<String> endpointKinds, Set<String> lacking, int people, Map<String, Integer> longest) {
        private boolean lacks(Need need) {
            return need.language().equals(language)
                    && endpointKinds.contains(need.endpointKind())
                    && lacking.contains(need.variable());
        }
    }

    /**
     * @param variables to look for in people, and whether the whole alert has a value for each
     * @param measured of them, those whose length matters
     */
    static Makeup read(
            Connection connection,
            int tenantId,
            long alertId,
            Map<String, Boolean> variables,
            Collection<String> measured)
            throws SQLException {
        List<String> names = List.copyOf(variables.keySet());
        List<String> sizes = List.copyOf(measured);
        String lacks = names.stream()
                .map(name -> lacks(name, variables.get(name)))
                .collect(Collectors.joining(", ", "array[", "]::boolean[]"));
        String longest = sizes.stream()
                .map(name -> "max(octet_length(" + value(name) + "))")
                .collect(Collectors.joining(", ", "array[", "]::integer[]"));
        String sql =
                """
                select language, jsonb_path_query_array(endpoints, '$[*].kind') as kinds, %s as lacks, count(*), %s
                from recipient where tenant_id = ? and alert_id = ? group by 1, 2, 3
                """
                        .formatted(lacks, longest);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int at = 1;
            for (List<String> asked : List.of(names, sizes)) {
                for (String name : asked) {
                    if (!name.equals(Variables.NAME)) {
                        statement.setString(at++, name);
                    }
                }
            }
            statement.setInt(at++, tenantId);
            statement.setLong(at, alertId);
            List<Alike> groups = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    groups.add(alike(row, names, sizes));
                }
            }
            return new Makeup(groups);
        }
    }

    /** A blank value of one's own counts as lacking even where the alert has one: it is what would be sent. */
    private static String lacks(String variable, boolean hasDefault) {
        if (variable.equals(Variables.NAME)) {
            return "btrim(name) = ''";
        }
        return hasDefault
                ? "coalesce(btrim(variables ->> ?) = '', false)"
                : "coalesce(btrim(variables ->> ?), '') = ''";
    }

    private static String value(String variable) {
        return variable.equals(Variables.NAME) ? "name" : "variables ->> ?";
    }

    private static Alike alike(ResultSet row, List<String> names, List<String> sizes) throws SQLException {
        Boolean[] lacking = (Boolean[]) row.getArray(3).getArray();
        Integer[] octets = (Integer[]) row.getArray(5).getArray();
        Map<String, Integer> longest = new HashMap<>();
        for (int i = 0; i < octets.length; i++) {
            longest.put(sizes.get(i), octets[i] == null ? 0 : octets[i]);
        }
        try {
            return new Alike(
                    row.getString(1),
                    Arrays.stream(MAPPER.readValue(row.getString(2), String[].class))
                            .collect(Collectors.toUnmodifiableSet()),
                    IntStream.range(0, names.size())
                            .filter(i -> lacking[i])
                            .mapToObj(names::get)
                            .collect(Collectors.toUnmodifiableSet()),
                    row.getInt(4),
                    Map.copyOf(longest));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("jsonb is always JSON", e);
        }
    }

    List<String> languages() {
        return groups.stream().map(Alike::language).distinct().sorted().toList();
    }

    /** How many read each language. */
    Map<String, Integer> readers() {
        Map<String, Integer> readers = new TreeMap<>();
        groups.forEach(alike -> readers.merge(alike.language, alike.people, Integer::sum));
        return readers;
    }

    /** How many people have an endpoint of one of the kinds. */
    int reachable(Collection<String> endpointKinds) {
        return groups.stream()
                .filter(alike -> !Collections.disjoint(alike.endpointKinds, endpointKinds))
                .mapToInt(Alike::people)
                .sum();
    }

    /** Whom endpoints of these kinds do not reach: by the kinds they have instead, and how many have none. */
    Unreachable unreachable(Collection<String> endpointKinds, List<Unreachable.Person> first) {
        int people = 0;
        int nowhere = 0;
        Map<String, Integer> otherwise = new HashMap<>();
        for (Alike alike : groups) {
            if (Collections.disjoint(alike.endpointKinds, endpointKinds)) {
                people += alike.people;
                nowhere += alike.endpointKinds.isEmpty() ? alike.people : 0;
                alike.endpointKinds.forEach(kind -> otherwise.merge(kind, alike.people, Integer::sum));
            }
        }
        return new Unreachable(people, otherwise, nowhere, first);
    }

    /** Whether an SMS could be too long for somebody who reads its language; nobody is when this says no. */
    boolean mayBeTooLong(Ledger.Message message, Set<String> endpointKinds, Map<String, String> shared) {
        Template template = new Template(message.text());
        return groups.stream()
                .filter(alike -> alike.language.equals(message.language()))
                .filter(alike -> !Collections.disjoint(alike.endpointKinds, endpointKinds))
                .anyMatch(alike -> {
                    Map<String, String> longest = new HashMap<>();
                    template.variables()
                            .forEach(variable -> longest.put(
                                    variable,
                                    "x"
                                            .repeat(Math.max(
                                                    alike.longest.getOrDefault(variable, 0),
                                                    shared.getOrDefault(variable, "x")
                                                            .length()))));
                    return template.render(longest).length() > SmsTemplate.ALWAYS_FITS;
                });
    }

    /** Whether somebody lacks a variable that a message to them needs. */
    boolean lacks(Set<Need> needs) {
        return needs.stream().anyMatch(need -> groups.stream().anyMatch(alike -> alike.lacks(need)));
    }
}
