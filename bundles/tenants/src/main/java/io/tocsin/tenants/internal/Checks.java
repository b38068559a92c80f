package io.tocsin.tenants.internal;

import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.api.RefusedException.Problem;
import java.util.ArrayList;
import java.util.List;

/** Gathers every problem of a record, so that somebody corrects them all at once. */
final class Checks {
    private static final int MOST = 1_000_000_000;
    private static final int MOST_WEIGHT = 100;

    private final List<Problem> problems = new ArrayList<>();

    void rule(String field, String value, Rules.Rule rule) {
        rule.problem(value).ifPresent(problem -> problem(field, problem));
    }

    void quota(String field, int value) {
        if (value < 0 || value > MOST) {
            problem(field, "is " + value + "; write 0 to " + MOST);
        }
    }

    void weight(int value) {
        if (value < 1 || value > MOST_WEIGHT) {
            problem("weight", "is " + value + "; write 1 to " + MOST_WEIGHT + ", 1 if nobody's share is to be larger");
        }
    }

    void problem(String field, String problem) {
        problems.add(new Problem(field, problem));
    }

    void refuse() {
        if (!problems.isEmpty()) {
            throw new RefusedException(problems);
        }
    }
}
