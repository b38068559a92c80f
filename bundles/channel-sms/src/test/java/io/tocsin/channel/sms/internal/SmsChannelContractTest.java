package io.tocsin.channel.sms.internal;

import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.testkit.BadSetting;
import io.tocsin.channel.testkit.CarrierPeer;
import io.tocsin.channel.testkit.ChannelContract;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

class SmsChannelContractTest extends ChannelContract {

    @Override
    protected ChannelProvider provider() {
        return new SmsChannelProvider();
    }

    @Override
    protected CarrierPeer startPeer() throws IOException {
        return new JsmppPeer();
    }

    @Override
    protected String address(int n) {
        return "+3363998%04d".formatted(n);
    }

    @Override
    protected Optional<Class<?>> definition() {
        return Optional.of(SmsAccount.class);
    }

    @Override
    protected Stream<BadSetting> badSettings() {
        return Stream.of(
                BadSetting.absent("host"),
                BadSetting.of("host", " "),
                BadSetting.of("port", "0"),
                BadSetting.of("port", "smpp"),
                BadSetting.absent("system-id"),
                BadSetting.of("system-id", "longer-than-fifteen"),
                BadSetting.absent("password"),
                BadSetting.of("password", "NineChars"),
                BadSetting.of("tls", "yes"),
                BadSetting.of("tls-ca", "/etc/ssl/carrier.pem"),
                BadSetting.of("tls-name", "smsc.carrier.example"),
                BadSetting.of("receive-window", "0"),
                BadSetting.of("transmit-binds", "0"),
                BadSetting.of("receive-binds", "99"),
                BadSetting.of("window", "-1"),
                BadSetting.of("sender", "MAIRIE DE X"),
                BadSetting.of("sender", "PréfecTURE"),
                BadSetting.of("sender", "MAIRIEDEXXXXX"),
                BadSetting.of("sender", "12"),
                BadSetting.of("sender", "0612345678"),
                BadSetting.of("sender", "ALERTE"),
                BadSetting.of("sender-ton", "9"),
                BadSetting.of("alphabet", "utf-8"),
                BadSetting.of("message-id-format", "octal"),
                BadSetting.of("reference-tag", "0x0204"),
                BadSetting.of("reference-tag", "reference"),
                BadSetting.of("enquire-link", "5"),
                BadSetting.of("response-timeout", "0s"),
                BadSetting.of("validity", "8d"),
                BadSetting.of("hots", "typo.example"));
    }
}
