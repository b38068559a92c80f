package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.api.InstalledChannels.Standing;
import io.tocsin.routing.internal.engine.Providers.Installed;
import io.tocsin.routing.internal.engine.Providers.Stood;
import io.tocsin.routing.testing.ScriptedCarrier;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProvidersTest {
    private final Providers providers = new Providers();

    @Test
    void theFirstServesAtOnceAndAHigherVersionHasToProveItself() {
        Installed first = add("1.0.0", 10);
        Installed second = add("1.1.0", 11);
        assertThat(providers.of("sms")).contains(first);
        assertThat(proving()).contains(second);
        InstalledChannels channels = providers::said;
        assertThat(channels.of("sms")).map(InstalledChannels.Installed::version).contains("1.0.0");
        assertThat(providers.versions()).containsEntry("sms", "1.0.0");

        providers.over(first, second, Standing.STANDING_BY, "in case");
        assertThat(providers.of("sms")).contains(second);
        assertThat(standing(first)).isEqualTo(Standing.STANDING_BY);
        providers.remove(second.provider());
        assertThat(providers.of("sms")).as("what stands by serves again").contains(first);
    }

    @Test
    void numbersAreComparedAsNumbers() {
        add("1.9.0", 10);
        Installed ten = add("1.10.0", 11);
        assertThat(proving()).contains(ten);
    }

    @Test
    void aLowerVersionIsTakenOnlyWhenItIsChosen() {
        Installed newer = add("2.0.0", 10);
        Installed older = add("1.0.0", 11);
        assertThat(proving()).isEmpty();
        assertThat(stood(older)).satisfies(each -> {
            assertThat(each.standing()).isEqualTo(Standing.SUPERSEDED);
            assertThat(each.detail()).contains("version 2.0.0 serves", "tocsin:channel-rollback sms");
        });
        providers.choose(11);
        assertThat(proving()).contains(older);
        providers.over(newer, older, Standing.SUPERSEDED, "");
        Installed newest = add("2.1.0", 12);
        assertThat(proving()).as("what comes later with a higher number").contains(newest);
    }

    @Test
    void oneThatIsChosenBeforeItComesIsTakenWhenItComes() {
        add("2.0.0", 10);
        providers.choose(11);
        Installed older = add("1.0.0", 11);
        assertThat(proving()).contains(older);
    }

    @Test
    void oneChoiceIsNotForgottenForAnother() {
        add("2.0.0", 10);
        providers.choose(11);
        providers.choose(21);
        Installed older = add("1.0.0", 11);
        assertThat(proving()).contains(older);
    }

    @Test
    void aThirdVersionTakesThePlaceOfOneThatHasNotProvenItself() {
        add("1.0.0", 10);
        Installed second = add("1.1.0", 11);
        Installed third = add("1.2.0", 12);
        assertThat(proving()).contains(third);
        assertThat(stood(second).detail()).contains("version 1.2.0 came");
    }

    @Test
    void aNameThatIsTakenIsRefusedWithTheCure() {
        add("1.0.0", 10);
        Installed stranger = of("9.9.9", "com.example.sms", 11, Optional.empty());
        providers.add(stranger);
        assertThat(stood(stranger)).satisfies(each -> {
            assertThat(each.standing()).isEqualTo(Standing.REFUSED);
            assertThat(each.detail()).contains("served by bundle io.tocsin.sms", "give this one another type");
        });
        assertThat(providers.said())
                .filteredOn(said -> said.version().equals("9.9.9"))
                .allMatch(said -> said.refused().isPresent());
    }

    @Test
    void oneBundleProvidesATypeOnce() {
        add("1.0.0", 10);
        Installed again = add("1.0.0", 10);
        assertThat(stood(again).detail()).contains("twice");
    }

    @Test
    void oneThatIsRefusedTakesNobodysPlaceAndIsNotChosen() {
        Installed first = add("1.0.0", 10);
        Installed refused = of("1.1.0", "io.tocsin.sms", 11, Optional.of("build it with bnd"));
        providers.add(refused);
        providers.choose(11);
        assertThat(providers.of("sms")).contains(first);
        assertThat(proving()).isEmpty();
        assertThat(providers.said()).hasSize(2);
        providers.remove(first.provider());
        assertThat(providers.of("sms")).isEmpty();
        assertThat(providers.refusal("sms")).contains("build it with bnd");
    }

    @Test
    void ofThoseLeftOneThatWasRefusedForHowItDidIsBetterThanNone() {
        Installed first = add("1.0.0", 10);
        Installed second = add("1.1.0", 11);
        providers.stands(second, Standing.REFUSED, "was not well within 30 s");
        providers.remove(first.provider());
        assertThat(providers.of("sms")).contains(second);
    }

    private Installed add(String version, long bundle) {
        Installed installed = of(version, "io.tocsin.sms", bundle, Optional.empty());
        providers.add(installed);
        return installed;
    }

    private static Installed of(String version, String bundle, long id, Optional<String> refused) {
        ChannelProvider provider = new ScriptedCarrier(1);
        return new Installed(
                new InstalledChannels.Installed(
                        "sms", version, List.of("mobile"), List.of("text"), Optional.empty(), refused),
                bundle,
                id,
                provider);
    }

    private Optional<Installed> proving() {
        return providers.standings().stream()
                .filter(each -> each.standing() == Standing.PROVING)
                .map(Stood::installed)
                .findFirst();
    }

    private Standing standing(Installed installed) {
        return stood(installed).standing();
    }

    private Stood stood(Installed installed) {
        return providers.standings().stream()
                .filter(each -> each.installed() == installed)
                .findFirst()
                .orElseThrow();
    }
}
