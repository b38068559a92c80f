package io.tocsin.lab.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.lab.people.PhoneFate;
import io.tocsin.lab.people.PhoneHabits.Between;
import io.tocsin.platform.asterisk.ari.AriEvent;
import io.tocsin.platform.asterisk.ari.CallListener;
import io.tocsin.platform.asterisk.ari.Originate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** Ten thousand people are called over two thousand lines, each once, and every call is accounted for. */
class PlantCrowdTest {
    private static final int PEOPLE = 10_000;
    private static final int LINES = 2_000;

    @Test
    void everyCallOfACrowdEndsOnceAndEveryLineIsFreeAgain() throws Exception {
        PlantOptions.Builder options = Rig.plant(Rig.quick()
                        .ringing(Between.millis(50, 300))
                        .share(PhoneFate.BUSY, 0.1)
                        .share(PhoneFate.MACHINE, 0.1)
                        .share(PhoneFate.UNALLOCATED, 0.05))
                .lines(LINES)
                .talkScale(0.05)
                .record(false);
        try (Rig rig = new Rig(options)) {
            Semaphore free = new Semaphore(LINES);
            LongAdder keys = new LongAdder();
            Map<Integer, LongAdder> causes = new ConcurrentHashMap<>();
            for (int i = 0; i < PEOPLE; i++) {
                assertThat(free.tryAcquire(2, TimeUnit.MINUTES)).isTrue();
                String id = "call-" + i;
                CallListener call = event -> {
                    if (event instanceof AriEvent.StasisStart) {
                        rig.wire.play(id, "of-" + id, List.of("digits:1"));
                    } else if (event instanceof AriEvent.ChannelDtmfReceived) {
                        keys.increment();
                        rig.wire.hangup(id, 16);
                    } else if (event instanceof AriEvent.ChannelDestroyed end) {
                        causes.computeIfAbsent(end.cause(), any -> new LongAdder())
                                .increment();
                        free.release();
                    }
                };
                rig.wire.originate(
                        new Originate(
                                id,
                                "PJSIP/06399" + (80_000 + i) + "@carrier",
                                Optional.empty(),
                                Duration.ofSeconds(60),
                                List.of(),
                                Map.of()),
                        call);
            }
            assertThat(free.tryAcquire(LINES, 2, TimeUnit.MINUTES)).isTrue();
            await().atMost(Rig.LIMIT).until(() -> rig.plant.counters().calls() == 0);
            PlantCounters counters = rig.plant.counters();
            assertThat(counters.originates()).isEqualTo(PEOPLE);
            assertThat(counters.telephones()).isEqualTo(PEOPLE);
            assertThat(counters.again()).isZero();
            assertThat(counters.noLine()).isZero();
            assertThat(counters.busy()).isZero();
            assertThat(counters.mostBusy()).isBetween(1, LINES);
            assertThat(counters.pressed()).isEqualTo(keys.sum());
            causes.forEach((cause, times) -> assertThat(counters.causes()).containsEntry(cause, times.sum()));
            assertThat(causes.values().stream().mapToLong(LongAdder::sum).sum()).isEqualTo(PEOPLE);
            // the shares, within what a draw of ten thousand leaves
            assertThat(counters.causes().get(17)).isBetween(850L, 1_150L);
            assertThat(counters.causes().get(1)).isBetween(400L, 600L);
            assertThat(rig.wire.attached()).isZero();
        }
    }
}
