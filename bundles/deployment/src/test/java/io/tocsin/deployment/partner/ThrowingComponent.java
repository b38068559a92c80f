package io.tocsin.deployment.partner;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelProvider;

public final class ThrowingComponent implements ChannelProvider {
    public ThrowingComponent() {
        throw new IllegalStateException("no modem is plugged in");
    }

    @Override
    public Channel open(ChannelAccount account, ChannelEvents events) {
        throw new UnsupportedOperationException("never constructed");
    }
}
