package io.tocsin.channel.fax.internal;

import io.tocsin.channel.testkit.CarrierPeer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A switch as a fax account sees it over AMI, after what a real Asterisk 22 said. Also tells what a test says for a call. */
final class ScriptedSwitch implements CarrierPeer {
    static final String PASSWORD = "s3cret-of-fax";
    private static final String CHALLENGE = "215489377";

    /** Originates, in order, with their fields; a repeated field's values are joined by a bar. */
    final BlockingQueue<Map<String, String>> originates = new LinkedBlockingQueue<>();

    final List<Map<String, String>> hangups = new CopyOnWriteArrayList<>();
    final Set<String> living = ConcurrentHashMap.newKeySet();
    final Path spool;
    private final ServerSocket server;
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private final AtomicInteger read = new AtomicInteger();
    private final List<Map<String, String>> stalled = new ArrayList<>();
    private Answer answer = Answer.ACCEPT;
    private Socket latest;
    /** Null: as {@link #answer} says; else the test speaks. */
    volatile boolean byHand;

    volatile boolean lacksFax;

    ScriptedSwitch() throws IOException {
        server = new ServerSocket(0, 20, InetAddress.getLoopbackAddress());
        spool = Files.createTempDirectory("fax-spool");
        Thread accepting =
                new Thread(this::accept, "awaitility-scripted-switch"); // a thread of the test's, not of the channel's
        accepting.setDaemon(true);
        accepting.start();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(
                "host", "127.0.0.1",
                "port", Integer.toString(server.getLocalPort()),
                "user", "tocsin",
                "password", PASSWORD,
                "dial", "PJSIP/{number}@carrier",
                "lines", "3",
                "caller-id", "+33199001234",
                "header", "Saint-Aurel",
                "spool", spool.toString());
    }

    @Override
    public List<String> secretSettings() {
        return List.of("password");
    }

    @Override
    public synchronized void answer(Answer now) {
        answer = now;
        if (now != Answer.STALL) {
            stalled.forEach(this::play);
            stalled.clear();
        }
    }

    @Override
    public List<String> accepted() {
        return List.copyOf(accepted);
    }

    @Override
    public int read() {
        return read.get();
    }

    Map<String, String> originated() throws InterruptedException {
        Map<String, String> one = originates.poll(2, TimeUnit.MINUTES);
        if (one == null) {
            throw new AssertionError("nothing was dialled");
        }
        return one;
    }

    /** An event of a call: names and values in turn. */
    synchronized void tell(String event, String id, String... fields) {
        StringBuilder text = new StringBuilder("Event: " + event + "\r\nUniqueid: " + id + "\r\n");
        for (int n = 0; n < fields.length; n += 2) {
            text.append(fields[n]).append(": ").append(fields[n + 1]).append("\r\n");
        }
        if (event.equals("Hangup")) {
            living.remove(id);
        }
        write(latest, text.append("\r\n").toString());
    }

    void variables(String id, String... namesAndValues) {
        for (int n = 0; n < namesAndValues.length; n += 2) {
            tell("VarSet", id, "Variable", namesAndValues[n], "Value", namesAndValues[n + 1]);
        }
    }

    void pickedUp(String id) {
        tell("Newstate", id, "ChannelStateDesc", "Up");
        tell("OriginateResponse", id, "Response", "Success", "Reason", "4");
        variables(id, "FAXSTATUS", "FAILED", "FAXERROR", "INIT_ERROR", "FAXPAGES", "0");
        tell("FAXStatus", id, "Status", "FAX Transmission In Progress");
    }

    void arrived(String id, int pages, String station) {
        tell("HangupRequest", id, "Cause", "16");
        variables(
                id, "FAXSTATUS", "SUCCESS", "FAXERROR", "HANGUP", "FAXSTATUSSTRING", "OK", "REMOTESTATIONID", station);
        variables(id, "FAXRESOLUTION", "8031x7700", "FAXPAGES", Integer.toString(pages));
        tell("SendFAX", id, "PagesTransferred", Integer.toString(pages), "RemoteStationID", station);
        tell("Hangup", id, "Cause", "16");
    }

