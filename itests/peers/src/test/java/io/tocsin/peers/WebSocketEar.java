package io.tocsin.peers;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The least of a WebSocket server (RFC 6455): takes whoever comes, and keeps the texts they send. */
final class WebSocketEar implements AutoCloseable {
    private final ServerSocket door;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<Socket> peers = new CopyOnWriteArrayList<>();

    WebSocketEar() throws IOException {
        door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::take, "ear");
        thread.setDaemon(true);
        thread.start();
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + door.getLocalPort() + "/ari");
    }

    List<String> heard() {
        return heard;
    }

    /** Breaks every connection. */
    void hangUp() throws IOException {
        for (Socket peer : peers) {
            peer.close();
        }
    }

    private void take() {
        while (!door.isClosed()) {
            try (Socket peer = door.accept()) {
                peers.add(peer);
                listen(peer);
            } catch (IOException | NoSuchAlgorithmException e) {
                // the next one
            }
        }
    }

    private void listen(Socket peer) throws IOException, NoSuchAlgorithmException {
        DataInputStream in = new DataInputStream(peer.getInputStream());
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        String key = head.toString().replaceFirst("(?is).*Sec-WebSocket-Key: *(\\S+).*", "$1");
        byte[] accept = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        peer.getOutputStream()
                .write(
                        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: ari\r\n"
                                        + "Sec-WebSocket-Accept: "
                                        + Base64.getEncoder().encodeToString(accept) + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
        while (true) {
            int kind = in.readUnsignedByte() & 0x0F;
            int length = in.readUnsignedByte();
            boolean masked = length > 127;
            length &= 127;
            length = length == 126 ? in.readUnsignedShort() : length == 127 ? (int) in.readLong() : length;
            byte[] mask = masked ? in.readNBytes(4) : new byte[4];
            byte[] text = in.readNBytes(length);
            for (int i = 0; i < text.length; i++) {
                text[i] ^= mask[i % 4];
            }
            if (kind == 1) {
                heard.add(new String(text, StandardCharsets.UTF_8));
            }
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        hangUp();
    }
}
