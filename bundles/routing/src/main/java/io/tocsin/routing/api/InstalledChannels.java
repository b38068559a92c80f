package io.tocsin.routing.api;

import io.tocsin.channel.api.SettingsDefinition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The channels installed on this node, and what each says of itself. Returns at once and runs no code of theirs. */
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
     * Every version of every channel, by type, the one that serves first.
     *
     * @since 1.4
     */
    default List<Version> versions() {
        return List.of();
    }

    /**
     * @param version of the bundle that provides it
     * @param endpoints kinds of endpoint it reaches
     * @param media what it carries: {@code text}, {@code html}, {@code audio}, {@code document}
     * @param settings which settings its accounts have; empty: it checks them alone when it opens
     * @param refused why no account of its type is opened with it, and the cure; empty when it serves
     * @param publishes whether what it accepts is published, and reaches nobody
     */
    record Installed(
            String type,
            String version,
            List<String> endpoints,
            List<String> media,
            Optional<SettingsDefinition> settings,
            Optional<String> refused,
            boolean publishes) {
        public Installed {
            Objects.requireNonNull(type, "type");
            endpoints = List.copyOf(endpoints);
            media = List.copyOf(media);
        }

        /** One that reaches people. */
        public Installed(
                String type,
                String version,
                List<String> endpoints,
                List<String> media,
                Optional<SettingsDefinition> settings,
                Optional<String> refused) {
            this(type, version, endpoints, media, settings, refused, false);
        }
    }

    /**
     * What a version of a channel does on this node.
     *
     * @since 1.4
     */
    enum Standing {
        /** Accounts of its type are open with it and send. */
        SERVING,
        /** It came to take the place of the one that serves: its accounts are open and do not send yet. */
        PROVING,
        /** Another took its place a moment ago: its accounts are open still, in case that one fails. */
        STANDING_BY,
        /** Another serves; it is closed and may be removed. */
        SUPERSEDED,
        /** Nothing is opened with it: {@link Version#detail} says why. */
        REFUSED
    }

    /**
     * One version of a channel as it is just now.
     *
     * @param symbolicName of its bundle; empty if it is of none
     * @param bundleId of its bundle; -1 if it is of none
     * @param detail the reason and the cure when it is refused, what is waited for while it proves itself; may be empty
     * @param accounts open with it
     * @param up those of them that can send
     * @param inFlight messages handed to it of which it has not said what became
     * @since 1.4
     */
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
