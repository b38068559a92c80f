package io.tocsin.lab.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.lab.people.PhoneFate;
import io.tocsin.lab.people.PhoneHabits.Between;
import io.tocsin.lab.people.PhonePeople;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the plant's settings say, and what is said of those that say nothing sensible. */
class PlantSettingsTest {
    private static final PlantSettings USUAL = PlantSettings.usual(8088, false);

    @Test
    void everyKeyFindsItsPlace() {
        PlantSettings settings = USUAL.with(new TreeMap<>(Map.of(
                "port", "0",
                "ami-port", "0",
                "lines", "17500",
                "fates", "0001=busy, 0002 = rings-out",
                "machine-share", "0.2",
                "ring-min-ms", "20000",
                "keys", "1,2",
                "inbound", "in",
                "trunks", "a,b",
                "call-back-share", "0.5")));
        assertThat(settings.options().lines()).isEqualTo(17_500);
        assertThat(settings.options().amiPort()).hasValue(0);
        assertThat(settings.options().trunks()).containsExactlyInAnyOrder("a", "b");
        assertThat(settings.habits().fates())
                .containsOnly(Map.entry("0001", PhoneFate.BUSY), Map.entry("0002", PhoneFate.RINGS_OUT));
        assertThat(settings.habits().shares()).containsEntry(PhoneFate.MACHINE, 0.2);
        assertThat(settings.habits().ringing()).isEqualTo(Between.millis(20_000, 20_000));
        assertThat(settings.habits().keys()).containsExactly("1", "2");
        assertThat(settings.with(Map.of("lines", "5")).habits()).isEqualTo(settings.habits());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "linse | 5 | unknown option linse",
                "lines | many | lines: many is not a number",
                "lines | 0 | lines: at least one",
                "port | 70000 | port: 70000",
                "fates | busy | fates: write the ending of a number",
                "fates | 0001=gone | no telephone ends a call by",
                "machine-share | 1.5 | between 0 and 1",
                "keys | x | people press the keys",
                "talk-scale | -1 | talk-scale: between 0 and 10",
                "failing-lines | 2000 | lines: at least one, of which some fail",
            })
    void whatMakesNoSenseIsNamed(String key, String value, String said) {
        assertThatThrownBy(() -> USUAL.with(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }

    @Test
    void sharesTogetherAreAtMostAll() {
        assertThatThrownBy(() -> USUAL.with(Map.of("busy-share", "0.6", "machine-share", "0.6")))
                .hasMessageContaining("above 1");
    }

    @Test
    void aPersonDoesTheSameEveryTimeTheWorldIsRun() {
        PhonePeople.Ring ring = new PhonePeople.Ring("+33639980001", "+33199001234", 3);
        Map<String, String> given = Map.of("busy-share", "0.3", "machine-share", "0.3", "keys", "1,2,3");
        assertThat(USUAL.with(given).options().people().called(ring))
                .isEqualTo(USUAL.with(given).options().people().called(ring));
    }

    @Test
    void whatIsPrintedHasNoPassword() {
        assertThat(USUAL.with(Map.of("password", "very-secret")).options().toString())
                .doesNotContain("very-secret");
    }
}
