package io.tocsin.channel.publish.internal;

import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.channel.testkit.BadSetting;
import io.tocsin.channel.testkit.CarrierPeer;
import io.tocsin.channel.testkit.ChannelContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** On posts: they are what has a carrier. Pages have tests of their own. */
class PublishChannelContractTest extends ChannelContract {
    @TempDir
    private Path folder;

    @Override
    protected ChannelProvider provider() {
        return new PublishChannelProvider(new PublicFolder(folder), Clock.systemUTC());
    }

    @Override
    protected CarrierPeer startPeer() throws IOException {
        return new MastodonPeer();
    }

    @Override
    protected String address(int n) {
        return MastodonPeer.handle(n);
    }

    @Override
    protected Optional<Class<?>> definition() {
        return Optional.of(PublishAccount.class);
    }

    /** The peer tells its accounts apart by the text. */
    @Override
    protected OutboundMessage message(String reference, String address) {
        return Messages.drill(reference, address, "Exercice", "Ceci est un exercice. " + address);
    }

    @Override
    protected Stream<BadSetting> badSettings() {
        return Stream.of(
                BadSetting.of("site", "Saint Aurel"),
                BadSetting.of("site", "../etc"),
                BadSetting.of("base-url", "alertes.commune.example"),
                BadSetting.of("base-url", "https://alertes.commune.example/?a=b"),
                BadSetting.of("language", "fr\"><script>"),
                BadSetting.of("time-zone", "Saint-Aurel"),
                BadSetting.absent("mastodon"),
                BadSetting.of("mastodon", "alertes@social.example"),
                BadSetting.of("mastodon", "@a@social.example/../b"),
                BadSetting.of("mastodon", "@a@social.example @a@social.example"),
                BadSetting.absent("mastodon-token"),
                BadSetting.of("mastodon-token", "Bearer one\r\nX-Other: two"),
                BadSetting.of("mastodon-token", "@other@social.example Abc123"),
                BadSetting.of("mastodon-url", "social.example"),
                BadSetting.of("mastodon-url", "http://social.example"),
                BadSetting.of("mastodon-url", "https://user@social.example"),
                BadSetting.of("mastodon-url", "https://social.example/api"),
                BadSetting.of("tls-ca", "/etc/ssl/ca.pem"),
                BadSetting.of("network", "world"));
    }
}
