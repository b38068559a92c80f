package io.tocsin.cluster.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * This node's place in the cluster, checked.
 *
 * @param bind where it listens
 * @param own where the others find it: where it listens, but for tests that put something in between
 * @param others the members that should be there, this one left out
 * @param protocol what it speaks; {@link Protocol#CURRENT}, but for tests
 */
record Place(
        String cluster, String site, Endpoint bind, Endpoint own, Set<Endpoint> others, int protocol, Timing timing) {

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    /**
     * How patient members are.
     *
     * @param heartbeat between two signs of life
     * @param silence after which a member is missing
     * @param merge between looks for the other half of a cluster that was split
     * @param join how long a start looks for the others before it goes on alone
     */
    record Timing(Duration heartbeat, Duration silence, Duration merge, Duration join) {
        static Timing of(Duration silence) {
            return new Timing(Duration.ofSeconds(2), silence, Duration.ofSeconds(15), Duration.ofSeconds(10));
        }
    }

    /**
     * Empty where no address is set: a node alone.
     *
     * @throws ClusterRefusedException with the setting, the reason and the cure
     */
    static Optional<Place> of(ClusterSettings settings) {
        // A file's commas are not told apart: what it says comes as one.
        List<String> members = Arrays.stream(settings.members())
                .flatMap(said -> Arrays.stream(said.split(",")))
                .map(String::strip)
                .filter(member -> !member.isEmpty())
                .toList();
        if (settings.address().isBlank()) {
            if (!members.isEmpty()) {
                throw new ClusterRefusedException("members are set and address is not;"
                        + " write this node's own HOST:PORT as address, as the other members name it");
            }
            return Optional.empty();
        }
        if (!WORD.matcher(settings.clusterName()).matches()) {
            throw new ClusterRefusedException("clusterName: \"" + settings.clusterName()
                    + "\" is no name; write letters, digits, dots and dashes, 63 at most");
        }
        if (!WORD.matcher(settings.site()).matches()) {
            throw new ClusterRefusedException("site: \"" + settings.site()
                    + "\" is no name; write the word of the site this node stands at, for instance lyon");
        }
        if (settings.silenceSeconds() < 5 || settings.silenceSeconds() > 300) {
            throw new ClusterRefusedException("silenceSeconds is " + settings.silenceSeconds() + "; write 5 to 300");
        }
        Endpoint own = Endpoint.parse("address", settings.address());
        InetAddress address = own.resolve("address");
        check(address, settings);
        own = own.resolved("address");
        Set<Endpoint> others = new LinkedHashSet<>();
        for (String member : members) {
            others.add(Endpoint.parse("members", member).resolved("members"));
        }
        others.remove(own);
        return Optional.of(new Place(
                settings.clusterName(),
                settings.site(),
                own,
                own,
                Set.copyOf(others),
                Protocol.CURRENT,
                Timing.of(Duration.ofSeconds(settings.silenceSeconds()))));
    }

    private static void check(InetAddress address, ClusterSettings settings) {
        String host = address.getHostAddress();
        if (address.isAnyLocalAddress()) {
            throw new ClusterRefusedException("address: " + host
                    + " would listen to every network, and the wire is open to whoever reaches it;"
                    + " write the address of the tunnel between the sites");
        }
        if (address.isMulticastAddress()) {
            throw new ClusterRefusedException(
                    "address: " + host + " is a group's; write the address of the tunnel between the sites");
        }
        boolean inside = address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || isUniqueLocal(address)
                || isShared(address);
        if (settings.production() && !inside && !settings.allowPublicAddress()) {
            throw new ClusterRefusedException("address: " + host
                    + " is public, and the wire is neither encrypted nor signed; write the address of the"
                    + " tunnel, or allowPublicAddress = true if a firewall keeps strangers out");
        }
        try {
            if (NetworkInterface.getByInetAddress(address) == null) {
                throw new ClusterRefusedException("address: " + host
                        + " is no address of this machine; write one of its own, and bring the tunnel up first");
            }
        } catch (SocketException e) {
            throw new ClusterRefusedException("address: the machine's interfaces cannot be listed", e);
        }
    }

    /** fc00::/7, RFC 4193. */
    private static boolean isUniqueLocal(InetAddress address) {
        return address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
    }

    /** 100.64.0.0/10, RFC 6598: what overlay networks hand out. */
    private static boolean isShared(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    }
}
