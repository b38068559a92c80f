package io.tocsin.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What the voice bench plans and how it judges, without a node. */
class VoiceBenchTest {
    private static final Offset<Double> EXACT = Offset.offset(1e-9);
    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void linesOrTheCapLimitWhateverIsLess() {
        assertThat(new VoiceBench.Plan(3_500, 60, 0).rate()).isEqualTo(175, EXACT);
        VoiceBench.Plan capped = new VoiceBench.Plan(3_500, 60, 100);
        assertThat(capped.capped()).isTrue();
        assertThat(capped.rate()).isEqualTo(100, EXACT);
        assertThat(capped.busy()).isEqualTo(2_000, EXACT);
        VoiceBench.Plan idle = new VoiceBench.Plan(3_500, 60, 400);
        assertThat(idle.capped()).isFalse();
        assertThat(idle.busy()).isEqualTo(3_500, EXACT);
        assertThatThrownBy(() -> new VoiceBench.Plan(0, 60, 0)).hasMessageContaining("--lines");
    }

    @Test
    void theSteadyPartNeverRunsDry() {
        for (int lines : new int[] {1, 50, 3_500, 17_500}) {
            VoiceBench.Plan plan = new VoiceBench.Plan(lines, 60, 0);
            assertThat((double) plan.people()).isGreaterThan(plan.rate() * (plan.rampSeconds() + 60) + lines);
        }
    }

    @Test
    void aSecondBelowTheCapCountsOnlyWhereTheCapIsWhatLimits() throws Exception {
        var seconds = mapper.readTree("[100, 98, 103, 90]");
        assertThat(VoiceBench.deviation(seconds, new VoiceBench.Plan(3_500, 60, 100)))
                .isEqualTo(0.1, EXACT);
        assertThat(VoiceBench.deviation(seconds, new VoiceBench.Plan(1_000, 60, 100)))
                .isEqualTo(0.03, EXACT);
        assertThat(VoiceBench.deviation(mapper.readTree("[40, 41]"), new VoiceBench.Plan(1_000, 60, 100)))
                .isZero();
    }

    @Test
    void theMessageIsAsLongAsACallLessItsRinging() throws Exception {
        try (AudioInputStream sound = AudioSystem.getAudioInputStream(new ByteArrayInputStream(VoiceBench.wav(18)))) {
            assertThat(sound.getFormat().getSampleRate()).isEqualTo(8_000);
            assertThat(sound.getFrameLength()).isEqualTo(18 * 8_000);
        }
    }
}
