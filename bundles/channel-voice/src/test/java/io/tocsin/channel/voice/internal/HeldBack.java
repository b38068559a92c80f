package io.tocsin.channel.voice.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A way to a port of this machine on which what comes back can be held for a while. */
final class HeldBack implements AutoCloseable {
    private final int target;
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private boolean held;
    private String until = "";

    HeldBack(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    synchronized void hold(boolean now) {
        held = now;
        notifyAll();
    }

    /** What comes back is held as soon as something that has this word has passed. */
    synchronized void holdAfter(String word) {
        until = word;
    }

    private synchronized void passed(byte[] some, int length) {
        if (!until.isEmpty() && new String(some, 0, length, StandardCharsets.ISO_8859_1).contains(until)) {
            until = "";
            hold(true);
        }
    }

    private void accept() throws IOException {
        while (!server.isClosed()) {
            Socket near = server.accept();
            sockets.add(near);
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(far);
            start(() -> carry(near, far, false));
            start(() -> carry(far, near, true));
        }
    }

    private void carry(Socket from, Socket to, boolean back) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] some = new byte[8_192];
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                if (back) {
                    pass();
                }
                out.write(some, 0, n);
                if (back) {
                    passed(some, n);
                }
            }
        }
    }

    private synchronized void pass() throws IOException {
        try {
            while (held) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Work that ends when its socket does. */
    private interface Carrying {
        void run() throws IOException;
    }

    private static void start(Carrying work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | UncheckedIOException ended) {
                        // a side hung up, or the way was closed
                    }
                },
                "held-back");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        hold(false);
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
