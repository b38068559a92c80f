package io.tocsin.channel.testkit;

import java.util.Optional;

/**
 * A row of the table of settings a channel must refuse.
 *
 * @param setting the setting the exception must name
 * @param value the wrong value; empty to leave the setting out
 */
public record BadSetting(String setting, Optional<String> value) {

    public static BadSetting of(String setting, String value) {
        return new BadSetting(setting, Optional.of(value));
    }

    public static BadSetting absent(String setting) {
        return new BadSetting(setting, Optional.empty());
    }

    /** As a table of cases names it. */
    @Override
    public String toString() {
        return setting
                + value.map(v -> " = " + (v.length() > 40 ? v.length() + " characters" : v))
                        .orElse(" left out");
    }
}
