package io.tocsin.platform.asterisk.ami;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a switch is asked: a name, and fields in order, of which some may repeat ({@code Variable}). Immutable. */
public final class AmiAction {
    /** What Asterisk reads: longer lines, and more of them, are dropped there without a word of whose they were. */
    private static final int LONGEST_LINE = 1_022;

    private static final int MOST_FIELDS = 120;

    private record Field(String name, String value) {}

    private final String name;
    private final List<Field> fields;

    private AmiAction(String name, List<Field> fields) {
        this.name = name;
        this.fields = fields;
    }

    /** @throws IllegalArgumentException if the name is no word */
    public static AmiAction of(String name) {
        return new AmiAction(word(name), List.of());
    }

    /**
     * This action and one more field.
     *
     * @throws IllegalArgumentException naming the field, if its value would begin another line, is too long for a switch, or is
     *     our own to give ({@code ActionID})
     */
    public AmiAction with(String field, String value) {
        Objects.requireNonNull(value, field);
        if (word(field).equalsIgnoreCase("Action") || field.equalsIgnoreCase("ActionID")) {
            throw new IllegalArgumentException(field + " is not for the asker to give");
        }
        if (value.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7f)) {
            throw new IllegalArgumentException(
                    field + " has a control character: a line break would begin a field of its own");
        }
        if (field.length() + 2 + value.getBytes(StandardCharsets.UTF_8).length > LONGEST_LINE) {
            throw new IllegalArgumentException(
                    field + " is longer than the " + LONGEST_LINE + " bytes of a line that a switch takes");
        }
        if (fields.size() == MOST_FIELDS) {
            throw new IllegalArgumentException(
                    name + " has more than the " + MOST_FIELDS + " fields that a switch takes");
        }
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(field, value));
        return new AmiAction(name, List.copyOf(more));
    }

    public String name() {
        return name;
    }

    /** As it is written on the wire. */
    String written(String actionId) {
        StringBuilder text = new StringBuilder("Action: ")
                .append(name)
                .append("\r\nActionID: ")
                .append(actionId);
        fields.forEach(
                one -> text.append("\r\n").append(one.name()).append(": ").append(one.value()));
        return text.append("\r\n\r\n").toString();
    }

    private static String word(String name) {
        if (name.isEmpty()
                || name.length() > 60
                || !name.chars().allMatch(c -> c == '-' || c == '_' || letterOrDigit(c))) {
            throw new IllegalArgumentException("the name of an action or a field is letters, digits and dashes");
        }
        return name;
    }

    private static boolean letterOrDigit(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    /** Without its fields: numbers and secrets are among them. */
    @Override
    public String toString() {
        return "AmiAction[" + name + "]";
    }
}
