package io.tocsin.rest.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.Alerts.Status;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.routing.api.Alert;
import io.tocsin.tenants.api.Authentication;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Tenancy;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events of an alert's progress: {@code GET /api/v1/streams/tenants/{tenant}/alerts/{alert}}. One
 * {@code status} event a second while something moves, {@code end} when the alert has ended. Everybody watching the
 * same alert shares one look at the ledger, and a slow ledger slows the looks, not the ledger.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/api/v1/streams/*")
@HttpWhiteboardServletAsyncSupported
public final class Streams extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
    private static final Pattern PATH = Pattern.compile("/tenants/([a-z0-9-]{1,64})/alerts/([0-9]{1,18})");
    private static final Duration LONGEST = Duration.ofHours(1);

    private final transient Authentication authentication;
    private final transient Tenancy tenancy;
    private final transient Alerts alerts;
    private final transient ObjectMapper mapper = Json.mapper();
    private final transient Map<Watched, Set<Viewer>> viewers = new ConcurrentHashMap<>();
    private final transient Map<Watched, Integer> resting = new ConcurrentHashMap<>();
    private final transient ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "tocsin-streams");
        thread.setDaemon(true);
        return thread;
    });

    record Watched(int tenantId, long alertId) {}

    @Activate
    public Streams(@Reference Authentication authentication, @Reference Tenancy tenancy, @Reference Alerts alerts) {
        this.authentication = authentication;
        this.tenancy = tenancy;
        this.alerts = alerts;
        clock.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Principal> caller =
                Gate.bearer(request.getHeader("Authorization")).flatMap(authentication::authenticate);
        if (caller.isEmpty()) {
            problem(response, Problem.of(401, "unauthenticated", "Who are you?", "Send Authorization: Bearer <token>"));
            return;
        }
        Matcher path = PATH.matcher(String.valueOf(request.getPathInfo()));
        Optional<Tenant> tenant = path.matches()
                ? tenancy.tenant(path.group(1)).filter(t -> caller.get().mayEnter(t.id(), t.agencyId()))
                : Optional.empty();
        if (tenant.isEmpty()
                || alerts.find(tenant.get().id(), Long.parseLong(path.group(2))).isEmpty()) {
            problem(response, Problem.of(404, "not-found", "Not found", "No such alert, or it is not yours"));
            return;
        }
        response.setContentType("text/event-stream;charset=utf-8");
        Headers.DATA.forEach(response::setHeader);
        response.setHeader("X-Accel-Buffering", "no");
        AsyncContext async = request.startAsync();
        async.setTimeout(LONGEST.toMillis());
        Watched watched = new Watched(tenant.get().id(), Long.parseLong(path.group(2)));
        Viewer viewer = new Viewer(async, v -> forget(watched, v));
        viewers.computeIfAbsent(watched, w -> ConcurrentHashMap.newKeySet()).add(viewer);
        viewer.open();
        clock.execute(() -> look(watched));
    }

    private void tick() {
        for (Watched watched : viewers.keySet()) {
            int rest = resting.merge(watched, -1, Integer::sum);
            if (rest <= 0) {
                look(watched);
            }
        }
    }

    /** One look for all viewers; rests nine times as long as the look took, so that watching never costs a tenth. */
    private void look(Watched watched) {
        Set<Viewer> watching = viewers.get(watched);
        if (watching == null || watching.isEmpty()) {
            return;
        }
        long from = System.nanoTime();
        try {
            Status status = alerts.status(watched.tenantId(), watched.alertId());
            boolean ended = status.alert().state() == Alert.State.CLOSED
                    || status.alert().state() == Alert.State.CANCELLED;
            String event = event(ended ? "end" : "status", status);
            watching.forEach(viewer -> viewer.send(event, ended));
        } catch (DatabaseException away) {
            watching.forEach(viewer -> viewer.send(": the database is away\n\n", false));
        } catch (NoSuchElementException gone) {
            watching.forEach(viewer -> viewer.send("event: end\ndata: {}\n\n", true));
        } catch (JsonProcessingException e) {
            LOG.error("stream.unwritable alert={}", watched.alertId(), e);
        }
        long tookSeconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - from);
        resting.put(watched, (int) Math.min(60, tookSeconds * 9));
    }

    private String event(String name, Status status) throws JsonProcessingException {
        return "event: " + name + "\ndata: " + mapper.writeValueAsString(status) + "\n\n";
    }

    private void forget(Watched watched, Viewer viewer) {
        viewers.computeIfPresent(watched, (w, set) -> {
            set.remove(viewer);
            return set.isEmpty() ? null : set;
        });
        if (!viewers.containsKey(watched)) {
            resting.remove(watched);
        }
    }

    private void problem(HttpServletResponse response, Problem problem) throws IOException {
        Headers.DATA.forEach(response::setHeader);
        response.setStatus(problem.status());
        response.setContentType("application/problem+json");
        mapper.writeValue(response.getOutputStream(), problem);
    }

    @Deactivate
    void stop() {
        clock.shutdownNow();
        viewers.values().forEach(set -> set.forEach(Viewer::close));
    }
}
