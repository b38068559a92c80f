package io.tocsin.alerting.api;

import java.util.List;
import java.util.stream.Collectors;

/** A scenario or a launch that cannot be accepted as it is: every reason, with the cure. Nothing was stored or sent. */
public final class LaunchRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public LaunchRefusedException(List<Problem> problems) {
        super(problems.stream().map(p -> p.field() + ": " + p.problem()).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    /**
     * @param field where: {@code messages.fr.sms.text}, {@code lists[0]}, {@code variables.rue}
     * @param problem what is wrong and what to do, naming contacts where contacts are the problem
     */
    public record Problem(String field, String problem) {}
}
