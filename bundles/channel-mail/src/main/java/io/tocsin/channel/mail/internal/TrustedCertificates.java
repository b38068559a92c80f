package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.ChannelSettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Decides which servers' certificates are believed: the system's authorities, or those of one PEM file. */
final class TrustedCertificates {
    private TrustedCertificates() {}

    /**
     * @param trust {@code system}, or the path of a PEM file with one certificate or more
     * @throws ChannelSettingsException on {@code trust} when the file cannot be used
     */
    static SSLContext context(String trust) throws ChannelSettingsException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(
                    null, trust.equals("system") ? null : authorities(trust).getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException | InvalidPathException unusable) {
            throw new ChannelSettingsException(
                    "trust", "must be system or the path of a readable PEM file with at least one certificate");
        }
    }

    private static TrustManagerFactory authorities(String file) throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> certificates;
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("no certificate");
        }
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }
}
