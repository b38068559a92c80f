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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** The gateway's side of the protocol, answering as told; by itself, a gateway to try against. */
final class PagerPeer implements CarrierPeer {
    private static final String TOKEN = "t0ken-of-the-test";

    private final BiConsumer<String, String> taken;
    private final ServerSocket listening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private final Map<String, String> unheard = new LinkedHashMap<>();
    private final List<Runnable> stalled = new ArrayList<>();
    private Answer answer = Answer.ACCEPT;
    private int read;

    private PagerPeer(int port, BiConsumer<String, String> taken) throws IOException {
        this.taken = taken;
        listening = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    }

    /** {@code PagerPeer PORT}: shows each page it takes, until it is ended. */
    public static void main(String[] arguments) throws IOException {
        new PagerPeer(Integer.parseInt(arguments[0]), (address, text) -> System.out.println(address + " " + text))
                .listen();
    }

    static PagerPeer start() throws IOException {
        PagerPeer peer = new PagerPeer(0, (address, text) -> {});
        inBackground(peer::listen);
        return peer;
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
        if (next != Answer.STALL) {
            stalled.forEach(Runnable::run);
            stalled.clear();
        }
    }

    @Override
    public List<String> accepted() {
        return List.copyOf(accepted);
    }

    @Override
    public synchronized int read() {
        return read;
    }

    /** Receipts that were not acknowledged so far. */
    synchronized int unheard() {
        return unheard.size();
    }

    /** Ends every connection; who connects again is welcome. */
    void hangUp() {
        for (Socket socket : sockets) {
            close(socket);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        hangUp();
    }

    private void listen() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                sockets.add(socket);
                inBackground(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String login = lines.readLine();
            if (login == null || !login.equals("LOGIN " + TOKEN)) {
                say(socket, "DENIED");
                return;
            }
            welcome(socket);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                obey(socket, line.split(" "));
            }
        } catch (IOException e) {
            close(socket); // the other side went away
        } finally {
            sockets.remove(socket);
        }
    }

    private synchronized void welcome(Socket socket) {
        say(socket, "WELCOME");
        unheard.forEach((id, reference) -> say(socket, "SHOWN " + id + " " + reference));
    }

    private synchronized void obey(Socket socket, String[] words) {
        if (words[0].equals("GOT")) {
            unheard.remove(words[1]);
        } else if (words[0].equals("PAGE")) {
            read++;
            if (answer == Answer.STALL) {
                stalled.add(() -> page(socket, words));
            } else {
                page(socket, words);
            }
        }
    }

    private void page(Socket socket, String[] words) {
        switch (answer) {
            case ACCEPT -> {
                String address = URLDecoder.decode(words[2], StandardCharsets.UTF_8);
                accepted.add(address);
                taken.accept(address, URLDecoder.decode(words[3], StandardCharsets.UTF_8));
                String id = Integer.toString(accepted.size());
                unheard.put(id, words[1]);
                say(socket, "OK " + words[1] + " " + id);
                say(socket, "SHOWN " + id + " " + words[1]);
            }
            case THROTTLE -> say(socket, "SLOW " + words[1]);
            case REFUSE_ADDRESS -> say(socket, "NOBODY " + words[1]);
            default -> close(socket);
        }
    }

    private static void say(Socket socket, String line) {
        try {
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void inBackground(Runnable work) {
        Thread thread = new Thread(work, "pager-peer");
        thread.setDaemon(true);
        thread.start();
    }
}
