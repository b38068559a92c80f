package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.alerting.api.Statistics;
import io.tocsin.alerting.api.Statistics.Readiness;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
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
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** Whether a tenant could alert its people now, as far as the directory, the quotas and the latest alert say. */
@Produces(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/readiness")
public final class TenantReadiness {
    private static final int USUAL_MONTHS = 12;
    private static final int MOST_MONTHS = 120;

    private final Tenancy tenancy;
    private final Statistics statistics;
    private final Clock clock;

    public TenantReadiness(Tenancy tenancy, Statistics statistics, Clock clock) {
        this.tenancy = tenancy;
        this.statistics = statistics;
        this.clock = clock;
    }

    /** @param staleMonths after how many months a page that nobody touched counts as stale */
    public record Ready(int staleMonths, int maxContacts, int maxRecipients, int maxRunningAlerts, Readiness now) {}

    /** @param months after how many months a page that nobody touched counts as stale: 1 to 120, 12 when left out */
    @GET
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Ready ready(@PathParam("tenant") String slug, @QueryParam("months") Integer months, @Context Caller caller) {
        Tenant tenant = caller.tenant(tenancy, slug);
        int stale = months == null ? USUAL_MONTHS : months;
        if (stale < 1 || stale > MOST_MONTHS) {
            throw Problem.invalid("months", "is out of bounds; write 1 to " + MOST_MONTHS);
        }
        ZonedDateTime now = clock.instant().atZone(ZoneId.of(tenant.timeZone()));
        return new Ready(
                stale,
                tenant.maxContacts(),
                tenant.maxRecipients(),
                tenant.maxRunningAlerts(),
                statistics.readiness(tenant.id(), now.minusMonths(stale).toInstant()));
    }
}
