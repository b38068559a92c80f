package io.tocsin.channel.publish.internal;

import io.tocsin.channel.api.ChannelSettingsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS 1.2 or 1.3 to the server: its certificate checked against the account's own authorities (or the JVM's), its name against
 * the host's (RFC 9110 section 4.3.4).
 */
final class ServerTls {
    private static final String WANTED =
            "write the authority's certificate in PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----";
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", Pattern.DOTALL);

    private final SSLContext context;

    private ServerTls(SSLContext context) {
        this.context = context;
    }

    /** @param authorities in PEM, the only ones to trust; line ends may have been lost on the way */
    static ServerTls trusting(Optional<String> authorities) throws ChannelSettingsException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authorities.isEmpty() ? null : store(authorities.get()));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return new ServerTls(context);
        } catch (CertificateException | IllegalArgumentException e) {
            throw new ChannelSettingsException("tls-ca", "holds a certificate that cannot be read: " + WANTED);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    private static KeyStore store(String pem) throws GeneralSecurityException, IOException, ChannelSettingsException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (Matcher one = CERTIFICATE.matcher(pem); one.find(); number++) {
            byte[] der = Base64.getMimeDecoder().decode(one.group(1).replace("\\n", "\n"));
            store.setCertificateEntry(
                    "authority-" + number,
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
        }
        if (number == 0) {
            throw new ChannelSettingsException("tls-ca", "holds no certificate: " + WANTED);
        }
        return store;
    }

    /** Makes TLS on a connection. Blocks. */
    SSLSocket on(Socket connected, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(connected, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
