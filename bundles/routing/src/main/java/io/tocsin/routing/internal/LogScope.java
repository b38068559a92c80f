package io.tocsin.routing.internal;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.MDC;

/**
 * What the log lines of this thread are about until it is closed: the fields {@code tenant}, {@code alert}, {@code trace}
 * and {@code account} of the JSON log. For the log only: nothing reads them back, whoever works for a tenant is told which as an
 * argument. Unlike {@link MDC#putCloseable} it gives back what an outer scope had said, because scopes nest here: an alert
 * within an account, a wave within an alert.
 */
public final class LogScope implements AutoCloseable {
    private final Map<String, String> before = new HashMap<>();

    private LogScope() {}

    public static LogScope alert(int tenantId, long alertId) {
        return new LogScope().with("tenant", Integer.toString(tenantId)).with("alert", Long.toString(alertId));
    }

    /** @param reference of the message: what carriers see and receipts repeat; the field {@code trace} */
    public static LogScope message(int tenantId, long alertId, String reference) {
        return alert(tenantId, alertId).with("trace", reference);
    }

    /** @param name the carrier account's name */
    public static LogScope account(String name) {
        return new LogScope().with("account", name);
    }

    private LogScope with(String key, String value) {
        before.put(key, MDC.get(key));
        MDC.put(key, value);
        return this;
    }

    @Override
    public void close() {
        before.forEach((key, value) -> {
            if (value == null) {
                MDC.remove(key);
            } else {
                MDC.put(key, value);
            }
        });
    }
}
