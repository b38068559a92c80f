package io.tocsin.channel.testkit.pager;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.api.ChannelType;
import org.osgi.service.component.annotations.Component;

@Component(service = ChannelProvider.class)
@ChannelType(type = "pager", endpoints = "mobile", settings = PagerAccount.class)
public final class PagerProvider implements ChannelProvider {
    @Override
    public Channel open(ChannelAccount account, ChannelEvents events) throws ChannelSettingsException {
        PagerChannel channel = new PagerChannel(account.id(), account.settings(PagerAccount.class), events);
        channel.start();
        return channel;
    }
}
