package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.internal.engine.LineRows.Share;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineShareTest {
    private static final int ACCOUNT = 7;
    private static final Duration LEASE = Duration.ofSeconds(15);

    private long now = 1;
    private boolean away;
    private int transactions;
    private final SimStore store = new SimStore(() -> Instant.EPOCH.plusNanos(now), 10);
    private final SimLedger ledger = new SimLedger(store, statement -> {
        if (statement.equals("commit")) {
            transactions++;
        }
        if (away) {
            throw new SQLException("away", "08001");
        }
    });

    private void after(Duration time) {
        now += time.toNanos();
    }

    private LineShare share(String holder, int all) {
        return new LineShare(ledger, ACCOUNT, holder, all, LEASE, until -> true, () -> now);
    }

    /** A node: messages under way as its lines allow, and what waits. */
    private final class Node {
        final LineShare share;
        int underWay;
        int waiting;

        Node(String name, int all) {
            share = share(name, all);
        }

        void round() {
            share.look(underWay, underWay + waiting);
            while (waiting > 0 && underWay < share.lines()) {
                waiting--;
                underWay++;
            }
        }
    }

    @Test
    void whoHasAllTheWorkGetsAllTheLines() {
        Node busy = new Node("a", 30);
        Node idle = new Node("b", 30);
        busy.waiting = 100;
        busy.round();
        idle.round();
        assertThat(busy.underWay).isEqualTo(30);
        assertThat(idle.share.lines()).isZero();
        assertThat(transactions).as("an idle node asks nothing").isEqualTo(1);
    }

    @Test
    void whoNeedsMoreThanItHadAskedForHasItSoon() {
        Node node = new Node("a", 30);
        node.waiting = 2;
        node.round();
        node.waiting = 5;
        node.round();
        assertThat(node.underWay).isEqualTo(2);
        after(Duration.ofMillis(100));
        node.round();
        assertThat(node.underWay).isEqualTo(7);
    }

    @Test
    void linesChangeHandsAsCallsEndAndNeverMoreAreUsedThanThereAre() {
        Node first = new Node("a", 30);
        Node second = new Node("b", 30);
        first.waiting = 100;
        first.round();
        second.waiting = 100;
        for (int i = 0; i < 60; i++) {
            after(Duration.ofSeconds(1));
            second.round();
            first.round();
            assertThat(first.underWay + second.underWay).isLessThanOrEqualTo(30);
            first.underWay -= Math.min(1, first.underWay);
        }
        assertThat(second.underWay).isEqualTo(15);
        assertThat(first.underWay).isBetween(14, 15);
    }

    @Test
    void twoLinesAreTakenInTurnsByThree() {
        List<Node> nodes = List.of(new Node("a", 2), new Node("b", 2), new Node("c", 2));
        List<String> called = new ArrayList<>();
        Random chance = new Random(1);
        nodes.forEach(node -> node.waiting = 10_000);
        for (int i = 0; i < 3000; i++) {
            after(Duration.ofMillis(250));
            List<Node> inAnyOrder = new ArrayList<>(nodes);
            java.util.Collections.shuffle(inAnyOrder, chance);
            for (Node node : inAnyOrder) {
                int before = node.underWay;
                node.round();
                called.addAll(java.util.Collections.nCopies(node.underWay - before, "node " + nodes.indexOf(node)));
                assertThat(nodes.stream().mapToInt(n -> n.underWay).sum()).isLessThanOrEqualTo(2);
            }
            for (Node node : nodes) {
                node.underWay -= chance.nextInt(10) == 0 ? Math.min(1, node.underWay) : 0;
            }
        }
        for (int i = 0; i < 3; i++) {
            assertThat(called.stream().filter(("node " + i)::equals).count())
                    .as("calls of node " + i + " of " + called.size())
                    .isGreaterThan(called.size() / 6);
        }
    }

    @Test
    void theLinesOfWhoDiedComeBackWhenItsLeaseEnds() {
        Node dead = new Node("a", 30);
        dead.waiting = 100;
        dead.round();
        Node other = new Node("b", 30);
        other.waiting = 100;
        after(Duration.ofSeconds(14));
        other.round();
        assertThat(other.underWay).isZero();
        after(Duration.ofSeconds(2));
        other.round();
        assertThat(other.underWay).isEqualTo(30);
    }

    @Test
    void nothingIsBegunUnderAShareThatHasEnded() {
        Node node = new Node("a", 30);
        node.waiting = 1;
        node.round();
        away = true;
        after(Duration.ofSeconds(2));
        assertThatThrownBy(node::round).isInstanceOf(DatabaseException.class);
        assertThat(node.share.lines()).isEqualTo(1);
        after(LEASE);
        assertThat(node.share.lines()).isZero();
        away = false;
        node.round();
        assertThat(node.share.lines()).isEqualTo(1);
    }

    @Test
    void whoHasNothingLeftGivesAllBackAndAsksNoMore() {
        Node node = new Node("a", 30);
        node.waiting = 5;
        node.round();
        node.underWay = 0;
        for (int i = 0; i < 5; i++) {
            after(Duration.ofSeconds(1));
            node.round();
        }
        assertThat(store.lines).isEmpty();
        assertThat(node.share.lines()).isZero();
        int before = transactions;
        after(Duration.ofMinutes(1));
        node.round();
        assertThat(transactions).isEqualTo(before);
    }

    /** Whatever they want and whenever they ask. */
    @Test
    void neverMoreThanThereAre() {
        for (int seed = 0; seed < 200; seed++) {
            Random chance = new Random(seed);
            int all = 1 + chance.nextInt(40);
            List<Node> nodes = new ArrayList<>();
            for (int i = 0; i < 1 + chance.nextInt(4); i++) {
                nodes.add(new Node("run" + seed + "/" + i, all));
            }
            store.lines.clear();
            for (int i = 0; i < 300; i++) {
                after(Duration.ofMillis(chance.nextInt(400)));
                Node node = nodes.get(chance.nextInt(nodes.size()));
                node.waiting = chance.nextInt(3) == 0 ? 0 : chance.nextInt(2 * all);
                node.underWay -= chance.nextInt(node.underWay + 1);
                node.round();
                assertThat(nodes.stream().mapToInt(n -> n.underWay).sum())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(all);
                assertThat(store.lines.values().stream()
                                .map(SimStore.LineShareRow::share)
                                .mapToInt(Share::held)
                                .sum())
                        .isLessThanOrEqualTo(all);
            }
        }
    }

    /** Nodes that do not hear of each other's wish would never share. */
    @Test
    void whatSomebodyWantsIsKnownToTheOthers() {
        LineShare.Divided divided =
                LineShare.divide(List.of(new Share("a", 30, 30), new Share("b", 0, 10)), "a", 30, 30, 30);
        assertThat(divided.fair()).isEqualTo(20);
        assertThat(divided.held()).as("what is under way is taken from nobody").isEqualTo(30);
    }
}
