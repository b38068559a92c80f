package io.tocsin.platform.asterisk.ami;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a switch said: an answer or an event. Its values were chosen by strangers in part (names of callers, stations): harmless to
 * parse, not to print. Immutable.
 */
public final class AmiMessage {
    private final List<String> names;
    private final List<String> values;

    AmiMessage(List<String> names, List<String> values) {
        this.names = List.copyOf(names);
        this.values = List.copyOf(values);
    }

    /** The event's name; empty for an answer. */
    public String event() {
        return get("Event");
    }

    public boolean isEvent(String name) {
        return name.equals(event());
    }

    /** The first field of that name; empty if there is none, or nothing in it. */
    public String get(String field) {
        int at = names.indexOf(field);
        return at < 0 ? "" : values.get(at);
    }

    /** A field that holds something. */
    public Optional<String> find(String field) {
        return Optional.of(get(field)).filter(value -> !value.isEmpty());
    }

    /** All fields of that name, in order. */
    public List<String> all(String field) {
        return IntStream.range(0, names.size())
                .filter(n -> names.get(n).equals(field))
                .mapToObj(values::get)
                .toList();
    }

    boolean has(String field) {
        return names.contains(field);
    }

    /** Its kind alone: numbers and names are among its fields. */
    @Override
    public String toString() {
        return "AmiMessage[" + (has("Event") ? event() : "Response " + get("Response")) + "]";
    }
}
