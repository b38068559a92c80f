package io.tocsin.rest.internal.resources;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A page of a list.
 *
 * @param next what to give as {@code after} for the following page; empty on the last one
 */
public record Page<T>(List<T> items, Optional<String> next) {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1000;

    /** A page that is the last one when it is not full. */
    static <T> Page<T> of(List<T> items, int limit, Function<T, Object> cursor) {
        return new Page<>(
                items,
                items.size() < limit
                        ? Optional.empty()
                        : Optional.of(String.valueOf(cursor.apply(items.get(items.size() - 1)))));
    }

    static <T> Page<T> whole(List<T> items) {
        return new Page<>(items, Optional.empty());
    }

    static int limit(Integer asked) {
        return asked == null ? DEFAULT_LIMIT : Math.max(1, Math.min(MAX_LIMIT, asked));
    }

    /** The cursor as a number; 0 for the first page. */
    static long after(String cursor) {
        if (cursor == null || cursor.isBlank()) {
            return 0;
        }
        try {
            return Long.parseLong(cursor.trim());
        } catch (NumberFormatException e) {
            throw io.tocsin.rest.internal.problems.Problem.invalid(
                    "after", "is not a cursor of this list; take next of the page before");
        }
    }
}
