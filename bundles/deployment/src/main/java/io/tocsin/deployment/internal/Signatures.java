package io.tocsin.deployment.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.osgi.framework.Bundle;

/**
 * Verifies that every entry of a bundle is signed by a trusted signer (JAR File Specification, "Signed JAR File"). Verified is what
 * the framework reads of the bundle, packed into a jar of its own, and not the file that somebody gave: they need not be the same.
 */
final class Signatures {
    private final TrustedCertificates trusted;
    private final Clock clock;

    Signatures(TrustedCertificates trusted, Clock clock) {
        this.trusted = trusted;
        this.clock = clock;
    }

    /** Reads the whole bundle. */
    Optional<Refusal> refusal(Bundle bundle) throws IOException {
        List<String> paths = BundleEntries.of(bundle);
        if (paths.stream().filter(Signatures::isManifest).count() > 1) {
            return altered("has more than one manifest");
        }
        Path packed = Files.createTempFile("bundle-", ".jar");
        try {
            pack(bundle, paths, packed);
            try (JarFile jar = new JarFile(packed.toFile(), true)) {
                return refusal(jar);
            } catch (SecurityException broken) {
                return altered("does not match its signature: " + broken.getMessage());
            }
        } finally {
            Files.deleteIfExists(packed);
        }
    }

    private static void pack(Bundle bundle, List<String> paths, Path packed) throws IOException {
        try (OutputStream out = Files.newOutputStream(packed);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            for (String path : paths) {
                zip.putNextEntry(new ZipEntry(path));
                try (InputStream in = BundleEntries.open(bundle, path)) {
                    in.transferTo(zip);
                }
            }
        }
    }

    private Optional<Refusal> refusal(JarFile jar) throws IOException {
        Manifest manifest = jar.getManifest();
        List<JarEntry> entries =
                jar.stream().filter(entry -> !entry.isDirectory()).toList();
        List<JarEntry> files = new ArrayList<>();
        for (JarEntry entry : entries) {
            if (isSignatureFile(entry.getName())) {
                if (entry.getName().toUpperCase(Locale.ROOT).endsWith(".SF") && !coversHead(jar, entry)) {
                    return altered(entry.getName() + " leaves the manifest's head unsigned");
                }
            } else if (!isManifest(entry.getName())) {
                files.add(entry);
            }
        }
        boolean signed = entries.stream().anyMatch(entry -> isSignatureFile(entry.getName()));
        if (manifest == null || !signed) {
            return Optional.of(new Refusal("is not signed", "sign it (jarsigner) with a certificate that " + place()));
        }
        for (String named : manifest.getEntries().keySet()) {
            if (jar.getEntry(named) == null) {
                return altered("lacks " + named + ", which was signed");
            }
        }
        SignerTrust trust = new SignerTrust(trusted.all(), clock.instant());
        Map<CodeSigner, Optional<String>> distrust = new HashMap<>();
        for (JarEntry entry : files) {
            read(jar, entry);
            CodeSigner[] signers = entry.getCodeSigners();
            if (signers == null) {
                return altered("is not signed whole: " + entry.getName() + " is not");
            }
            List<String> why = new ArrayList<>();
            for (CodeSigner signer : signers) {
                distrust.computeIfAbsent(signer, trust::problem).ifPresent(why::add);
            }
            if (why.size() == signers.length) {
                return Optional.of(
                        new Refusal(String.join("; ", why), "sign it anew with a certificate that " + place()));
            }
        }
        return Optional.empty();
    }

    private String place() {
        return "is in " + trusted.folder() + ", or is vouched for by one that is, and install it again";
    }

    private static Optional<Refusal> altered(String reason) {
        return Optional.of(new Refusal(
                reason,
                "take it again from whoever built it; if they signed it so, with every entry signed by jarsigner"));
    }

    /** Only an entry that was read to its end has signers; a wrong digest throws {@link SecurityException}. */
    private static void read(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** The JDK takes a signature file that says nothing of the main attributes as one that allows any: imports, activator, class path. */
    private static boolean coversHead(JarFile jar, JarEntry signatureFile) throws IOException {
        try (InputStream in = jar.getInputStream(signatureFile)) {
            return new Manifest(in).getMainAttributes().keySet().stream().anyMatch(key -> key.toString()
                    .toUpperCase(Locale.ROOT)
                    .endsWith("-DIGEST-MANIFEST-MAIN-ATTRIBUTES"));
        }
    }

    private static boolean isManifest(String path) {
        return path.equalsIgnoreCase(JarFile.MANIFEST_NAME);
    }

    private static boolean isSignatureFile(String path) {
        return path.toUpperCase(Locale.ROOT).matches("META-INF/(SIG-[^/]*|[^/]*\\.(SF|RSA|DSA|EC))");
    }
}
