package io.tocsin.rest.internal;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.alerting.api.Alerts;
import io.tocsin.channel.api.ChannelHealth;
import io.tocsin.cluster.api.ClusterStatus;
import io.tocsin.cluster.api.Condition;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.api.DatabaseState;
import io.tocsin.persistence.api.DatabaseStatus;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.tenants.api.Authentication;
import io.tocsin.tenants.api.Tenancy;
import io.tocsin.tenants.api.Tenancy.AccountWarning;
import io.tocsin.tenants.api.TenantFolders;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * {@code /health/live}: the process answers. {@code /health/ready}: 200 when alerts can be launched, 503 with what is
 * missing otherwise; a carrier that is down or a tenant folder that is broken is a warning, not unreadiness.
 *
 * <p>References come and go: this door must answer precisely when others cannot.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/health/*")
public final class Health extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile Database database;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile DatabaseStatus server;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile Alerts alerts;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile Authentication authentication;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile DispatchStatus dispatch;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile TenantFolders folders;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile Tenancy tenancy;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile ClusterStatus cluster;

    @Reference(
            target = "(component.name=io.tocsin.rest.internal.Api)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile Servlet api;

    private final transient ObjectMapper mapper = Json.mapper();

    record Check(String name, String state, String detail) {}

    record Report(String state, List<Check> checks) {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo();
        if ("/live".equals(path)) {
            write(response, 200, new Report("live", List.of()));
        } else if ("/ready".equals(path)) {
            Report report = ready();
            write(response, report.state().equals("not-ready") ? 503 : 200, report);
        } else {
            write(
                    response,
                    404,
                    new Report(
                            "unknown",
                            List.of(new Check(String.valueOf(path), "unknown", "ask /health/live or /health/ready"))));
        }
    }

    private Report ready() {
        List<Check> checks = new ArrayList<>();
        Database ground = database;
        boolean reachable = ground != null && ground.available();
        checks.add(new Check("database", reachable ? "up" : "down", reachable ? "" : "PostgreSQL does not answer"));
        boolean ready = reachable;
        if (reachable) {
            Optional<String> problem = ground.writeProblem();
            checks.add(new Check(
                    "database writes",
                    problem.isEmpty() ? "up" : "down",
                    problem.map(why -> why + ". Launches are refused and sending waits; nothing is lost, and all goes"
                                    + " on by itself")
                            .orElse("")));
            ready = problem.isEmpty();
        }
        boolean warned = warnOfServer(checks);
        ready &= present(checks, "api", api instanceof Api door && door.open() ? door : null);
        ready &= present(checks, "alerting", alerts);
        ready &= present(checks, "authentication", authentication);
        ready &= present(checks, "dispatch", dispatch);
        DispatchStatus machine = dispatch;
        if (machine != null) {
            Map<Integer, String> warnings = reachable ? accountWarnings() : Map.of();
            for (DispatchStatus.AccountStatus account : machine.accounts()) {
                String warning = warnings.getOrDefault(account.accountId(), "");
                warned |= account.health().state() != ChannelHealth.State.UP || !warning.isEmpty();
                checks.add(new Check(
                        "account " + account.name(),
                        account.health().state().name().toLowerCase(),
                        Stream.of(account.health().detail(), warning)
                                .filter(text -> !text.isBlank())
                                .collect(Collectors.joining("; "))));
            }
        }
        TenantFolders declared = folders;
        if (declared != null) {
            for (TenantFolders.Folder folder : declared.folders()) {
                if (folder.state().equals("broken")) {
                    warned = true;
                    checks.add(new Check(
                            "tenant folder " + folder.slug(), "broken", String.join("; ", folder.problems())));
                }
            }
        }
        ClusterStatus together = cluster;
        if (together != null) {
            checks.add(new Check("cluster", together.state().word(), together.detail()));
            for (Condition condition : together.conditions()) {
                warned = true;
                checks.add(new Check(
                        "condition " + condition.code().word(),
                        "since " + condition.since(),
                        condition.code().words() + ": " + condition.detail() + ". "
                                + condition.code().stillWorks()));
            }
        }
        return new Report(!ready ? "not-ready" : warned ? "ready-with-warnings" : "ready", checks);
    }

    /** Which server it is and how it stands, also while it may not be worked on. @return whether an operator should know */
    private boolean warnOfServer(List<Check> checks) {
        DatabaseStatus status = server;
        if (status == null) {
            return false;
        }
        DatabaseState state = status.state();
        String where = state.server().isEmpty() ? "" : state.server() + ", timeline " + state.timeline();
        checks.add(new Check(
                "database server",
                state.condition() == DatabaseState.Condition.PRIMARY
                        ? "up"
                        : state.condition().word(),
                Stream.of(where, state.detail()).filter(text -> !text.isBlank()).collect(Collectors.joining("; "))));
        return state.condition() != DatabaseState.Condition.PRIMARY;
    }

    /** What is wrong with accounts although they work; nothing when the database goes away just now. */
    private Map<Integer, String> accountWarnings() {
        Tenancy registry = tenancy;
        try {
            return registry == null
                    ? Map.of()
                    : registry.accountWarnings().stream()
                            .collect(Collectors.toMap(
                                    AccountWarning::accountId, AccountWarning::problem, (one, two) -> one));
        } catch (DatabaseException away) {
            return Map.of();
        }
    }

    private static boolean present(List<Check> checks, String name, Object service) {
        checks.add(new Check(name, service == null ? "down" : "up", service == null ? "not started yet" : ""));
        return service != null;
    }

    private void write(HttpServletResponse response, int status, Report report) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        Headers.DATA.forEach(response::setHeader);
        mapper.writeValue(response.getOutputStream(), report);
    }
}
