package io.tocsin.stories;

import io.tocsin.bench.RunningNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What a node's {@code /metrics} says. */
final class Metrics {
    private Metrics() {}

    /** The value of a metric, summed over its labels; 0 when there is none. */
    static double of(RunningNode node, String name) {
        try {
            return node.api()
                    .get("/metrics")
                    .raw()
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
