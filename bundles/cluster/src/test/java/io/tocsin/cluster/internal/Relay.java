package io.tocsin.cluster.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A stretch of wire between two members that can be cut and mended: what is under way is lost when it is cut. */
final class Relay implements AutoCloseable {
    private final ServerSocket server;
    private final int to;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    /** @param to the port on loopback where the wire ends */
    Relay(int to) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.to = to;
        thread(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void cut() {
        cut = true;
        open.forEach(Relay::close);
    }

    void mend() {
        cut = false;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                join(server.accept());
            } catch (IOException e) {
                // the far end is away, or the relay ends
            }
        }
    }

    private void join(Socket near) throws IOException {
        Socket far = new Socket();
        open.add(near);
        open.add(far);
        try {
            far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), to));
        } catch (IOException e) {
            close(near);
            throw e;
        }
        thread(() -> pass(near, far));
        thread(() -> pass(far, near));
        if (cut) {
            cut();
        }
    }

    private void pass(Socket from, Socket into) {
        byte[] buffer = new byte[8192];
        try (from;
                into) {
            InputStream in = from.getInputStream();
            OutputStream out = into.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // cut
        } finally {
            open.remove(from);
            open.remove(into);
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
