package io.tocsin.directory.internal.imports;

import io.tocsin.directory.internal.value.Variables;
import java.util.Locale;
import java.util.Objects;

/**
 * What a column of a contact file may become.
 *
 * @param variable the variable's name for {@link Kind#VARIABLE}, otherwise empty
 */
record Field(Kind kind, String variable) {
    static final String ALLOWED =
            "external_id, first_name, last_name, full_name, mobile, phone, email, webhook, publication, language, household, tags, latitude, longitude, var:NAME, ignore";

    enum Kind {
        EXTERNAL_ID,
        FIRST_NAME,
        LAST_NAME,
        FULL_NAME,
        MOBILE,
        PHONE,
        EMAIL,
        WEBHOOK,
        PUBLICATION,
        LANGUAGE,
        HOUSEHOLD,
        TAGS,
        LATITUDE,
        LONGITUDE,
        VARIABLE,
        IGNORE
    }

    Field {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(variable, "variable");
    }

    static Field of(Kind kind) {
        return new Field(kind, "");
    }

    static Field variable(String name) {
        return new Field(Kind.VARIABLE, name);
    }

    /** @throws IllegalArgumentException saying which fields there are */
    static Field parse(String text) {
        String name = text == null ? "" : text.strip();
        if (name.regionMatches(true, 0, "var:", 0, 4)) {
            String problem = Variables.problemOf(name.substring(4));
            if (!problem.isEmpty()) {
                throw new IllegalArgumentException(problem);
            }
            return variable(name.substring(4));
        }
        for (Kind kind : Kind.values()) {
            if (kind != Kind.VARIABLE && kind.name().equalsIgnoreCase(name)) {
                return of(kind);
            }
        }
        throw new IllegalArgumentException("'" + name + "' is no field; there are: " + ALLOWED);
    }

    boolean reachesSomeone() {
        return switch (kind) {
            case MOBILE, PHONE, EMAIL, WEBHOOK, PUBLICATION -> true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        return kind == Kind.VARIABLE ? "var:" + variable : kind.name().toLowerCase(Locale.ROOT);
    }
}
