package io.tocsin.rest.internal;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tocsin.routing.api.DispatchStatus;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** {@code /metrics} in Prometheus' text format: the JVM, the dispatch's counters, each carrier account. */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/metrics")
public final class Metrics extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final transient JvmGcMetrics gc = new JvmGcMetrics();
    private final transient AccountMeters accounts = new AccountMeters(registry);
    private final transient DispatchStatus dispatch;

    @Activate
    public Metrics(@Reference DispatchStatus dispatch) {
        this.dispatch = dispatch;
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // A counter comes with its first event; registering one twice is registering it once.
        dispatch.counters().keySet().forEach(name -> FunctionCounter.builder(
                        "tocsin.dispatch." + name, dispatch, d -> d.counters().getOrDefault(name, 0L))
                .register(registry));
        accounts.look(dispatch);
        Headers.DATA.forEach(response::setHeader);
        response.setContentType("text/plain; version=0.0.4; charset=utf-8");
        response.getWriter().write(registry.scrape());
    }

    @Deactivate
    void stop() {
        gc.close();
        registry.close();
    }
}
