package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.routing.api.InstalledChannels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The channel providers installed just now, by type. They come and go at any time; of two of a type the latest serves that is
 * not refused.
 */
final class Providers {

    /** @param said what it says of itself */
    record Installed(InstalledChannels.Installed said, ChannelProvider provider) {

        /** One that says no more than it must. @param version of the bundle that provides it */
        Installed(String type, List<String> endpointKinds, String version, ChannelProvider provider) {
            this(
                    new InstalledChannels.Installed(
                            type, version, endpointKinds, List.of("text"), Optional.empty(), Optional.empty()),
                    provider);
        }

        String type() {
            return said.type();
        }

        String version() {
            return said.version();
        }

        List<String> endpointKinds() {
            return said.endpoints();
        }

        private boolean serves() {
            return said.refused().isEmpty();
        }
    }

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
        return Optional.ofNullable(serving().get(type));
    }

    /** Those that serve. */
    synchronized List<Installed> all() {
        return List.copyOf(serving().values());
    }

    private Map<String, Installed> serving() {
        Map<String, Installed> latest = new HashMap<>();
        installed.stream().filter(Installed::serves).forEach(i -> latest.put(i.type(), i));
        return latest;
    }

    /** What all of them say of themselves; of those that do not serve, why. */
    synchronized List<InstalledChannels.Installed> said() {
        Map<String, Installed> serving = serving();
        return installed.stream()
                .map(each -> each.serves() && serving.get(each.type()) != each
                        ? shadowed(each.said, serving.get(each.type()).version())
                        : each.said)
                .sorted(Comparator.comparing(InstalledChannels.Installed::type))
                .toList();
    }

    private static InstalledChannels.Installed shadowed(InstalledChannels.Installed said, String by) {
        return new InstalledChannels.Installed(
                said.type(),
                said.version(),
                said.endpoints(),
                said.media(),
                said.settings(),
                Optional.of("another of this type came later and serves (version " + by
                        + "): remove one of them, or give one another type"));
    }

    /** Why the provider of a type is refused, if there is one and none serves. */
    synchronized Optional<String> refusal(String type) {
        return installed.stream()
                .filter(i -> i.type().equals(type))
                .flatMap(i -> i.said.refused().stream())
                .findFirst();
    }

    Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        all().forEach(i -> versions.put(i.type(), i.version()));
        return versions;
    }
}
