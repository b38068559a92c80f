package io.tocsin.lab.phone;

import io.tocsin.lab.process.LoopbackDoor;
import java.io.IOException;
import java.util.Map;

/**
 * The simulated telephone plant as a process of its own, for stories and benches: {@code PlantMain --port=0 --lines=3500 …}.
 *
 * <p>Prints one line, {@code {"ari":…,"ami":…,"http":…}}, and then answers on the loopback: {@code GET /stats}, {@code GET /several},
 * {@code POST /mark}, {@code POST /reset}, {@code POST /drop}, {@code POST /crash}, {@code POST /refuse?connections=true},
 * {@code POST /behave?machine-share=…}. Runs until killed.
 */
public final class PlantMain {
    private final SimulatedPlant plant;
    private final LoopbackDoor http;
    private PlantSettings settings;

    private PlantMain(SimulatedPlant plant, LoopbackDoor http, PlantSettings settings) {
        this.plant = plant;
        this.http = http;
        this.settings = settings;
    }

    public static void main(String[] args) throws IOException {
        Map<String, String> given = LoopbackDoor.arguments(args);
        String httpPort = given.remove("http");
        PlantSettings settings;
        try {
            settings = PlantSettings.usual(0, true).with(given);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        PlantMain main = new PlantMain(
                SimulatedPlant.start(settings.options()),
                new LoopbackDoor(httpPort == null ? 0 : Integer.parseInt(httpPort)),
                settings);
        main.serve();
        System.out.printf(
                "{\"ari\":%d,\"ami\":%d,\"http\":%d}%n",
                main.plant.port(), main.plant.amiPort().orElse(-1), main.http.port());
        System.out.flush();
    }

    private void serve() {
        http.answers("/stats", query -> plant.counters().toJson());
        http.answers("/several", query -> LoopbackDoor.json(plant.severalByTelephone()));
        http.does("/mark", query -> plant.mark());
        http.does("/reset", query -> plant.reset());
        http.does("/drop", query -> plant.dropConnections());
        http.does("/crash", query -> plant.crash());
        http.does("/refuse", query -> plant.refuseConnections(Boolean.parseBoolean(query.get("connections"))));
        http.does("/behave", query -> {
            settings = settings.with(query);
            plant.behave(before -> settings.options().toBuilder());
        });
        http.start();
    }
}
