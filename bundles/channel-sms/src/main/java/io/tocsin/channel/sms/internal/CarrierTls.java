package io.tocsin.channel.sms.internal;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS to one carrier: 1.2 or later, the certificate checked against the account's own authorities (or the JVM's), and its
 * name against the host's (RFC 2818 §3.1). A certificate that is refused is refused in words an operator can act on.
 */
final class CarrierTls {
    private static final long CLOSE_NOTIFY_MILLIS = 500;

    private final SSLContext context;
    private final String name;
    private final int port;

    private CarrierTls(SSLContext context, String name, int port) {
        this.context = context;
        this.name = name;
        this.port = port;
    }

    /**
     * @param authorities the only ones that are trusted; empty for those of the JVM
     * @param name the DNS name or address that the certificate must bear
     * @throws GeneralSecurityException if this JVM has no TLS, or no trust store
     */
    static CarrierTls to(List<X509Certificate> authorities, String name, int port, Clock clock)
            throws GeneralSecurityException {
        KeyStore store = null;
        if (!authorities.isEmpty()) {
            store = KeyStore.getInstance("PKCS12");
            try {
                store.load(null, null);
            } catch (java.io.IOException e) {
                throw new GeneralSecurityException("an empty key store cannot be made", e);
            }
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        X509ExtendedTrustManager trust = Arrays.stream(factory.getTrustManagers())
                .filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("this JVM checks no X.509 certificates"));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Explaining(trust, name, clock)}, null);
        return new CarrierTls(context, name, port);
    }

    /** For one connection. */
    SslHandler handler(Duration handshakeLimit) {
        SSLEngine engine = context.createSSLEngine(name, port);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(handshakeLimit.toMillis());
        // a carrier that no longer reads must not hold up the closing
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        return handler;
    }

    /** Why a handshake failed, and what to do about it; in one line. */
    static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Untrusted untrusted) {
                return "TLS: " + untrusted.getMessage();
            }
            if (cause instanceof NotSslRecordException) {
                return "TLS: the carrier does not speak TLS on this port: correct port, or set tls to false";
            }
            if (cause instanceof ClosedChannelException) {
                return "TLS: the carrier hung up during the handshake: check port and tls, and that it speaks TLS 1.2 or 1.3";
            }
        }
        boolean protocol = failure instanceof SSLHandshakeException
                && String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("protocol");
        if (protocol) {
            return "TLS: the carrier speaks neither TLS 1.2 nor 1.3: ask it to";
        }
        return failure instanceof SSLException
                ? "TLS: the handshake failed: " + failure.getMessage()
                : "TLS: the handshake failed: " + failure.getClass().getName();
    }

    /** A certificate refused, in the operator's words. */
    private static final class Untrusted extends CertificateException {
        private static final long serialVersionUID = 1L;

        Untrusted(String message, CertificateException cause) {
            super(message, cause);
        }
    }

    /** Leaves the decision to the JVM and explains it. */
    private static final class Explaining extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager jvm;
        private final String name;
        private final Clock clock;

        Explaining(X509ExtendedTrustManager jvm, String name, Clock clock) {
            this.jvm = jvm;
            this.name = name;
            this.clock = clock;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            try {
                jvm.checkServerTrusted(chain, type, engine);
            } catch (CertificateException e) {
                throw new Untrusted(explain(chain, type), e);
            }
        }

        private String explain(X509Certificate[] chain, String type) {
            Instant now = clock.instant();
            for (X509Certificate one : chain) {
                if (one.getNotAfter().toInstant().isBefore(now)) {
                    return "the certificate of " + subject(one) + " expired on "
                            + day(one.getNotAfter().toInstant()) + ": the carrier must renew it";
                }
                if (one.getNotBefore().toInstant().isAfter(now)) {
                    return "the certificate of " + subject(one) + " is valid from "
                            + day(one.getNotBefore().toInstant()) + " on: check this machine's clock";
                }
            }
            try {
                jvm.checkServerTrusted(chain, type);
            } catch (CertificateException e) {
                X509Certificate last = chain[chain.length - 1];
                return "nobody trusted here signed the certificate of " + subject(chain[0]) + " (issuer "
                        + last.getIssuerX500Principal().getName()
                        + "): put the certificate of the carrier's authority, in PEM, into tls-ca";
            }
            return "the certificate is for " + String.join(", ", names(chain[0])) + " and not for " + name
                    + ": set host, or tls-name, to a name it is for";
        }

        private static String subject(X509Certificate one) {
            return one.getSubjectX500Principal().getName();
        }

        private static String day(Instant instant) {
            return instant.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        }

        private static List<String> names(X509Certificate one) {
            List<String> names = new ArrayList<>();
            try {
                if (one.getSubjectAlternativeNames() != null) {
                    one.getSubjectAlternativeNames().stream()
                            .map(entry -> entry.get(1))
                            .filter(String.class::isInstance)
                            .limit(5)
                            .forEach(entry -> names.add((String) entry));
                }
            } catch (java.security.cert.CertificateParsingException e) {
                // then its subject has to do
                names.clear();
            }
            return names.isEmpty() ? List.of(subject(one)) : names;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            jvm.checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            jvm.checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            jvm.checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            jvm.checkClientTrusted(chain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            jvm.checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return jvm.getAcceptedIssuers();
        }
    }
}
