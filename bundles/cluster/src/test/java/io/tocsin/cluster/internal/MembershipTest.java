package io.tocsin.cluster.internal;

import static io.tocsin.cluster.internal.Places.place;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.cluster.api.ClusterStatus.Facts;
import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.api.NodeLoad.Account;
import io.tocsin.cluster.internal.Wire.FactsRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members in one JVM: who is let in, what they hear of each other, and what a cut wire does. */
class MembershipTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private Membership join(Place place, Queue<Hint> heard) {
        Membership member = Membership.join(place, heard::add, () -> {});
        opened.push(member);
        return member;
    }

    private Membership join(Place place) {
        return join(place, new ConcurrentLinkedQueue<>());
    }

    @Test
    void membersHearHintsAndFactsOfEachOther() {
        Endpoint north = Places.free();
        Endpoint south = Places.free();
        Queue<Hint> heard = new ConcurrentLinkedQueue<>();
        Membership a = join(place("lyon", north, south));
        Membership b = join(place("lille", south, north), heard);
        await().atMost(LONG)
                .until(() -> a.present().contains(south) && b.present().contains(north));
        assertThat(a.leader()).isEqualTo(north);
        assertThat(b.leader()).isEqualTo(north);

        a.give(Hint.work(7, 12));
        a.give(Hint.stopped(7, 12));
        FactsRecord said = new FactsRecord(
                "north",
                "lyon",
                "1.0.0",
                3,
                new Facts(
                        "primary",
                        Optional.empty(),
                        Optional.of(Duration.ofMillis(-12)),
                        List.of(new Account(4, "combe.sms", "sms", 82.5, 17))));
        a.say(said);

        await().atMost(LONG).until(() -> heard.size() == 2);
        assertThat(heard).containsExactly(Hint.work(7, 12), Hint.stopped(7, 12));
        await().atMost(LONG).untilAsserted(() -> assertThat(b.facts()).containsEntry(north, said));
    }

    @Test
    void anotherClustersNameIsNotLetInAndSaysWhy() {
        Endpoint north = Places.free();
        Endpoint south = Places.free();
        Membership a = join(place("lyon", north, south));

        Membership b = join(place("another", Protocol.CURRENT, "lille", south, north));

        assertThat(b.present()).isEmpty();
        assertThat(a.present()).isEmpty();
        assertThat(b.refusal()).contains(north.toString()).contains("different cluster-name");
    }

    @Test
    void aReleaseThatIsTooFarAwayIsNotLetInAndSaysWhy() {
        Endpoint north = Places.free();
        Endpoint south = Places.free();
        Queue<Hint> heard = new ConcurrentLinkedQueue<>();
        Membership a = join(place("lyon", north, south), heard);

        assertThatThrownBy(() -> join(place("tocsin-test", Protocol.CURRENT + 2, "lille", south, north)))
                .isInstanceOf(ClusterRefusedException.class)
                .hasMessageContaining("protocol " + (Protocol.CURRENT + 2))
                .hasMessageContaining(north + " speaks protocol " + Protocol.CURRENT);

        await().atMost(LONG).until(() -> a.strangers().isEmpty());
        assertThat(heard).isEmpty();
        // its neighbour is
        Membership c = join(place("tocsin-test", Protocol.CURRENT + 1, "lille", south, north));
        await().atMost(LONG)
                .until(() -> a.present().contains(south) && c.present().contains(north));
    }

    @Test
    void aPortThatIsTakenIsSaid() {
        Endpoint north = Places.free();
        join(place("lyon", north));

        assertThatThrownBy(() -> join(place("lyon", north)))
                .isInstanceOf(ClusterRefusedException.class)
                .hasMessageContaining(Integer.toString(north.port()));
    }

    @Test
    void aCutWireSplitsAndAMendedOneHeals() throws Exception {
        Endpoint northBinds = Places.free();
        Endpoint southBinds = Places.free();
        Relay toNorth = new Relay(northBinds.port());
        Relay toSouth = new Relay(southBinds.port());
        opened.push(toNorth);
        opened.push(toSouth);
        Endpoint north = Places.at(toNorth.port());
        Endpoint south = Places.at(toSouth.port());
        Queue<Hint> heardNorth = new ConcurrentLinkedQueue<>();
        Queue<Hint> heardSouth = new ConcurrentLinkedQueue<>();
        Membership a = join(Places.behind("lyon", northBinds, toNorth, south), heardNorth);
        Membership b = join(Places.behind("lille", southBinds, toSouth, north), heardSouth);
        await().atMost(LONG)
                .until(() -> a.present().contains(south) && b.present().contains(north));

        toNorth.cut();
        toSouth.cut();
        await().atMost(LONG).until(() -> a.present().isEmpty() && b.present().isEmpty());
        a.give(Hint.work(1, 1));
        b.give(Hint.work(2, 2));
        assertThat(a.running() && b.running()).isTrue();

        toNorth.mend();
        toSouth.mend();
        await().atMost(LONG)
                .until(() -> a.present().contains(south) && b.present().contains(north));
        await().atMost(LONG).until(() -> {
            a.give(Hint.work(1, 3));
            b.give(Hint.work(2, 4));
            return heardSouth.contains(Hint.work(1, 3)) && heardNorth.contains(Hint.work(2, 4));
        });
        assertThat(heardSouth).doesNotContain(Hint.work(1, 1));
        assertThat(heardNorth).doesNotContain(Hint.work(2, 2));
    }

    @Test
    void aMemberThatDiesIsMissedAndTheOtherGoesOn() {
        Endpoint north = Places.free();
        Endpoint south = Places.free();
        Membership a = join(place("lyon", north, south));
        Membership b = join(place("lille", south, north));
        await().atMost(LONG).until(() -> a.present().contains(south));

        b.abandon();

        await().atMost(LONG).until(() -> a.present().isEmpty());
        a.give(Hint.accounts());
        assertThat(a.running()).isTrue();
        assertThat(b.running()).isFalse();
        b.give(Hint.accounts());
    }
}
