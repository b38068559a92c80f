package io.tocsin.cluster.internal;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Settings as a configuration file would give them: some said, the rest as they are by default. */
final class SettingsOf {
    private SettingsOf() {}

    static ClusterSettings cluster(Map<String, Object> said) {
        return (ClusterSettings) Proxy.newProxyInstance(
                SettingsOf.class.getClassLoader(),
                new Class<?>[] {ClusterSettings.class},
                (proxy, method, args) -> said.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
