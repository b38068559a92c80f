package io.tocsin.deployment.internal;

import io.tocsin.deployment.api.DeploymentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * What a file says of itself before it is installed.
 *
 * @param singleton only one version of it can be resolved at a time
 */
record ChannelJar(Path file, String symbolicName, Version version, boolean singleton) {

    /** @throws DeploymentException if it is no bundle, or no channel */
    static ChannelJar read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DeploymentException(
                    "there is no file " + file, "name a jar on this node's own disk, best with its whole path");
        }
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            if (jar.getManifest() == null) {
                throw noBundle(file);
            }
            return read(file, jar.getManifest().getMainAttributes());
        } catch (IOException unreadable) {
            throw new DeploymentException(
                    file + " is no jar that can be read (" + unreadable.getMessage() + ")",
                    "build it again, or copy it again");
        }
    }

    private static ChannelJar read(Path file, Attributes manifest) {
        String name = manifest.getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (name == null) {
            throw noBundle(file);
        }
        String symbolicName = clauses(name).get(0).split(";")[0].trim();
        if (!symbolicName.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
            throw new DeploymentException(
                    "Bundle-SymbolicName " + symbolicName + " is not one", "letters, digits, -, _ and dots between");
        }
        if (imports(manifest).stream().noneMatch(AdmissionRules.CHANNEL_API::equals)) {
            throw new DeploymentException(
                    symbolicName + " is no channel: it does not import " + AdmissionRules.CHANNEL_API,
                    "other bundles are installed by bundle:install or deploy/");
        }
        return new ChannelJar(
                file,
                symbolicName,
                version(symbolicName, manifest),
                name.matches("(?s).*singleton\\s*:=\\s*\"?true.*"));
    }

    private static Version version(String symbolicName, Attributes manifest) {
        try {
            return Version.parseVersion(manifest.getValue(Constants.BUNDLE_VERSION));
        } catch (IllegalArgumentException wrong) {
            throw new DeploymentException(
                    symbolicName + " has a Bundle-Version that is none: " + manifest.getValue(Constants.BUNDLE_VERSION),
                    "write it as 1.2.3 or 1.2.3.word");
        }
    }

    private static DeploymentException noBundle(Path file) {
        return new DeploymentException(
                file + " is no OSGi bundle: its manifest has no Bundle-SymbolicName",
                "build it with bnd-maven-plugin, as docs/write-a-channel.md shows");
    }

    private static List<String> imports(Attributes manifest) {
        List<String> packages = new ArrayList<>();
        String header = manifest.getValue(Constants.IMPORT_PACKAGE);
        for (String clause : header == null ? List.<String>of() : clauses(header)) {
            for (String part : clause.split(";")) {
                packages.add(part.trim());
            }
        }
        return packages;
    }

    /** A header's clauses: between commas that are not in quotes. */
    private static List<String> clauses(String header) {
        return List.of(header.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"));
    }
}
