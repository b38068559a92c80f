package io.tocsin.directory.internal.value;

import java.util.Set;
import java.util.regex.Pattern;

/** What a contact's variables may be called: what a template can name, less what the platform itself fills in. */
public final class Variables {
    public static final int MAX_LENGTH = 2_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");
    private static final Set<String> RESERVED = Set.of("name", "first_name", "last_name", "title", "answer_url");

    private Variables() {}

    /** @return why the name cannot be, or empty text */
    public static String problemOf(String name) {
        if (!NAME.matcher(name).matches()) {
            return "'" + PhoneCell.brief(name)
                    + "' is no name for a variable: a letter, then up to 63 letters, digits, '_', '.' or '-'";
        }
        return RESERVED.contains(name) ? "'" + name + "' is filled in by the platform: choose another name" : "";
    }
}
