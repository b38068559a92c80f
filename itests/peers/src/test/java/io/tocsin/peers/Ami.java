package io.tocsin.peers;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The manager interface over a plain socket. */
final class Ami implements AutoCloseable {
    private final Socket socket;
    private final List<Map<String, String>> messages = new CopyOnWriteArrayList<>();

    private Ami(Socket socket) {
        this.socket = socket;
    }

    static Ami connect(Asterisk asterisk) throws IOException {
        Ami ami = new Ami(new Socket("127.0.0.1", asterisk.ami()));
        Thread reader = new Thread(ami::read, "ami");
        reader.setDaemon(true);
        reader.start();
        ami.send("Action: Login\nActionID: login\nUsername: tester\nSecret: tester-secret\nEvents: user,system");
        ami.message(message -> "login".equals(message.get("ActionID")) && "Success".equals(message.get("Response")));
        return ami;
    }

    Map<String, String> userEvent(String name, String key, String value) {
        return message(message -> name.equals(message.get("UserEvent")) && value.equals(message.get(key)));
    }

    Map<String, String> message(Predicate<Map<String, String>> fits) {
        return await().atMost(Duration.ofMinutes(2))
                .until(() -> messages.stream().filter(fits).findFirst(), Optional::isPresent)
                .get();
    }

    List<Map<String, String>> messages() {
        return messages;
    }

    private void send(String action) throws IOException {
        socket.getOutputStream().write((action.replace("\n", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            Map<String, String> message = new HashMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int colon = line.indexOf(": ");
                if (line.isEmpty() && !message.isEmpty()) {
                    messages.add(message);
                    message = new HashMap<>();
                } else if (colon > 0) {
                    message.put(line.substring(0, colon), line.substring(colon + 2));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
