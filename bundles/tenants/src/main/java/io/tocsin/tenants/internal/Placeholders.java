package io.tocsin.tenants.internal;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values that differ from node to node, named in an account's settings as <code>${NAME}</code> or
 * <code>${NAME:default}</code>: a port of the lab, a local address. Looked up when a channel opens, on the node that opens
 * it: first in the properties of PID {@code io.tocsin.tenants}, then in the environment ({@code lab.sms.port} is
 * {@code TOCSIN_LAB_SMS_PORT}), then the default. Never for secrets.
 */
final class Placeholders {
    private static final Pattern PLACE = Pattern.compile("\\$\\{([^{}]*)}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");

    private final Map<String, ?> properties;
    private final Function<String, String> environment;

    /** @param environment the value of a variable, or null */
    Placeholders(Map<String, ?> properties, Function<String, String> environment) {
        this.properties = Map.copyOf(properties);
        this.environment = environment;
    }

    static Optional<String> problem(String value) {
        Matcher places = PLACE.matcher(value);
        while (places.find()) {
            if (!NAME.matcher(name(places.group(1))).matches()) {
                return Optional.of("${" + places.group(1) + "} is no placeholder; write ${NAME:default}");
            }
        }
        return places.replaceAll("").contains("${")
                ? Optional.of("opens a placeholder with ${ and does not close it; write ${NAME:default}")
                : Optional.empty();
    }

    /**
     * Fills the places in.
     *
     * @throws IllegalArgumentException naming the first place without value and default
     */
    String fill(String value) {
        return PLACE.matcher(value).replaceAll(place -> Matcher.quoteReplacement(lookUp(place.group(1))));
    }

    private String lookUp(String place) {
        String name = name(place);
        Object property = properties.get(name);
        if (property != null) {
            return property.toString();
        }
        String variable = "TOCSIN_" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
        String given = environment.apply(variable);
        if (given != null) {
            return given;
        }
        if (place.length() == name.length()) {
            throw new IllegalArgumentException("${" + name + "} has no value on this node; set " + name + " in PID "
                    + TenantSettings.PID + " or the variable " + variable);
        }
        return place.substring(name.length() + 1);
    }

    private static String name(String place) {
        int colon = place.indexOf(':');
        return colon < 0 ? place : place.substring(0, colon);
    }
}
