package io.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * People who look at an alert while it is sent: one screen that follows its stream, and requests of several kinds to the
 * public API at a fixed rate. A request leaves when it is due, whether or not those before it were answered, and its latency
 * counts from that moment: a node that stands still makes all of them late, not one (no coordinated omission).
 */
final class Onlookers implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** Beyond this many unanswered requests the next ones are not sent and count as failed. */
    private static final int MOST_UNANSWERED = 400;

    private static final String ALERT = "alert";

    private final Api api;
    private final int perSecond;
    private final long alertId;
    private final BenchTenant tenant;
    private final CounterAge age;
    private final ExecutorService executor = Executors.newFixedThreadPool(2, work -> daemon(work, "onlooker-answers"));
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .executor(executor)
            .build();
    private final Map<String, Samples> latencies = new LinkedHashMap<>();
    private final Samples all = new Samples();
    private final Samples figureAges = new Samples();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private final long from = System.nanoTime();
    private volatile boolean over;
    private volatile double cpuSeconds;

    private Onlookers(Api api, BenchTenant tenant, int perSecond, long alertId, CounterAge age) {
        this.api = api;
        this.perSecond = perSecond;
        this.alertId = alertId;
        this.tenant = tenant;
        this.age = age;
        List.of(ALERT, "people", "person", "alerts", "health").forEach(kind -> latencies.put(kind, new Samples()));
    }

    /**
     * Begins to look.
     *
     * @param api signed in as somebody who may see people
     * @param age where the figures seen go; the truth is the caller's to tell
     */
    static Onlookers watch(Api api, BenchTenant tenant, int perSecond, long alertId, CounterAge age) {
        Onlookers onlookers = new Onlookers(api, tenant, perSecond, alertId, age);
        onlookers.threads.add(daemon(onlookers::follow, "onlooker-screen"));
        onlookers.threads.add(daemon(onlookers::ask, "onlooker-requests"));
        onlookers.threads.forEach(Thread::start);
        return onlookers;
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private void follow() {
        try {
            api.follow(tenant.slug(), alertId, status -> {
                JsonNode totals = status.get("totals");
                if (totals != null) {
                    age.shown(System.nanoTime(), delivered(totals));
                }
                return over;
            });
        } catch (IOException | IllegalStateException e) {
            if (!over) {
                System.err.println("tocsin: the stream of alert " + alertId + " ended: " + e.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() {
        long gap = TimeUnit.SECONDS.toNanos(1) / perSecond;
        List<String> kinds = List.copyOf(latencies.keySet());
        for (int i = 0; !over; i++) {
            long due = from + i * gap;
            while (!over && System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            if (!over) {
                send(kinds.get(i % kinds.size()), i, due);
            }
        }
        cpuSeconds = cpu();
    }

    private void send(String kind, int i, long due) {
        if (unanswered.incrementAndGet() > MOST_UNANSWERED) {
            unanswered.decrementAndGet();
            failed.incrementAndGet();
            return;
        }
        client.sendAsync(api.request(path(kind, i)).timeout(LIMIT).GET().build(), BodyHandlers.ofString())
                .whenComplete((response, failure) -> {
                    unanswered.decrementAndGet();
                    answered(kind, due, response, failure);
                });
    }

    private String path(String kind, int i) {
        String alerts = "/api/v1/tenants/" + tenant.slug() + "/alerts";
        int somebody = 1 + (int) (i * 7919L % tenant.recipients());
        return switch (kind) {
            case ALERT -> alerts + "/" + alertId;
            case "people" -> alerts + "/" + alertId + "/people?limit=100&after=" + somebody;
            case "person" -> alerts + "/" + alertId + "/people/" + somebody;
            case "alerts" -> alerts + "?limit=20";
            default -> "/health/ready";
        };
    }

    private void answered(String kind, long due, HttpResponse<String> response, Throwable failure) {
        long now = System.nanoTime();
        latencies.get(kind).add(now - due);
        all.add(now - due);
        if (failure != null || response.statusCode() != 200) {
            failed.incrementAndGet();
        } else if (kind.equals(ALERT)) {
            try {
                JsonNode totals = api.mapper().readTree(response.body()).get("totals");
                figureAges.add(age.age(now, delivered(totals)));
            } catch (IOException e) {
                failed.incrementAndGet();
            }
        }
    }

    private static long delivered(JsonNode totals) {
        return totals.get("delivered").asLong() + totals.get("answered").asLong();
    }

    /** CPU that looking cost on this side, of the threads that live. */
    private static double cpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double seconds = 0;
        for (long id : threads.getAllThreadIds()) {
            var thread = threads.getThreadInfo(id);
            if (thread != null
                    && (thread.getThreadName().startsWith("onlooker-")
                            || thread.getThreadName().startsWith("HttpClient-"))) {
                seconds += Math.max(0, threads.getThreadCpuTime(id)) / 1e9;
            }
        }
        return seconds;
    }

    /** Looks no more; waits for the answers still out, which count with the time they took. */
    @Override
    public void close() {
        over = true;
        long until = System.nanoTime() + LIMIT.toNanos();
        while (unanswered.get() > 0 && System.nanoTime() < until) {
            Progress.pause(Duration.ofMillis(20));
        }
        failed.addAndGet(unanswered.get());
        executor.shutdownNow();
    }

    /**
     * What was seen, into {@code api} and {@code counterAge} of a bench's result. Call it after {@link #close}.
     *
     * @param to until when messages were sent, by {@code System.nanoTime}
     */
    void write(ObjectNode result, long dispatchingFrom, long to) {
        double seconds = (to - from) / 1e9;
        ObjectNode seen = all.write(result.putObject("api").put("perSecond", perSecond));
        seen.put("failed", failed.get());
        seen.put("probeCpuShare", Math.round(1000 * cpuSeconds / seconds) / 1000.0);
        ObjectNode kinds = seen.putObject("kinds");
        latencies.forEach((kind, samples) -> samples.write(kinds.putObject(kind)));
        ObjectNode shown = age.ages(dispatchingFrom, to).write(result.putObject("counterAge"));
        shown.put("figures", age.figures());
        figureAges.write(shown.putObject("answered"));
    }
}
