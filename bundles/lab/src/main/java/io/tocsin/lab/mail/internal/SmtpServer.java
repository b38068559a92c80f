package io.tocsin.lab.mail.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for SMTP on the loopback and runs a thread a connection. */
final class SmtpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpServer.class);

    private final ServerSocket listening;
    private final MailCore core;
    private final Set<SmtpSession> sessions = ConcurrentHashMap.newKeySet();
    private final LongAdder connections = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private volatile boolean refusing;

    private SmtpServer(ServerSocket listening, MailCore core) {
        this.listening = listening;
        this.core = core;
    }

    static SmtpServer start(int port, MailCore core) throws IOException {
        var server = new SmtpServer(new ServerSocket(port, 256, InetAddress.getLoopbackAddress()), core);
        thread("lab-smtp-listen", server::listen);
        return server;
    }

    int port() {
        return listening.getLocalPort();
    }

    long connections() {
        return connections.sum();
    }

    long refused() {
        return refused.sum();
    }

    long dropped() {
        return dropped.sum();
    }

    void countRefused() {
        refused.increment();
    }

    void countDropped() {
        dropped.increment();
    }

    void reset() {
        connections.reset();
        refused.reset();
        dropped.reset();
    }

    void dropConnections() {
        sessions.forEach(SmtpSession::hangUp);
    }

    void refuseConnections(boolean refuse) {
        refusing = refuse;
    }

    void ended(SmtpSession session) {
        sessions.remove(session);
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException alreadyClosed) {
            LOG.debug("lab-smtp-close", alreadyClosed);
        }
        dropConnections();
    }

    private void listen() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                if (refusing) {
                    socket.close();
                    continue;
                }
                connections.increment();
                var session = new SmtpSession(
                        socket, core, this, sessions.size() >= core.options().maxConnections());
                sessions.add(session);
                thread("lab-smtp-" + socket.getPort(), session);
                if (listening.isClosed()) {
                    session.hangUp();
                }
            } catch (IOException closing) {
                LOG.debug("lab-smtp-accept", closing);
            }
        }
    }

    private static void thread(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
