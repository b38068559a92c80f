package io.tocsin.alerting.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.alerting.internal.Audience.Need;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
     */
    record Alike(String language, Set<String> endpointKinds, Set<String> lacking, int people) {
        private boolean lacks(Need need) {
            return need.language().equals(language)
                    && endpointKinds.contains(need.endpointKind())
                    && lacking.contains(need.variable());
        }
    }

    /** @param variables to look for in people, and whether the whole alert has a value for each */
    static Makeup read(Connection connection, int tenantId, long alertId, Map<String, Boolean> variables)
            throws SQLException {
        List<String> names = List.copyOf(variables.keySet());
        String lacks = names.stream()
                .map(name -> lacks(name, variables.get(name)))
                .collect(Collectors.joining(", ", "array[", "]::boolean[]"));
        String sql =
                """
                select language, jsonb_path_query_array(endpoints, '$[*].kind') as kinds, %s as lacks, count(*)
                from recipient where tenant_id = ? and alert_id = ? group by 1, 2, 3
                """
                        .formatted(lacks);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int at = 1;
            for (String name : names) {
                if (!name.equals(Variables.NAME)) {
                    statement.setString(at++, name);
                }
            }
            statement.setInt(at++, tenantId);
            statement.setLong(at, alertId);
            List<Alike> groups = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    groups.add(alike(row, names));
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

    private static Alike alike(ResultSet row, List<String> names) throws SQLException {
        Boolean[] lacking = (Boolean[]) row.getArray(3).getArray();
        try {
            return new Alike(
                    row.getString(1),
                    Arrays.stream(MAPPER.readValue(row.getString(2), String[].class))
                            .collect(Collectors.toUnmodifiableSet()),
                    IntStream.range(0, names.size())
                            .filter(i -> lacking[i])
                            .mapToObj(names::get)
                            .collect(Collectors.toUnmodifiableSet()),
                    row.getInt(4));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("jsonb is always JSON", e);
        }
    }

    List<String> languages() {
        return groups.stream().map(Alike::language).distinct().sorted().toList();
    }

    /** How many people have an endpoint of one of the kinds. */
    int reachable(Collection<String> endpointKinds) {
        return groups.stream()
                .filter(alike -> !Collections.disjoint(alike.endpointKinds, endpointKinds))
                .mapToInt(Alike::people)
                .sum();
    }

    /** Whether somebody lacks a variable that a message to them needs. */
    boolean lacks(Set<Need> needs) {
        return needs.stream().anyMatch(need -> groups.stream().anyMatch(alike -> alike.lacks(need)));
    }
}
