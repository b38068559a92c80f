package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.alerting.api.Statistics;
import io.tocsin.alerting.api.Statistics.Filter;
import io.tocsin.alerting.api.Statistics.Moment;
import io.tocsin.alerting.api.Statistics.Month;
import io.tocsin.alerting.api.Statistics.Past;
import io.tocsin.alerting.api.Statistics.Said;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/** What alerts and drills came to: one by one, and month by month. */
@Produces(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/reports")
public final class AlertReports {
    private final Tenancy tenancy;
    private final Statistics statistics;

    public AlertReports(Tenancy tenancy, Statistics statistics) {
        this.tenancy = tenancy;
        this.statistics = statistics;
    }

    /** Latest launch first. @param from the earliest launch, {@code 2026-01-31T08:00:00Z} @param to the first moment that is too late */
    @GET
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Page<Past> list(
            @PathParam("tenant") String slug,
            @QueryParam("drill") String drill,
            @QueryParam("scenario") String scenario,
            @QueryParam("from") String from,
            @QueryParam("to") String to,
            @QueryParam("after") String after,
            @QueryParam("limit") Integer limit,
            @Context Caller caller) {
        int most = Page.limit(limit);
        long before = Page.after(after);
        Filter filter = new Filter(
                Asked.bool("drill", drill), Asked.text(scenario), Asked.time("from", from), Asked.time("to", to));
        return Page.of(
                statistics.past(
                        caller.tenant(tenancy, slug).id(),
                        filter,
                        before == 0 ? Optional.empty() : Optional.of(before),
                        most),
                most,
                Past::alertId);
    }

    @GET
    @Path("{alert}")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Past of(@PathParam("tenant") String slug, @PathParam("alert") long alertId, @Context Caller caller) {
        return statistics
                .past(caller.tenant(tenancy, slug).id(), alertId)
                .orElseThrow(() -> Problem.notFound("Alert " + alertId));
    }

    /** What was said, by channel and language, as it was decided at launch. */
    @GET
    @Path("{alert}/messages")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Page<Said> said(@PathParam("tenant") String slug, @PathParam("alert") long alertId, @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        statistics.past(tenant, alertId).orElseThrow(() -> Problem.notFound("Alert " + alertId));
        return Page.whole(statistics.said(tenant, alertId));
    }

    /** How many were reached and had answered by when, from the launch on: also while it runs. */
    @GET
    @Path("{alert}/course")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Page<Moment> course(
            @PathParam("tenant") String slug, @PathParam("alert") long alertId, @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        statistics.past(tenant, alertId).orElseThrow(() -> Problem.notFound("Alert " + alertId));
        return Page.whole(statistics.course(tenant, alertId));
    }

    /** Months in which something was launched, oldest first; drills apart. @param months how far back: 1 to 60, 12 when left out */
    @GET
    @Path("months")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Page<Month> months(
            @PathParam("tenant") String slug, @QueryParam("months") Integer months, @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        int wanted = months == null ? 12 : months;
        if (wanted < 1 || wanted > Statistics.MOST_MONTHS) {
            throw Problem.invalid("months", "is out of bounds; write 1 to " + Statistics.MOST_MONTHS);
        }
        return Page.whole(statistics.months(tenant, wanted));
    }
}
