package io.tocsin.tenants.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "saint-aurel", "a1", "x-9"})
    void slugs(String slug) {
        assertThat(Rules.slug(slug)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "A", "é", "a b", "../x", "_agencies"})
    void noSlugs(String slug) {
        assertThat(Rules.slug(slug)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"password", "imap-password", "api-key", "auth.token", "client-secret", "pin", "keypassword"})
    void aSecretIsNeverWrittenOut(String key) {
        assertThat(Rules.settings(Map.of(key, "hunter2-hunter2")))
                .hasEntrySatisfying(
                        key,
                        problem -> assertThat(problem).contains("secret:<NAME>").doesNotContain("hunter2"));
        assertThat(Rules.settings(Map.of(key, "secret:lab-sms"))).isEmpty();
    }

    @Test
    void ordinarySettingsAndPlacesAreTaken() {
        assertThat(Rules.settings(Map.of(
                        "host",
                        "${lab.sms.host:127.0.0.1}",
                        "port",
                        "${lab.sms.port}",
                        "system-id",
                        "tocsin",
                        "message-id-format",
                        "hex",
                        "keep-alive",
                        "5s")))
                .isEmpty();
    }

    @Test
    void whatIsWrongWithSettingsIsSaidWithoutTheirValues() {
        assertThat(Rules.settings(Map.of("url", "https://me:hunter2@host/"))).containsKey("url");
        assertThat(Rules.settings(Map.of("port", "${port"))).containsKey("port");
        assertThat(Rules.settings(Map.of("port", "${1st:9}"))).containsKey("port");
        assertThat(Rules.settings(Map.of("password", "secret:../../etc/shadow")).get("password"))
                .contains("secret:<NAME>")
                .doesNotContain("shadow");
        assertThat(Rules.settings(Map.of("Host", "x"))).containsKey("Host");
        assertThat(Rules.settings(Map.of("host", "a\nb"))).containsKey("host");
    }

    @Test
    void rolesStayAtTheirLevel() {
        assertThat(Rules.tenantRole("activator")).isEmpty();
        assertThat(Rules.tenantRole("operator")).isPresent();
        assertThat(Rules.tenantRole("agency-admin")).isPresent();
        assertThat(Rules.agencyRole("agency-admin")).isEmpty();
        assertThat(Rules.agencyRole("operator")).isPresent();
        assertThat(Rules.tenantRole("chief"))
                .hasValueSatisfying(p -> assertThat(p).contains("tenant-admin"));
    }

    @Test
    void senders() {
        assertThat(Rules.smsSender("SaintAurel")).isEmpty();
        assertThat(Rules.smsSender("Saint Aurel")).isPresent();
        assertThat(Rules.smsSender("alerte")).isPresent();
        assertThat(Rules.mailbox("alerte@saint-aurel.example")).isEmpty();
        assertThat(Rules.mailbox("alerte@saint-aurel.example\r\nBcc: x@y.example"))
                .isPresent();
        assertThat(Rules.timeZone("Europe/Paris")).isEmpty();
        assertThat(Rules.timeZone("Paris")).isPresent();
        assertThat(Rules.language("fr")).isEmpty();
        assertThat(Rules.language("français")).isPresent();
    }

    @Test
    void placesAreFilledFromPropertiesThenEnvironmentThenDefault() {
        Placeholders places =
                new Placeholders(Map.of("lab.sms.port", 12775), Map.of("TOCSIN_LAB_SMTP_PORT", "12525")::get);
        assertThat(places.fill("${lab.sms.port:2775}")).isEqualTo("12775");
        assertThat(places.fill("${lab.smtp.port:2525}")).isEqualTo("12525");
        assertThat(places.fill("a ${lab.imap.port:2143} b ${x:}")).isEqualTo("a 2143 b ");
        assertThatThrownBy(() -> places.fill("${nowhere}"))
                .hasMessageContaining("nowhere")
                .hasMessageContaining("TOCSIN_NOWHERE");
    }
}
