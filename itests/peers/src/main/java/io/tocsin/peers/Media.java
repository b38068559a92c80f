package io.tocsin.peers;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What phones hear and say: one socket for all their calls, told apart by the address the other side sends from (which is the one it receives at). sipp
 * could send recorded packets, with the rights of root; it could not tell what it heard.
 */
final class Media implements AutoCloseable {
    private final DatagramSocket socket;
    private final Map<InetSocketAddress, PhoneCall> calls = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "phones-say"));

    /** @param address of this machine, where it is to be found */
    Media(InetAddress address) throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(address, 0));
        socket.setReceiveBufferSize(4 << 20);
        daemon(this::receive, "phones-hear").start();
        clock.scheduleAtFixedRate(this::tick, 20, 20, TimeUnit.MILLISECONDS);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    /** From now on what comes from there is this call's. */
    void join(PhoneCall call) {
        if (call.switchAudio() != null) {
            calls.put(call.switchAudio(), call);
        }
    }

    void leave(PhoneCall call) {
        if (call.switchAudio() != null) {
            calls.remove(call.switchAudio(), call);
        }
    }

    void later(Runnable task, long millis) {
        clock.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        for (var call : calls.entrySet()) {
            for (byte[] packet : call.getValue().tick()) {
                try {
                    socket.send(new DatagramPacket(packet, packet.length, call.getKey()));
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
            PhoneCall call = calls.get((InetSocketAddress) packet.getSocketAddress());
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
