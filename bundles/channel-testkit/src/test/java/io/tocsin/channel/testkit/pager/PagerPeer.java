package io.tocsin.channel.testkit.pager;

import io.tocsin.channel.testkit.CarrierPeer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The operator's side of the made-up protocol, answering as told. */
final class PagerPeer implements CarrierPeer {
    private static final String TOKEN = "t0ken-of-the-test";

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private Answer answer = Answer.ACCEPT;
    private int read;
    private boolean closed;

    PagerPeer() throws IOException {
        start(this::listen);
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("host", "127.0.0.1", "port", Integer.toString(listening.getLocalPort()), "token", TOKEN);
    }

    @Override
    public List<String> secretSettings() {
        return List.of("token");
    }

    @Override
    public synchronized void answer(Answer next) {
        answer = next;
        notifyAll();
    }

    @Override
    public List<String> accepted() {
        return List.copyOf(accepted);
    }

    @Override
    public synchronized int read() {
        return read;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void listen() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                sockets.add(socket);
                start(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            String[] words = line == null ? new String[] {""} : line.split(" ");
            String said = words.length < 2
                    ? ""
                    : !words[1].equals(TOKEN) ? "DENIED" : words[0].equals("HELLO") ? "WELCOME" : page(words);
            socket.getOutputStream().write((said.isEmpty() ? "" : said + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // the other side went away
        } finally {
            sockets.remove(socket);
        }
    }

    private synchronized String page(String[] words) {
        read++;
        while (answer == Answer.STALL && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                return "";
            }
        }
        return switch (answer) {
            case ACCEPT -> {
                accepted.add(URLDecoder.decode(words[3], StandardCharsets.UTF_8));
                yield "OK " + accepted.size();
            }
            case THROTTLE -> "SLOW";
            case REFUSE_ADDRESS -> "NOBODY";
            default -> "";
        };
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "pager-peer");
        thread.setDaemon(true);
        thread.start();
    }
}
