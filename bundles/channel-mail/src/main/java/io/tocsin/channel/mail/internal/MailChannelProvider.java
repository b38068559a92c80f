package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.api.ChannelType;
import java.time.Clock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens mail accounts: SMTP submission (RFC 6409), bounces and replies over IMAP. */
@Component(service = ChannelProvider.class)
@ChannelType(
        type = "mail",
        endpoints = "email",
        media = {"text", "html"},
        settings = MailAccountSettings.class)
public final class MailChannelProvider implements ChannelProvider {
    private final Clock clock;

    @Activate
    public MailChannelProvider() {
        this(Clock.systemUTC());
    }

    MailChannelProvider(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Channel open(ChannelAccount account, ChannelEvents events) throws ChannelSettingsException {
        MailSettings settings = MailSettings.of(account);
        return MailChannel.open(account.id(), settings, events, clock);
    }
}
