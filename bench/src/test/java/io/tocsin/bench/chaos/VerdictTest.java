package io.tocsin.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.bench.chaos.Verdict.Count;
import io.tocsin.bench.chaos.Verdict.Speed;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What counts as wrong, what as late, and how both are told. */
class VerdictTest {
    private static final Count CLEAN = new Count(0, 2, 5, 0, 100, 40);

    @Test
    void aSecondCopyIsCoveredByThoseAnnouncedForItsOwnNumberOnly() {
        assertThat(Ordeal.unflagged(Map.of("+33639980001", 2), Map.of("+33639980001", 1)))
                .isZero();
        assertThat(Ordeal.unflagged(Map.of("+33639980001", 3), Map.of("+33639980001", 1)))
                .isEqualTo(1);
        assertThat(Ordeal.unflagged(Map.of("+33639980001", 2), Map.of("+33639980002", 1)))
                .isEqualTo(1);
        assertThat(Ordeal.unflagged(Map.of(), Map.of("+33639980002", 1))).isZero();
    }

    @Test
    void aLineTellsTheWorstOfTheStrikes() {
        Verdict verdict = verdict(List.of(), 1.5, 4.25);
        assertThat(verdict.missed()).isFalse();
        assertThat(verdict.json().toString())
                .isEqualTo("{\"fault\":\"node-killed\",\"recipients\":100,\"lost\":0,\"duplicates\":2,\"flagged\":5,"
                        + "\"unflagged\":0,\"delivered\":100,\"intentLooks\":40,\"baseline\":1000,"
                        + "\"recoverySeconds\":4.25,\"recoveries\":[1.5,4.25],\"recovered\":\"met\","
                        + "\"duringShare\":0.1,\"afterShare\":0.98,\"bestShare\":1.25,\"seconds\":20.0}");
        assertThat(verdict.line()).contains("right").contains("1.5, 4.3 s: met");
    }

    @Test
    void lateOrNeverIsMissedAndNotWrong() {
        assertThat(verdict(List.of(), 10.1).missed()).isTrue();
        Verdict never = verdict(List.of(), 1, Double.NaN);
        assertThat(never.missed()).isTrue();
        assertThat(never.right()).isTrue();
        assertThat(never.json().get("recoverySeconds").isNull()).isTrue();
        assertThat(never.json().get("recovered").asText()).isEqualTo("missed");
        assertThat(never.line()).contains("1.0, - s: missed");
    }

    @Test
    void anAlertThatWasOverBeforeItCouldBeFastAgainIsNotJudged() {
        Speed speed = new Speed(1000, List.of(OptionalDouble.empty()), 0.1, 0, 0);
        Verdict verdict = new Verdict("node-killed", "", 100, List.of(), speed, CLEAN, 2);
        assertThat(verdict.missed()).isFalse();
        assertThat(verdict.json().get("recovered").asText()).isEqualTo("too short to say");
        assertThat(verdict.line()).contains("- s: too short to say");
    }

    @Test
    void whatIsWrongIsSaid() {
        Verdict wrong = verdict(List.of("3 people got nothing"), 1);
        assertThat(wrong.right()).isFalse();
        assertThat(wrong.json().get("wrong").get(0).asText()).isEqualTo("3 people got nothing");
        assertThat(wrong.line()).contains("WRONG").contains("3 people got nothing");
    }

    @Test
    void whatCouldNotBeDoneIsSaidWithTheReason() {
        Verdict skipped = Verdict.skipped(Fault.DISK_FULL, 100, "no file system can be mounted here");
        assertThat(skipped.missed()).isFalse();
        assertThat(skipped.json().toString())
                .isEqualTo("{\"fault\":\"disk-full\",\"recipients\":100,"
                        + "\"skipped\":\"no file system can be mounted here\"}");
        assertThat(skipped.line()).contains("skipped: no file system");
    }

    @Test
    void aFaultThatThereIsNotIsRefusedWithThoseThereAre() {
        assertThat(Fault.of("node-killed")).isEqualTo(Fault.NODE_KILLED);
        assertThatThrownBy(() -> Fault.of("flood"))
                .hasMessageStartingWith("there is no fault 'flood'; there are database-stopped, database-killed, ");
    }

    private static Verdict verdict(List<String> wrong, double... recoveries) {
        List<OptionalDouble> each = Arrays.stream(recoveries)
                .mapToObj(r -> Double.isNaN(r) ? OptionalDouble.empty() : OptionalDouble.of(r))
                .toList();
        return new Verdict("node-killed", "", 100, wrong, new Speed(1000, each, 0.1, 0.98, 1.25), CLEAN, 20);
    }
}
