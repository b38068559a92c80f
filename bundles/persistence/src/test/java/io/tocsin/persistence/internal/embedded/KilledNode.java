package io.tocsin.persistence.internal.embedded;

import io.tocsin.persistence.testing.TestFolders;
import java.nio.file.Path;
import java.util.Map;

/** A node that starts its server, commits a row and dies at once, as under kill -9. */
final class KilledNode {

    private KilledNode() {}

    public static void main(String[] arguments) throws Exception {
        Path base = TestFolders.ofThisMachine().base();
        EmbeddedPostgres server = EmbeddedPostgres.start(new EmbeddedPostgres.Place(
                Path.of(arguments[0]), base.resolve("binaries"), base.resolve("reachable"), "", Map.of()));
        EmbeddedPostgresTest.addAgency(server, "committed");
        Runtime.getRuntime().halt(137);
    }
}
