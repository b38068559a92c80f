package io.tocsin.lab.phone.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The parameters of a request: of its query, and beside it those of its body. */
record AriAsked(Map<String, List<String>> query, JsonNode body) {
    String text(String name, String otherwise) {
        List<String> given = query.get(name);
        if (given != null) {
            return given.get(0);
        }
        JsonNode value = body.path(name);
        return value.isValueNode() && !value.isNull() ? value.asText() : otherwise;
    }

    int number(String name, int otherwise) {
        try {
            return Integer.parseInt(text(name, String.valueOf(otherwise)));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** Written as a list, or with commas. */
    List<String> list(String name) {
        List<String> values = new ArrayList<>();
        if (query.containsKey(name)) {
            query.get(name).forEach(one -> values.addAll(List.of(one.split(","))));
        } else if (body.path(name).isArray()) {
            body.path(name).forEach(one -> values.add(one.asText()));
        } else if (body.path(name).isTextual()) {
            values.addAll(List.of(body.path(name).asText().split(",")));
        }
        values.removeIf(String::isEmpty);
        return values;
    }
}
