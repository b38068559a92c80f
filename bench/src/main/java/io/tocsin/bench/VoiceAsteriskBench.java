package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.peers.Alaw;
import io.tocsin.peers.Asterisk;
import io.tocsin.peers.Phone;
import io.tocsin.peers.PhoneCall;
import io.tocsin.peers.Phones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Concurrent calls through a real Asterisk to sipp telephones, all on the same cores: an alert keeps so many lines busy for some calls each, and
 * nobody may fail. Meanwhile a few other calls of the switch are listened to, octet by octet: an overloaded switch does not refuse,
 * it stretches what it says. The control is Asterisk alone: as many calls of the same message, begun by call files and played by its
 * own dialplan, with no node running a call.
 */
final class VoiceAsteriskBench {
    private static final int CALLS_A_LINE = 3;
    private static final int EARS = 4;
    private static final byte[] PROBE = Alaw.sweep(15, 4);
    private static final String SECRET = "bench-switch-secret";
    private static final Duration LIMIT = Duration.ofMinutes(6);

    private VoiceAsteriskBench() {}

    static void main(String[] args) throws Exception {
        Options options = new Options(args, Set.of("asterisk", "concurrent", "json"));
        int concurrent = options.number("concurrent", 100);
        try (Phones people =
                        Phones.builder().others(Phone.answers()).withoutAudio().start();
                Phones ears = Phones.builder().others(Phone.answers()).start();
                Asterisk asterisk = Asterisk.builder()
                        .trunk("carrier", people.address())
                        .trunk("ears", ears.address())
                        .ariUser("tocsin", SECRET)
                        .start();
                RunningNode node = start(asterisk, concurrent)) {
            ObjectNode result = measure(people, ears, asterisk, node, concurrent);
            System.out.println(result);
            if (result.get("failed").asLong() > 0) {
                System.exit(1);
            }
        }
    }

    private static RunningNode start(Asterisk asterisk, int concurrent) {
        return BenchNode.start(Map.of("TOCSIN_SECRET_VOICE", SECRET), folder -> {
            BenchTenant tenant = BenchTenant.only(CALLS_A_LINE * concurrent);
            tenant.write(
                    folder,
                    """
                    - slug: voice
                      channel: voice
                      rank: 10
                      messages-per-second: %d
                      settings:
                        host: 127.0.0.1
                        port: "%d"
                        user: tocsin
                        password: secret:voice
                        dial: PJSIP/{number}@carrier
                        numbers: national
                        lines: "%d"
                        caller-id: "+33199001234"
                    """
                            .formatted(
                                    Math.max(1, concurrent / 5), asterisk.ari().getPort(), concurrent));
            tenant.writeScenario(folder, VoiceBench.SCENARIO);
        });
    }

    private static ObjectNode measure(Phones people, Phones ears, Asterisk asterisk, RunningNode node, int concurrent)
            throws Exception {
        BenchTenant tenant = BenchTenant.only(CALLS_A_LINE * concurrent);
        BenchNode.populate(node, tenant);
        Api api = BenchNode.signIn(node, tenant);
        VoiceBench.record(api, tenant);
        asterisk.sound("probe", PROBE);
        double nodeCpu = Processes.cpuSeconds(node.pid());
        double switchCpu = Processes.cpuSeconds(asterisk.pid());
        long from = System.nanoTime();
        long alert = BenchNode.launch(api, tenant);
        List<Integer> busy = new ArrayList<>();
        boolean listened = false;
        JsonNode totals = totals(api, tenant, alert);
        while (totals.get("pending").asLong() > 0 && System.nanoTime() - from < LIMIT.toNanos()) {
            int calls = calls(asterisk);
            busy.add(calls);
            if (!listened && calls >= concurrent * 0.95) {
                listened = true;
                spool(asterisk, "ears", "0536490", EARS, "probe");
            }
            Progress.pause(Duration.ofMillis(500));
            totals = totals(api, tenant, alert);
        }
        double seconds = (System.nanoTime() - from) / 1e9;
        nodeCpu = Processes.cpuSeconds(node.pid()) - nodeCpu;
        switchCpu = Processes.cpuSeconds(asterisk.pid()) - switchCpu;
        long failed = CALLS_A_LINE * (long) concurrent - totals.get("delivered").asLong();

        ObjectNode result = api.mapper().createObjectNode();
        result.put("bench", "voice").put("switch", asterisk.version()).put("recipients", CALLS_A_LINE * concurrent);
        result.put("seconds", round(seconds)).put("lines", concurrent);
        result.put("concurrent", busy.stream().mapToInt(Integer::intValue).max().orElse(0));
        result.put("failed", failed);
        result.put("heardOfProbes", listened ? round(heard(ears)) : 0);
        result.put("nodeCores", round(nodeCpu / seconds)).put("switchCores", round(switchCpu / seconds));
        result.set("control", control(people, asterisk, concurrent, api));
        return result;
    }

