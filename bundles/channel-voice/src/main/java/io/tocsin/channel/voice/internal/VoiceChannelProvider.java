package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.api.ChannelType;
import io.tocsin.channel.api.OutboundMessage;
import io.tocsin.platform.asterisk.ari.Switch;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.AsyncProcessorSupport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Opens voice channels on Asterisk 20 to 22 by ARI. One CamelContext an account: its route {@code voice-<account>-call} takes a message
 * from originate to outcome; the switch's events come in by {@code voice-<account>-events}.
 */
@Component(service = ChannelProvider.class)
@ChannelType(
        type = "voice",
        endpoints = {"mobile", "landline"},
        media = {"text", "audio"},
        settings = VoiceAccount.class)
public final class VoiceChannelProvider implements ChannelProvider {
    private static final Duration ROUTE_STOP_LIMIT = Duration.ofSeconds(2);
    /** Under what the core gives a channel to close. */
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(9);

    /** Under what the core waits for a check. */
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(8);

    private static final String ENTRY = "direct:call?block=false";

    private final Clock clock = Clock.systemUTC();
    private final Duration drainLimit;
    private final Duration checkLimit;

    @Activate
    public VoiceChannelProvider() {
        this(DRAIN_LIMIT, CHECK_LIMIT);
    }

    /**
     * @param drainLimit how long a channel that is closed waits for its calls to end
     * @param checkLimit how long one that is checked waits for a connection
     */
    VoiceChannelProvider(Duration drainLimit, Duration checkLimit) {
        this.drainLimit = drainLimit;
        this.checkLimit = checkLimit;
    }

    @Override
    public Channel open(ChannelAccount account, ChannelEvents events) throws ChannelSettingsException {
        VoiceSettings settings = VoiceSettings.of(account);
        TrunkWatch trunk = new TrunkWatch(clock);
        AtomicReference<VoiceChannel> opened = new AtomicReference<>();
        Calls calls = new Calls(account.id(), settings, events, trunk, clock, () -> {
            VoiceChannel channel = opened.get();
            if (channel != null) {
                channel.changed();
            }
        });
        Switch asterisk = Switch.open(settings.ari(), calls, clock);
        calls.on(asterisk);
        DefaultCamelContext context = null;
        try {
            context = context("voice-" + account.id(), calls);
            VoiceChannel channel = new VoiceChannel(
                    account.id(),
                    settings,
                    events,
                    calls,
                    trunk,
                    asterisk,
                    context,
                    entry(context),
                    drainLimit,
                    checkLimit);
            opened.set(channel);
            channel.changed();
            return channel;
        } finally {
            if (opened.get() == null) {
                asterisk.close();
                if (context != null) {
                    context.stop();
                }
            }
        }
    }

    private static DefaultCamelContext context(String name, Calls calls) {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getCamelContextExtension().setName(name + "-calls");
        context.getExecutorServiceManager().setThreadNamePattern(name + " #counter# #name#");
        // in a container: Camel's own bundle, where components and converters are found
        context.setApplicationContextClassLoader(DefaultCamelContext.class.getClassLoader());
        context.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
        context.getShutdownStrategy().setTimeout(ROUTE_STOP_LIMIT.toMillis());
        context.getShutdownStrategy().setShutdownNowOnTimeout(true);
        context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        context.setLoadTypeConverters(false);
        context.addComponent("direct", new DirectComponent());
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    // a failure goes to the caller, not to a log with the message in it
                    errorHandler(noErrorHandler());
                    from(ENTRY).routeId(name + "-call").process(new Calling(calls));
                }
            });
        } catch (Exception e) { // Camel declares no less, of a route that needs nothing from outside
            throw new IllegalStateException("the route of " + name + " cannot be made", e);
        }
        context.start();
        return context;
    }

    private static AsyncProducer entry(DefaultCamelContext context) {
        try {
            AsyncProducer entry = context.getEndpoint(ENTRY).createAsyncProducer();
            entry.start();
            return entry;
        } catch (Exception e) { // as above
            throw new IllegalStateException("direct: has no producer", e);
        }
    }

    /** A call in a route: it goes on when the call is over. */
    private static final class Calling extends AsyncProcessorSupport {
        private final Calls calls;

        Calling(Calls calls) {
            this.calls = calls;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            calls.call(exchange.getMessage().getBody(OutboundMessage.class), outcome -> {
                exchange.getMessage().setBody(outcome);
                callback.done(false);
            });
            return false;
        }
    }
}
