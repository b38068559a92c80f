package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The simulated SMSC in a process of its own, so that what the channel costs is told apart from what the carrier does. */
public final class SmscProcess implements AutoCloseable {
    public static final String PASSWORD = "bench-sm";

    private final LabProcess process;

    private SmscProcess(LabProcess process) {
        this.process = process;
    }

    /** Starts it and waits until it listens. @param options as {@code SmscMain} takes them, without dashes */
    public static SmscProcess start(String... options) throws IOException {
        return new SmscProcess(LabProcess.start("io.tocsin.lab.smsc.SmscMain", "512m", PASSWORD, options));
    }

    public int port() {
        return process.port("port");
    }

    public JsonNode stats() throws IOException, InterruptedException {
        return process.get("/stats");
    }

    /** Complete messages by number, of those that got more than one. */
    public Map<String, Integer> copies() throws IOException, InterruptedException {
        Map<String, Integer> copies = new HashMap<>();
        process.get("/copies")
                .fields()
                .forEachRemaining(
                        each -> copies.put(each.getKey(), each.getValue().asInt()));
        return copies;
    }

    /** Drops every connection, changes its behaviour, forgets what it counted: see {@code SmscMain}. */
    public void command(String pathAndQuery) throws IOException, InterruptedException {
        process.post(pathAndQuery);
    }

    @Override
    public void close() {
        process.close();
    }
}
