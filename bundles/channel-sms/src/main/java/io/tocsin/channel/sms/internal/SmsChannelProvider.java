package io.tocsin.channel.sms.internal;

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
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.smpp.SmppComponent;
import org.apache.camel.component.smpp.SmppConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.osgi.service.component.annotations.Component;

/**
 * Opens SMS channels over SMPP 3.4 (camel-smpp). One CamelContext an account, so that an account stops, drains and
 * starts again alone; its routes are {@code sms-<account>-submit-<n>} and {@code sms-<account>-receive-<n>}.
 */
@Component(service = ChannelProvider.class)
@ChannelType(
        type = "sms",
        endpoints = "mobile",
        login = {"host", "port=2775", "system-id"})
public final class SmsChannelProvider implements ChannelProvider {
    private static final Duration ROUTE_STOP_LIMIT = Duration.ofSeconds(2);
    /** Responses need few threads: they only wake the caller that waits. */
    private static final int RESPONSE_THREADS = 3;

    private static final int SMALLEST_QUEUE = 100;

    private final Clock clock = Clock.systemUTC();

    @Override
    public Channel open(ChannelAccount account, ChannelEvents events) throws ChannelSettingsException {
        SmsSettings settings = SmsSettings.of(account.settings());
        CamelContext context = context(account.id());
        SmppComponent smpp = new SmppComponent(context);
        context.addComponent("smpp", smpp);
        context.addComponent("direct", new DirectComponent());
        // the channel tells its health through the supervisor, which is made before it
        AtomicReference<SmsChannel> opened = new AtomicReference<>();
        BindSupervisor supervisor = new BindSupervisor(
                context,
                account.id(),
                settings.reconnectDelay(),
                settings.responseTimeout().plus(settings.enquireLink()),
                () -> opened.get().bindsChanged());
        List<Bind> binds = binds(account.id(), settings, events, smpp, supervisor);
        context.start();
        Submitter submitter = new Submitter(context, settings.messageIds(), settings.reconnectDelay());
        SmsChannel channel = new SmsChannel(account.id(), settings, events, context, submitter, supervisor, binds);
        opened.set(channel);
        supervisor.start(binds);
        return channel;
    }

    private List<Bind> binds(
            String account, SmsSettings settings, ChannelEvents events, SmppComponent smpp, BindSupervisor supervisor) {
        DeliverReceiver receiver = new DeliverReceiver(
                events,
                new ReceiptReader(settings.messageIds(), settings.referenceTag(), clock),
                new InboundReader(settings.alphabet(), clock));
        List<Bind> binds = new ArrayList<>();
        for (int n = 1; n <= settings.transmitBinds(); n++) {
            binds.add(bind("sms-" + account + "-submit-" + n, settings, smpp, null, supervisor));
        }
        for (int n = 1; n <= settings.receiveBinds(); n++) {
            binds.add(bind("sms-" + account + "-receive-" + n, settings, smpp, receiver, supervisor));
        }
        return binds;
    }

    private static Bind bind(
            String routeId,
            SmsSettings settings,
            SmppComponent smpp,
            DeliverReceiver receiver,
            BindSupervisor supervisor) {
        AtomicReference<Bind> made = new AtomicReference<>();
        Bind bind = new Bind(
                routeId, smpp, configuration(settings, receiver == null), receiver, () -> supervisor.lost(made.get()));
        made.set(bind);
        return bind;
    }

    /** The password goes into this object and never into an endpoint address, which Camel logs. */
    private static SmppConfiguration configuration(SmsSettings settings, boolean transmits) {
        SmppConfiguration configuration = new SmppConfiguration();
        configuration.setHost(settings.host());
        configuration.setPort(settings.port());
        configuration.setSystemId(settings.systemId());
        configuration.setPassword(settings.password());
        configuration.setSystemType(settings.systemType());
        configuration.setUsingSSL(settings.tls());
        configuration.setEnquireLinkTimer((int) settings.enquireLink().toMillis());
        configuration.setTransactionTimer((int) settings.responseTimeout().toMillis());
        configuration.setLazySessionCreation(false);
        configuration.setPduProcessorDegree(transmits ? RESPONSE_THREADS : settings.receiveThreads());
        configuration.setPduProcessorQueueCapacity(
                transmits ? SMALLEST_QUEUE + 2 * settings.window() : settings.receiveQueue());
        return configuration;
    }

    private static CamelContext context(String account) {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getCamelContextExtension().setName("sms-" + account);
        context.getExecutorServiceManager().setThreadNamePattern("sms-" + account + " #counter# #name#");
        // in a container: Camel's own bundle, where components and converters are found
        context.setApplicationContextClassLoader(DefaultCamelContext.class.getClassLoader());
        context.getExecutorServiceManager()
                .setThreadPoolFactory(new ForgetfulThreadPools(context.getExecutorServiceManager()));
        context.getShutdownStrategy().setTimeUnit(java.util.concurrent.TimeUnit.MILLISECONDS);
        context.getShutdownStrategy().setTimeout(ROUTE_STOP_LIMIT.toMillis());
        context.getShutdownStrategy().setShutdownNowOnTimeout(true);
        context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        context.setLoadTypeConverters(false);
        return context;
    }
}
