package io.tocsin.channel.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsDefinitionTest {
    private static final Map<String, String> LEAST = Map.of("host", " fax.example ", "password", " p ");

    interface FaxAccount {
        String host();

        int port();

        String password();

        Duration responseTimeout();

        Optional<Duration> validity();

        OptionalInt lines();

        boolean header();

        String paper();
    }

    /** Without an XML of its own. */
    interface Unbuilt {}

    @Test
    void everySettingHasItsType() throws Exception {
        FaxAccount few = new ChannelAccount("a", LEAST).settings(FaxAccount.class);
        assertThat(few.host()).isEqualTo("fax.example");
        assertThat(few.port()).isEqualTo(4559);
        assertThat(few.password()).as("spaces may belong to a secret").isEqualTo(" p ");
        assertThat(few.responseTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(few.validity()).isEmpty();
        assertThat(few.lines()).isEmpty();
        assertThat(few.header()).isFalse();
        assertThat(few.paper()).isEqualTo("a4");
        assertThat(few.toString()).doesNotContain(" p ").doesNotContain("fax.example");
        assertThat(few).isEqualTo(few).hasSameHashCodeAs(few);

        FaxAccount all = new ChannelAccount(
                        "b",
                        with(Map.of(
                                "port", "1",
                                "response-timeout", "PT0.5S",
                                "validity", "7d",
                                "lines", "30",
                                "header", "true",
                                "paper", "letter")))
                .settings(FaxAccount.class);
        assertThat(all.port()).isEqualTo(1);
        assertThat(all.responseTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(all.validity()).contains(Duration.ofDays(7));
        assertThat(all.lines()).hasValue(30);
        assertThat(all.header()).isTrue();
        assertThat(all.paper()).isEqualTo("letter");
    }

    @ParameterizedTest
    @CsvSource({
        "port, 0, 'port: ''0'' is wrong: write a whole number from 1 to 65535'",
        "port, fax, 'port: ''fax'' is wrong: write a whole number from 1 to 65535'",
        "lines, 3000000000, 'lines: ''3000000000'' is wrong: write a whole number from 1 to 2147483647'",
        "response-timeout, 5, 'response-timeout: ''5'' is wrong: write a duration such as 500ms, 5s, 2m or 1h from 100ms to 10m'",
        "response-timeout, -PT5S, 'response-timeout: ''-PT5S'' is wrong: write a duration such as 500ms, 5s, 2m or 1h from 100ms to 10m'",
        "validity, 8d, 'validity: ''8d'' is wrong: write a duration such as 500ms, 5s, 2m or 1h from 1m to 7d'",
        "header, yes, 'header: ''yes'' is wrong: write true or false'",
        "paper, A4, 'paper: ''A4'' is wrong: write a4 or letter'",
        "host, fax.an-overlong-name.example, 'host: is too long: write the server''s host name, at most 20 characters'",
        "hots, x, 'hots: is no setting of fax account; there are header, host, lines, paper, password, port, response-timeout, validity'"
    })
    void whatIsWrongIsNamedWithTheCure(String setting, String value, String message) {
        assertThatThrownBy(() -> new ChannelAccount("a", with(Map.of(setting, value))).settings(FaxAccount.class))
                .isInstanceOf(ChannelSettingsException.class)
                .hasMessage(message);
    }

    @Test
    void aSecretIsNeverRepeated() {
        assertThatThrownBy(
                        () -> new ChannelAccount("a", with(Map.of("password", "123456789"))).settings(FaxAccount.class))
                .hasMessage("password: is too long: write the server's password, at most 8 characters");
    }

    @Test
    void aValueThatWouldBreakALogLineIsNotRepeated() {
        assertThatThrownBy(() -> new ChannelAccount("a", with(Map.of("port", "1\n2"))).settings(FaxAccount.class))
                .hasMessage("port: is wrong: write a whole number from 1 to 65535");
    }

    @Test
    void everyProblemIsFoundAtOnceAndWhatIsWithheldIsThere() {
        SettingsDefinition fax = SettingsDefinition.of(FaxAccount.class);
        assertThat(fax.problems(Map.of("host", "  ", "port", "0", "colour", "red")))
                .containsOnlyKeys("colour", "host", "port", "password")
                .containsEntry("host", "is missing: write the server's host name")
                .containsEntry("password", "is missing: write the server's password");
        assertThat(fax.problems(
                        Map.of("host", "fax.example", "port", "secret:port", "password", "secret:a-long-name"),
                        Set.of("port", "password")))
                .isEmpty();
        assertThat(fax.setting("password")).map(Setting::secret).contains(true);
        assertThat(fax.setting("host")).map(Setting::secret).contains(false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<AD id='x' type='Double'/>",
                "<AD id='x' type='String' cardinality='3'/>",
                "<AD id='x' type='Integer' min='one'/>",
                "<AD id='x' type='Integer' min='5' default='1'/>",
                "<AD id='x' type='String' min='1m' max='long'/>",
                "<AD id='x' type='String'/><AD id='X' type='String'/>",
                "<AD type='String'/>",
                "<AD id='x' type='String'>",
                "</OCD><OCD id='second'>"
            })
    void whatIsNoDefinitionIsRefused(String attributes) {
        assertThatThrownBy(() -> read("<MetaData><OCD id='a' name='an account'>" + attributes + "</OCD></MetaData>"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDefinitionBringsNoDocumentTypeAndNoEntities() {
        assertThatThrownBy(
                        () -> read("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><MetaData>&e;</MetaData>"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DOCTYPE");
        assertThatThrownBy(() -> read("<MetaData>" + " ".repeat(300_000) + "</MetaData>"))
                .hasMessageContaining("larger");
    }

    @Test
    void anInterfaceThatBndDidNotSeeSaysSo() {
        assertThatThrownBy(() -> new ChannelAccount("a", Map.of()).settings(Unbuilt.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("@ObjectClassDefinition")
                .hasMessageContaining("bnd");
    }

    private static Map<String, String> with(Map<String, String> more) {
        Map<String, String> written = new HashMap<>(LEAST);
        written.putAll(more);
        return written;
    }

    private static SettingsDefinition read(String xml) throws IOException {
        return SettingsDefinition.read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }
}
