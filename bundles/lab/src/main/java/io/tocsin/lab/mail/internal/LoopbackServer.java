package io.tocsin.lab.mail.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on the loopback and runs a thread a connection. */
final class LoopbackServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoopbackServer.class);

    private final String name;
    private final ServerSocket listening;
    private final Function<Socket, Session> sessions;
    private final Set<Session> open = ConcurrentHashMap.newKeySet();

    /** One connection; {@link #run} returns when it is over. */
    interface Session extends Runnable {
        /** Cuts the connection, also while it waits. */
        void hangUp();
    }

    private LoopbackServer(String name, ServerSocket listening, Function<Socket, Session> sessions) {
        this.name = name;
        this.listening = listening;
        this.sessions = sessions;
    }

    /**
     * @param sessions makes the session of a connection; null refuses it
     * @throws IOException if the port is taken
     */
    static LoopbackServer start(String name, int port, Function<Socket, Session> sessions) throws IOException {
        ServerSocket listening;
        try {
            listening = new ServerSocket(port, 256, InetAddress.getLoopbackAddress());
        } catch (IOException taken) {
            throw new IOException(name + "-port: cannot listen on 127.0.0.1:" + port, taken);
        }
        var server = new LoopbackServer(name, listening, sessions);
        thread("lab-" + name + "-listen", server::listen);
        return server;
    }

    int port() {
        return listening.getLocalPort();
    }

    int connections() {
        return open.size();
    }

    void dropConnections() {
        open.forEach(Session::hangUp);
    }

    @Override
    public void close() {
        close(listening);
        dropConnections();
    }

    private void listen() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                Session session = sessions.apply(socket);
                if (session == null) {
                    close(socket);
                    continue;
                }
                open.add(session);
                thread("lab-" + name + "-" + socket.getPort(), () -> {
                    try {
                        session.run();
                    } finally {
                        open.remove(session);
                        close(socket);
                    }
                });
                if (listening.isClosed()) {
                    session.hangUp();
                }
            } catch (IOException closing) {
                LOG.debug("lab-mail-accept", closing);
            }
        }
    }

    static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception alreadyBroken) { // AutoCloseable declares no less
            LOG.debug("lab-mail-close", alreadyBroken);
        }
    }

    private static void thread(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
