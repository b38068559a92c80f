package io.tocsin.persistence.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSettingsTest {
    @ParameterizedTest
    @CsvSource({"512000, 128MB", "4028416, 491MB", "8388608, 1024MB", "131072000, 1024MB"})
    void takesAnEighthOfTheMachinesMemoryWithinBounds(long kibibytes, String buffers) {
        String meminfo = "MemTotal:       %d kB\nMemFree:         1000 kB\n".formatted(kibibytes);
        assertThat(ServerSettings.sharedBuffers(meminfo)).isEqualTo(buffers);
    }

    @ParameterizedTest
    @CsvSource({"''", "MemTotal: much"})
    void takesLittleWhereTheMachineDoesNotSay(String meminfo) {
        assertThat(ServerSettings.sharedBuffers(meminfo)).isEqualTo("128MB");
    }
}
