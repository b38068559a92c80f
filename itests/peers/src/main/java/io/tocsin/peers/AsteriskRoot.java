package io.tocsin.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Where {@code itests/peers/asterisk-root.sh} unpacked Asterisk.
 *
 * @param program starts it
 * @param version as {@code asterisk -V} says it
 */
record AsteriskRoot(Path program, String version, Path modules, Path data) {

    /** @throws IllegalStateException naming the cure, when it is not there: a missing Asterisk is never skipped */
    static AsteriskRoot find() {
        Path root = peers().resolve("asterisk");
        Properties layout = new Properties();
        try (var in = Files.newBufferedReader(root.resolve("layout"))) {
            layout.load(in);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "there is no Asterisk at " + root + ": itests/peers/asterisk-root.sh " + root
                            + " unpacks one (./tocsin test does so itself)",
                    e);
        }
        return new AsteriskRoot(
                root.resolve("asterisk"),
                layout.getProperty("version"),
                Path.of(layout.getProperty("modules")),
                Path.of(layout.getProperty("data")));
    }

    /** The major version. */
    int major() {
        return Integer.parseInt(version.replaceFirst("^Asterisk (\\d+).*", "$1"));
    }

    private static Path peers() {
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
