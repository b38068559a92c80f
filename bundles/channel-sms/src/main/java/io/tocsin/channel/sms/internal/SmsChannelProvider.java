package io.tocsin.channel.sms.internal;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.ChannelSettingsException;
import io.tocsin.channel.api.ChannelType;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AsyncProducer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.osgi.service.component.annotations.Component;

/**
 * Opens SMS channels over SMPP 3.4. One CamelContext an account, so that an account stops, drains and starts again alone;
 * its routes are {@code sms-<account>-submit} and {@code sms-<account>-receive}. Two event loops an account, one for its
 * transmitting binds and one for its receiving ones.
 */
@Component(service = ChannelProvider.class)
@ChannelType(
        type = "sms",
        endpoints = "mobile",
        login = {"host", "port=2775", "system-id"},
        settings = SmsAccount.class)
public final class SmsChannelProvider implements ChannelProvider {
    private static final Duration ROUTE_STOP_LIMIT = Duration.ofSeconds(2);
    private static final String ENTRY = "direct:submit?block=false";

    private final Clock clock = Clock.systemUTC();

    @Override
    public Channel open(ChannelAccount account, ChannelEvents events) throws ChannelSettingsException {
        SmsSettings settings = SmsSettings.of(account);
        String name = "sms-" + account.id();
        Oddities oddities = new Oddities(account.id(), clock);
        IdFormatCheck check = new IdFormatCheck(settings.messageIds(), oddities);
        EventLoopGroup transmitting = loop(name + "-transmit");
        EventLoopGroup receiving = loop(name + "-receive");
        ExecutorService resolver = resolver(name + "-resolve");
        TransmitWindow window = new TransmitWindow(transmitting.next(), settings);
        SmppComponent component = new SmppComponent(window, oddities);
        DeliverReceiver receiver = new DeliverReceiver(
                events,
                new ReceiptReader(settings.messageIds(), settings.referenceTag(), clock, oddities, check),
                new InboundReader(settings.alphabet(), clock));
        DefaultCamelContext context = context(name, component, receiver);
        AsyncProducer entry = entry(context);

        // the binds tell the channel how they are, and the channel is made of them
        AtomicReference<SmsChannel> opened = new AtomicReference<>();
        BindUses uses = new BindUses(window, component, settings.messageIds(), check, events, clock, () -> opened.get()
                .bindsChanged());
        List<Bind> binds = new ArrayList<>();
        for (int n = 1; n <= settings.transmitBinds(); n++) {
            Bind bind =
                    bind(account.id(), "submit-" + n, true, settings, transmitting.next(), resolver, oddities, uses);
            window.add(bind);
            binds.add(bind);
        }
        for (int n = 1; n <= settings.receiveBinds(); n++) {
            binds.add(bind(
                    account.id(),
                    "receive-" + n,
                    false,
                    settings,
                    receiving.next(),
                    resolver,
                    oddities,
                    uses.receiving()));
        }
        SmsChannel channel = new SmsChannel(
                account.id(),
                settings,
                events,
                oddities,
                new SmsChannel.Engine(context, entry, window, transmitting, receiving, resolver),
                binds);
        opened.set(channel);
        binds.forEach(Bind::start);
        return channel;
    }

    private static Bind bind(
            String account,
            String place,
            boolean transmits,
            SmsSettings settings,
            EventLoop loop,
            ExecutorService resolver,
            Oddities oddities,
            Bind.Uses uses) {
        return new Bind(account, "sms-" + account + "-" + place, transmits, settings, loop, resolver, oddities, uses);
    }

    private static DefaultCamelContext context(String name, SmppComponent component, DeliverReceiver receiver) {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getCamelContextExtension().setName(name);
        context.getExecutorServiceManager().setThreadNamePattern(name + " #counter# #name#");
        // in a container: Camel's own bundle, where components and converters are found
        context.setApplicationContextClassLoader(DefaultCamelContext.class.getClassLoader());
        context.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
        context.getShutdownStrategy().setTimeout(ROUTE_STOP_LIMIT.toMillis());
        context.getShutdownStrategy().setShutdownNowOnTimeout(true);
        context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        context.setLoadTypeConverters(false);
        context.addComponent("smpp", component);
        context.addComponent("direct", new DirectComponent());
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    // a failure goes to the caller, not to a log with the message in it
                    errorHandler(noErrorHandler());
                    from(ENTRY).routeId(name + "-submit").to(SmppComponent.SUBMIT);
                    from(SmppComponent.RECEIVE).routeId(name + "-receive").process(receiver);
                }
            });
        } catch (Exception e) { // Camel declares no less, of two routes that need nothing from outside
            throw new IllegalStateException("the routes of " + name + " cannot be made", e);
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

    private static EventLoopGroup loop(String name) {
        EventLoopGroup loop = new NioEventLoopGroup(1, new DefaultThreadFactory(name, true));
        forgetWhoBeganNetty();
        return loop;
    }

    /**
     * Netty keeps for ever an exception made when its first event loop is, and the JVM keeps with its trace the classes
     * that were on the stack: ours, so that the first version of this bundle would never be unloaded. The trace is taken
     * anew where nothing of ours is on the stack (the frame of a method reference is hidden from it).
     */
    private static void forgetWhoBeganNetty() {
        Throwable kept = GlobalEventExecutor.INSTANCE.terminationFuture().cause();
        if (kept != null) {
            Thread elsewhere = new Thread(kept::fillInStackTrace, "netty-trace");
            elsewhere.setDaemon(true);
            elsewhere.start();
        }
    }

    /** One thread while names are looked up, none otherwise. */
    private static ExecutorService resolver(String name) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(name, true));
        executor.allowCoreThreadTimeOut(true);
        executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return executor;
    }
}
