package io.tocsin.channel.sms.internal;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.DefaultThreadPoolFactory;

/**
 * Makes Camel forget a scheduled executor once it has ended. Every producer and consumer of camel-smpp makes one and
 * shuts it down by itself, and Camel would remember it until the context stops: one more for every reconnection.
 */
final class ForgetfulThreadPools extends DefaultThreadPoolFactory {
    private final ExecutorServiceManager remembering;

    ForgetfulThreadPools(ExecutorServiceManager remembering) {
        this.remembering = remembering;
    }

    @Override
    public ScheduledExecutorService newScheduledThreadPool(ThreadPoolProfile profile, ThreadFactory threads) {
        return new ScheduledThreadPoolExecutor(profile.getPoolSize(), threads) {
            @Override
            protected void terminated() {
                super.terminated();
                remembering.shutdownNow(this);
            }
        };
    }
}
