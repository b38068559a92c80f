package io.tocsin.lab.people;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A share of the people answers, each message anew, with one of a few texts, after a think time spread evenly between two
 * limits. The same seed gives the same answers.
 */
public final class SeededPeople implements SmsPeople {
    private final double share;
    private final List<String> texts;
    private final Duration quickest;
    private final Duration slowest;
    private final long seed;

    /**
     * @param share how many of them answer, 0 to 1
     * @param texts what they write, each equally often; at least one
     * @param quickest the shortest think time
     * @param slowest the longest think time, not under the shortest
     */
    public SeededPeople(double share, List<String> texts, Duration quickest, Duration slowest, long seed) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("the share that answers is between 0 and 1, not " + share);
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("people need at least one text to answer with");
        }
        if (slowest.compareTo(quickest) < 0) {
            throw new IllegalArgumentException("the slowest think time is under the quickest");
        }
        this.share = share;
        this.texts = List.copyOf(texts);
        this.quickest = quickest;
        this.slowest = slowest;
        this.seed = seed;
    }

    @Override
    public Optional<Reply> replyTo(Arrival arrival) {
        Dice dice = new Dice(seed, arrival.telephone(), arrival.nth());
        if (dice.next() >= share) {
            return Optional.empty();
        }
        String text = texts.get((int) (dice.next() * texts.size()));
        long spread = slowest.minus(quickest).toMillis();
        return Optional.of(new Reply(text, quickest.plusMillis((long) (dice.next() * spread))));
    }
}
