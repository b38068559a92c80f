package io.tocsin.channel.publish.internal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;

/**
 * One request and its answer on a connection of their own (HTTP/1.1, RFC 9112). Blocks; whoever waits no longer aborts it. The
 * address that was checked is the one that is connected to, whatever the name leads to a moment later; no proxy of the
 * environment is asked, no redirect followed, nothing sent twice.
 */
final class HttpCall implements AutoCloseable {
    private static final int MOST_ADDRESSES = 4;
    private static final int MOST_HEAD = 16 * 1024;
    private static final int MOST_BODY = 256 * 1024;

    private final Server server;
    private final Network network;
    private final ServerTls tls;
    private Socket socket;
    /** Beneath TLS, if there is any: closing it waits for nothing. */
    private volatile Socket wire;

    private volatile boolean closed;

    HttpCall(Server server, Network network, ServerTls tls) {
        this.server = server;
        this.network = network;
        this.tls = tls;
    }

    /** @param headers names in lower case; @param body empty when it was longer than we read, or broke off */
    record Answer(int status, Map<String, String> headers, byte[] body) {
        /** Without the body: it is the server's own affair. */
        @Override
        public String toString() {
            return "Answer[" + status + "]";
        }
    }

    /** No connection: certainly nothing was sent. Its message is one line for an operator. */
    static final class Unreached extends Exception {
        private static final long serialVersionUID = 1L;

        private static final String FORBIDDEN = "address-not-allowed";

        private final String code;

        Unreached(String code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        /** Whether the account does not allow it, so that trying again would not help. */
        boolean isForbidden() {
            return code.equals(FORBIDDEN);
        }

        String code() {
            return code;
        }
    }

    /** The request may have been read, and no answer came that says so. Its message is a code. */
    static final class Unanswered extends Exception {
        private static final long serialVersionUID = 1L;

        Unanswered(String code) {
            super(code, null, false, false);
        }
    }

    void connect() throws Unreached {
        List<InetAddress> permitted;
        try {
            permitted = Arrays.stream(InetAddress.getAllByName(server.host()))
                    .filter(network::permits)
                    .limit(MOST_ADDRESSES)
                    .toList();
        } catch (UnknownHostException e) {
            throw new Unreached("host-unknown", "its name is not known: check it, and the name servers");
        }
        if (permitted.isEmpty()) {
            throw new Unreached(
                    Unreached.FORBIDDEN,
                    "its name leads to this node or its site: set network to site or node if that is meant");
        }
        for (InetAddress address : permitted) {
            if (connected(address)) {
                return;
            }
        }
        throw new Unreached("not-connected", "does not take connections on port " + server.port());
    }

    private boolean connected(InetAddress address) throws Unreached {
        Socket plain = new Socket(Proxy.NO_PROXY);
        wire = plain;
        socket = plain;
        try {
            if (closed) {
                throw new IOException("aborted");
            }
            plain.connect(new InetSocketAddress(address, server.port()));
            plain.setTcpNoDelay(true);
        } catch (IOException e) {
            closeQuietly(plain);
            return false;
        }
        if (server.tls()) {
            try {
                socket = tls.on(plain, server.host(), server.port());
            } catch (IOException e) {
                closeQuietly(plain);
                throw new Unreached("tls-failed", reason(e));
            }
        }
        if (closed) {
            close();
        }
        return true;
    }

    private String reason(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return "its certificate is not trusted here, is out of date or is not for " + server.host()
                        + ": renew it, or put its authority's certificate into tls-ca";
            }
        }
        return failure instanceof SSLException
                ? "the TLS handshake failed: check that it speaks TLS 1.2 or 1.3 on port " + server.port()
                : "it hung up during the TLS handshake: check the port";
    }

    /**
     * Sends a request on the connection and reads what is answered.
     *
     * @param headers besides those every request has; values hold no line ends
     * @param body none if empty
     */
    Answer exchange(String method, String path, Map<String, String> headers, byte[] body) throws Unanswered {
        StringBuilder head = new StringBuilder(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(server.authority())
                .append("\r\nUser-Agent: Tocsin\r\nAccept: application/json\r\nConnection: close\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (body.length > 0) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
        }
        head.append("\r\n");
        try {
            OutputStream out = socket.getOutputStream();
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            request.writeBytes(body);
            out.write(request.toByteArray());
            out.flush();
        } catch (IOException e) {
            throw new Unanswered("connection-lost");
        }
        try {
            return read(new BufferedInputStream(socket.getInputStream()));
        } catch (IllegalArgumentException e) {
            throw new Unanswered("response-unreadable");
        } catch (IOException e) {
            throw new Unanswered("connection-lost");
        }
    }

    private static Answer read(InputStream in) throws IOException {
        int status;
        Map<String, String> headers;
        int budget = MOST_HEAD;
        do {
            String first = line(in, budget);
            if (!first.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
                throw new IllegalArgumentException("no status line");
            }
            status = Integer.parseInt(first.substring(9, 12));
            budget -= first.length();
            headers = new HashMap<>();
            for (String line = line(in, budget); !line.isEmpty(); line = line(in, budget)) {
                budget -= line.length();
                int colon = line.indexOf(':');
                if (colon < 1) {
                    throw new IllegalArgumentException("no header");
                }
                headers.putIfAbsent(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        } while (status < 200);
        byte[] body;
        try {
            body = body(in, headers);
        } catch (IOException | IllegalArgumentException brokenOff) {
            body = new byte[0]; // the status stands
        }
        return new Answer(status, headers, body);
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if (!headers.getOrDefault("transfer-encoding", "").isEmpty()) {
            return chunks(in);
        }
        String length = headers.get("content-length");
        if (length == null) {
            byte[] all = in.readNBytes(MOST_BODY + 1);
            return all.length > MOST_BODY ? new byte[0] : all;
        }
        long said = Long.parseLong(length);
        if (said < 0 || said > MOST_BODY) {
            return new byte[0];
        }
        byte[] all = in.readNBytes((int) said);
        return all.length < said ? new byte[0] : all;
    }

    /** RFC 9112 section 7.1; trailers are not read. */
    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            String size = line(in, 1024);
            int length = Integer.parseInt(size.replaceFirst(";.*", "").strip(), 16);
            if (length == 0) {
                return all.toByteArray();
            }
            if (length < 0 || all.size() + length > MOST_BODY) {
                return new byte[0];
            }
            byte[] chunk = in.readNBytes(length);
            if (chunk.length < length || !line(in, 2).isEmpty()) {
                throw new EOFException();
            }
            all.writeBytes(chunk);
        }
    }

    /** A line without its end. */
    private static String line(InputStream in, int most) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (line.length() >= most) {
                throw new IllegalArgumentException("too long");
            }
            line.append((char) c);
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }

    /** Hangs up, from any thread; what waits on it ends. */
    @Override
    public void close() {
        closed = true;
        Socket now = wire;
        if (now != null) {
            closeQuietly(now);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException nothingToLose) {
            // it is gone either way
        }
    }
}
