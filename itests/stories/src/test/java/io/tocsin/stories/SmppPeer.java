package io.tocsin.stories;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The SMPP server of {@code src/test/smpp-peer}, on Node.js: a carrier that shares no code with the node. */
final class SmppPeer implements AutoCloseable {
    private static final Path SOURCE = Path.of(System.getProperty("tocsin.root"), "itests/stories/src/test/smpp-peer");

    /** One for each process: stories beside each other install what it needs at the same time. */
    private static final Path PLACE = Path.of(
            System.getProperty("tocsin.root"),
            "itests/stories/target/smpp-peer-" + ProcessHandle.current().pid());

    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port;
    private final int control;

    private SmppPeer(Process process) throws IOException {
        this.process = process;
        // Not closed: the process ends with its standard input, and its output with it.
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) {
            throw new IllegalStateException("the SMPP peer ended: " + Files.readString(PLACE.resolve("server.err")));
        }
        JsonNode ports = mapper.readTree(line);
        this.port = ports.get("smpp").asInt();
        this.control = ports.get("control").asInt();
    }

    /** @throws IllegalStateException when Node.js or npm is missing, or what the lock file names cannot be had */
    static SmppPeer start(String systemId, String password, int latencyMillis)
            throws IOException, InterruptedException {
        Files.createDirectories(PLACE);
        for (String file : List.of("package.json", "package-lock.json", "server.js")) {
            Files.copy(SOURCE.resolve(file), PLACE.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Path said = PLACE.resolve("npm.out");
        Process npm = process("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (!npm.waitFor(3, TimeUnit.MINUTES) || npm.exitValue() != 0) {
            npm.destroyForcibly();
            throw new IllegalStateException("npm ci failed: " + Files.readString(said));
        }
        return new SmppPeer(process("node", "server.js", systemId, password, String.valueOf(latencyMillis))
                .redirectError(PLACE.resolve("server.err").toFile())
                .start());
    }

    private static ProcessBuilder process(String... command) {
        return new ProcessBuilder(command).directory(PLACE.toFile());
    }

    int port() {
        return port;
    }

    /** What it has seen: {@code submits}, {@code messages}, {@code transmitters}, {@code receivers}, … */
    JsonNode state() {
        return control("GET", "/state");
    }

    /** A person writes. */
    void write(String from, String to, String text) {
        control("POST", "/write?from=" + encoded(from) + "&to=" + encoded(to) + "&text=" + encoded(text));
    }

    /** How long it takes to answer a submit from now on. */
    void latency(int millis) {
        control("POST", "/latency?ms=" + millis);
    }

    /** Messages it took, by destination. */
    Map<String, Integer> copies() {
        Map<String, Integer> copies = new TreeMap<>();
        for (JsonNode message : state().get("messages")) {
            copies.merge(message.get("to").asText(), 1, Integer::sum);
        }
        return copies;
    }

    /** Says goodbye to everybody and is back on the same port a second later. */
    void restart() {
        control("POST", "/restart");
    }

    private JsonNode control(String method, String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + control + path))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            return mapper.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
