package io.tocsin.channel.webhook.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookUrlTest {

    @ParameterizedTest
    @CsvSource({
        "https://a.example,            https://a.example/hook,          true",
        "https://a.example/in,         https://A.Example:443/in,        true",
        "https://a.example/in,         https://a.example/in/b?c=d,      true",
        "https://a.example/in/,        https://a.example/in/b,          true",
        "https://[2001:db8::1]:8443/,  https://[2001:DB8::1]:8443/x,    true",
        "https://a.example/in,         https://a.example/inside,        false",
        "https://a.example/in/,        https://a.example/in,            false",
        "https://a.example/in,         https://a.example/IN/b,          false",
        "https://a.example,            http://a.example/,               false",
        "https://a.example,            https://a.example:8443/,         false",
        "https://a.example,            https://a.example.evil.example/, false",
        "https://a.example,            https://evil.example/a.example,  false",
        "https://a.example,            https://a.example./,             false",
    })
    void onlyWhatLiesBeneathIsAllowed(String above, String url, boolean allowed) {
        assertThat(WebhookUrl.of(url).isBeneath(WebhookUrl.of(above))).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hook",
                "//a.example/b",
                "https:/a.example",
                "https:///b",
                "file:///etc/passwd",
                "gopher://a.example/",
                "https://a.example@evil.example/",
                "https://a.example:0/",
                "https://a.example:65536/",
                "https://a.example:x/",
                "https://a.example/#b",
                "https://a.example/in/../admin",
                "https://a.example/in/./b",
                "https://a.example/in/%2e%2E/admin",
                "https://a.example/in%2fb",
                "https://a.example/in%5c..%5cadmin",
                "https://a.example/in//b",
                "https://a.example/in\\..\\admin",
                "https://a.example/a b",
                "https://a.example/a\r\nX-Evil: 1",
                "https://a.example/\u00e9",
                "https://a.example/a%00",
                "https://a_b.example/"
            })
    void whatCouldBeReadInTwoWaysIsRefusedWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> WebhookUrl.of(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("example/")
                .hasMessageNotContaining("passwd");
    }

    @Test
    void longUrlIsRefused() {
        assertThatThrownBy(() -> WebhookUrl.of("https://a.example/" + "b".repeat(1000)))
                .hasMessageContaining("1000");
    }

    @Test
    void tokensInItAreNotShown() {
        assertThat(WebhookUrl.of("https://a.example/hooks/token?key=secret")).hasToString("https://a.example");
    }
}
