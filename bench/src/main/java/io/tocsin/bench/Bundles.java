package io.tocsin.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Bundles as files: other versions of those the distribution is made of. */
public final class Bundles {
    private Bundles() {}

    /** A room's bundle as it was built. */
    public static Path shipped(String room) {
        try (Stream<Path> built = Files.list(RunningNode.ROOT.resolve("bundles/" + room + "/target"))) {
            return built.filter(file -> file.getFileName().toString().matches(room + "-[0-9.]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(room + " is not built"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Copies a bundle.
     *
     * @param headers of its manifest, instead of those it has
     * @param kept the entries that the copy has, by name
     */
    public static void copy(Path bundle, Path copy, Map<String, String> headers, Predicate<String> kept)
            throws IOException {
        copy(bundle, copy, headers, kept, Map.of());
    }

    /** @param added files it has beside, their texts by name; each in a folder */
    public static void copy(
            Path bundle, Path copy, Map<String, String> headers, Predicate<String> kept, Map<String, String> added)
            throws IOException {
        try (JarInputStream in = new JarInputStream(Files.newInputStream(bundle))) {
            Manifest manifest = new Manifest(in.getManifest());
            headers.forEach(manifest.getMainAttributes()::putValue);
            Set<String> names = new HashSet<>();
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy), manifest)) {
                for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME) && kept.test(entry.getName())) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        in.transferTo(out);
                        names.add(entry.getName());
                    }
                }
                for (Map.Entry<String, String> file : new TreeMap<>(added).entrySet()) {
                    // Who looks for a folder in a bundle finds those that say so themselves.
                    String folder = file.getKey().substring(0, file.getKey().lastIndexOf('/') + 1);
                    if (names.add(folder)) {
                        out.putNextEntry(new JarEntry(folder));
                    }
                    out.putNextEntry(new JarEntry(file.getKey()));
                    out.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }

    /** Puts a bundle into a Karaf archive, with a feature of its own. */
    public static void archive(Path bundle, String name, String version, Path archive) throws IOException {
        String features =
                """
                <features name="partner" xmlns="http://karaf.apache.org/xmlns/features/v1.6.0">
                  <feature name="partner-%1$s" version="%2$s"><bundle>mvn:org.example/%1$s/%2$s</bundle></feature>
                </features>
                """
                        .formatted(name, version);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(archive), manifest)) {
            out.putNextEntry(new JarEntry("repository/org/example/%1$s/%2$s/%1$s-%2$s.jar".formatted(name, version)));
            Files.copy(bundle, out);
            out.putNextEntry(new JarEntry("repository/org/example/partner/1.0/partner-1.0-features.xml"));
            out.write(features.getBytes(StandardCharsets.UTF_8));
        }
    }
}
