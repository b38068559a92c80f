package io.tocsin.peers;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports that nobody has at this moment; who is told one and finds it taken asks again. */
final class FreePorts {
    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private FreePorts() {}

    static int udp() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            return socket.getLocalPort();
        }
    }

    static int tcp() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
            return socket.getLocalPort();
        }
    }
}
