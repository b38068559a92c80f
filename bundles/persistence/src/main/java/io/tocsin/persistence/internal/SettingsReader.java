package io.tocsin.persistence.internal;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the node's settings into the address of a database, reading the secrets they refer to. */
final class SettingsReader {
    private static final String SCHEME = "jdbc:postgresql:";

    private SettingsReader() {}

    /** @throws SchemaRefusedException naming the setting that is wrong and what it must be */
    static DatabaseAddress address(PersistenceSettings settings, Map<String, String> environment) {
        String url = settings.url().strip();
        if (!url.startsWith(SCHEME)) {
            throw new SchemaRefusedException(
                    "'url' must look like jdbc:postgresql://HOST:5432/DATABASE" + " (Tocsin runs on PostgreSQL only)");
        }
        String[] parts = url.split("\\?", 2);
        String user = settings.user();
        String password = settings.password();
        List<String> rest = new ArrayList<>();
        for (String parameter : parts.length == 1 ? new String[0] : parts[1].split("&")) {
            // Credentials in a URL would win over each role's own.
            if (parameter.startsWith("user=")) {
                user = value(parameter);
            } else if (parameter.startsWith("password=")) {
                password = value(parameter);
            } else if (!parameter.isEmpty()) {
                rest.add(parameter);
            }
        }
        checkServers(parts[0], rest);
        return new DatabaseAddress(
                parts[0] + (rest.isEmpty() ? "" : "?" + String.join("&", rest)),
                user,
                SecretReference.resolve("password", password, environment),
                optional("appPassword", settings.appPassword(), environment),
                optional("enginePassword", settings.enginePassword(), environment));
    }

    /** Of several servers only the primary may be worked on: said when nobody said it, refused when somebody said otherwise. */
    private static void checkServers(String place, List<String> parameters) {
        if (!place.contains(",")) {
            return;
        }
        boolean said = false;
        for (String parameter : parameters) {
            if (parameter.startsWith("targetServerType=")) {
                said = true;
                if (!value(parameter).equals("primary")) {
                    throw new SchemaRefusedException("'url' says " + parameter
                            + ": of several servers a node works on the primary only; write targetServerType=primary");
                }
            }
            if (parameter.equalsIgnoreCase("loadBalanceHosts=true")) {
                throw new SchemaRefusedException("'url' says loadBalanceHosts=true: there is one primary, and asking"
                        + " servers in no order only makes finding it slower; leave it out");
            }
        }
        if (!said) {
            parameters.add("targetServerType=primary");
        }
    }

    private static Optional<String> optional(String setting, String reference, Map<String, String> environment) {
        return reference.isBlank()
                ? Optional.empty()
                : Optional.of(SecretReference.resolve(setting, reference, environment));
    }

    private static String value(String parameter) {
        return URLDecoder.decode(parameter.substring(parameter.indexOf('=') + 1), StandardCharsets.UTF_8);
    }
}
