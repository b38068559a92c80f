package io.tocsin.deployment.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** Which bundles are the distribution's own: installed from {@code mvn:} and the same as what its {@code system/} folder holds. */
final class Distribution {
    private static final int BLOCK = 65_536;

    /** What a multi-release bundle may say anew for each Java (OSGi Core 8, 3.2.2): the framework shows that instead. */
    private static final Set<String> SUPPLEMENTED = Set.of(Constants.IMPORT_PACKAGE, Constants.REQUIRE_CAPABILITY);

    private final Optional<Path> system;

    Distribution(Optional<Path> system) {
        this.system = system;
    }

    /** By where it was installed from alone. */
    boolean named(Bundle bundle) {
        return file(bundle.getLocation()).isPresent();
    }

    /**
     * By where it was installed from and by its manifest. A {@code bundle:update} with another file keeps the location and changes the
     * manifest.
     */
    boolean holds(Bundle bundle) throws IOException {
        Optional<Path> file = file(bundle.getLocation());
        if (file.isEmpty()) {
            return false;
        }
        try (JarFile jar = new JarFile(file.get().toFile(), false)) {
            if (jar.getManifest() == null) {
                return false;
            }
            Dictionary<String, String> headers = bundle.getHeaders("");
            for (Map.Entry<Object, Object> said :
                    jar.getManifest().getMainAttributes().entrySet()) {
                if (jar.isMultiRelease() && SUPPLEMENTED.contains(said.getKey().toString())) {
                    continue;
                }
                if (!said.getValue()
                        .toString()
                        .trim()
                        .equals(trimmed(headers.get(said.getKey().toString())))) {
                    return false;
                }
            }
            return true;
        }
    }

    private static String trimmed(String header) {
        return header == null ? "" : header.trim();
    }

    /** The same, byte by byte. Reads the whole bundle. */
    boolean holdsUnchanged(Bundle bundle) throws IOException {
        if (!named(bundle)) {
            return false;
        }
        try (JarFile jar = new JarFile(file(bundle.getLocation()).orElseThrow().toFile(), false)) {
            Set<String> here = new HashSet<>(BundleEntries.of(bundle));
            for (ZipEntry entry : (Iterable<ZipEntry>) jar.stream().map(ZipEntry.class::cast)::iterator) {
                if (!entry.isDirectory() && !(here.remove(entry.getName()) && same(jar, entry, bundle))) {
                    return false;
                }
            }
            return here.isEmpty();
        }
    }

    private static boolean same(JarFile jar, ZipEntry entry, Bundle bundle) throws IOException {
        try (InputStream theirs = jar.getInputStream(entry);
                InputStream ours = BundleEntries.open(bundle, entry.getName())) {
            byte[] expected;
            do {
                expected = theirs.readNBytes(BLOCK);
                if (!Arrays.equals(expected, ours.readNBytes(BLOCK))) {
                    return false;
                }
            } while (expected.length > 0);
            return true;
        }
    }

    /** {@code mvn:GROUP/ARTIFACT/VERSION[/TYPE[/CLASSIFIER]]}, as pax-url writes it, without a repository of its own. */
    private Optional<Path> file(String location) {
        if (system.isEmpty() || location == null || !location.startsWith("mvn:") || location.contains("!")) {
            return Optional.empty();
        }
        List<String> parts = List.of(location.substring("mvn:".length()).split("/", -1));
        if (parts.size() < 3 || parts.size() > 5 || parts.stream().anyMatch(Distribution::leadsAway)) {
            return Optional.empty();
        }
        String name = parts.get(1) + '-' + parts.get(2) + (parts.size() > 4 ? '-' + parts.get(4) : "");
        Path file = system.get()
                .resolve(parts.get(0).replace('.', '/'))
                .resolve(parts.get(1))
                .resolve(parts.get(2))
                .resolve(name + '.' + (parts.size() > 3 ? parts.get(3) : "jar"));
        return Optional.of(file).filter(Files::isRegularFile);
    }

    private static boolean leadsAway(String part) {
        return !part.matches("[A-Za-z0-9_.-]+") || part.startsWith(".") || part.contains("..");
    }
}
