package io.tocsin.channel.voice.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelSettingsException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VoiceSettingsTest {

    private static VoiceSettings settings(String... more) throws ChannelSettingsException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "host",
                "pbx.example",
                "user",
                "tocsin",
                "password",
                "secret-9",
                "lines",
                "30",
                "caller-id",
                "+33162000001"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return VoiceSettings.of(new ChannelAccount("t", settings));
    }

    @Test
    void theCountryOfNumbersIsThatOfTheFirstCallerId() throws Exception {
        VoiceSettings belgian = settings("numbers", "national", "caller-id", "+3227001234, +33162000001");
        assertThat(belgian.endpoint("+3227004321")).isEqualTo("PJSIP/027004321@trunk");
        assertThat(belgian.endpoint("+33639981234")).isEqualTo("PJSIP/0033639981234@trunk");
        assertThat(belgian.e164("027004321")).isEqualTo("+3227004321");
    }

    @Test
    void withoutACountryNumbersAreNotNational() throws Exception {
        assertThat(settings("caller-id", "3012").e164("0639981234")).isEqualTo("0639981234");
        assertThat(catchThrowableOfType(
                                ChannelSettingsException.class,
                                () -> settings("numbers", "national", "caller-id", "3012, +33162000001"))
                        .setting())
                .isEqualTo("numbers");
    }

    @Test
    void aSwitchElsewhereSeesTheSoundsElsewhere() throws Exception {
        assertThat(settings().media(Path.of("/srv/tocsin/speech/7/ab.alaw")))
                .isEqualTo("sound:/srv/tocsin/speech/7/ab");
        assertThat(settings("sounds", "/srv/tocsin", "sounds-on-switch", "/mnt/alerts")
                        .media(Path.of("/srv/tocsin/speech/7/ab.alaw")))
                .isEqualTo("sound:/mnt/alerts/speech/7/ab");
    }

    @ParameterizedTest
    @CsvSource({
        "dial, PJSIP/0639981234@trunk",
        "dial, PJSIP/{number}&Local/x@y",
        "dial, 'PJSIP/{number}@trunk{x}'",
        "caller-id, +33612345678",
        "caller-id, '+33162000001,'",
        "caller-name, 'Mairie\" <1>'",
        "inbound, 'a,b'",
        "numbers, e164",
        "lines, 0",
        "lines-here, 31",
        "lines-here, 0",
        "longest-call, 1s"
    })
    void whatIsWrongIsNamed(String setting, String value) {
        ChannelSettingsException refused =
                catchThrowableOfType(ChannelSettingsException.class, () -> settings(setting, value));
        assertThat(refused).isNotNull();
        assertThat(refused.setting()).isEqualTo(setting);
    }

    @Test
    void eachOpenedChannelHearsOfItsOwnCalls() throws Exception {
        assertThat(settings().ari().application()).isNotEqualTo(settings().ari().application());
    }
}
