package io.tocsin.rest.internal.resources;

import io.tocsin.audit.api.Journal.Search;
import io.tocsin.rest.internal.problems.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** What filters ask for, said the same way everywhere. A blank one asks for nothing. */
final class Asked {
    static final Search EVERYTHING = new Search(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private Asked() {}

    static Optional<String> text(String value) {
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    static Optional<Instant> time(String field, String value) {
        return text(value).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw Problem.invalid(field, "is no time; write 2026-01-31T08:00:00Z");
            }
        });
    }

    static Optional<Boolean> bool(String field, String value) {
        return text(value).map(text -> {
            if (!text.equals("true") && !text.equals("false")) {
                throw Problem.invalid(field, "is wrong; write true or false");
            }
            return text.equals("true");
        });
    }

    static boolean newest(String order) {
        String asked = text(order).orElse("oldest");
        if (!asked.equals("newest") && !asked.equals("oldest")) {
            throw Problem.invalid("order", "is wrong; write newest or oldest");
        }
        return asked.equals("newest");
    }
}
