package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * From the first byte of an upload to the import that says it is done, once as CSV and once as a workbook, each into an
 * empty tenant of its own origin; progress is read through the same door meanwhile. The control is a raw COPY of the same
 * contacts and endpoints into tables with the same indexes, in the same run.
 */
public final class ImportBench {
    private static final double FLOOR_SECONDS = 30;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private ImportBench() {}

    public static void main(String[] args) throws Exception {
        Options options = new Options(args, Set.of("rows", "json"));
        int rows = options.number("rows", 100_000);
        SmscOptions carrier =
                SmscOptions.builder().account("tocsin", "bench-sm").build();
        Path folder = Files.createTempDirectory("tocsin-import-");
        try (SimulatedSmsc smsc = SimulatedSmsc.start(carrier);
                RunningNode node = BenchNode.start(smsc.port(), "bench-sm", rows, 1, 1, 10)) {
            Path csv = folder.resolve("habitants.csv");
            Path xlsx = folder.resolve("habitants.xlsx");
            Town.csv(csv, rows);
            Town.xlsx(xlsx, rows);
            BenchTenant tenant = BenchTenant.only(0);
            Postgres postgres = BenchNode.populate(node, tenant);
            Api api = BenchNode.signIn(node, tenant);
            ObjectNode result =
                    api.mapper().createObjectNode().put("bench", "import").put("rows", rows);
            result.set("csv", measure(api, tenant, postgres, csv, "bench-csv", rows));
            result.set("xlsx", measure(api, tenant, postgres, xlsx, "bench-xlsx", rows));
            result.put("heapMiB", BenchNode.heapMiB(node));
            if (rows == 100_000) {
                result.put("floorSeconds", FLOOR_SECONDS);
                result.put(
                        "floorMet",
                        result.at("/csv/seconds").asDouble() <= FLOOR_SECONDS
                                && result.at("/xlsx/seconds").asDouble() <= FLOOR_SECONDS);
            }
            System.out.println(result);
        } finally {
            RunningNode.delete(folder);
        }
    }

    private static ObjectNode measure(
            Api api, BenchTenant tenant, Postgres postgres, Path file, String source, int rows)
            throws IOException, InterruptedException, SQLException {
        String imports = "/api/v1/tenants/" + tenant.slug() + "/imports";
        long from = System.nanoTime();
        JsonNode run = api.upload(
                        imports + "?fileName=" + file.getFileName() + "&source=" + source + "&legalBasis=bench", file)
                .expect(202);
        double uploaded = seconds(from);
        // Counts of rows read that somebody who watches would have seen.
        TreeSet<Integer> seen = new TreeSet<>();
        while (Set.of("queued", "running").contains(run.get("state").asText())) {
            Progress.pause(BETWEEN_LOOKS);
            run = api.get(imports + "/" + run.get("id").asLong()).expect(200);
            if (run.get("state").asText().equals("running")) {
                seen.add(run.get("rowsRead").asInt());
            }
        }
        double seconds = seconds(from);
        seen.remove(0);
        long stored = postgres.number("select count(*) from contact where origin = '" + source + "'");
        if (!run.get("state").asText().equals("done") || run.get("added").asInt() != rows || stored != rows) {
            throw new IllegalStateException(
                    stored + " of " + rows + " contacts are stored; the import ended as " + run);
        }
        if (seen.isEmpty()) {
            throw new IllegalStateException("no progress was seen of an import of " + seconds + " s");
        }
        double control = postgres.secondsToCopy("contact", "origin = '" + source + "'")
                + postgres.secondsToCopy("endpoint", "origin = '" + source + "'");
        ObjectNode result = api.mapper().createObjectNode();
        result.put("seconds", rounded(seconds)).put("uploadSeconds", rounded(uploaded));
        result.put("rowsPerSecond", Math.round(rows / seconds));
        result.put("rejected", run.get("rejected").asInt());
        result.put("endpoints", postgres.number("select count(*) from endpoint where origin = '" + source + "'"));
        result.put("progressSteps", seen.size()).put("lastProgress", seen.last());
        result.putObject("control")
                .put("name", "raw COPY of contacts and endpoints into the same indexes")
                .put("rate", Math.round(rows / control));
        result.put("shareOfControl", rounded(control / seconds));
        return result;
    }

    private static double seconds(long from) {
        return (System.nanoTime() - from) / 1e9;
    }

    private static double rounded(double value) {
        return Math.round(1000 * value) / 1000.0;
    }
}
