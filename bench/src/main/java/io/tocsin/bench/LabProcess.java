package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A part of the lab in a process of its own: it says on its first line where it listens, and answers questions by HTTP. */
final class LabProcess implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String main;
    private final Process process;
    private final JsonNode listening;
    private final HttpClient client = HttpClient.newHttpClient();

    private LabProcess(String main, Process process, JsonNode listening) {
        this.main = main;
        this.process = process;
        this.listening = listening;
    }

    /**
     * Starts it and waits until it listens, on free ports.
     *
     * @param main its class
     * @param heap as {@code -Xmx} takes it
     * @param options as that class takes them, without dashes
     */
    static LabProcess start(String main, String heap, String password, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main,
                "--port=0",
                "--record=false",
                "--password=" + password));
        for (String option : options) {
            command.add("--" + option);
        }
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (line == null) {
            throw new IOException(main + " did not start");
        }
        return new LabProcess(main, process, MAPPER.readTree(line));
    }

    /** @param name of the port, as it says it */
    int port(String name) {
        return listening.get(name).asInt();
    }

    long pid() {
        return process.pid();
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return MAPPER.readTree(ask(HttpRequest.newBuilder(uri(path))));
    }

    void post(String pathAndQuery) throws IOException, InterruptedException {
        ask(HttpRequest.newBuilder(uri(pathAndQuery)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + port("http") + pathAndQuery);
    }

    private String ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = client.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(main + " answered " + response.statusCode());
        }
        return response.body();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
