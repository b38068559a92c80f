package io.tocsin.deployment.internal;

import java.nio.file.Path;
import java.util.Optional;
import org.osgi.framework.BundleContext;

/**
 * Where things are on this node.
 *
 * @param base the node's own folder
 * @param system what the distribution brings, as a Maven repository; empty outside a distribution
 * @param kept copies of the channels that operators installed
 * @param dropped the folder whose files are installed by themselves
 */
record NodeFolders(Path base, Optional<Path> system, Path kept, Path dropped) {

    static NodeFolders of(BundleContext context) {
        Path base = folder(context, "karaf.base").orElseGet(() -> Path.of("").toAbsolutePath());
        Path data = folder(context, "karaf.data").orElseGet(() -> base.resolve("data"));
        return new NodeFolders(
                base,
                folder(context, "karaf.home").map(home -> home.resolve("system")),
                data.resolve("channels"),
                base.resolve("deploy"));
    }

    private static Optional<Path> folder(BundleContext context, String property) {
        return Optional.ofNullable(context.getProperty(property))
                .map(text -> Path.of(text).toAbsolutePath().normalize());
    }
}
