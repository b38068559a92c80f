package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.internal.engine.AttemptRows.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is written first. Items are numbers: urgent ones are negative. */
class GroupAppenderTest {
    private static final int SIZE = 32;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final List<List<Integer>> written = new CopyOnWriteArrayList<>();
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final GroupAppender<Integer> appender = new GroupAppender<>("test", SIZE, Duration.ofMillis(1), new Gate());

    /** Lets the mark that introduces an appender pass, and then nothing until it is opened. */
    private final class Gate implements GroupWriting.Writer<Integer> {
        @Override
        public void write(List<Integer> group, Mark mark) {
            if (!group.isEmpty()) {
                writing.countDown();
                try {
                    assertThat(open.await(2, TimeUnit.MINUTES)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public boolean committed(Mark mark) {
            return false;
        }

        @Override
        public void durable(List<Integer> group) {
            written.add(List.copyOf(group));
        }

        @Override
        public void setAside(Integer item, DatabaseException why, Mark mark) {
            throw new AssertionError(why);
        }
    }

    @AfterEach
    void close() {
        open.countDown();
        assertThat(appender.close(LIMIT)).isTrue();
    }

    private void add(int from, int to) {
        IntStream.range(from, to).forEach(i -> appender.add(i, i < 0));
    }

    /** Everything added before, as it was written. */
    private List<Integer> all(int items) {
        appender.start();
        open.countDown();
        await().atMost(LIMIT).until(() -> written.stream().mapToInt(List::size).sum() == items);
        List<Integer> all = new ArrayList<>();
        written.forEach(all::addAll);
        return all;
    }

    @Test
    void urgentItemsOvertakeAndEachKindStaysInOrder() {
        add(0, 100);
        add(-10, 0);
        List<Integer> all = all(110);
        assertThat(all.subList(0, 10))
                .containsExactlyElementsOf(IntStream.range(-10, 0).boxed().toList());
        assertThat(all.subList(10, 110))
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void aGroupWithUrgentItemsIsNoLargerThanItMustBe() {
        add(0, 100);
        add(-10, 0);
        all(110);
        assertThat(written.get(0)).hasSize(12).contains(-10, -1, 0, 1);
        assertThat(written.get(1)).hasSize(SIZE);
    }

    @Test
    void aPlaceInSixteenIsLeftToTheOthers() {
        add(0, 10);
        add(-320, 0);
        all(330);
        assertThat(written.get(0)).hasSize(SIZE).contains(0, 1).doesNotContain(2);
        assertThat(written.get(1)).hasSize(SIZE).contains(2, 3).doesNotContain(4);
    }

    @Test
    void withoutOthersUrgentItemsFillTheGroup() {
        add(-SIZE, 0);
        all(SIZE);
        assertThat(written.get(0)).hasSize(SIZE);
    }

    @Test
    void whatIsBeingWrittenIsNotDurableYet() throws InterruptedException {
        add(0, 3);
        assertThat(appender.backlog()).isEqualTo(3);
        appender.start();
        assertThat(writing.await(2, TimeUnit.MINUTES)).isTrue();
        assertThat(appender.backlog()).isEqualTo(3);
        open.countDown();
        await().atMost(LIMIT).until(() -> appender.backlog() == 0);
        assertThat(written).containsExactly(List.of(0, 1, 2));
    }
}
