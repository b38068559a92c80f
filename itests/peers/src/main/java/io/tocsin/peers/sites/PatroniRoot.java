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
