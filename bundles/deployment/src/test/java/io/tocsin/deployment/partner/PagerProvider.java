package io.tocsin.deployment.partner;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelProvider;

/** A partner's provider: dispatch of these tests opens nothing with it. */
public final class PagerProvider implements ChannelProvider {
    @Override
    public Channel open(ChannelAccount account, ChannelEvents events) {
        throw new UnsupportedOperationException("no test opens a channel");
    }
}
