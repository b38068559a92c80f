package io.tocsin.channel.webhook.internal;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.tocsin.channel.api.ChannelSettingsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS 1.2 or 1.3 to receivers: certificates checked against the account's own authorities (or the JVM's), their names against
 * the host's (RFC 9110 section 4.3.4).
 */
final class ReceiverTls {
    private static final long CLOSE_NOTIFY_MILLIS = 500;
    private static final String WANTED =
            "write the authority's certificate in PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----";
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", Pattern.DOTALL);

    private final SSLContext context;

    private ReceiverTls(SSLContext context) {
        this.context = context;
    }

    /** @param authorities in PEM, the only ones to trust; line ends may have been lost on the way */
    static ReceiverTls trusting(Optional<String> authorities) throws ChannelSettingsException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authorities.isEmpty() ? null : store(authorities.get()));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return new ReceiverTls(context);
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

    /** For one connection. */
    SslHandler handler(WebhookUrl url) {
        SSLEngine engine = context.createSSLEngine(url.host(), url.port());
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(0); // the connection's own limit counts
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        return handler;
    }

    /** Why a handshake failed, and what to do about it; in one line. */
    static String reason(Throwable failure, WebhookUrl url) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return "its certificate is not trusted here, is out of date or is not for " + url.host()
                        + ": renew it, or put its authority's certificate into tls-ca";
            }
            if (cause instanceof NotSslRecordException) {
                return "it does not speak TLS on port " + url.port() + ": correct the port";
            }
            if (cause instanceof ClosedChannelException) {
                return "it hung up during the TLS handshake: check the port, and that it speaks TLS 1.2 or 1.3";
            }
        }
        return "the TLS handshake failed (" + failure.getClass().getSimpleName()
                + "): check that it speaks TLS 1.2 or 1.3";
    }
}
