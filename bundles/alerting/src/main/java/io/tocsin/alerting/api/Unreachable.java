package io.tocsin.alerting.api;

import java.util.List;
import java.util.Map;

/**
 * Who would be alerted and has no endpoint for any channel of the cascade.
 *
 * @param people how many they are
 * @param otherwise of them, how many have an endpoint of a kind that no step uses, by the kind: a step by it would reach them
 * @param nowhere of them, how many have none at all
 * @param first of them, by name; {@link #NAMED} at most: all of them are read by {@link Alerts#unreachable}
 * @since 1.6
 */
public record Unreachable(int people, Map<String, Integer> otherwise, int nowhere, List<Person> first) {
    public static final int NAMED = 100;
    public static final Unreachable NOBODY = new Unreachable(0, Map.of(), 0, List.of());

    public Unreachable {
        otherwise = Map.copyOf(otherwise);
        first = List.copyOf(first);
    }

    public record Person(long contactId, String name) {}

    /** For who may not see people. */
    public Unreachable unnamed() {
        return new Unreachable(people, otherwise, nowhere, List.of());
    }
}
