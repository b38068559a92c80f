package io.tocsin.channel.fax.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder from which the switch reads faxes: a file each, gone when the fax is over. */
final class Spool {
    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    /** No call lasts so long: what is older, a crash left. */
    private static final Duration OLD = Duration.ofHours(3);

    private final Path here;
    private final String onSwitch;

    Spool(Path here, String onSwitch) {
        this.here = here;
        this.onSwitch = onSwitch;
    }

    Path file(String reference) {
        return here.resolve(name(reference));
    }

    String onSwitch(String reference) {
        return onSwitch.endsWith("/") ? onSwitch + name(reference) : onSwitch + "/" + name(reference);
    }

    private static String name(String reference) {
        return "fax-" + reference + ".tif";
    }

    void remove(String reference) {
        try {
            Files.deleteIfExists(file(reference));
        } catch (IOException e) {
            LOG.warn(
                    "fax-file-left reference={} failure={}",
                    reference,
                    e.getClass().getSimpleName());
        }
    }

    /** Removes what a crash left. */
    void sweep(Instant now) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(here, "fax-*.tif")) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(OLD))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOG.warn("fax-spool-not-swept failure={}", e.getClass().getSimpleName());
        }
    }
}
