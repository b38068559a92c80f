package io.tocsin.peers.sites;

import io.tocsin.peers.PeersFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where {@code itests/peers/patroni-root.sh} unpacked PostgreSQL, Patroni and etcd, and how a program of it is run at a site. */
final class PatroniRoot {
    private final Path root;

    private PatroniRoot(Path root) {
        this.root = root;
    }

    /** @throws IllegalStateException naming the cure, when it is not there: never skipped */
    static PatroniRoot find() {
        Path root = PeersFolder.find().resolve("patroni");
        if (!Files.exists(root.resolve("layout"))) {
            throw new IllegalStateException("there is no Patroni at " + root + ": itests/peers/patroni-root.sh " + root
                    + " unpacks one (./tocsin test does so itself)");
        }
        return new PatroniRoot(root);
    }

    /** Its Python, as this machine's root in a namespace of its network. */
    List<String> python(List<String> before, String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of("chroot", root.toString(), "/usr/bin/python3", "-c", Commands.text(script)));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** The library that gives a program another clock, as a file of this machine. */
    Path clock() throws IOException {
        try (var found = Files.newDirectoryStream(root.resolve("usr/lib"), "*-linux-gnu*")) {
            for (Path each : found) {
                Path library = each.resolve("faketime/libfaketimeMT.so.1");
                if (Files.exists(library)) {
                    return library;
                }
            }
        }
        throw new IllegalStateException("there is no libfaketime below " + root + ": remove that folder and run"
                + " itests/peers/patroni-root.sh " + root);
    }

    /** @param data of the program, at {@code /srv} for it; the server's account owns it */
    List<String> program(SiteNetwork network, SiteName site, Path data, String... program) throws IOException {
        List<String> command = new ArrayList<>(network.at(site));
        command.addAll(List.of("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "unchanged"));
        List<String> arguments = new ArrayList<>(List.of(root.toString(), data.toString()));
        arguments.addAll(Arrays.asList(program));
        command.addAll(Commands.script("host.sh", arguments.toArray(String[]::new)));
        return command;
    }
}
