package io.tocsin.channel.webhook.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver that says what a test tells it to, byte by byte: none that keeps to HTTP would. */
final class RawReceiver implements AutoCloseable {

    /** What it does with a connection on which a whole request came. */
    @FunctionalInterface
    interface Conduct {
        void answer(Socket connection, OutputStream out) throws IOException;
    }

    private final ServerSocket server;
    private final Conduct conduct;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final List<String> heads = new CopyOnWriteArrayList<>();

    RawReceiver(Conduct conduct) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), conduct);
    }

    RawReceiver(ServerSocket server, Conduct conduct) {
        this.server = server;
        this.conduct = conduct;
        run(this::accept);
    }

    static Conduct saying(String text) {
        return (connection, out) -> {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        };
    }

    int port() {
        return server.getLocalPort();
    }

    /** Whole requests that came. */
    int requests() {
        return requests.get();
    }

    /** Their request lines and headers. */
    List<String> heads() {
        return heads;
    }

    private void run(Runnable task) {
        Thread thread = new Thread(task, "raw-receiver");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                connections.add(connection);
                run(() -> serve(connection));
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int one = in.read();
                if (one < 0) {
                    return; // only looked whether we are there
                }
                head.append((char) one);
            }
            String text = head.toString();
            int length = Integer.parseInt(text.replaceAll("(?is).*\r\ncontent-length: *(\\d+)\r\n.*", "$1"));
            in.readNBytes(length);
            heads.add(text);
            requests.incrementAndGet();
            conduct.answer(connection, connection.getOutputStream());
        } catch (IOException gone) {
            return; // hung up on, or no TLS between us
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
        for (Thread thread : threads) {
            try {
                thread.join(60_000);
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
