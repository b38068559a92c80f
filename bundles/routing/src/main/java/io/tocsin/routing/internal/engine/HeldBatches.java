package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The batches a lane holds, and whose turn it is. Thread-safe. */
final class HeldBatches {
    private final List<HeldBatch> held = new ArrayList<>();
    private int turn;

    synchronized void add(HeldBatch batch) {
        held.add(batch);
        notifyAll();
    }

    /** @return whether it was held */
    synchronized boolean remove(HeldBatch batch) {
        return held.remove(batch);
    }

    synchronized List<HeldBatch> all() {
        return List.copyOf(held);
    }

    /** All of them, none of which is held from now on. */
    synchronized List<HeldBatch> takeAll() {
        List<HeldBatch> taken = List.copyOf(held);
        held.clear();
        return taken;
    }

    synchronized boolean isEmpty() {
        return held.isEmpty();
    }

    /** Blocks until a batch is held, or for the time given. */
    synchronized void await(long millis) throws InterruptedException {
        if (held.isEmpty()) {
            wait(millis);
        }
    }

    /** Messages not intended yet. */
    synchronized int remaining() {
        return remaining(batch -> true);
    }

    /** Those as urgent as this or more, that no cap keeps waiting. */
    synchronized int remaining(Category category) {
        return remaining(b -> b.caps.isEmpty() && b.category.compareTo(category) <= 0);
    }

    /** Those of this category under these caps. */
    synchronized int remaining(Category category, List<Integer> caps) {
        return remaining(b -> b.category == category && b.caps.equals(caps));
    }

    private int remaining(Predicate<HeldBatch> which) {
        return held.stream().filter(which).mapToInt(HeldBatch::remaining).sum();
    }

    /** Something was intended: the turn is the next one's. */
    synchronized void turn() {
        turn++;
    }

    /**
     * The most urgent batch that no cap keeps waiting; now and then one of those less urgent, which would otherwise be held
     * here and never leave.
     *
     * @param mayGo whether its caps let one of a batch through
     * @param recorded whether more of a category may leave
     */
    synchronized Optional<HeldBatch> next(Predicate<HeldBatch> mayGo, Predicate<Category> recorded) {
        // what the lane before this one was still intending when it handed over
        held.removeIf(b -> b.remaining() == 0);
        List<HeldBatch> ready =
                held.stream().filter(b -> !b.intending() && mayGo.test(b)).toList();
        // Of those as urgent, every other turn is for whom a cap lets through: it is never for many.
        Optional<HeldBatch> first = ready.stream()
                .min(Comparator.comparing((HeldBatch b) -> b.category)
                        .thenComparing(b -> b.caps.isEmpty() == (turn % 2 == 0)));
        if (first.isEmpty() || (turn + 1) % FairOrder.turnsOf(first.get().category) != 0) {
            return first;
        }
        return ready.stream()
                .filter(b -> b.category != first.get().category && recorded.test(b.category))
                .findFirst()
                .or(() -> first);
    }
}
