package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.persistence.testing.Conservation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Lines kept busy: an alert by telephone to more people than lines, each call 20 s (2 s of ringing, 18 s of a recording heard to its
 * end), over a simulated plant in a process of its own, which measures its lines itself. The control is what the lines could
 * carry if none were ever idle. The alert is cancelled when enough was seen; its ledger must add up, and nobody may be called twice.
 */
public final class VoiceBench {
    private static final int RINGING_MILLIS = 2_000;
    static final int MESSAGE_SECONDS = 18;
    private static final double CALL_SECONDS = RINGING_MILLIS / 1e3 + MESSAGE_SECONDS;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final double FULL = 0.97;

    private VoiceBench() {}

    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--asterisk")) {
            VoiceAsteriskBench.main(args);
            return;
        }
        if (List.of(args).contains("--stop")) {
            VoiceStopBench.main(args);
            return;
        }
        Options options = new Options(args, Set.of("lines", "seconds", "cps", "json"));
        Plan plan = new Plan(options.number("lines", 3_500), options.number("seconds", 60), options.number("cps", 0));
        try (PlantProcess plant = PlantProcess.start(
                        "lines=" + plan.lines(),
                        "key-share=0",
                        "ring-min-ms=" + RINGING_MILLIS,
                        "ring-max-ms=" + RINGING_MILLIS,
                        "patience-ms=60000");
                RunningNode node = start(plant, plan)) {
            ObjectNode result = new Run(plant, node, plan).measure();
            System.out.println(result);
            if (result.has("wrong")) {
                // A rate of calls that were lost or doubled is no rate.
                System.err.println("tocsin: the run does not count: " + result.get("wrong"));
                System.exit(1);
            }
        }
    }

    /**
     * What is measured.
     *
     * @param seconds of the steady part: whole calls, because lines that began together end together
     * @param cps the cap on calls begun a second; 0: none
     */
    record Plan(int lines, int seconds, int cps) {
        Plan {
            if (lines < 1 || seconds < 1 || cps < 0) {
                throw new IllegalArgumentException("--lines and --seconds are at least 1, --cps 0 or more");
            }
            seconds = (int) (Math.ceil(seconds / CALL_SECONDS) * CALL_SECONDS);
        }

        /** Calls a second that lines which are never idle carry. */
        double theory() {
            return lines / CALL_SECONDS;
        }

        /** Whether the cap is what limits, not the lines. */
        boolean capped() {
            return cps > 0 && cps < theory();
        }

        double rate() {
            return capped() ? cps : theory();
        }

        /** Lines busy when all goes well. */
        double busy() {
            return rate() * CALL_SECONDS;
        }

        /** Until every line has had its first call, at least; with a cap, that is a call's length. */
        int rampSeconds() {
            return (int) CALL_SECONDS + 10;
        }

        /** More than can be called meanwhile: the steady part must not run dry. */
        int people() {
            return (int) (rate() * (rampSeconds() + seconds + 45) * 1.1) + 2 * lines;
        }
    }

    private static RunningNode start(PlantProcess plant, Plan plan) {
        return BenchNode.start(
                Map.of(
                        "TOCSIN_LAB_PHONE_PORT",
                        String.valueOf(plant.ari()),
                        "TOCSIN_SECRET_LAB_PHONE",
                        PlantProcess.PASSWORD),
                folder -> {
                    BenchTenant tenant = BenchTenant.only(plan.people());
                    tenant.write(folder, account(plan.lines(), plan.cps()));
                    tenant.writeScenario(folder, SCENARIO);
                });
    }

    /** @param cps calls begun a second at most; 0: as many as there are lines for */
    static String account(int lines, int cps) {
        return """
                - slug: voice
                  channel: voice
                  rank: 10%s
                  settings:
                    host: 127.0.0.1
                    port: ${lab.phone.port:8088}
                    user: tocsin
                    password: secret:lab-phone
                    lines: "%d"
                    caller-id: "+33199001234"
                """
                .formatted(cps == 0 ? "" : "\n  messages-per-second: " + cps, lines);
    }

    static final String SCENARIO =
            """
            name: Mesure
            category: operational
            lists: [tous]
            cascade:
              - {channel: voice, patience: PT30M, attempts: 1, until: delivered}
            call: {ring: 30s, times: 1, machine: ignore}
            fallback-language: fr
            messages:
              fr:
                voice: {text: "{{recording.mesure}}"}
            """;

    private static final class Run {
        private final PlantProcess plant;
        private final RunningNode node;
        private final Plan plan;
        private final List<String> wrong = new ArrayList<>();

        Run(PlantProcess plant, RunningNode node, Plan plan) {
            this.plant = plant;
            this.node = node;
            this.plan = plan;
        }

        ObjectNode measure() throws Exception {
            BenchTenant tenant = BenchTenant.only(plan.people());
            Postgres postgres = BenchNode.populate(node, tenant);
            Api api = BenchNode.signIn(node, tenant);
            record(api, tenant);
            await("the account's connection", stats -> stats.get("connections").asInt() > 0);
            long from = System.nanoTime();
            long alert = BenchNode.launch(api, tenant);
            await("a first call", stats -> stats.get("originates").asLong() > 0);
            double firstSeconds = (System.nanoTime() - from) / 1e9;
            ramp();

            plant.command("/mark");
            double nodeCpu = Processes.cpuSeconds(node.pid());
            double plantCpu = Processes.cpuSeconds(plant.pid());
            long steady = System.nanoTime();
            Progress.pause(Duration.ofSeconds(plan.seconds()));
            JsonNode seen = plant.stats();
            double seconds = (System.nanoTime() - steady) / 1e9;
            nodeCpu = Processes.cpuSeconds(node.pid()) - nodeCpu;
            plantCpu = Processes.cpuSeconds(plant.pid()) - plantCpu;

            double with = NodeVitals.of(node.pid()).heapMiB();
            int up = plant.stats().get("calls").asInt();
            cancel(api, tenant, alert);
            await("the last call's end", stats -> stats.get("calls").asInt() == 0);
            settle(postgres, alert);
            double without = NodeVitals.of(node.pid()).heapMiB();
            judge(postgres.account(tenant.slug(), alert), plant.stats(), seen);

            double rate = seen.get("originates").asLong() / seconds;
            ObjectNode result = api.mapper().createObjectNode();
            result.put("bench", "voice").put("lines", plan.lines()).put("recipients", plan.people());
            result.put("seconds", round(seconds)).put("callSeconds", CALL_SECONDS);
            if (!wrong.isEmpty()) {
                wrong.forEach(result.putArray("wrong")::add);
            }
            result.put("firstCallMs", Math.round(firstSeconds * 1_000));
            result.put("callsPerSecond", round(rate));
            result.put("linesBusy", round(seen.get("linesBusy").asDouble()));
            result.put("meanCallSeconds", round(seen.get("callSeconds").asDouble()));
            result.put("idleGapP50Ms", seen.get("gapP50Ms").asDouble());
            result.put("idleGapP95Ms", seen.get("gapP95Ms").asDouble());
            result.put("idleGapMaxMs", seen.get("gapMaxMs").asDouble());
            if (plan.cps() > 0) {
                result.put("cps", plan.cps()).put("capBinds", plan.capped());
                seen.get("perSecond").forEach(result.putArray("perSecond")::add);
                result.put("cpsDeviation", round(deviation(seen.get("perSecond"), plan)));
            }
            result.put("heapBytesPerCall", up == 0 ? 0 : Math.round((with - without) * (1 << 20) / up));
            result.put("callsUpAtHeap", up);
            result.put(
                    "cpuSecondsPer1000Calls",
                    round(1_000 * nodeCpu / seen.get("originates").asLong()));
            result.put(
                    "plantCpuSecondsPer1000Calls",
                    round(1_000 * plantCpu / seen.get("originates").asLong()));
            result.putObject("control").put("name", "lines ÷ seconds a call").put("rate", round(plan.rate()));
            result.put("shareOfControl", round(rate / plan.rate()));
            return result;
        }

        /** Until every line that can be busy is, and has been for a call's length: then the first rush is over. */
        private void ramp() throws IOException, InterruptedException {
            int full = (int) (FULL * plan.busy());
            await(full + " busy lines", stats -> stats.get("busy").asInt() >= full);
            Progress.pause(Duration.ofSeconds(plan.rampSeconds()));
        }

        private JsonNode await(String what, Predicate<JsonNode> enough) throws IOException, InterruptedException {
            long limit = System.nanoTime() + LIMIT.toNanos();
            JsonNode stats = plant.stats();
            while (!enough.test(stats)) {
                if (System.nanoTime() > limit) {
                    throw new IllegalStateException(
                            "after " + LIMIT.toMinutes() + " minutes there was not " + what + ": " + stats);
                }
                Progress.pause(Duration.ofMillis(50));
                stats = plant.stats();
            }
            return stats;
        }

        private void cancel(Api api, BenchTenant tenant, long alert) throws IOException, InterruptedException {
            api.post("/api/v1/tenants/" + tenant.slug() + "/alerts/" + alert + "/cancellation", "{}")
                    .expect(200);
        }

        /** Nobody holds a batch of the alert any more. */
        private void settle(Postgres postgres, long alert) throws Exception {
            long limit = System.nanoTime() + LIMIT.toNanos();
            while (postgres.number("select count(*) from batch where lease_owner is not null") > 0) {
                if (System.nanoTime() > limit) {
                    wrong.add("alert " + alert + " did not come to rest");
                    return;
                }
                Progress.pause(Duration.ofMillis(100));
            }
        }

        private void judge(Conservation.Account account, JsonNode end, JsonNode steady) {
            wrong.addAll(account.broken());
            if (account.recipients() != plan.people()) {
                wrong.add("the alert has " + account.recipients() + " people, not " + plan.people());
            }
            if (end.get("again").asLong() > account.flagged()) {
                wrong.add(end.get("again").asLong() + " calls to people called before, of which the ledger flagged "
                        + account.flagged());
            }
            if (end.get("noLine").asLong() > 0) {
                wrong.add(end.get("noLine").asLong() + " calls beyond the lines there are");
            }
            long other = 0;
            for (Map.Entry<String, JsonNode> cause : steady.get("causes").properties()) {
                other += cause.getKey().equals("16") ? 0 : cause.getValue().asLong();
            }
            if (other > 0) {
                wrong.add(other + " calls of the steady part did not end as people do: " + steady.get("causes"));
            }
        }
    }

    /** Brings the recording that the scenario says. */
    static void record(Api api, BenchTenant tenant) throws IOException, InterruptedException {
        Path file = Files.createTempFile("mesure", ".wav");
        try {
            Files.write(file, wav(MESSAGE_SECONDS));
            api.store("/api/v1/tenants/" + tenant.slug() + "/recordings/mesure?name=Mesure", file)
                    .expect(200);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The largest deviation of a second from the cap, as a share of it; where lines limit, only what was above it. */
    static double deviation(JsonNode perSecond, Plan plan) {
        double worst = 0;
        for (JsonNode second : perSecond) {
            double off = (second.asDouble() - plan.cps()) / plan.cps();
            worst = Math.max(worst, plan.capped() ? Math.abs(off) : off);
        }
        return worst;
    }

    /** A voice-like sound, so that no check of recordings finds silence or clipping: a tone, louder and softer. */
    static byte[] wav(int seconds) {
        int rate = 8_000;
        int samples = seconds * rate;
        ByteBuffer wav = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(36 + 2 * samples)
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(rate)
                .putInt(2 * rate)
                .putShort((short) 2)
                .putShort((short) 16)
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt(2 * samples);
        for (int i = 0; i < samples; i++) {
            double swell = 0.55 + 0.45 * Math.sin(2 * Math.PI * 3 * i / rate);
            wav.putShort((short) (9_000 * swell * Math.sin(2 * Math.PI * 300 * i / rate)));
        }
        return wav.array();
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
