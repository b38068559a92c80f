package io.tocsin.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Command-line options of the form {@code --name value}; {@code --json} stands alone. */
final class Options {
    private final Map<String, String> values = new HashMap<>();

    Options(String[] args, Set<String> known) {
        for (int i = 0; i < args.length; i++) {
            String name = args[i];
            if (!name.startsWith("--") || !known.contains(name.substring(2))) {
                throw new IllegalArgumentException("unknown option " + name + "; options are --"
                        + String.join(", --", known.stream().sorted().toList()));
            }
            if (name.equals("--json")) {
                values.put("json", "true");
            } else if (++i < args.length) {
                values.put(name.substring(2), args[i]);
            } else {
                throw new IllegalArgumentException("option " + name + " needs a value");
            }
        }
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    String required(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("option --" + name + " is missing");
        }
        return value;
    }

    int number(String name, int otherwise) {
        String value = values.get(name);
        try {
            return value == null ? otherwise : Integer.parseInt(value.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option --" + name + " takes a number, not \"" + value + "\"");
        }
    }

    boolean json() {
        return values.containsKey("json");
    }
}
