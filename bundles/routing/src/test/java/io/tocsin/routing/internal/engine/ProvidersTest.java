package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.testing.ScriptedCarrier;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProvidersTest {
    private final Providers providers = new Providers();
    private final ScriptedCarrier first = new ScriptedCarrier(1);
    private final ScriptedCarrier second = new ScriptedCarrier(1);
    private final ScriptedCarrier refused = new ScriptedCarrier(1);

    @Test
    void ofTwoOfATypeTheLatestServesAndTheOtherIsShownWithTheCure() {
        providers.add(new Providers.Installed("sms", List.of("mobile"), "1.0.0", first));
        providers.add(new Providers.Installed("sms", List.of("mobile"), "1.1.0", second));
        assertThat(providers.of("sms")).map(Providers.Installed::provider).contains(second);
        assertThat(providers.said()).hasSize(2).satisfiesOnlyOnce(said -> {
            assertThat(said.version()).isEqualTo("1.0.0");
            assertThat(said.refused()).hasValueSatisfying(why -> assertThat(why).contains("1.1.0", "remove one"));
        });
        InstalledChannels channels = providers::said;
        assertThat(channels.of("sms")).map(InstalledChannels.Installed::version).contains("1.1.0");
        providers.remove(second);
        assertThat(providers.of("sms")).map(Providers.Installed::provider).contains(first);
        assertThat(providers.said())
                .singleElement()
                .extracting(InstalledChannels.Installed::refused)
                .isEqualTo(Optional.empty());
    }

    @Test
    void oneThatIsRefusedTakesNobodysPlace() {
        providers.add(new Providers.Installed("sms", List.of("mobile"), "1.0.0", first));
        providers.add(new Providers.Installed(
                new InstalledChannels.Installed(
                        "sms", "1.1.0", List.of(), List.of(), Optional.empty(), Optional.of("build it with bnd")),
                refused));
        assertThat(providers.of("sms")).map(Providers.Installed::provider).contains(first);
        assertThat(providers.versions()).containsEntry("sms", "1.0.0");
        assertThat(providers.said()).hasSize(2);
    }
}
