package io.tocsin.platform.asterisk.ami;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The switch's side of AMI over plain sockets, as a test wants it to be. The latest connection is the one it speaks on. */
final class ScriptedConsole implements AutoCloseable {
    static final String USER = "tocsin";
    static final String PASSWORD = "s3cret-of-ami";
    private static final String CHALLENGE = "840415273";

    /** What is written for an action; null for nothing. */
    interface Script extends Function<Map<String, String>, String> {}

    /** Everything asked after the login, in order. */
    final BlockingQueue<Map<String, String>> actions = new LinkedBlockingQueue<>();

    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final Script script;
    volatile String greeting = "Asterisk Call Manager/11.0.0\r\n";
    volatile boolean deaf;
    private volatile Socket latest;

    ScriptedConsole(Script script) throws IOException {
        this.script = script;
        Thread accepting = new Thread(this::accept, "scripted-accept");
        accepting.setDaemon(true);
        accepting.start();
    }

    static String success(Map<String, String> action) {
        return "Response: Success\r\nActionID: " + action.get("ActionID") + "\r\nMessage: Fine\r\n\r\n";
    }

    static String error(Map<String, String> action, String why) {
        return "Response: Error\r\nActionID: " + action.get("ActionID") + "\r\nMessage: " + why + "\r\n\r\n";
    }

    int port() {
        return server.getLocalPort();
    }

    void say(String text) {
        try {
            latest.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void hangUp() throws IOException {
        latest.close();
    }

    Map<String, String> next() throws InterruptedException {
        Map<String, String> action = actions.poll(2, TimeUnit.MINUTES);
        if (action == null) {
            throw new AssertionError("nothing was asked");
        }
        return action;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                latest = socket;
                Thread serving = new Thread(() -> serve(socket), "scripted-serve");
                serving.setDaemon(true);
                serving.start();
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.getOutputStream().write(greeting.getBytes(StandardCharsets.UTF_8));
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            Map<String, String> action = new LinkedHashMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty()) {
                    action.put(line.substring(0, line.indexOf(": ")), line.substring(line.indexOf(": ") + 2));
                    continue;
                }
                String answer = answer(action);
                if (answer != null && !deaf) {
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                }
                action = new LinkedHashMap<>();
            }
        } catch (IOException e) {
            // the other side went away, or this one
        }
    }

    private String answer(Map<String, String> action) {
        switch (action.get("Action")) {
            case "Challenge":
                return "Response: Success\r\nActionID: " + action.get("ActionID") + "\r\nChallenge: " + CHALLENGE
                        + "\r\n\r\n";
            case "Login":
                return USER.equals(action.get("Username")) && key().equals(action.get("Key"))
                        ? success(action)
                        : error(action, "Authentication failed");
            default:
                actions.add(action);
                String said = script.apply(action);
                return said == null && action.get("Action").equals("Events") ? success(action) : said;
        }
    }

    private static String key() {
        try {
            byte[] both = (CHALLENGE + PASSWORD).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(both));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (latest != null) {
            latest.close();
        }
    }
}
