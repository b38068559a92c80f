package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.testkit.BadSetting;
import io.tocsin.channel.testkit.CarrierPeer;
import io.tocsin.channel.testkit.ChannelContract;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

class MailChannelContractTest extends ChannelContract {

    @Override
    protected ChannelProvider provider() {
        return new MailChannelProvider();
    }

    @Override
    protected CarrierPeer startPeer() throws IOException {
        return new LabPeer();
    }

    @Override
    protected String address(int n) {
        return "habitant." + n + "@commune.example";
    }

    @Override
    protected Optional<Class<?>> definition() {
        return Optional.of(MailAccountSettings.class);
    }

    @Override
    protected Stream<BadSetting> badSettings() {
        return Stream.of(
                BadSetting.absent("host"),
                BadSetting.absent("from"),
                BadSetting.absent("password"),
                BadSetting.absent("user"),
                BadSetting.of("port", "0"),
                BadSetting.of("port", "smtp"),
                BadSetting.of("security", "ssl"),
                BadSetting.of("from", "nobody"),
                BadSetting.of("from", "a@b.example, c@d.example"),
                BadSetting.of("from", "a@b.example\r\nBcc: c@d.example"),
                BadSetting.of("return-path", "no mailbox"),
                BadSetting.of("connections", "0"),
                BadSetting.of("connections", "1000"),
                BadSetting.of("window", "1"),
                BadSetting.of("dsn", "perhaps"),
                BadSetting.of("verp", "2"),
                BadSetting.of("retry-interval", "soon"),
                BadSetting.of("response-timeout", "-1s"),
                BadSetting.of("message-id-domain", "a b"),
                BadSetting.of("trust", "/no/such/file.pem"));
    }
}
