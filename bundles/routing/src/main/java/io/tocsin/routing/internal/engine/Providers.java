package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.ChannelProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The channel providers installed just now, by type. They come and go at any time; of two of a type the latest serves. */
final class Providers {

    /** @param version of the bundle that provides it */
    record Installed(String type, List<String> endpointKinds, String version, ChannelProvider provider) {}

    private final List<Installed> installed = new ArrayList<>();

    synchronized void add(Installed provider) {
        installed.add(provider);
    }

    /** @return what was installed, if it was */
    synchronized Optional<Installed> remove(ChannelProvider provider) {
        Optional<Installed> found =
                installed.stream().filter(i -> i.provider == provider).findFirst();
        found.ifPresent(installed::remove);
        return found;
    }

    synchronized Optional<Installed> of(String type) {
        Installed latest = null;
        for (Installed each : installed) {
            if (each.type.equals(type)) {
                latest = each;
            }
        }
        return Optional.ofNullable(latest);
    }

    synchronized List<Installed> all() {
        Map<String, Installed> latest = new HashMap<>();
        installed.forEach(i -> latest.put(i.type, i));
        return List.copyOf(latest.values());
    }

    Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        all().forEach(i -> versions.put(i.type, i.version));
        return versions;
    }
}
