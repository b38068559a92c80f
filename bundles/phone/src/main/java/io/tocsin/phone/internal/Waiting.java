package io.tocsin.phone.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits a little for work that was begun, as long as a caller bears silence. */
final class Waiting {
    private final Duration longest;

    Waiting(Duration longest) {
        this.longest = longest;
    }

    /** @param failure why there is no value */
    record Done<T>(Optional<T> value, Throwable failure) {}

    /** @return empty: it is still being done */
    <T> Optional<Done<T>> await(CompletableFuture<T> work) {
        try {
            return Optional.of(new Done<>(Optional.of(work.get(longest.toMillis(), TimeUnit.MILLISECONDS)), null));
        } catch (TimeoutException stillUnderWay) {
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(new Done<>(Optional.empty(), e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new Done<>(Optional.empty(), e));
        }
    }
}
