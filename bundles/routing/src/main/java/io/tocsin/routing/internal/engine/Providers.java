package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.api.InstalledChannels.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.framework.Version;

/**
 * The channel providers installed just now, and which of a type serves. One serves at once where none does; a higher version of
 * its bundle, or the one an operator chose, has to prove itself first. They come and go at any time.
 */
final class Providers {
    private static final long NO_BUNDLE = -1;

    /** @param said what it says of itself @param symbolicName of the bundle it is in; empty, and the id -1, if it is in none */
    record Installed(InstalledChannels.Installed said, String symbolicName, long bundleId, ChannelProvider provider) {

        /** One that says no more than it must. @param version of the bundle that provides it */
        Installed(String type, List<String> endpointKinds, String version, ChannelProvider provider) {
            this(
                    new InstalledChannels.Installed(
                            type, version, endpointKinds, List.of("text"), Optional.empty(), Optional.empty()),
                    "",
                    NO_BUNDLE,
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

        private Version number() {
            try {
                return Version.parseVersion(said.version());
            } catch (IllegalArgumentException e) {
                return Version.emptyVersion;
            }
        }
    }

    /** @param detail why it is refused, what is waited for; may be empty */
    record Stood(Installed installed, Standing standing, String detail) {}

    private static final class Entry {
        private final Installed installed;
        private Standing standing;
        private String detail = "";

        private Entry(Installed installed) {
            this.installed = installed;
        }

        private void stands(Standing now, String why) {
            standing = now;
            detail = why;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    /** Bundles whose versions operators chose, started or not. */
    private final Set<Long> chosen = new HashSet<>();

    synchronized void add(Installed provider) {
        Entry entry = new Entry(provider);
        place(entry);
        entries.add(entry);
    }

    private void place(Entry entry) {
        Installed provider = entry.installed;
        Optional<Entry> serving = in(provider.type(), Standing.SERVING);
        if (provider.said.refused().isPresent()) {
            entry.stands(Standing.REFUSED, provider.said.refused().get());
        } else if (serving.isEmpty()) {
            entry.stands(Standing.SERVING, "");
        } else if (!serving.get().installed.symbolicName.equals(provider.symbolicName)) {
            entry.stands(
                    Standing.REFUSED,
                    "channel \"" + provider.type() + "\" is served by bundle " + serving.get().installed.symbolicName
                            + ": remove that one, or give this one another type");
        } else if (provider.bundleId != NO_BUNDLE && serving.get().installed.bundleId == provider.bundleId) {
            entry.stands(
                    Standing.REFUSED,
                    "its bundle provides channel \"" + provider.type() + "\" twice: keep one component with this type");
        } else {
            candidate(entry, serving.get());
        }
    }

    private void candidate(Entry entry, Entry serving) {
        Installed provider = entry.installed;
        boolean highest = entries.stream()
                .filter(e -> e != entry && e.installed.type().equals(provider.type()) && e.standing != Standing.REFUSED)
                .allMatch(e -> provider.number().compareTo(e.installed.number()) > 0);
        if (isChosen(provider) || highest) {
            in(provider.type(), Standing.PROVING)
                    .ifPresent(other -> other.stands(
                            Standing.SUPERSEDED,
                            "version " + provider.version() + " came before it had proven itself"));
            entry.stands(Standing.PROVING, "");
        } else {
            entry.stands(
                    Standing.SUPERSEDED,
                    "version " + serving.installed.version() + " serves: remove this one, or have it serve with"
                            + " tocsin:channel-rollback " + provider.type());
        }
    }

    private boolean isChosen(Installed provider) {
        return chosen.contains(provider.bundleId);
    }

    /** The provider of that bundle, if it is there or once it comes, is preferred to higher versions. */
    synchronized void choose(long bundleId) {
        chosen.add(bundleId);
        entries.stream()
                .filter(e -> isChosen(e.installed)
                        && (e.standing == Standing.SUPERSEDED || e.standing == Standing.REFUSED)
                        && e.installed.said.refused().isEmpty())
                .findFirst()
                .ifPresent(this::place);
    }

    /** Of those left the best serves, when it was the one that served. @return what was installed, if it was */
    synchronized Optional<Installed> remove(ChannelProvider provider) {
        Optional<Entry> found =
                entries.stream().filter(e -> e.installed.provider == provider).findFirst();
        found.ifPresent(gone -> {
            entries.remove(gone);
            chosen.remove(gone.installed.bundleId);
            if (gone.standing == Standing.SERVING) {
                successor(gone.installed.type()).ifPresent(next -> next.stands(Standing.SERVING, ""));
            }
        });
        return found.map(e -> e.installed);
    }

    /** One that stands by or superseded is known to work; one that was refused for how it did is better than none. */
    private Optional<Entry> successor(String type) {
        return entries.stream()
                .filter(e -> e.installed.type().equals(type)
                        && e.installed.said.refused().isEmpty())
                .min(Comparator.comparing((Entry e) -> e.standing == Standing.REFUSED)
                        .thenComparing(e -> !isChosen(e.installed))
                        .thenComparing(e -> e.installed.number(), Comparator.reverseOrder()));
    }

    /** The one that serves a type. */
    synchronized Optional<Installed> of(String type) {
        return in(type, Standing.SERVING).map(e -> e.installed);
    }

    private Optional<Entry> in(String type, Standing standing) {
        return entries.stream()
                .filter(e -> e.standing == standing && e.installed.type().equals(type))
                .findFirst();
    }

    /** Those that serve. */
    synchronized List<Installed> all() {
        return entries.stream()
                .filter(e -> e.standing == Standing.SERVING)
                .map(e -> e.installed)
                .toList();
    }

    /** A provider stands elsewhere now; nothing if it is gone. */
    synchronized void stands(Installed installed, Standing standing, String detail) {
        entries.stream().filter(e -> e.installed == installed).forEach(e -> e.stands(standing, detail));
    }

    /** One takes over from another. @return false, and nothing is changed, if one of them is gone meanwhile */
    synchronized boolean over(Installed from, Installed to, Standing left, String why) {
        Optional<Entry> before =
                entries.stream().filter(e -> e.installed == from).findFirst();
        Optional<Entry> after = entries.stream().filter(e -> e.installed == to).findFirst();
        if (before.isEmpty() || after.isEmpty()) {
            return false;
        }
        chosen.remove(from.bundleId);
        before.get().stands(left, why);
        after.get().stands(Standing.SERVING, "");
        return true;
    }

    /** Those that serve and, by type, those that do not, and why. */
    synchronized List<Stood> standings() {
        return entries.stream()
                .sorted(Comparator.comparing((Entry e) -> e.installed.type())
                        .thenComparing(e -> e.standing)
                        .thenComparing(e -> e.installed.number(), Comparator.reverseOrder()))
                .map(e -> new Stood(e.installed, e.standing, e.detail))
                .toList();
    }

    /** What all of them say of themselves; of those that do not serve, why. */
    List<InstalledChannels.Installed> said() {
        return standings().stream()
                .map(e -> e.standing == Standing.SERVING ? e.installed.said : notServing(e))
                .toList();
    }

    private static InstalledChannels.Installed notServing(Stood each) {
        InstalledChannels.Installed said = each.installed.said;
        return new InstalledChannels.Installed(
                said.type(),
                said.version(),
                said.endpoints(),
                said.media(),
                said.settings(),
                Optional.of(
                        each.detail.isEmpty()
                                ? each.standing.name().toLowerCase().replace('_', ' ')
                                : each.detail),
                said.publishes());
    }

    /** Why the provider of a type is refused, if there is one and none serves. */
    synchronized Optional<String> refusal(String type) {
        return in(type, Standing.REFUSED).map(e -> e.detail);
    }

    Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        all().forEach(i -> versions.put(i.type(), i.version()));
        return versions;
    }
}
