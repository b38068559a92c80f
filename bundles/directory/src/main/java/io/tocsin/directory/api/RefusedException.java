package io.tocsin.directory.api;

import java.util.List;
import java.util.stream.Collectors;

/** Input that cannot be taken, with every field (and row) that is wrong and the cure. Nothing was changed. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public RefusedException(List<Problem> problems) {
        super(problems.stream().map(p -> p.field() + ": " + p.problem()).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    public RefusedException(String field, String problem) {
        this(List.of(new Problem(field, problem)));
    }

    public List<Problem> problems() {
        return problems;
    }

    public record Problem(String field, String problem) {}
}
