package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.routing.internal.engine.AttemptRows.Mark;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each group exactly once, whatever the database answers. */
class GroupWritingTest {
    private static final String FINE = "";
    private static final String AWAY = "08006";
    private static final String POISON = "22021";

    /** Answers as scripted; {@code lost} commits and does not say so. */
    private static final class Scripted implements GroupWriting.Writer<String> {
        private final Deque<String> answers = new ArrayDeque<>();
        private final List<String> written = new ArrayList<>();
        private final List<String> aside = new ArrayList<>();
        private final List<String> durable = new ArrayList<>();
        private Mark latest;

        private void answer(Mark mark, Runnable what) {
            String answer = answers.isEmpty() ? FINE : answers.remove();
            if (answer.equals(FINE) || answer.equals("lost")) {
                what.run();
                latest = mark;
            }
            if (!answer.equals(FINE)) {
                throw new DatabaseException(new SQLException("scripted", answer.equals("lost") ? AWAY : answer));
            }
        }

        @Override
        public void write(List<String> group, Mark mark) {
            answer(mark, () -> written.addAll(group));
        }

        @Override
        public boolean committed(Mark mark) {
            answer(latest, () -> {});
            return mark.equals(latest);
        }

        @Override
        public void durable(List<String> group) {
            durable.addAll(group);
        }

        @Override
        public void setAside(String item, DatabaseException why, Mark mark) {
            answer(mark, () -> aside.add(item + " " + why.sqlState()));
        }
    }

    private final Scripted database = new Scripted();
    private final GroupWriting<String> writing = new GroupWriting<>(database);

    private void write(String... items) {
        writing.take(List.of(items));
        while (!writing.idle()) {
            writing.step();
        }
    }

    private void script(String... answers) {
        database.answers.addAll(List.of(answers));
    }

    @Test
    void aGroupIsWrittenAgainWhenItWasNotCommitted() {
        script(FINE, AWAY, FINE, AWAY, AWAY, FINE);
        write("a", "b");
        assertThat(database.written).containsExactly("a", "b");
        assertThat(database.durable).containsExactly("a", "b");
        assertThat(writing.stuck()).isFalse();
    }

    @Test
    void aGroupWhoseAnswerWasLostIsNotWrittenAgain() {
        script(FINE, "lost", AWAY, FINE);
        write("a", "b");
        assertThat(database.written).containsExactly("a", "b");
        assertThat(database.durable).containsExactly("a", "b");
    }

    @Test
    void anIntroductionThatFailsIsTriedAgain() {
        script(AWAY, "lost", FINE);
        write("a");
        assertThat(database.written).containsExactly("a");
    }

    @Test
    void thePoisonousItemIsSetAsideAloneAndOnceEvenWhenTheDatabaseGoesAwayMeanwhile() {
        // introduced; a b c d refused; a b written; c d refused; c refused; away; asked; set aside, unanswered; asked;
        // d
        script(FINE, POISON, FINE, POISON, POISON, AWAY, FINE, "lost", FINE, FINE);
        write("a", "b", "c", "d");
        assertThat(database.written).containsExactly("a", "b", "d");
        assertThat(database.aside).containsExactly("c " + POISON);
        assertThat(database.durable).containsExactly("a", "b", "c", "d");
    }
}
