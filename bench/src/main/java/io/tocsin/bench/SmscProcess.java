package io.tocsin.bench;

import com.fasterxml.jackson.core.type.TypeReference;
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
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The simulated SMSC in a process of its own, so that what the channel costs is told apart from what the carrier does. */
public final class SmscProcess implements AutoCloseable {
    public static final String PASSWORD = "bench-sm";

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;
    private final int http;

    private SmscProcess(Process process, int port, int http) {
        this.process = process;
        this.port = port;
        this.http = http;
    }

    /** Starts it and waits until it listens. @param options as {@code SmscMain} takes them, without dashes */
    public static SmscProcess start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.tocsin.lab.smsc.SmscMain",
                "--port=0",
                "--record=false",
                "--password=" + PASSWORD));
        for (String option : options) {
            command.add("--" + option);
        }
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (line == null) {
            throw new IOException("the simulated SMSC did not start");
        }
        JsonNode listening = new ObjectMapper().readTree(line);
        return new SmscProcess(
                process, listening.get("port").asInt(), listening.get("http").asInt());
    }

    public int port() {
        return port;
    }

    public JsonNode stats() throws IOException, InterruptedException {
        return new ObjectMapper().readTree(ask(HttpRequest.newBuilder(uri("/stats"))));
    }

    /** Complete messages by number, of those that got more than one. */
    public Map<String, Integer> copies() throws IOException, InterruptedException {
        return new ObjectMapper()
                .readValue(ask(HttpRequest.newBuilder(uri("/copies"))), new TypeReference<Map<String, Integer>>() {});
    }

    /** Drops every connection, changes its behaviour, forgets what it counted: see {@code SmscMain}. */
    public void command(String pathAndQuery) throws IOException, InterruptedException {
        ask(HttpRequest.newBuilder(uri(pathAndQuery)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private String ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString()).body();
    }

    private URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + http + pathAndQuery);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
