package io.tocsin.deployment.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificates that the operator trusts: files of one folder, PEM or DER. Read anew each time: a new one counts at once. */
final class TrustedCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(TrustedCertificates.class);
    private static final List<String> ENDINGS = List.of(".pem", ".crt", ".cer", ".der");

    private final Path folder;

    TrustedCertificates(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** Empty when the folder is not there. A file that cannot be read trusts nobody and is named in the log. */
    Set<X509Certificate> all() {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        Set<X509Certificate> found = new HashSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files.filter(TrustedCertificates::isCertificate)::iterator) {
                read(file, found);
            }
        } catch (IOException unreadable) {
            LOG.error("admission.trusted-unreadable folder={} problem=\"{}\"", folder, unreadable.getMessage());
        }
        return found;
    }

    private static void read(Path file, Set<X509Certificate> into) {
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                into.add((X509Certificate) each);
            }
        } catch (IOException | CertificateException broken) {
            LOG.error("admission.certificate-unreadable file={} problem=\"{}\"", file, broken.getMessage());
        }
    }

    private static boolean isCertificate(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(name::endsWith) && Files.isRegularFile(file);
    }
}
