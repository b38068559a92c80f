package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.lab.people.PhoneFate;
import io.tocsin.lab.people.PhoneHabits;
import io.tocsin.lab.people.SmsPeople;
import io.tocsin.lab.phone.PlacedCall;
import io.tocsin.lab.phone.PlantOptions;
import io.tocsin.lab.phone.SimulatedPlant;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How soon a telephone stops ringing once its person has answered by text message: everybody gets a message, everybody's telephone rings,
 * nobody picks up, and everybody writes back meanwhile. Measured at the other side, from the moment a person sends their answer to the
 * moment their telephone is still, person by person.
 */
final class VoiceStopBench {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** When telephones certainly ring already, and do still. */
    private static final int FIRST_ANSWER_MILLIS = 20_000;

    private static final int ANSWERS_FOR_MILLIS = 20_000;

    private static final String SMS_PASSWORD = "bench-sm";
    private static final String PHONE_PASSWORD = "bench-phone";

    private static final String SCENARIO =
            """
            name: Mesure
            category: life-safety
            lists: [tous]
            cascade:
              - {channel: sms, patience: PT3S, attempts: 1, until: answered}
              - {channel: voice, patience: PT30M, attempts: 1, until: answered}
            question:
              choices: {"1": Oui, "2": Non}
            call: {ring: 60s, times: 1, machine: ignore}
            fallback-language: fr
            messages:
              fr:
                sms: {text: "Mesure : repondez 1 ou 2."}
                voice: {text: "{{recording.mesure}}"}
            """;

    private final Map<String, Instant> answers = new ConcurrentHashMap<>();

    static void main(String[] args) throws Exception {
        Options options = new Options(args, Set.of("stop", "lines", "json"));
        ObjectNode result = new VoiceStopBench().measure(options.number("lines", 2_000));
        System.out.println(result);
        if (result.has("wrong")) {
            System.exit(1);
        }
    }

    private Optional<SmsPeople.Reply> reply(SmsPeople.Arrival arrival) {
        Duration think = Duration.ofMillis(
                FIRST_ANSWER_MILLIS + ThreadLocalRandom.current().nextInt(ANSWERS_FOR_MILLIS));
        answers.put(person(arrival.telephone()), Instant.now().plus(think));
        return Optional.of(new SmsPeople.Reply("1", think));
    }

    /** The same for every way to write a number. */
    private static String person(String telephone) {
        return telephone.substring(telephone.length() - 9);
    }

    private ObjectNode measure(int people) throws Exception {
        PhoneHabits nobodyPicksUp =
                PhoneHabits.builder().share(PhoneFate.RINGS_OUT, 1).build();
        try (SimulatedSmsc smsc = SimulatedSmsc.start(SmscOptions.builder()
                        .account("tocsin", SMS_PASSWORD)
                        .people(this::reply)
                        .build());
                SimulatedPlant plant = SimulatedPlant.start(PlantOptions.builder()
                        .account("tocsin", PHONE_PASSWORD)
                        .people(nobodyPicksUp, 1)
                        .lines(people)
                        .build());
                RunningNode node = start(smsc, plant, people)) {
            BenchTenant tenant = BenchTenant.only(people);
            BenchNode.populate(node, tenant);
            Api api = BenchNode.signIn(node, tenant);
            VoiceBench.record(api, tenant);
            String alert = "/api/v1/tenants/" + tenant.slug() + "/alerts/" + BenchNode.launch(api, tenant);
            long from = System.nanoTime();
            JsonNode totals = totals(api, alert);
            while (totals.get("answered").asLong() < people || plant.counters().calls() > 0) {
                if (System.nanoTime() - from > LIMIT.toNanos()) {
                    throw new IllegalStateException("not everybody's answer was counted: " + totals);
                }
                Progress.pause(Duration.ofMillis(200));
                totals = totals(api, alert);
            }
            return result(api, plant, people);
        }
    }

    private ObjectNode result(Api api, SimulatedPlant plant, int people) {
        Samples stopped = new Samples();
        int rangWhenAnswered = 0;
        for (PlacedCall call : plant.placed()) {
            Instant answered = answers.get(person(call.telephone()));
            if (call.at().isBefore(answered) && call.ended().isAfter(answered)) {
                rangWhenAnswered++;
                stopped.add(Duration.between(answered, call.ended()).toNanos());
            }
        }
        ObjectNode result = api.mapper().createObjectNode();
        result.put("bench", "voice").put("measured", "answered to silent").put("recipients", people);
        result.put("calls", plant.placed().size()).put("rangWhenAnswered", rangWhenAnswered);
        if (rangWhenAnswered < people) {
            result.put("wrong", (people - rangWhenAnswered) + " telephones did not ring when their person answered");
        }
        stopped.write(result.putObject("stopped"));
        return result;
    }

    private static JsonNode totals(Api api, String alert) throws Exception {
        return api.get(alert).expect(200).get("totals");
    }

    private static RunningNode start(SimulatedSmsc smsc, SimulatedPlant plant, int lines) {
        return BenchNode.start(
                Map.of(
                        "TOCSIN_LAB_SMS_PORT",
                        String.valueOf(smsc.port()),
                        "TOCSIN_SECRET_LAB_SMS",
                        SMS_PASSWORD,
                        "TOCSIN_LAB_PHONE_PORT",
                        String.valueOf(plant.port()),
                        "TOCSIN_SECRET_LAB_PHONE",
                        PHONE_PASSWORD),
                folder -> {
                    BenchTenant tenant = BenchTenant.only(lines);
                    tenant.write(
                            folder,
                            BenchTenant.carriers(1, 2, 200, 0).replace("tocsin-1", "tocsin")
                                    + VoiceBench.account(lines, 0));
                    tenant.writeScenario(folder, SCENARIO);
                    Path settings = folder.resolve(tenant.slug()).resolve("tenant.yaml");
                    Files.writeString(
                            settings,
                            Files.readString(settings).replace("sms-sender: Tocsin", "sms-sender: \"38999\""));
                });
    }
}
