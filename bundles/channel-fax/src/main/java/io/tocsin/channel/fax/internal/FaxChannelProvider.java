package io.tocsin.channel.fax.internal;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.api.ChannelType;
import java.time.Clock;
import java.time.Duration;
import org.apache.pdfbox.pdmodel.font.FontMappers;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Opens fax accounts on Asterisk switches: T.38 and G.711, over the manager interface. One CamelContext an account; its route is
 * {@code fax-<account>-events}.
 */
@Component(service = ChannelProvider.class)
@ChannelType(
        type = "fax",
        endpoints = "fax",
        media = {"text", "document"},
        settings = FaxAccount.class)
public final class FaxChannelProvider implements ChannelProvider {
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(3);

    /** Under what the core waits for a check. */
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(8);

    private final Clock clock = Clock.systemUTC();
    private final Duration drainLimit;
    private final Duration checkLimit;

    @Activate
    public FaxChannelProvider() {
        this(DRAIN_LIMIT, CHECK_LIMIT);
    }

    /**
     * @param drainLimit how long a channel that is closed waits for its faxes to end
     * @param checkLimit how long one that is checked waits for a connection
     */
    FaxChannelProvider(Duration drainLimit, Duration checkLimit) {
        this.drainLimit = drainLimit;
        this.checkLimit = checkLimit;
        FontMappers.set(new OneFace(new Face().font())); // of this bundle's own PDFBox
    }

    @Override
    public Channel open(ChannelAccount account, ChannelEvents events) throws ChannelSettingsException {
        FaxChannel channel =
                new FaxChannel(account.id(), FaxSettings.of(account), events, clock, drainLimit, checkLimit);
        channel.start();
        return channel;
    }
}
