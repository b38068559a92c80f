package io.tocsin.channel.publish.internal;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.api.ChannelType;
import java.time.Clock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens publish accounts: public pages and feeds of this node, posts on Mastodon-compatible servers. */
@Component(service = ChannelProvider.class)
@ChannelType(
        type = "publish",
        endpoints = "publication",
        login = {"site"},
        settings = PublishAccount.class)
public final class PublishChannelProvider implements ChannelProvider {
    private final PublicFolder folder;
    private final Clock clock;

    @Activate
    public PublishChannelProvider(@Reference PublicFolder folder) {
        this(folder, Clock.systemUTC());
    }

    PublishChannelProvider(PublicFolder folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    @Override
    public Channel open(ChannelAccount account, ChannelEvents events) throws ChannelSettingsException {
        PublishSettings settings = PublishSettings.of(account);
        return new PublishChannel(
                        account.id(), settings, folder, events, Workers.of(account.id(), settings.window()), clock)
                .start();
    }
}
