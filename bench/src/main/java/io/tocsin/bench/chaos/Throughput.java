package io.tocsin.bench.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How many messages a carrier had taken at which moment of an alert, and what follows from it: the rate before a fault, and
 * how soon it was reached again after. Moments are of {@link System#nanoTime}. Thread-safe.
 */
final class Throughput {
    /**
     * What a rate is measured over after a fault. No tolerance is allowed for: the first such stretch that is as fast as the
     * baseline counts, and the second that measuring it takes counts as recovery too.
     */
    static final Duration STRETCH = Duration.ofSeconds(1);

    private static final double NANOS = 1e9;

    private final List<Sample> samples = new ArrayList<>();

    private record Sample(long at, long messages) {}

    /** Notes what the carrier has taken so far, in the order of time. */
    synchronized void add(long at, long messages) {
        samples.add(new Sample(at, messages));
    }

    synchronized long messages() {
        return samples.isEmpty() ? 0 : samples.get(samples.size() - 1).messages;
    }

    /** When so many messages had been taken, between two looks as if they had come evenly; empty: not yet. */
    synchronized OptionalLong reached(double messages) {
        for (int i = 0; i < samples.size(); i++) {
            Sample now = samples.get(i);
            if (now.messages >= messages) {
                if (i == 0) {
                    return OptionalLong.of(now.at);
                }
                Sample before = samples.get(i - 1);
                double share = (messages - before.messages) / Math.max(1, now.messages - before.messages);
                return OptionalLong.of(before.at + Math.round(Math.max(0, share) * (now.at - before.at)));
            }
        }
        return OptionalLong.empty();
    }

    /** Messages a second from one moment to another; 0 when nothing lies between. */
    synchronized double rate(long from, long until) {
        return until <= from ? 0 : (at(until) - at(from)) * NANOS / (until - from);
    }

    /**
     * Seconds from the end of a fault to the end of the first {@link #STRETCH} that was as fast as the baseline.
     *
     * @param until where to look no further: the next fault
     * @return empty when there was none
     */
    synchronized OptionalDouble recovery(long over, long until, double baseline) {
        for (Sample sample : samples) {
            long from = sample.at - STRETCH.toNanos();
            if (from >= over && sample.at <= until && rate(from, sample.at) >= baseline) {
                return OptionalDouble.of((sample.at - over) / NANOS);
            }
        }
        return OptionalDouble.empty();
    }

    /** The fastest {@link #STRETCH} after a moment, in messages a second; 0 when there was none. */
    synchronized double best(long over) {
        return samples.stream()
                .filter(sample -> sample.at - STRETCH.toNanos() >= over)
                .mapToDouble(sample -> rate(sample.at - STRETCH.toNanos(), sample.at))
                .max()
                .orElse(0);
    }

    /** Messages taken by a moment, between two looks as if they had come evenly. */
    private double at(long moment) {
        Sample before = null;
        for (Sample sample : samples) {
            if (sample.at >= moment) {
                return before == null
                        ? sample.messages
                        : before.messages
                                + (sample.messages - before.messages)
                                        * ((double) (moment - before.at) / (sample.at - before.at));
            }
            before = sample;
        }
        return messages();
    }
}
