package io.tocsin.channel.webhook.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SigningKeysTest {
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    private static final Instant AT = Instant.ofEpochSecond(1614265330);
    private static final String KNOWN = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @Test
    void knownSignatureComesOut() {
        // the example that libraries of Standard Webhooks test themselves with
        assertThat(SigningKeys.of(KNOWN).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", AT, BODY))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void whileASecretIsReplacedBothSign() {
        String other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        String both = SigningKeys.of(other + " " + KNOWN).sign("a.b", AT, BODY);
        assertThat(both.split(" "))
                .containsExactly(
                        SigningKeys.of(other).sign("a.b", AT, BODY),
                        SigningKeys.of(KNOWN).sign("a.b", AT, BODY));
    }

    @Test
    void wrongSecretIsNotRepeated() {
        for (String wrong : new String[] {"hush-hush", "whsec_hush-hush", "whsec_aHVzaA=="}) {
            assertThatThrownBy(() -> SigningKeys.of(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("hush")
                    .hasMessageNotContaining("aHVzaA");
        }
        assertThat(SigningKeys.of(KNOWN).toString()).doesNotContain("MfKQ");
    }
}
