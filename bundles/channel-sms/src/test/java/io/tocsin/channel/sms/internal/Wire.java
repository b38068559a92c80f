package io.tocsin.channel.sms.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The wire to a carrier, which can be cut without anybody being told: connections stay open at both ends, and nothing
 * that is written comes out any more, as when a firewall forgets a connection or a cable is pulled.
 */
final class Wire implements AutoCloseable {
    private final ServerSocket near = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int far;
    private volatile long generation;
    private volatile boolean cut;

    /** @param far the carrier's port on loopback */
    Wire(int far) throws IOException {
        this.far = far;
        start(this::listen);
    }

    int port() {
        return near.getLocalPort();
    }

    /** From now on nothing passes, on connections there are and on new ones. */
    void cut() {
        cut = true;
    }

    /** New connections pass; those that were cut stay dead. */
    void mend() {
        generation++;
        cut = false;
    }

    private void listen() {
        while (!near.isClosed()) {
            try {
                Socket one = near.accept();
                Socket other = new Socket(InetAddress.getLoopbackAddress(), far);
                sockets.add(one);
                sockets.add(other);
                long born = generation;
                start(() -> carry(one, other, born));
                start(() -> carry(other, one, born));
            } catch (IOException e) {
                // closed: the loop ends
            }
        }
    }

    private void carry(Socket from, Socket to, long born) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                // Swallowed: whoever wrote it believes that it is on its way.
                if (!cut && born == generation) {
                    out.write(buffer, 0, read);
                    out.flush();
                }
            }
            if (!cut && born == generation) {
                to.close();
            }
        } catch (IOException e) {
            closeBoth(from, to);
        }
    }

    private static void closeBoth(Socket from, Socket to) {
        for (Socket socket : new Socket[] {from, to}) {
            try {
                socket.close();
            } catch (IOException e) {
                // gone already
            }
        }
    }

    @Override
    public void close() throws IOException {
        near.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "wire");
        thread.setDaemon(true);
        thread.start();
    }
}
