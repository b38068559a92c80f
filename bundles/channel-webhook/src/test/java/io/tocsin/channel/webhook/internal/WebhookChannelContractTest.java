package io.tocsin.channel.webhook.internal;

import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.testkit.BadSetting;
import io.tocsin.channel.testkit.CarrierPeer;
import io.tocsin.channel.testkit.ChannelContract;
import java.io.IOException;
import java.util.stream.Stream;

class WebhookChannelContractTest extends ChannelContract {
    private HttpPeer peer;

    @Override
    protected ChannelProvider provider() {
        return new WebhookChannelProvider();
    }

    @Override
    protected CarrierPeer startPeer() throws IOException {
        peer = new HttpPeer();
        return peer;
    }

    @Override
    protected String address(int n) {
        return peer.url() + "/hooks/panel-" + n + "?key=a" + n;
    }

    @Override
    protected Stream<BadSetting> badSettings() {
        return Stream.of(
                BadSetting.absent("urls"),
                BadSetting.absent("secret"),
                BadSetting.of("urls", "sirens.commune.example"),
                BadSetting.of("urls", "ftp://sirens.commune.example"),
                BadSetting.of("urls", "http://sirens.commune.example"),
                BadSetting.of("urls", "https://user@sirens.commune.example"),
                BadSetting.of("urls", "https://sirens.commune.example/a/../b"),
                BadSetting.of("urls", "https://sirens.commune.example/a?key=1"),
                BadSetting.of("urls", "https://a.example, https://A.example:443/"),
                BadSetting.of("secret", "whsec_%%%"),
                BadSetting.of("secret", "whsec_c2hvcnQ="),
                BadSetting.of("secret", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                BadSetting.of("secret", "https://other.example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                BadSetting.of("authorization", "Bearer one\nBearer two"),
                BadSetting.of("authorization", "Bearer \u00e9"),
                BadSetting.of("headers", "no header"),
                BadSetting.of("headers", "Host: elsewhere.example"),
                BadSetting.of("headers", "X-A: b\u0007c"),
                BadSetting.of("network", "world"),
                BadSetting.of("insecure", "perhaps"),
                BadSetting.of("tls-ca", "/etc/ssl/ca.pem"),
                BadSetting.of("window", "0"),
                BadSetting.of("window", "1000"),
                BadSetting.of("connect-timeout", "soon"),
                BadSetting.of("response-timeout", "0s"),
                BadSetting.of("retry-interval", "-1s"),
                BadSetting.of("check-interval", "1ms"),
                BadSetting.of("url", "https://sirens.commune.example"));
    }
}
