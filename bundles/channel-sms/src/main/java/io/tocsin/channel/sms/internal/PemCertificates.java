package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.ChannelSettingsException;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates in PEM (RFC 7468), one or several, as a setting holds them: line ends may have been lost on the way. */
final class PemCertificates {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", Pattern.DOTALL);
    private static final String WANTED =
            "write the authority's certificate in PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----";

    private PemCertificates() {}

    /** @return none if nothing is written */
    static List<X509Certificate> of(String setting, Optional<String> written) throws ChannelSettingsException {
        if (written.isEmpty()) {
            return List.of();
        }
        List<X509Certificate> read = new ArrayList<>();
        Matcher matcher = CERTIFICATE.matcher(written.get());
        try {
            while (matcher.find()) {
                byte[] der = Base64.getMimeDecoder().decode(matcher.group(1).replace("\\n", "\n"));
                read.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new ChannelSettingsException(setting, "holds a certificate that cannot be read: " + WANTED);
        }
        if (read.isEmpty()) {
            throw new ChannelSettingsException(setting, "holds no certificate: " + WANTED);
        }
        return read;
    }
}
