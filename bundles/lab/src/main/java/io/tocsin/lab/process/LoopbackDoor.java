package io.tocsin.lab.process;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How a part of the lab that is a process of its own is asked and told things: by HTTP, on the loopback. */
public final class LoopbackDoor {
    private final HttpServer http;

    /** Open, but nobody is answered before {@link #start}. @param port 0: a free one */
    public LoopbackDoor(int port) throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    }

    /** What a command line says, {@code --key=value} each; what is not written so ends the process with 2. */
    public static Map<String, String> arguments(String[] args) {
        Map<String, String> given = new TreeMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (!arg.startsWith("--") || equals < 0) {
                System.err.println("unknown argument " + arg + ": write --key=value");
                System.exit(2);
            }
            given.put(arg.substring(2, equals), arg.substring(equals + 1));
        }
        return given;
    }

    /** Counts as a JSON object. @param counts keys that need no escaping */
    public static String json(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(one -> "\"" + one.getKey() + "\":" + one.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    public int port() {
        return http.getAddress().getPort();
    }

    public void start() {
        http.start();
    }

    /** @param answer JSON for a query's parameters */
    public void answers(String path, Function<Map<String, String>, String> answer) {
        http.createContext(path, exchange -> answer(exchange, answer.apply(query(exchange))));
    }

    /** @param action on a query's parameters; an {@link IllegalArgumentException} is the asker's fault: 400 */
    public void does(String path, Consumer<Map<String, String>> action) {
        http.createContext(path, exchange -> {
            try {
                action.accept(query(exchange));
                answer(exchange, "{\"done\":true}");
            } catch (IllegalArgumentException wrong) {
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
