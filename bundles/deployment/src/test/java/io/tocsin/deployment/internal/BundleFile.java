package io.tocsin.deployment.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** A bundle that a test makes. */
final class BundleFile {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private BundleFile() {}

    static BundleFile named(String symbolicName, String version) {
        return new BundleFile()
                .header("Bundle-ManifestVersion", "2")
                .header("Bundle-SymbolicName", symbolicName)
                .header("Bundle-Version", version);
    }

    /** A channel that serves {@code pager}. */
    static BundleFile pager(String version) {
        return channel("com.example.pager", version, io.tocsin.deployment.partner.PagerActivator.class)
                .classes(io.tocsin.deployment.partner.PagerProvider.class);
    }

    static BundleFile channel(String symbolicName, String version, Class<?> activator) {
        return named(symbolicName, version)
                .header("Import-Package", "io.tocsin.channel.api,org.osgi.framework")
                .header("Bundle-Activator", activator.getName())
                .classes(activator);
    }

    BundleFile header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    BundleFile with(String path, String content) {
        entries.put(path, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    BundleFile classes(Class<?>... classes) {
        for (Class<?> each : classes) {
            String path = each.getName().replace('.', '/') + ".class";
            try (InputStream in = each.getClassLoader().getResourceAsStream(path)) {
                entries.put(path, in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return this;
    }

    Path in(Path folder) {
        return to(folder.resolve(
                headers.get("Bundle-SymbolicName").split(";")[0] + '-' + headers.get("Bundle-Version") + ".jar"));
    }

    Path to(Path file) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        try {
            Files.createDirectories(file.getParent());
            try (OutputStream out = Files.newOutputStream(file);
                    JarOutputStream jar = new JarOutputStream(out, manifest)) {
                for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                    jar.putNextEntry(new ZipEntry(entry.getKey()));
                    jar.write(entry.getValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
