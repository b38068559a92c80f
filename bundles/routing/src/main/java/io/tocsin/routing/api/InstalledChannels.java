package io.tocsin.routing.api;

import io.tocsin.channel.api.SettingsDefinition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The channel types installed on this node, and what each says of itself. Returns at once and runs no code of theirs. */
@ProviderType
public interface InstalledChannels {

    /** By type. */
    List<Installed> all();

    /** The one that serves a type, if it is installed and not refused. */
    default Optional<Installed> of(String type) {
        return all().stream()
                .filter(i -> i.type().equals(type) && i.refused().isEmpty())
                .findFirst();
    }

    /**
     * @param version of the bundle that provides it
     * @param endpoints kinds of endpoint it reaches
     * @param media what it carries: {@code text}, {@code html}, {@code audio}, {@code document}
     * @param settings which settings its accounts have; empty: it checks them alone when it opens
     * @param refused why no account of its type is opened with it, and the cure; empty when it serves
     */
    record Installed(
            String type,
            String version,
            List<String> endpoints,
            List<String> media,
            Optional<SettingsDefinition> settings,
            Optional<String> refused) {
        public Installed {
            Objects.requireNonNull(type, "type");
            endpoints = List.copyOf(endpoints);
            media = List.copyOf(media);
        }
    }

    /** Every version of every channel on this node, by type then newest first. */
    default List<Version> versions() {
        return List.of();
    }

    enum Standing {
        SERVING,
        PROVING,
        STANDING_BY,
        SUPERSEDED,
        REFUSED
    }

    record Version(
            Installed installed,
            String symbolicName,
            long bundleId,
            Standing standing,
            String detail,
            int accounts,
            int up,
            int inFlight) {}
}
