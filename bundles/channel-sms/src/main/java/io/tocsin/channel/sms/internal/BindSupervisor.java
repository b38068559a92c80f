package io.tocsin.channel.sms.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.ResponseTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an account's binds up: starts each bind's route, starts it again when the session is lost or was refused, waiting
 * longer after each refusal.
 *
 * <p>camel-smpp's own reconnection is kept from running. It blocks the thread that noticed the loss (which may be one that
 * submits) until the carrier is back, leaks that thread if the channel is closed meanwhile, and forgets why the carrier
 * refused, which is the one thing an operator wants to know.
 */
final class BindSupervisor {
    private static final Logger LOG = LoggerFactory.getLogger(BindSupervisor.class);
    private static final int LONGEST_WAIT_FACTOR = 8;

    private final CamelContext context;
    private final String account;
    private final Duration delay;
    private final Duration bindLimit;
    private final Runnable changed;
    private final ScheduledThreadPoolExecutor work;
    private final ScheduledThreadPoolExecutor watchdog;
    private volatile boolean closed;

    /**
     * @param delay how long to wait after the first refusal
     * @param bindLimit how long one attempt may take
     * @param changed called after each change of a bind, on any thread; must not block
     */
    BindSupervisor(CamelContext context, String account, Duration delay, Duration bindLimit, Runnable changed) {
        this.context = context;
        this.account = account;
        this.delay = delay;
        this.bindLimit = bindLimit;
        this.changed = changed;
        this.work = thread("sms-" + account + "-binds");
        this.watchdog = thread("sms-" + account + "-watchdog");
    }

    void start(List<Bind> binds) {
        binds.forEach(bind -> work.execute(() -> connect(bind, 0)));
    }

    /** A session that was up is gone: tries again at once. Never blocks. */
    void lost(Bind bind) {
        LOG.warn("sms-bind-lost account={} bind={} reason={}", account, bind.routeId(), bind.trouble());
        changed.run();
        work.execute(() -> connect(bind, 0));
    }

    /** Tries no more; an attempt under way is cut short. Blocks until it has ended, a few seconds at most. */
    void close() {
        closed = true;
        work.shutdownNow();
        try {
            if (!work.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("sms-bind-attempt-outlives-channel account={}", account);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watchdog.shutdownNow();
    }

    private void connect(Bind bind, int refusals) {
        if (closed) {
            return;
        }
        Waiter waiter = new Waiter();
        Future<?> limit = watchdog.schedule(waiter::abandon, bindLimit.toMillis(), TimeUnit.MILLISECONDS);
        bind.starting();
        boolean up;
        try {
            restart(bind);
            up = bind.started();
            if (!up) {
                bind.failed("the session closed as soon as it was bound");
            }
        } catch (Exception e) { // Camel declares no less; every kind of failure is told and tried again
            up = false;
            bind.failed(reason(e));
        } finally {
            limit.cancel(false);
            waiter.finish();
        }
        if (up) {
            LOG.info("sms-bind-up account={} bind={}", account, bind.routeId());
        } else if (!closed) {
            // the first refusal is news, the following ones are the same news
            if (refusals == 0) {
                LOG.warn("sms-bind-down account={} bind={} reason={}", account, bind.routeId(), bind.trouble());
            }
            int factor = Math.min(1 << Math.min(refusals, 16), LONGEST_WAIT_FACTOR);
            work.schedule(
                    () -> connect(bind, refusals + 1),
                    delay.multipliedBy(factor).toMillis(),
                    TimeUnit.MILLISECONDS);
        }
        changed.run();
    }

    /** A new route each time: a consumer of camel-smpp cannot be started twice, its executor being shut down. */
    private void restart(Bind bind) throws Exception {
        if (context.getRoute(bind.routeId()) != null) {
            context.getRouteController().stopRoute(bind.routeId());
            context.removeRoute(bind.routeId());
        }
        context.addRoutes(bind.route());
        context.getRouteController().startRoute(bind.routeId());
    }

    private String reason(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NegativeResponseException refused) {
                return SmppStatus.bindRefusal(refused.getCommandStatus());
            }
            if (cause instanceof ResponseTimeoutException) {
                return "no answer to the bind";
            }
            if (cause instanceof ConnectException || cause instanceof SocketTimeoutException) {
                return "cannot connect: " + cause.getMessage();
            }
            if (cause instanceof UnknownHostException) {
                return "unknown host " + cause.getMessage();
            }
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        // the message of anything unforeseen might quote settings: its type has to do, unless it is of the network
        return root instanceof IOException
                ? "connection failed: " + root.getMessage()
                : root.getClass().getName();
    }

    private static ScheduledThreadPoolExecutor thread(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return executor;
    }
}
