package io.tocsin.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Command-line options of the form {@code --name value}; {@code --json}, {@code --strict}, {@code --asterisk}, {@code --stop} and {@code --two-sites} stand alone. */
public final class Options {
    private static final Set<String> ALONE = Set.of("--json", "--strict", "--asterisk", "--stop", "--two-sites");

    private final Map<String, String> values = new HashMap<>();

    /** @throws IllegalArgumentException naming the option that is unknown or lacks its value, and those that are known */
    public Options(String[] args, Set<String> known) {
        for (int i = 0; i < args.length; i++) {
            String name = args[i];
            if (!name.startsWith("--") || !known.contains(name.substring(2))) {
                throw new IllegalArgumentException("unknown option " + name + "; options are --"
                        + String.join(", --", known.stream().sorted().toList()));
            }
            if (ALONE.contains(name)) {
                values.put(name.substring(2), "true");
            } else if (++i < args.length) {
                values.put(name.substring(2), args[i]);
            } else {
                throw new IllegalArgumentException("option " + name + " needs a value");
            }
        }
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    String required(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("option --" + name + " is missing");
        }
        return value;
    }

    public int number(String name, int otherwise) {
        String value = values.get(name);
        try {
            return value == null ? otherwise : Integer.parseInt(value.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option --" + name + " takes a number, not \"" + value + "\"");
        }
    }

    public boolean json() {
        return values.containsKey("json");
    }

    /** Whether an option that stands alone was given. */
    public boolean given(String name) {
        return values.containsKey(name);
    }
}
