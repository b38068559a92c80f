package io.tocsin.channel.mail.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLContext;

/** A mail server and how to reach it, for SMTP or IMAP. */
record MailServer(
        String host,
        int port,
        Security security,
        Optional<Credentials> credentials,
        SSLContext tls,
        Duration connectTimeout,
        Duration responseTimeout) {

    /** How the connection is protected. */
    enum Security {
        /** STARTTLS, or no connection at all. */
        STARTTLS,
        /** STARTTLS when the server offers it; never with a password, since an offer can be stripped. */
        STARTTLS_IF_OFFERED,
        /** TLS from the first byte. */
        TLS,
        /** Clear text, for a relay on the same machine or a private wire. */
        NONE;

        static Security of(String written) {
            return switch (written) {
                case "starttls" -> STARTTLS;
                case "starttls-if-offered" -> STARTTLS_IF_OFFERED;
                case "tls" -> TLS;
                case "none" -> NONE;
                default -> throw new IllegalArgumentException("no security of a connection: " + written);
            };
        }

        boolean alwaysEncrypts() {
            return this == STARTTLS || this == TLS;
        }
    }

    /** A user and a password; only the user is ever printed. */
    record Credentials(String user, String password) {
        @Override
        public String toString() {
            return "Credentials[" + user + "]";
        }
    }

    /** Whether the host is this machine by its literal name: a wire nobody else can listen to. */
    static boolean isLoopback(String host) {
        if (!host.equals("localhost") && !host.matches("[0-9.]+|[0-9a-fA-F:]+")) {
            return false; // a name's address may change after we asked
        }
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }

    /**
     * Returns the session properties for a protocol. The password is not among them: it is given at connect time only.
     *
     * @param protocol {@code smtp} or {@code imap}; an {@code s} is added for implicit TLS
     * @param sockets where the sockets made are known, to be closed from outside
     * @param timer watches writes that do not end
     */
    Properties session(String protocol, OpenSockets sockets, ScheduledExecutorService timer) {
        String name = protocol(protocol);
        String prefix = "mail." + name + ".";
        var properties = new Properties();
        properties.setProperty("mail.transport.protocol", name);
        properties.setProperty("mail.store.protocol", name);
        properties.setProperty(prefix + "host", host);
        properties.setProperty(prefix + "port", Integer.toString(port));
        properties.setProperty(prefix + "auth", Boolean.toString(credentials.isPresent()));
        properties.setProperty(prefix + "connectiontimeout", Long.toString(connectTimeout.toMillis()));
        properties.setProperty(prefix + "timeout", Long.toString(responseTimeout.toMillis()));
        properties.setProperty(prefix + "writetimeout", Long.toString(responseTimeout.toMillis()));
        properties.put(prefix + "executor.writetimeout", timer);
        properties.setProperty(prefix + "starttls.enable", Boolean.toString(startTls()));
        properties.setProperty(prefix + "starttls.required", Boolean.toString(security == Security.STARTTLS));
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        properties.setProperty(prefix + "socketFactory.fallback", "false");
        properties.put(prefix + "socketFactory", sockets.plain());
        properties.put(prefix + "ssl.socketFactory", sockets.over(tls.getSocketFactory()));
        return properties;
    }

    String protocol(String protocol) {
        return security == Security.TLS ? protocol + "s" : protocol;
    }

    private boolean startTls() {
        return security == Security.STARTTLS || security == Security.STARTTLS_IF_OFFERED;
    }
}
