package io.tocsin.channel.fax.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelSettingsException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaxSettingsTest {
    @TempDir
    Path spool;

    private FaxSettings settings(String callerId) throws ChannelSettingsException {
        return FaxSettings.of(new ChannelAccount(
                "t",
                Map.of(
                        "host", "127.0.0.1",
                        "user", "tocsin",
                        "password", "p",
                        "numbers", "national",
                        "caller-id", callerId,
                        "spool", spool.toString())));
    }

    @Test
    void nationalNumbersAreThoseOfTheCallerIdsCountry() throws Exception {
        assertThat(settings("+33199001234").trunk().endpoint("+33199004321")).isEqualTo("PJSIP/0199004321@trunk");
        assertThat(settings("+34911234567").trunk().endpoint("+34912345678")).isEqualTo("PJSIP/912345678@trunk");
        assertThat(catchThrowableOfType(ChannelSettingsException.class, () -> settings("+999123456"))
                        .setting())
                .isEqualTo("numbers");
    }
}
