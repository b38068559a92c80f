package io.tocsin.lab.smsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SmscComponentTest {

    @Test
    void readsItsConfigurationAndIgnoresWhatTheContainerAdds() throws Exception {
        Map<String, Object> configuration = new HashMap<>();
        configuration.put("service.pid", "io.tocsin.lab.smsc");
        configuration.put("component.id", 7L);
        configuration.put("felix.fileinstall.filename", "lab.cfg");
        configuration.put("port", 0);
        configuration.put("latency-ms", "2.5");
        configuration.put("receipt-delay-ms", 40);
        configuration.put("failure-rate", "0.1");
        configuration.put("reply-rate", "0.6");
        configuration.put("reply-texts", "1,OUI");
        configuration.put("system-id", "mairie");
        configuration.put("password", "secret8");
        SmscComponent component = new SmscComponent(configuration);
        try {
            SmscOptions options = component.smsc().options();
            assertThat(component.smsc().port()).isPositive();
            assertThat(options.latency()).isEqualTo(Duration.ofNanos(2_500_000));
            assertThat(options.systemId()).isEqualTo("mairie");
            assertThat(options.undeliverableRate() + options.expiredRate() + options.rejectedRate())
                    .isEqualTo(0.1);
            assertThat(options.recordMessages()).isFalse();
            assertThat(options.toString()).doesNotContain("secret8");
        } finally {
            component.stop();
        }
    }

    @Test
    void unknownKeyAndTakenPortAreNamed() throws Exception {
        assertThatThrownBy(() -> new SmscComponent(Map.of("port", 0, "latency", 3)))
                .hasMessageContaining("latency");
        try (SimulatedSmsc other = SimulatedSmsc.start(SmscOptions.builder().build())) {
            assertThatThrownBy(() -> new SmscComponent(Map.of("port", other.port())))
                    .hasMessageContaining(Integer.toString(other.port()));
        }
    }
}
