package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.lab.people.SmsPeople;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscCounters;
import io.tocsin.lab.smsc.SmscOptions;
import io.tocsin.persistence.testing.Conservation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * From the moment somebody's answer is recorded to the event of the board's stream that counts it, while an alert leaves at full rate: a
 * node with its database, a simulated SMSC in this process whose people answer by SMS, and one screen that follows the stream. Its control
 * is the alert itself: the same lag once everything has left and only answers come.
 */
public final class BoardBench {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration SETTLING = Duration.ofSeconds(3);

    /** From the message on somebody's telephone to the answer they send. */
    private static final Duration THOUGHT = Duration.ofMillis(200);

    private BoardBench() {}

    public static void main(String[] args) throws Exception {
        Options options = new Options(args, Set.of("recipients", "late-answers", "json"));
        int recipients = options.number("recipients", 50_000);
        int late = options.number("late-answers", 500);
        SmscOptions carrier = SmscOptions.builder()
                .account("tocsin", "bench-sm")
                .receiptDelay(Duration.ofMillis(50))
                .recordMessages(false)
                .people(arrival -> answersAtOnce(arrival.telephone())
                        ? Optional.of(new SmsPeople.Reply("1", THOUGHT))
                        : Optional.empty())
                .build();
        BenchTenant tenant = BenchTenant.only(recipients);
        ObjectNode result;
        try (SimulatedSmsc smsc = SimulatedSmsc.start(carrier);
                RunningNode node = BenchNode.start(smsc.port(), "bench-sm", folder -> {
                    // The login without a number: what somebody writes first is brought there.
                    tenant.write(folder, BenchTenant.carriers(1, 4, 200, 0).replace("tocsin-1", "tocsin"));
                    tenant.writeScenario(folder, SCENARIO);
                })) {
            result = measure(node, smsc, tenant, late);
        }
        System.out.println(result);
        if (result.has("wrong")) {
            System.err.println("tocsin: the run does not count: " + result.get("wrong"));
            System.exit(1);
        }
    }

    private static final String SCENARIO =
            """
            name: Mesure
            category: operational
            lists: [tous]
            cascade:
              - {channel: sms, patience: PT30M, attempts: 1, until: answered}
            question:
              choices: {"1": Je viens, "2": Je ne peux pas}
            fallback-language: fr
            messages:
              fr:
                sms: {text: "Mesure {{numero}} : repondez 1 pour venir, 2 si vous ne le pouvez pas."}
            """;

    /** One person in ten; the others stay silent until they are asked to write. */
    private static boolean answersAtOnce(String telephone) {
        return telephone.endsWith("0");
    }

