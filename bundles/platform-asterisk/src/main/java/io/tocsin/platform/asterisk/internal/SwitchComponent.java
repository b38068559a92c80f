package io.tocsin.platform.asterisk.internal;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.component.netty.NettyComponent;
import org.apache.camel.component.netty.NettyConfiguration;
import org.apache.camel.component.netty.NettyConsumer;
import org.apache.camel.component.netty.NettyEndpoint;
import org.apache.camel.component.netty.NettyServerBootstrapFactory;
import org.apache.camel.component.netty.ServerInitializerFactory;

/**
 * camel-netty, set up for one switch. In objects and not in an address, which Camel would log and
 * JMX would show. A consumer that has no bootstrap of its own listens with Camel's.
 */
final class SwitchComponent extends NettyComponent {
    private final ServerInitializerFactory pipeline;
    private final Supplier<NettyServerBootstrapFactory> dialing;

    /** @param dialing gives null where the switch connects to us */
    SwitchComponent(
            NettyConfiguration configuration,
            ServerInitializerFactory pipeline,
            Supplier<NettyServerBootstrapFactory> dialing) {
        this.pipeline = pipeline;
        this.dialing = dialing;
        setConfiguration(configuration);
    }

    /** The loop is the switch's to end: Camel would, and take two seconds. */
    @Override
    protected void doStop() throws Exception {
        getConfiguration().setWorkerGroup(null);
        super.doStop();
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new NettyEndpoint(uri, this, getConfiguration()) {
            @Override
            public Consumer createConsumer(Processor processor) throws Exception {
                NettyConsumer consumer = new NettyConsumer(this, processor, getConfiguration());
                NettyServerBootstrapFactory bootstrap = dialing.get();
                if (bootstrap != null) {
                    bootstrap.init(getCamelContext(), getConfiguration(), pipeline.createPipelineFactory(consumer));
                    consumer.setNettyServerBootstrapFactory(bootstrap);
                }
                configureConsumer(consumer);
                return consumer;
            }
        };
    }
}
