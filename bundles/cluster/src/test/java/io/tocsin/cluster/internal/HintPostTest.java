package io.tocsin.cluster.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.cluster.api.Hint;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How hints get to who listens. */
class HintPostTest {

    @Test
    void aStormOfTheSameHintIsAFewHints() throws Exception {
        List<Hint> here = new CopyOnWriteArrayList<>();
        List<Hint> others = new CopyOnWriteArrayList<>();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch hold = new CountDownLatch(1);
        try (HintPost post = new HintPost(others::add)) {
            post.add(hint -> {
                here.add(hint);
                held.countDown();
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            post.start();
            post.give(Hint.accounts());
            held.await();
            for (int i = 0; i < 10_000; i++) {
                post.give(Hint.stopped(1, 2));
            }
            hold.countDown();
            post.give(Hint.work(1, 2));

            await().until(() -> others.contains(Hint.work(1, 2)));
            assertThat(here).hasSize(3).containsExactlyElementsOf(others);
        }
    }

    @Test
    void oneListenersDefectIsNotTheOthers() {
        List<Hint> heard = new CopyOnWriteArrayList<>();
        try (HintPost post = new HintPost(hint -> {})) {
            post.add(hint -> {
                throw new IllegalStateException("a defect");
            });
            post.add(heard::add);
            post.start();
            post.give(Hint.accounts());
            await().until(() -> heard.size() == 1);
            post.give(Hint.work(1, 1));
            await().until(() -> heard.size() == 2);
        }
    }

    @Test
    void afterTheEndHintsAreForgotten() {
        HintPost post = new HintPost(hint -> {});
        post.start();
        post.close();
        post.give(Hint.accounts());
    }
}
