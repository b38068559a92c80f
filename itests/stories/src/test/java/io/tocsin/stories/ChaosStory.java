package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.bench.chaos.Chaos;
import io.tocsin.bench.chaos.Fault;
import io.tocsin.bench.chaos.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The short form of {@code ./tocsin chaos}: one alert, and while a snapshot is held its node loses all database connections
 * again and again, the carrier hangs up, the node is killed, and everybody looks on. {@link DatabaseRestartStory},
 * {@link NodeKilledStory} and {@link DiskFullStory} tell of databases, crashes and disks one by one.
 */
class ChaosStory {
    private static final int PEOPLE = 6000;
    private static final int PER_SECOND = 300;
    private static final int GRACE_SECONDS = 5;

    @Test
    void nobodyIsLostAndNobodyGetsASecondCopyThatWasNotAnnounced() throws Exception {
        Verdict verdict = Chaos.together(
                PEOPLE,
                PER_SECOND,
                GRACE_SECONDS,
                List.of(
                        Fault.SNAPSHOT_HELD,
                        Fault.BACKENDS_KILLED,
                        Fault.SOCKETS_DROPPED,
                        Fault.NODE_KILLED,
                        Fault.HEAVY_READERS));
        assertThat(verdict.wrong()).as(verdict.line()).isEmpty();
        assertThat(verdict.count().delivered()).as(verdict.line()).isEqualTo(PEOPLE);
        assertThat(verdict.count().looks())
                .as("looks at whether more had left than was intended")
                .isPositive();
    }
}
