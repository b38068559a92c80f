package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** The simulated telephone plant in a process of its own: it measures the lines, and costs the node nothing. */
public final class PlantProcess implements AutoCloseable {
    public static final String PASSWORD = "bench-phone";

    private final LabProcess process;

    private PlantProcess(LabProcess process) {
        this.process = process;
    }

    /** Starts it and waits until it listens. @param options as {@code PlantMain} takes them, without dashes */
    public static PlantProcess start(String... options) throws IOException {
        return new PlantProcess(LabProcess.start("io.tocsin.lab.phone.PlantMain", "384m", PASSWORD, options));
    }

    /** Where it speaks ARI. */
    public int ari() {
        return process.port("ari");
    }

    public long pid() {
        return process.pid();
    }

    /** As {@code PlantCounters} writes them. */
    public JsonNode stats() throws IOException, InterruptedException {
        return process.get("/stats");
    }

    /** Measures anew, changes its behaviour, dies: see {@code PlantMain}. */
    public void command(String pathAndQuery) throws IOException, InterruptedException {
        process.post(pathAndQuery);
    }

    @Override
    public void close() {
        process.close();
    }
}
