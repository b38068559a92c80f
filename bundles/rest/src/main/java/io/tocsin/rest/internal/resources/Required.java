package io.tocsin.rest.internal.resources;

import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.rest.internal.problems.ProblemCode;
import io.tocsin.tenants.api.Role;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What every body must have, said the same way everywhere. */
final class Required {
    private Required() {}

    static <T> T body(T body) {
        if (body == null) {
            throw Problem.invalid("body", "is missing; send a JSON object");
        }
        return body;
    }

    static String text(String field, String value) {
        if (value == null || value.isBlank()) {
            throw Problem.invalid(field, "is missing");
        }
        return value.strip();
    }

    static <T> Optional<T> optional(Optional<T> value) {
        return value == null ? Optional.empty() : value;
    }

    /** A list without holes, when it is there. */
    static Optional<List<String>> words(String field, Optional<List<String>> words) {
        if (words != null && words.isPresent() && words.get().stream().anyMatch(Objects::isNull)) {
            throw Problem.invalid(field, "has an entry that is null; take it out");
        }
        return optional(words);
    }

    static Set<Role> roles(Set<String> words) {
        if (words == null || words.isEmpty()) {
            throw Problem.invalid("roles", "is missing; name at least one role");
        }
        Set<Role> roles = new LinkedHashSet<>();
        for (String word : words) {
            try {
                roles.add(Role.of(word));
            } catch (IllegalArgumentException e) {
                throw Problem.invalid("roles", e.getMessage());
            }
        }
        return roles;
    }

    /** What sends must say whether it is meant again, or only repeated because an answer was lost. */
    static Optional<String> idempotencyKey(String key) {
        if (key == null || key.isBlank() || key.length() > 128) {
            throw Problem.of(
                            ProblemCode.IDEMPOTENCY_KEY_REQUIRED,
                            "An Idempotency-Key is needed",
                            "Send a header Idempotency-Key of 1 to 128 characters, new for each launch, relaunch or"
                                    + " resumption you mean, the same when you repeat one")
                    .exception();
        }
        return Optional.of(key);
    }

    /** If-Match carries the version read: {@code "3"}. */
    static int version(String ifMatch) {
        String digits = ifMatch == null
                ? ""
                : ifMatch.replace("W/", "").replace("\"", "").strip();
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw Problem.of(
                            ProblemCode.IF_MATCH_REQUIRED,
                            "Which version is this change based on?",
                            "Send If-Match with the ETag of the version you read, so that nobody's change is lost")
                    .exception();
        }
    }
}
