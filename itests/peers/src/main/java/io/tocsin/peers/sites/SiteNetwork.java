package io.tocsin.peers.sites;

import io.tocsin.peers.Supervised;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Two sites and a witness as network namespaces of this machine, joined pair by pair by links that can be cut. As root. Closing
 * takes everything away; what a killed JVM left behind is taken away by the next.
 *
 * <p>A link that is cut says nothing: packets go nowhere, connections stay open. A site keeps its own address, and its way to
 * everybody else (carriers, users, this machine). A link that is slow, or open one way only, is carried frame by frame by a program
 * of the tests: kernels without netem cannot do that.
 */
public final class SiteNetwork implements AutoCloseable {
    private static final String PREFIX = "tcs";

    private final String name = PREFIX + ProcessHandle.current().pid();
    private final String net;
    private final Set<String> cut = new HashSet<>();
    private final Map<String, Supervised> carried = new HashMap<>();
    private final Map<String, Path> folders = new HashMap<>();

    private SiteNetwork(String net) {
        this.net = net;
    }

    /** @throws IOException saying what is missing: never skipped */
    public static SiteNetwork open() throws IOException {
        if (!Commands.run("id", "-u").strip().equals("0")) {
            throw new IOException("network namespaces are root's to make: run this as root");
        }
        sweep();
        SiteNetwork network = new SiteNetwork(freeNet());
        try {
            Commands.run(
                    Commands.script("network.sh", network.name, network.net).toArray(String[]::new));
            return network;
        } catch (IOException e) {
            network.close();
            throw e;
        }
    }

    /** Of the addresses kept for measuring (RFC 2544), which no real network has. */
    private static String freeNet() throws IOException {
        for (int i = 0; i < 256; i++) {
            String net = "198.18." + i;
            if (NetworkInterface.getByInetAddress(InetAddress.getByName(net + ".1")) == null) {
                return net;
            }
        }
        throw new IOException("every network from 198.18.0 to 198.18.255 is taken");
    }

    /** Namespaces of JVMs that are gone, with whatever still runs in them. */
    private static void sweep() throws IOException {
        for (String line : Commands.run("ip", "netns", "list").split("\n")) {
            String each = line.split(" ")[0];
            if (each.matches(PREFIX + "\\d+-\\w+")) {
                long pid = Long.parseLong(each.substring(PREFIX.length(), each.indexOf('-')));
                if (ProcessHandle.of(pid).isEmpty()) {
                    remove(each);
                }
            }
        }
    }

    private static void remove(String namespace) throws IOException {
        for (String pid : processes(namespace)) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
        Commands.run("ip", "netns", "del", namespace);
    }

    private static List<String> processes(String namespace) throws IOException {
        return Commands.run("ip", "netns", "pids", namespace)
                .lines()
                .map(String::strip)
                .toList();
    }

    /** What runs at a site: process numbers of this machine. */
    List<String> processes(SiteName site) throws IOException {
        return processes(name + "-" + site.word());
    }

    /** This machine's address, as the sites see it: where carriers are. */
    public String here() {
        return net + ".1";
    }

    /** A site's address, as this machine and everybody else sees it; never cut. */
    public String outside(SiteName site) {
        return net + ".1" + site.number();
    }

    /** What to put before a command to have it run at a site. */
    public List<String> at(SiteName site) {
        return in(name + "-" + site.word());
    }

    /** Not {@code ip netns exec}: that mounts /sys anew, which fails where / is no mount of its own, as in a chroot. */
    private static List<String> in(String namespace) {
        return List.of("nsenter", "--net=/run/netns/" + namespace);
    }

    /** Cuts the link between two sites, both ways. */
    public void cut(SiteName one, SiteName other) throws IOException {
        set(one, other, "down");
        cut.add(link(one, other));
    }

    /** Brings a link back, as it was. */
    public void heal(SiteName one, SiteName other) throws IOException {
        uncarry(one, other);
        set(one, other, "up");
        cut.remove(link(one, other));
    }

    /** Everything between two sites arrives later. @param each way */
    public void slow(SiteName one, SiteName other, Duration each) throws IOException {
        carry(one, other, each, "none");
    }

    /** Nothing of one site reaches the other any more, and everything of the other the one: nobody is told. */
    public void openOneWay(SiteName silent, SiteName other) throws IOException {
        carry(silent, other, Duration.ZERO, end(silent, other));
    }

    private void carry(SiteName one, SiteName other, Duration each, String lost) throws IOException {
        String link = link(one, other);
        cut.add(link);
        ends(one, other, "nomaster");
        Path scratch = Files.createTempDirectory("tocsin-link-");
        Supervised carrier = Supervised.start(
                PatroniRoot.find()
                        .python(
                                in(name + "-wan"),
                                "link.py",
                                end(one, other),
                                end(other, one),
                                Long.toString(each.toMillis()),
                                lost),
                scratch,
                Redirect.to(scratch.resolve("out").toFile()),
                Redirect.to(scratch.resolve("err").toFile()));
        carried.put(link, carrier);
        folders.put(link, scratch);
    }

    private void uncarry(SiteName one, SiteName other) throws IOException {
        String link = link(one, other);
        Supervised carrier = carried.remove(link);
        if (carrier != null) {
            carrier.close();
            Commands.run("rm", "-rf", folders.remove(link).toString());
            ends(one, other, "master", link);
        }
    }

    /** What a site's cable to another is called at its far end. */
    private static String end(SiteName site, SiteName to) {
        return site.word() + "-" + to.word();
    }

    private void ends(SiteName one, SiteName other, String... change) throws IOException {
        for (String end : List.of(end(one, other), end(other, one))) {
            List<String> command = new ArrayList<>(in(name + "-wan"));
            command.addAll(List.of("ip", "link", "set", end));
            command.addAll(List.of(change));
            Commands.run(command.toArray(String[]::new));
        }
    }

    /** Cuts a site off from both others. */
    public void isolate(SiteName site) throws IOException {
        for (SiteName other : EnumSet.complementOf(EnumSet.of(site))) {
            cut(site, other);
        }
    }

    /** Brings every link back. */
    public void healAll() throws IOException {
        for (SiteName one : SiteName.values()) {
            for (SiteName other : SiteName.values()) {
                if (one.number() < other.number() && cut.contains(link(one, other))) {
                    heal(one, other);
                }
            }
        }
    }

    private void set(SiteName one, SiteName other, String state) throws IOException {
        // At the far ends of the sites' cables: a site sees nothing but silence.
        ends(one, other, state);
    }

    private static String link(SiteName one, SiteName other) {
        return one.number() < other.number() ? one.word() + other.word() : other.word() + one.word();
    }

    @Override
    public void close() throws IOException {
        for (Supervised each : carried.values()) {
            each.close();
        }
        for (Path each : folders.values()) {
            Commands.run("rm", "-rf", each.toString());
        }
        for (String line : Commands.run("ip", "netns", "list").split("\n")) {
            String each = line.split(" ")[0];
            if (each.startsWith(name + "-")) {
                remove(each);
            }
        }
    }
}
