package io.tocsin.peers;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where foreign programs are unpacked: {@code -Dtocsin.peers}, {@code TOCSIN_PEERS}, or {@code .tocsin/peers} of the checkout. */
public final class PeersFolder {
    private PeersFolder() {}

    /** @throws IllegalStateException when nothing says where */
    public static Path find() {
        String said = System.getProperty("tocsin.peers", System.getenv("TOCSIN_PEERS"));
        if (said != null && !said.isBlank()) {
            return Path.of(said).toAbsolutePath();
        }
        Path folder = Path.of(System.getProperty("tocsin.root", "")).toAbsolutePath();
        for (Path at = folder; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("itests/peers/asterisk-root.sh"))) {
                return at.resolve(".tocsin/peers");
            }
        }
        throw new IllegalStateException(
                "no checkout at or above " + folder + ": say where the peers are with -Dtocsin.peers or TOCSIN_PEERS");
    }
}
