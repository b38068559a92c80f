package io.tocsin.stories;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks all nodes for the same thing several times a second, as a proxy before them would, and counts when none of them answered it. */
final class SteadyCaller implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final ScheduledExecutorService turns = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger refusedBySome = new AtomicInteger();
    private final AtomicInteger refusedByAll = new AtomicInteger();

    /** @param token of whoever may ask for it at each of the addresses */
    SteadyCaller(List<URI> addresses, String token) {
        List<HttpRequest> requests = addresses.stream()
                .map(address -> HttpRequest.newBuilder(address)
                        .timeout(PATIENCE)
                        .header("Authorization", "Bearer " + token)
                        .build())
                .toList();
        turns.scheduleWithFixedDelay(() -> turn(requests), 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void turn(List<HttpRequest> requests) {
        List<CompletableFuture<Boolean>> answers = requests.stream()
                .map(request -> http.sendAsync(request, BodyHandlers.discarding())
                        .thenApply(HttpResponse::statusCode)
                        .handle((status, failure) -> failure == null && status == 200))
                .toList();
        long answered = answers.stream().filter(CompletableFuture::join).count();
        asked.incrementAndGet();
        if (answered < requests.size()) {
            refusedBySome.incrementAndGet();
        }
        if (answered == 0) {
            refusedByAll.incrementAndGet();
        }
    }

    int asked() {
        return asked.get();
    }

    int refusedBySome() {
        return refusedBySome.get();
    }

    int refusedByAll() {
        return refusedByAll.get();
    }

    @Override
    public void close() throws InterruptedException {
        turns.shutdown();
        if (!turns.awaitTermination(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS)) {
            throw new IllegalStateException("it still waits for an answer");
        }
    }
}