    void failed(String id, int cause) {
        tell("OriginateResponse", id, "Response", "Failure", "Reason", "0");
        tell("Hangup", id, "Cause", Integer.toString(cause));
    }

    synchronized void hangUpLink() throws IOException {
        latest.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread serving = new Thread(() -> serve(socket), "awaitility-scripted-link");
                serving.setDaemon(true);
                serving.start();
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            write(socket, "Asterisk Call Manager/11.0.0\r\n");
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            Map<String, String> action = new LinkedHashMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty()) {
                    int colon = line.indexOf(": ");
                    action.merge(line.substring(0, colon), line.substring(colon + 2), (a, b) -> a + "|" + b);
                    continue;
                }
                take(socket, action);
                action = new LinkedHashMap<>();
            }
        } catch (IOException | UncheckedIOException e) {
            // the other side went away, or this one
        }
    }

    private synchronized void take(Socket socket, Map<String, String> action) {
        switch (action.get("Action")) {
            case "Challenge" -> respond(socket, action, "Success\r\nChallenge: " + CHALLENGE);
            case "Login" -> {
                boolean known = key().equals(action.get("Key"));
                respond(socket, action, known ? "Success" : "Error\r\nMessage: Authentication failed");
                latest = socket;
            }
            case "Getvar" ->
                respond(
                        socket,
                        action,
                        living.contains(action.get("Channel"))
                                ? "Success\r\nVariable: FAXSTATUS\r\nValue: "
                                : "Error\r\nMessage: No such channel");
            case "FAXSessions" -> {
                respond(
                        socket,
                        action,
                        lacksFax
                                ? "Error\r\nMessage: Invalid/unknown command: FAXSessions"
                                : "Success\r\nEventList: Start");
                write(
                        socket,
                        "Event: FAXSessionsComplete\r\nActionID: " + action.get("ActionID")
                                + "\r\nEventList: Complete\r\n\r\n");
            }
            case "Hangup" -> {
                hangups.add(action);
                respond(socket, action, "Success");
            }
            case "Originate" -> originate(socket, action);
            default -> respond(socket, action, "Success");
        }
    }

    private void originate(Socket socket, Map<String, String> action) {
        read.incrementAndGet();
        boolean drops = answer == Answer.DROP && !byHand;
        if (!drops) { // before a test hears of it, and may say that it has ended
            living.add(action.get("ChannelId"));
        }
        originates.add(action);
        if (drops) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return;
        }
        respond(socket, action, "Success\r\nMessage: Originate successfully queued");
        if (answer == Answer.STALL && !byHand) {
            stalled.add(action);
        } else if (!byHand) {
            play(action);
        }
    }

    private void play(Map<String, String> action) {
        String id = action.get("ChannelId");
        switch (answer) {
            case ACCEPT -> {
                if (!Files.exists(Path.of(action.get("Data").split(",")[0]))) {
                    throw new AssertionError("there is no file to send");
                }
                String channel = action.get("Channel");
                accepted.add(channel.substring("PJSIP/".length(), channel.indexOf('@')));
                pickedUp(id);
                arrived(id, 1, "+33 1 99 00 00 10");
            }
            case THROTTLE -> failed(id, 34);
            case REFUSE_ADDRESS -> failed(id, 1);
            default -> throw new IllegalStateException(answer.name());
        }
    }

    private static void respond(Socket socket, Map<String, String> action, String what) {
        write(socket, "Response: " + what + "\r\nActionID: " + action.get("ActionID") + "\r\n\r\n");
    }

    private static void write(Socket socket, String text) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String key() {
        try {
            byte[] both = (CHALLENGE + PASSWORD).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(both));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Path> files() throws IOException {
        try (var files = Files.list(spool)) {
            return files.toList();
        }
    }

    @Override
    public synchronized void close() {
        try {
            server.close();
            if (latest != null) {
                latest.close();
            }
            if (Files.exists(spool)) {
                for (Path file : files()) {
                    Files.deleteIfExists(file);
                }
                // a contract closes the peer before it opens the channel: the folder is part of the settings, and goes
                // with the JVM
                spool.toFile().deleteOnExit();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