    /** Asterisk alone: as many calls at once, begun by call files, the message played by its dialplan. */
    private static ObjectNode control(Phones people, Asterisk asterisk, int concurrent, Api api) throws Exception {
        int before = people.calls().size();
        asterisk.sound("long", Alaw.sweep(VoiceBench.MESSAGE_SECONDS, 5));
        double cpu = Processes.cpuSeconds(asterisk.pid());
        long from = System.nanoTime();
        int most = 0;
        for (int begun = 0; begun < concurrent; begun += Math.max(1, concurrent / 10)) {
            spool(
                    asterisk,
                    "carrier",
                    "0465%02d".formatted(begun * 100 / concurrent),
                    Math.min(Math.max(1, concurrent / 10), concurrent - begun),
                    "long");
            most = Math.max(most, calls(asterisk));
            Progress.pause(Duration.ofMillis(500));
        }
        long limit = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (System.nanoTime() < limit && (people.calls().size() < before + concurrent || calls(asterisk) > 0)) {
            most = Math.max(most, calls(asterisk));
            Progress.pause(Duration.ofMillis(250));
        }
        double seconds = (System.nanoTime() - from) / 1e9;
        long whole = people.calls().stream()
                .skip(before)
                .filter(call -> call.state() == PhoneCall.State.HUNG_UP_BY_OTHER)
                .count();
        ObjectNode control = api.mapper().createObjectNode();
        control.put("name", "Asterisk alone, call files and Playback");
        control.put("concurrent", most).put("failed", concurrent - whole);
        control.put("switchCores", round((Processes.cpuSeconds(asterisk.pid()) - cpu) / seconds));
        return control;
    }

    /** Call files, as pbx_spool reads them: written whole elsewhere, then moved. */
    private static void spool(Asterisk asterisk, String trunk, String prefix, int calls, String sound)
            throws IOException {
        Path outgoing = Files.createDirectories(asterisk.folder().resolve("spool/outgoing"));
        for (int n = 0; n < calls; n++) {
            Path file = Files.writeString(
                    asterisk.folder().resolve("spool/" + prefix + n),
                    """
                    Channel: PJSIP/%s%03d@%s
                    CallerID: <0199001234>
                    WaitTime: 30
                    Application: Playback
                    Data: %s
                    """
                            .formatted(prefix, n, trunk, asterisk.folder().resolve("sounds/" + sound)));
            Files.move(file, outgoing.resolve(prefix + n + ".call"));
        }
    }

    /** The worst share of the probe that one of the ears heard, octet by octet. */
    private static double heard(Phones ears) throws InterruptedException {
        long limit = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (System.nanoTime() < limit
                && (ears.calls().size() < EARS
                        || ears.calls().stream().anyMatch(call -> call.state() == PhoneCall.State.UP))) {
            Progress.pause(Duration.ofMillis(100));
        }
        return ears.calls().size() < EARS
                ? 0
                : ears.calls().stream()
                        .mapToDouble(call -> Alaw.share(call.heard(), PROBE))
                        .min()
                        .orElse(0);
    }

    private static int calls(Asterisk asterisk) throws IOException, InterruptedException {
        return asterisk.cli("core show channels count")
                .lines()
                .filter(line -> line.contains("active channel"))
                .mapToInt(line -> Integer.parseInt(line.strip().split(" ")[0]))
                .findFirst()
                .orElse(0);
    }

    private static JsonNode totals(Api api, BenchTenant tenant, long alert) throws IOException, InterruptedException {
        return api.get("/api/v1/tenants/" + tenant.slug() + "/alerts/" + alert)
                .expect(200)
                .get("totals");
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
