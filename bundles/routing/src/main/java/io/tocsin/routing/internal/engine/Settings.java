package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import java.time.Duration;
import java.util.Optional;

/** The settings of dispatch as values, checked. */
record Settings(
        String node,
        Duration lease,
        int microBatch,
        int groupSize,
        Duration groupAge,
        Duration sendTimeout,
        Duration lifeSafetyGrace,
        Duration operationalGrace,
        Duration retryBase,
        Duration retryCap,
        int attemptRetentionDays,
        int carrierReferenceDays,
        Swap.Limits swap) {

    /** @throws IllegalArgumentException naming the setting that is out of range */
    static Settings of(RoutingSettings s) {
        String node = s.node().isBlank() ? System.getProperty("karaf.name", "node") : s.node();
        return new Settings(
                node,
                Duration.ofSeconds(atLeast("leaseSeconds", s.leaseSeconds(), 1)),
                atLeast("microBatch", s.microBatch(), 1),
                atLeast("groupSize", s.groupSize(), 1),
                Duration.ofMillis(atLeast("groupMillis", s.groupMillis(), 0)),
                Duration.ofSeconds(atLeast("sendTimeoutSeconds", s.sendTimeoutSeconds(), 1)),
                Duration.ofSeconds(atLeast("inDoubtGraceSeconds", s.inDoubtGraceSeconds(), 0)),
                Duration.ofSeconds(atLeast("operationalInDoubtGraceSeconds", s.operationalInDoubtGraceSeconds(), 0)),
                Duration.ofSeconds(atLeast("retryBaseSeconds", s.retryBaseSeconds(), 0)),
                Duration.ofSeconds(atLeast("retryCapSeconds", s.retryCapSeconds(), 1)),
                atLeast("attemptRetentionDays", s.attemptRetentionDays(), 1),
                atLeast("carrierReferenceDays", s.carrierReferenceDays(), 1),
                new Swap.Limits(
                        Duration.ofSeconds(atLeast("swapProvingSeconds", s.swapProvingSeconds(), 1)),
                        Duration.ofSeconds(atLeast("swapWatchSeconds", s.swapWatchSeconds(), 0))));
    }

    private static int atLeast(String setting, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "io.tocsin.routing: " + setting + " is " + value + "; write " + least + " or more");
        }
        return value;
    }

    /** How long a message in doubt waits for a receipt before it is sent again; empty: it never is. */
    Optional<Duration> grace(Category category) {
        return switch (category) {
            case LIFE_SAFETY -> Optional.of(lifeSafetyGrace);
            case OPERATIONAL -> Optional.of(operationalGrace);
            case INFORMATION -> Optional.empty();
        };
    }

    /** Exponential back-off: the base, doubled at each try, up to the cap. @param tryNo the try that failed, from 1 */
    Duration backOff(int tryNo) {
        Duration doubled = retryBase.multipliedBy(1L << Math.min(20, Math.max(0, tryNo - 1)));
        return doubled.compareTo(retryCap) > 0 ? retryCap : doubled;
    }
}