    private static ObjectNode measure(RunningNode node, SimulatedSmsc smsc, BenchTenant tenant, int late)
            throws Exception {
        Postgres postgres = BenchNode.populate(node, tenant);
        Api api = BenchNode.signIn(node, tenant);
        int people = tenant.recipients();
        warmUp(api, postgres, smsc, tenant);
        long from = System.nanoTime();
        long alert = BenchNode.launch(api, tenant);
        BoardLag lag = new BoardLag();
        AtomicBoolean over = new AtomicBoolean();
        Thread screen = screen(api, tenant, alert, lag, over);
        while (smsc.counters().receipts() < people) {
            pause(from);
        }
        double seconds = (System.nanoTime() - from) / 1e9;
        Instant dispatched = now();
        List<String> numbers =
                IntStream.rangeClosed(1, people).mapToObj(Postgres::number).toList();
        long meanwhile = numbers.stream().filter(BoardBench::answersAtOnce).count();
        awaitAnswers(postgres, alert, meanwhile, from);
        List<String> others = numbers.stream()
                .filter(number -> !answersAtOnce(number))
                .limit(late)
                .toList();
        Instant quiet = now();
        for (String number : others) {
            smsc.write(number, "36111", "2");
            Progress.pause(Duration.ofMillis(10));
        }
        long written = meanwhile + others.size();
        awaitAnswers(postgres, alert, written, from);
        Instant last = now();
        while (lag.shown() < written && now().isBefore(last.plus(LIMIT))) {
            Progress.pause(Duration.ofMillis(50));
        }
        over.set(true);
        screen.join(SETTLING.toMillis());
        recorded(postgres, alert).forEach(lag::recorded);
        Conservation.Account account = postgres.account(tenant.slug(), alert);
        SmscCounters seen = smsc.counters();
        ObjectNode result = api.mapper().createObjectNode();
        result.put("bench", "board").put("recipients", people).put("answers", written);
        result.put("seconds", Math.round(1000 * seconds) / 1000.0);
        List<String> wrong = new ArrayList<>(account.broken());
        if (lag.shown() != written) {
            wrong.add("the board showed " + lag.shown() + " answers of " + written);
        }
        if (seen.destinations() != people) {
            wrong.add(people - seen.destinations() + " people got nothing");
        }
        if (wrong.isEmpty()) {
            result.put("rate", Math.round(people / seconds)).put("answersMeanwhile", meanwhile);
            write(lag.lags(Instant.EPOCH, dispatched), result.putObject("lag"));
            ObjectNode control = result.putObject("control").put("name", "the same alert, with nothing left to send");
            write(lag.lags(quiet, last), control);
        } else {
            wrong.forEach(result.putArray("wrong")::add);
        }
        return result.put("events", lag.events());
    }

    /** What is compiled on the way is the first alert's. It is cancelled: an answer is the open alert's. */
    private static void warmUp(Api api, Postgres postgres, SimulatedSmsc smsc, BenchTenant tenant) throws Exception {
        long from = System.nanoTime();
        long alert = BenchNode.launch(api, tenant);
        while (smsc.counters().receipts() < tenant.recipients()) {
            pause(from);
        }
        awaitAnswers(postgres, alert, tenant.recipients() / 10, from);
        api.post("/api/v1/tenants/" + tenant.slug() + "/alerts/" + alert + "/cancellation", "{}")
                .expect(200);
        smsc.reset();
    }

    private static void write(Samples samples, ObjectNode into) {
        samples.write(into).put("p95Ms", Math.round(samples.percentile(0.95) / 1e5) / 10.0);
    }

    private static Thread screen(Api api, BenchTenant tenant, long alert, BoardLag lag, AtomicBoolean over) {
        Thread thread = new Thread(
                () -> {
                    try {
                        api.follow(tenant.slug(), alert, status -> {
                            JsonNode totals = status.get("totals");
                            if (totals != null) {
                                lag.shown(now(), totals.get("answered").asLong());
                            }
                            return over.get();
                        });
                    } catch (IOException e) {
                        System.err.println("tocsin: the stream of alert " + alert + " ended: " + e.getMessage());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "board-screen");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void awaitAnswers(Postgres postgres, long alert, long answers, long from) throws SQLException {
        try (Postgres.Question recorded = postgres.ask("select count(*) from answer where alert_id = " + alert)) {
            while (recorded.number() < answers) {
                pause(from);
            }
        }
    }

    /** The clock of the database is this machine's, and so is the screen's. */
    private static List<Instant> recorded(Postgres postgres, long alert) throws SQLException {
        try (Connection connection = postgres.connect();
                PreparedStatement query =
                        connection.prepareStatement("select recorded_at from answer where alert_id = ?")) {
            query.setLong(1, alert);
            List<Instant> recorded = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    recorded.add(row.getTimestamp(1).toInstant());
                }
            }
            return recorded;
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    private static void pause(long from) {
        if (System.nanoTime() - from > LIMIT.toNanos()) {
            throw new IllegalStateException("not done after " + LIMIT.toMinutes() + " minutes");
        }
        Progress.pause(Duration.ofMillis(5));
    }
}
