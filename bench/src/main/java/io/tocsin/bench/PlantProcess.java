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

/** The simulated telephone plant in a process of its own: it measures the lines, and costs the node nothing. */
public final class PlantProcess implements AutoCloseable {
    public static final String PASSWORD = "bench-phone";

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper mapper = new ObjectMapper();
    private final int ari;
    private final int http;

    private PlantProcess(Process process, int ari, int http) {
        this.process = process;
        this.ari = ari;
        this.http = http;
    }

    /** Starts it and waits until it listens. @param options as {@code PlantMain} takes them, without dashes */
    public static PlantProcess start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.tocsin.lab.phone.PlantMain",
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
            throw new IOException("the simulated telephone plant did not start");
        }
        JsonNode listening = new ObjectMapper().readTree(line);
        return new PlantProcess(
                process, listening.get("ari").asInt(), listening.get("http").asInt());
    }

    /** Where it speaks ARI. */
    public int ari() {
        return ari;
    }

    public long pid() {
        return process.pid();
    }

    /** As {@code PlantCounters} writes them. */
    public JsonNode stats() throws IOException, InterruptedException {
        return mapper.readTree(ask(HttpRequest.newBuilder(uri("/stats"))));
    }

    /** Measures anew, changes its behaviour, dies: see {@code PlantMain}. */
    public void command(String pathAndQuery) throws IOException, InterruptedException {
        ask(HttpRequest.newBuilder(uri(pathAndQuery)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + http + pathAndQuery);
    }

    private String ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = client.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("the plant answered " + response.statusCode());
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
