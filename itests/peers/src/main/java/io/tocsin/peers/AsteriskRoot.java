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
        Path root = PeersFolder.find().resolve("asterisk");
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
}
