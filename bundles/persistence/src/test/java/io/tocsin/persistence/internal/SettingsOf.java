package io.tocsin.persistence.internal;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Settings as the container would make them: what is given, else the default. */
final class SettingsOf {

    private SettingsOf() {}

    static PersistenceSettings map(Map<String, ?> given) {
        return (PersistenceSettings) Proxy.newProxyInstance(
                SettingsOf.class.getClassLoader(),
                new Class<?>[] {PersistenceSettings.class},
                (proxy, method, arguments) ->
                        given.containsKey(method.getName()) ? given.get(method.getName()) : method.getDefaultValue());
    }
}
