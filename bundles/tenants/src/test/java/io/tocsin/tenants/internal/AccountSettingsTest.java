package io.tocsin.tenants.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.channel.api.SettingsDefinition;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.api.RefusedException.Problem;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.routing.api.InstalledChannels;
import io.tocsin.routing.api.InstalledChannels.Installed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccountSettingsTest {
    private static final String PAGER =
            """
            <MetaData><OCD id="PagerAccount" name="pager account">
              <AD id="host" type="String" description="the pager's host"/>
              <AD id="port" type="Integer" min="1" max="65535" default="4711"/>
              <AD id="communityString" type="Password" description="the community string"/>
            </OCD></MetaData>
            """;
    private static final Map<String, String> GOOD = Map.of("host", "pager.example", "community-string", "secret:pager");

    private final AccountSettings settings = new AccountSettings(Map.of("lab.port", "0"), name -> null);
    private InstalledChannels channels;

    @BeforeEach
    void install() throws IOException {
        Installed pager = new Installed(
                "pager",
                "1.0.0",
                List.of("mobile"),
                List.of("text"),
                Optional.of(SettingsDefinition.read(new ByteArrayInputStream(PAGER.getBytes(StandardCharsets.UTF_8)))),
                Optional.empty());
        channels = () -> List.of(pager);
        settings.bindChannels(channels);
    }

    @Test
    void whatIsWrongIsNamedAllAtOnceWithTheCure() {
        RefusedException refused = refused(account(
                "pager", true, Map.of("port", "0", "hots", "pager.example", "community-string", "in clear"), "pager"));
        assertThat(refused.problems())
                .extracting(Problem::field)
                .containsExactly(
                        "pager.settings.community-string",
                        "pager.settings.host",
                        "pager.settings.hots",
                        "pager.settings.port");
        assertThat(refused.problems())
                .extracting(Problem::problem)
                .containsExactly(
                        Rules.SECRET_IN_CLEAR,
                        "is missing: write the pager's host",
                        "is no setting of pager account; there are community-string, host, port",
                        "'0' is wrong: write a whole number from 1 to 65535");
        assertThat(refused.toString()).doesNotContain("in clear");
    }

    @Test
    void goodSettingsAreTakenAndPlacesAreFilledAsOnThisNode() {
        settings.refuseWrong(account("pager", true, GOOD, "a"), "", Set.of());
        assertThat(refused(account("pager", true, with("port", "${lab.port:4711}"), "a"))
                        .problems())
                .extracting(Problem::problem)
                .containsExactly("'0' is wrong: write a whole number from 1 to 65535");
        settings.refuseWrong(account("pager", true, with("port", "${elsewhere.port:4711}"), "a"), "", Set.of());
        assertThatCode(() -> settings.refuseWrong(
                        account("pager", true, with("port", "${only.on.another.node}"), "a"), "", Set.of()))
                .doesNotThrowAnyException();
    }

    @Test
    void aDisabledAccountMayBeUnfinishedAndHoldsNoSecretAllTheSame() {
        settings.refuseWrong(account("pager", false, Map.of(), "a"), "", Set.of());
        assertThat(refused(account("pager", false, Map.of("community-string", "in clear"), "a"))
                        .problems())
                .singleElement()
                .extracting(Problem::problem)
                .isEqualTo(Rules.SECRET_IN_CLEAR);
    }

    @Test
    void aSecretThatWasSavedBeforeTheChannelSpokeIsNotShown() {
        CarrierAccount account = account("pager", true, with("community-string", "in clear"), "a");
        assertThat(settings.shown(account).settings())
                .containsEntry("host", "pager.example")
                .doesNotContainValue("in clear");
        assertThat(settings.shown(account("pager", true, GOOD, "a")).settings()).isEqualTo(GOOD);
    }

    @Test
    void whoIsNotInstalledIsNotAsked() {
        settings.refuseWrong(account("pigeon", true, Map.of("loft", "north"), "a"), "", Set.of());
        settings.unbindChannels(channels);
        settings.refuseWrong(account("pager", true, Map.of("port", "0"), "a"), "", Set.of());
    }

    private RefusedException refused(CarrierAccount account) {
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> settings.refuseWrong(account, "pager.", Set.of()));
        assertThat(refused).isNotNull();
        return refused;
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> changed = new java.util.HashMap<>(GOOD);
        changed.put(name, value);
        return changed;
    }

    private static CarrierAccount account(String channel, boolean enabled, Map<String, String> settings, String slug) {
        return new CarrierAccount(1, 1, Optional.of(1), slug, channel, settings, 100, Optional.empty(), enabled, 0);
    }

    @Test
    void whatIsSealedIsThereWithoutBeingWritten() {
        CarrierAccount account = account("pager", true, Map.of("host", "pager.example"), "a");
        assertThatCode(() -> settings.refuseWrong(account, "", Set.of("community-string")))
                .doesNotThrowAnyException();
        assertThat(catchThrowableOfType(RefusedException.class, () -> settings.refuseWrong(account, "", Set.of()))
                        .problems())
                .extracting(Problem::field)
                .containsExactly("settings.community-string");
    }

    @Test
    void onlyWhatTheChannelSaysIsSecretIsSealed() {
        Map<String, Optional<String>> typed =
                Map.of("host", Optional.of("hunter2"), "community-string", Optional.of("hunter2"));
        assertThat(catchThrowableOfType(RefusedException.class, () -> settings.refuseUnsealable("pager", typed)))
                .satisfies(refused -> assertThat(refused.problems())
                        .extracting(Problem::field)
                        .containsExactly("secrets.host"))
                .message()
                .contains("is no secret of pager account")
                .doesNotContain("hunter2");
        Map<String, Optional<String>> unknown = Map.of("loft", Optional.of("n"), "loft-key", Optional.of("n"));
        assertThat(catchThrowableOfType(RefusedException.class, () -> settings.refuseUnsealable("pigeon", unknown))
                        .problems())
                .extracting(Problem::field)
                .containsExactly("secrets.loft");
    }
}
