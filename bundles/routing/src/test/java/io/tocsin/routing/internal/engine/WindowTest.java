package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WindowTest {
    private final Window window = new Window(3);

    @Test
    void placesAreEachTakenOnce() throws InterruptedException {
        Set<Integer> places = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            places.add(window.enter(0).orElseThrow());
        }
        assertThat(places).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(window.enter(0)).isEmpty();
        window.leave(1);
        assertThat(window.inFlight()).isEqualTo(2);
        assertThat(window.enter(0)).hasValue(1);
    }

    @Test
    void whoIsInStaysInAndNobodyElseEntersBeyondTheLimit() throws InterruptedException {
        window.enter(0);
        int second = window.enter(0).orElseThrow();
        window.limit(1);
        assertThat(window.inFlight()).isEqualTo(2);
        assertThat(window.enter(0)).isEmpty();
        window.leave(second);
        assertThat(window.enter(0)).isEmpty();
        window.limit(10);
        assertThat(window.enter(0)).isPresent();
        assertThat(window.enter(0)).isPresent();
        assertThat(window.enter(0)).as("never more than there are").isEmpty();
    }

    @Test
    void aLimitThatGrowsLetsIn() throws Exception {
        window.limit(0);
        CompletableFuture<Boolean> in = CompletableFuture.supplyAsync(() -> {
            try {
                return window.enter(TimeUnit.MINUTES.toMillis(1)).isPresent();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        window.limit(1);
        assertThat(in.get(2, TimeUnit.MINUTES)).isTrue();
    }
}
