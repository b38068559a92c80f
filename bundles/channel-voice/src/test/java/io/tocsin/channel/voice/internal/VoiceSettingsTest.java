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

    @ParameterizedTest
    @CsvSource({
        "plus, +33639981234, PJSIP/+33639981234@trunk",
        "digits, +33639981234, PJSIP/33639981234@trunk",
        "00, +33639981234, PJSIP/0033639981234@trunk",
        "national, +33639981234, PJSIP/0639981234@trunk",
        "national, +3227001234, PJSIP/003227001234@trunk"
    })
    void aNumberIsDialledAsTheTrunkWantsIt(String numbers, String number, String endpoint) throws Exception {
        assertThat(settings("numbers", numbers).endpoint(number)).isEqualTo(endpoint);
    }

    @ParameterizedTest
    @CsvSource({
        "0639981234, +33639981234",
        "0033639981234, +33639981234",
        "33639981234, +33639981234",
        "+33639981234, +33639981234",
        "3012, 3012",
        "anonymous, anonymous"
    })
    void aNumberThatComesInIsReadAsItCanBe(String written, String number) throws Exception {
        assertThat(settings().e164(written)).isEqualTo(number);
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
