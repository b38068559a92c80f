package io.tocsin.routing.internal.engine;

import io.tocsin.routing.internal.LogScope;
import io.tocsin.routing.internal.engine.Fact.Intent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.impl.DefaultCamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Camel routes that carry micro-batches from intent to channel, one for each account, so that operators list, suspend and
 * trace dispatch as they do every route. An exchange is a whole micro-batch whose intent is durable, without any header; the
 * ledger itself is not a route. A suspended route holds new intents back; what is intended already is sent all the same.
 */
final class DispatchRoutes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DispatchRoutes.class);

    /** What a route does with a micro-batch. */
    interface Step {
        void send(List<Intent> intents) throws InterruptedException;
    }

    private final DefaultCamelContext context = new DefaultCamelContext();
    private static final String STEP = "tocsin.step";

    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    /** Lanes by account: while one channel takes over from another there are two. */
    private final Map<String, Integer> lanes = new HashMap<>();

    private final ProducerTemplate template;

    DispatchRoutes(String node) {
        context.getCamelContextExtension().setName("dispatch-" + node);
        // In a container: Camel's own bundle, where its components are found.
        context.setApplicationContextClassLoader(DefaultCamelContext.class.getClassLoader());
        context.setLoadTypeConverters(false);
        context.getShutdownStrategy().setTimeout(5);
        context.getShutdownStrategy().setShutdownNowOnTimeout(true);
        context.start();
        template = context.createProducerTemplate();
    }

    CamelContext context() {
        return context;
    }

    static String routeId(String account) {
        return "dispatch-" + account;
    }

    /** A lane begins to use the account's route. */
    synchronized void open(String account) {
        if (lanes.merge(account, 1, Integer::sum) > 1) {
            return;
        }
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(uri(account))
                            .routeId(routeId(account))
                            .process(exchange ->
                                    exchange.getProperty(STEP, Step.class).send(intents(exchange)))
                            .id("send-" + account);
                }
            });
        } catch (Exception e) {
            // Camel declares no better. Dispatch does not depend on a route: the step is called without it.
            try (LogScope about = LogScope.account(account)) {
                LOG.error("dispatch.route-not-opened account={}", account, e);
            }
            broken.add(account);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Intent> intents(Exchange exchange) {
        return (List<Intent>) exchange.getMessage().getBody();
    }

    /** Whether new messages may be intended for an account: its route is not stopped or suspended. */
    boolean lets(String account) {
        var status = context.getRouteController().getRouteStatus(routeId(account));
        return broken.contains(account) || status != null && status.isStarted();
    }

    /** Carries a micro-batch through the account's route on the calling thread. */
    void carry(String account, List<Intent> intents, Step step) throws InterruptedException {
        if (broken.contains(account)) {
            step.send(intents);
            return;
        }
        Exchange done = template.send(uri(account), exchange -> {
            exchange.setProperty(STEP, step);
            exchange.getMessage().setBody(intents);
        });
        Exception failure = done.getException();
        if (failure instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        if (failure instanceof DirectConsumerNotAvailableException) {
            step.send(intents);
        } else if (failure != null) {
            throw new IllegalStateException("the route of " + account + " failed", failure);
        }
    }

    /** A lane has ended; with the last the route goes. */
    synchronized void close(String account) {
        if (lanes.merge(account, -1, Integer::sum) > 0) {
            return;
        }
        lanes.remove(account);
        try {
            context.getRouteController().stopRoute(routeId(account));
            context.removeRoute(routeId(account));
            broken.remove(account);
        } catch (Exception e) {
            try (LogScope about = LogScope.account(account)) {
                LOG.warn("dispatch.route-not-closed account={}", account, e);
            }
        }
    }

    @Override
    public void close() {
        context.stop();
    }

    private static String uri(String account) {
        return "direct:dispatch-" + account + "?block=false";
    }
}
