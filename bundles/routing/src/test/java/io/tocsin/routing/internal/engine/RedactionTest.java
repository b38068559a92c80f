package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.SettingsDefinition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedactionTest {
    private static final ChannelAccount ACCOUNT = new ChannelAccount(
            "a", Map.of("host", "fax.example", "password", "hush-hush", "token", "hush-hush-2", "pin", "1"));

    @Test
    void whatTheDefinitionCallsSecretIsTakenOut() throws IOException {
        String xml = "<M><OCD id='a'><AD id='host' type='String'/><AD id='password' type='Password'/>"
                + "<AD id='token' type='Password'/><AD id='pin' type='Password'/></OCD></M>";
        Redaction redaction = Redaction.of(
                ACCOUNT,
                Optional.of(SettingsDefinition.read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))));
        String trace = redaction.trace(new IllegalStateException(
                "login hush-hush-2 at fax.example", new IllegalArgumentException("not hush-hush")));
        assertThat(trace).contains("fax.example", "•••", "RedactionTest").doesNotContain("hush");
    }

    @Test
    void withoutADefinitionAnyValueMayBeOne() {
        Redaction redaction = Redaction.of(ACCOUNT, Optional.empty());
        assertThat(redaction.in("hush-hush at fax.example: 1 line")).isEqualTo("••• at •••: 1 line");
        assertThat(Redaction.described(new IllegalStateException("hush-hush")))
                .contains("IllegalStateException", "RedactionTest")
                .doesNotContain("hush");
    }
}
