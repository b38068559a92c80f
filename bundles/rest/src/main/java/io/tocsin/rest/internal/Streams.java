package io.tocsin.rest.internal;

import static io.tocsin.tenants.api.Role.*;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.Alerts.Status;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.rest.internal.Admission.Decision;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.routing.api.Alert;
import io.tocsin.tenants.api.Authentication;
import io.tocsin.tenants.api.Tenancy;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events of an alert's progress. Two {@code status} events a second while something moves, {@code end} when
 * the alert has ended, {@code refused} with the problem when the viewer may no longer look: a stream lasts as long as
 * its token, an hour at most. Everybody watching the same alert shares one look at the ledger, and a slow ledger slows
 * the looks, not the ledger.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/api/v1/streams/*")
@HttpWhiteboardServletAsyncSupported
@Path("/streams/tenants/{tenant}/alerts/{alert}")
public final class Streams extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
    private static final Pattern PATH = Pattern.compile("/tenants/([a-z0-9-]{1,64})/alerts/([0-9]{1,18})");
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final Duration LONGEST_REST = Duration.ofMinutes(1);

    private final transient Admission admission;
    private final transient Alerts alerts;
    private final transient Allow allow;
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
        this.admission = new Admission(authentication, tenancy);
        this.alerts = alerts;
        this.allow = Arrays.stream(Streams.class.getMethods())
                .flatMap(method -> Stream.ofNullable(method.getAnnotation(Allow.class)))
                .findFirst()
                .orElseThrow();
        clock.scheduleWithFixedDelay(
                this::tick, BETWEEN_LOOKS.toMillis(), BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Matcher path = PATH.matcher(String.valueOf(request.getPathInfo()));
        if (path.matches()) {
            follow(path.group(1), Long.parseLong(path.group(2)), request, response);
        } else {
            answer(response, Problem.absent("The stream"));
        }
    }

    /** Lets in whom {@code GET} of the alert lets in. */
    @GET
    @Produces("text/event-stream")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public void follow(
            @PathParam("tenant") String slug,
            @PathParam("alert") long alertId,
            @Context HttpServletRequest request,
            @Context HttpServletResponse response)
            throws IOException {
        Supplier<Decision> check = check(request.getHeader("Authorization"), slug);
        Decision decision = check.get();
        if (decision instanceof Decision.Refused refused) {
            answer(response, refused.problem());
            return;
        }
        int tenantId = ((Decision.Admitted) decision).tenant().orElseThrow().id();
        if (alerts.find(tenantId, alertId).isEmpty()) {
            answer(response, Problem.absent("Alert " + alertId));
            return;
        }
        response.setContentType("text/event-stream;charset=utf-8");
        Headers.DATA.forEach(response::setHeader);
        response.setHeader("X-Accel-Buffering", "no");
        AsyncContext async = request.startAsync();
        async.setTimeout(LONGEST.toMillis());
        Watched watched = new Watched(tenantId, alertId);
        Viewer viewer = new Viewer(async, check, v -> forget(watched, v));
        viewers.computeIfAbsent(watched, w -> ConcurrentHashMap.newKeySet()).add(viewer);
        viewer.open();
        clock.execute(() -> look(watched));
    }

    private Supplier<Decision> check(String authorization, String slug) {
        return () -> admission.decide(allow, authorization, Optional.of(slug), Optional.empty());
    }

    private void tick() {
        try {
            viewers.values().forEach(set -> set.stream()
                    .filter(viewer -> viewer.checkIsDue(BETWEEN_CHECKS))
                    .forEach(this::check));
            for (Watched watched : viewers.keySet()) {
                int rest = resting.merge(watched, -1, Integer::sum);
                if (rest <= 0) {
                    look(watched);
                }
            }
        } catch (RuntimeException e) {
            // a round that throws would be the last one of the schedule
            LOG.error("stream.round-failed", e);
        }
    }

    /** Ends the stream of whoever signed out, was suspended, or may no longer enter. */
    private void check(Viewer viewer) {
        try {
            if (viewer.check() instanceof Decision.Refused refused) {
                viewer.send("event: refused\ndata: " + mapper.writeValueAsString(refused.problem()) + "\n\n", true);
            }
        } catch (DatabaseException away) {
            LOG.debug("stream.check-waiting state={}", away.sqlState());
        } catch (JsonProcessingException e) {
            LOG.error("stream.unwritable", e);
        }
    }

    /** One look for all viewers; after a slow one it rests as long. That looks stay cheap is the ledger's business (LiveTotals). */
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
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        Duration rest = took.compareTo(LONGEST_REST) < 0 ? took : LONGEST_REST;
        resting.put(watched, (int) rest.dividedBy(BETWEEN_LOOKS));
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

    private static void answer(HttpServletResponse response, Problem problem) throws IOException {
        Headers.DATA.forEach(response::setHeader);
        response.setStatus(problem.status());
        response.setContentType("application/problem+json");
        if (problem.status() == 401) {
            response.setHeader("WWW-Authenticate", "Bearer");
        }
        Json.mapper().writeValue(response.getOutputStream(), problem);
    }

    @Deactivate
    void stop() {
        clock.shutdownNow();
        viewers.values().forEach(set -> set.forEach(Viewer::close));
    }
}
