package io.tocsin.lab.phone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The simulated telephone plant as a process of its own, for stories and benches: {@code PlantMain --port=0 --lines=3500 …}.
 *
 * <p>Prints one line, {@code {"ari":…,"ami":…,"http":…}}, and then answers on the loopback: {@code GET /stats}, {@code GET /several},
 * {@code POST /mark}, {@code POST /reset}, {@code POST /drop}, {@code POST /crash}, {@code POST /refuse?connections=true},
 * {@code POST /behave?machine-share=…}. Runs until killed.
 */
public final class PlantMain {
    private final SimulatedPlant plant;
    private final HttpServer http;
    private PlantSettings settings;

    private PlantMain(SimulatedPlant plant, HttpServer http, PlantSettings settings) {
        this.plant = plant;
        this.http = http;
        this.settings = settings;
    }

    public static void main(String[] args) throws IOException {
        Map<String, String> given = new TreeMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (!arg.startsWith("--") || equals < 0) {
                System.err.println("unknown argument " + arg + ": write --key=value");
                System.exit(2);
            }
            given.put(arg.substring(2, equals), arg.substring(equals + 1));
        }
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
                HttpServer.create(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), httpPort == null ? 0 : Integer.parseInt(httpPort)),
                        0),
                settings);
        main.serve();
        System.out.printf(
                "{\"ari\":%d,\"ami\":%d,\"http\":%d}%n",
                main.plant.port(),
                main.plant.amiPort().orElse(-1),
                main.http.getAddress().getPort());
        System.out.flush();
    }

    private void serve() {
        http.createContext(
                "/stats", exchange -> answer(exchange, plant.counters().toJson()));
        http.createContext(
                "/several",
                exchange -> answer(
                        exchange,
                        plant.severalByTelephone().entrySet().stream()
                                .map(one -> "\"" + one.getKey() + "\":" + one.getValue())
                                .collect(Collectors.joining(",", "{", "}"))));
        command("/mark", query -> plant.mark());
        command("/reset", query -> plant.reset());
        command("/drop", query -> plant.dropConnections());
        command("/crash", query -> plant.crash());
        command("/refuse", query -> plant.refuseConnections(Boolean.parseBoolean(query.get("connections"))));
        command("/behave", query -> {
            settings = settings.with(query);
            plant.behave(before -> settings.options().toBuilder());
        });
        http.start();
    }

    private void command(String path, Consumer<Map<String, String>> action) {
        http.createContext(path, exchange -> {
            try {
                action.accept(query(exchange));
                answer(exchange, "{\"done\":true}");
            } catch (IllegalArgumentException e) {
                exchange.sendResponseHeaders(400, -1);
                exchange.close();
            }
        });
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new TreeMap<>();
        String raw = exchange.getRequestURI().getQuery();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    query.put(pair.substring(0, equals), pair.substring(equals + 1));
                }
            }
        }
        return query;
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        byte[] body = (json + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
