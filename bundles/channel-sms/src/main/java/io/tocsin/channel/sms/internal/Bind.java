package io.tocsin.channel.sms.internal;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.smpp.SmppComponent;
import org.apache.camel.component.smpp.SmppConfiguration;
import org.apache.camel.component.smpp.SmppEndpoint;
import org.jsmpp.extra.SessionState;
import org.jsmpp.session.Session;

/**
 * One bind of an account: a Camel route with one SMPP session, and whether that session is up.
 *
 * <p>Transmitting and receiving binds are apart: on a common one, receipts that wait for the database hold up the
 * responses behind them.
 */
final class Bind {
    private static final Duration UNBIND_LIMIT = Duration.ofSeconds(1);

    private final String routeId;
    private final SmppEndpoint endpoint;
    private final Processor receiver;
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private final Runnable lost;
    private boolean starting;
    private boolean sessionUp;
    private Session session;
    private volatile boolean up;
    private volatile String trouble = "not connected yet";

    /**
     * @param receiver what handles deliver_sm; null for a transmitting bind
     * @param lost called once when a session that was up goes down; must not block
     */
    Bind(String routeId, SmppComponent component, SmppConfiguration configuration, Processor receiver, Runnable lost) {
        this.routeId = routeId;
        this.receiver = receiver;
        this.lost = lost;
        configuration.setSessionStateListener((now, before, source) -> {
            changed(now, source);
            if (now == SessionState.CLOSED || now == SessionState.UNBOUND) {
                throw new ReconnectionIsElsewhere();
            }
        });
        // the id and not camel-smpp's own address: that is the same for all binds of an account and names its user
        this.endpoint = new SmppEndpoint("smpp://" + routeId, component, configuration);
        this.endpoint.setCamelContext(component.getCamelContext());
        this.endpoint.setBinding(new SegmentBinding(configuration));
    }

    String routeId() {
        return routeId;
    }

    boolean transmits() {
        return receiver == null;
    }

    /** Where a segment is sent to: fails at once while the route is stopped. */
    String entry() {
        return "direct:" + routeId + "?block=false";
    }

    /** The bind's route, to be started by the supervisor. A failure goes to the caller, not to a log with the message in it. */
    RouteBuilder route() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                if (transmits()) {
                    from(entry()).routeId(routeId).autoStartup(false).to(endpoint);
                } else {
                    from(endpoint).routeId(routeId).autoStartup(false).process(receiver);
                }
            }
        };
    }

    boolean isUp() {
        return up;
    }

    /** Why the bind is down, in one line without secrets. */
    String trouble() {
        return trouble;
    }

    synchronized void starting() {
        starting = true;
        sessionUp = false;
    }

    /** The route has started; returns false if the session was lost meanwhile. */
    synchronized boolean started() {
        starting = false;
        up = sessionUp;
        return up;
    }

    synchronized void failed(String why) {
        starting = false;
        up = false;
        trouble = why;
    }

    /** Before stopping for good: a carrier that does not answer unbind must not hold up the closing of the channel. */
    synchronized void hurryUnbinding() {
        if (session != null) {
            session.setTransactionTimer(UNBIND_LIMIT.toMillis());
        }
    }

    /** To be registered around every wait for a response on this bind. */
    void waits(Waiter waiter) {
        waiters.add(waiter);
    }

    void waitsNoMore(Waiter waiter) {
        waiters.remove(waiter);
    }

    /** Ends every wait on this bind: what was handed over is in doubt. */
    void abandonWaiters() {
        waiters.forEach(Waiter::abandon);
    }

    /**
     * Keeps camel-smpp, which asks us first, from reconnecting by itself: it has no switch for that, and jSMPP catches
     * and logs whatever a listener throws. Why its reconnection is not wanted: see {@link BindSupervisor}.
     */
    private static final class ReconnectionIsElsewhere extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ReconnectionIsElsewhere() {
            super("the session ended; its supervisor reconnects", null, false, false);
        }
    }

    private void changed(SessionState now, Session source) {
        boolean wentDown;
        synchronized (this) {
            sessionUp = now.isBound();
            session = source;
            wentDown = up && !sessionUp;
            if (wentDown) {
                up = false;
                trouble = now == SessionState.UNBOUND ? "unbound by the carrier" : "connection lost";
            }
        }
        if (wentDown) {
            abandonWaiters();
            lost.run();
        } else if (!now.isBound() && !starting) {
            abandonWaiters();
        }
    }
}
