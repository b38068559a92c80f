package io.tocsin.channel.mail.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows every socket an account has open, so that closing the channel ends a read that a silent server leaves hanging:
 * the mail API holds its lock while it reads and offers no other way in.
 */
final class OpenSockets {
    private static final Logger LOG = LoggerFactory.getLogger(OpenSockets.class);

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Sockets without TLS, or before STARTTLS. */
    SocketFactory plain() {
        return new Plain();
    }

    /** TLS laid over a socket that is already connected. */
    SSLSocketFactory over(SSLSocketFactory tls) {
        return new Tls(tls);
    }

    /** Whether the account is closing: what breaks now is no news. */
    boolean closed() {
        return closed;
    }

    /** Closes what is open and whatever opens later. Idempotent. */
    void closeAll() {
        closed = true;
        open.forEach(OpenSockets::close);
        open.clear();
    }

    private Socket know(Socket socket) {
        open.removeIf(Socket::isClosed);
        open.add(socket);
        if (closed) {
            close(socket);
        }
        return socket;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            LOG.debug("mail.socket.close: {}", alreadyBroken.getMessage());
        }
    }

    private final class Plain extends SocketFactory {
        @Override
        public Socket createSocket() throws IOException {
            Socket socket = new Socket();
            // Makes its descriptor: a connect() that overtakes the close() of one without would leave a connection that
            // nobody can close.
            socket.getSoTimeout();
            return know(socket);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return know(new Socket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return know(new Socket(host, port, local, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return know(new Socket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return know(new Socket(host, port, local, localPort));
        }
    }

    private final class Tls extends SSLSocketFactory {
        private final SSLSocketFactory tls;

        Tls(SSLSocketFactory tls) {
            this.tls = tls;
        }

        @Override
        public Socket createSocket(Socket below, String host, int port, boolean autoClose) throws IOException {
            know(below);
            return tls.createSocket(below, host, port, autoClose);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return know(tls.createSocket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return know(tls.createSocket(host, port, local, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return know(tls.createSocket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return know(tls.createSocket(host, port, local, localPort));
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return tls.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return tls.getSupportedCipherSuites();
        }
    }
}
