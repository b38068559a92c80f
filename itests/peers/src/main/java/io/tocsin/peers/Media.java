package io.tocsin.peers;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What phones hear and say: one socket for all their calls, told apart by the port the other side sends from (which is the one it receives at). sipp
 * could send recorded packets, with the rights of root; it could not tell what it heard.
 */
final class Media implements AutoCloseable {
    private final DatagramSocket socket;
    private final Map<Integer, PhoneCall> calls = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "phones-say"));

    Media() throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(FreePorts.LOOPBACK, 0));
        socket.setReceiveBufferSize(4 << 20);
        daemon(this::receive, "phones-hear").start();
        clock.scheduleAtFixedRate(this::tick, 20, 20, TimeUnit.MILLISECONDS);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** From now on that port is this call's. */
    void join(PhoneCall call) {
        if (call.port() > 0) {
            calls.put(call.port(), call);
        }
    }

    void leave(PhoneCall call) {
        calls.remove(call.port(), call);
    }

    void later(Runnable task, long millis) {
        clock.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        for (var call : calls.entrySet()) {
            for (byte[] packet : call.getValue().tick()) {
                try {
                    socket.send(new DatagramPacket(packet, packet.length, FreePorts.LOOPBACK, call.getKey()));
                } catch (IOException e) {
                    // as on any line: what cannot be sent is not heard
                }
            }
        }
    }

    private void receive() {
        byte[] room = new byte[2048];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(room, room.length);
            try {
                socket.receive(packet);
            } catch (SocketException e) {
                if (socket.isClosed()) {
                    return;
                }
                continue;
            } catch (IOException e) {
                continue;
            }
            PhoneCall call = calls.get(packet.getPort());
            if (call != null) {
                call.received(ByteBuffer.wrap(room, 0, packet.getLength()));
            }
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        clock.shutdownNow();
        socket.close();
    }
}
