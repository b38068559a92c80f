package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.alerting.api.Statistics;
import io.tocsin.alerting.api.Statistics.Usage;
import io.tocsin.directory.api.Contacts;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.rest.internal.resources.Channels.ChannelView;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.tenants.api.Consents;
import io.tocsin.tenants.api.Consents.Consent;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The tenants of an agency as its desk sees them: what they use, how they are doing, what they let the agency do. */
@Produces(MediaType.APPLICATION_JSON)
@Path("/agencies/{agency}/tenants")
public final class AgencyTenants {
    /** Each is asked about by itself: a page of them stays quick. */
    private static final int MOST = 50;

    private final Tenancy tenancy;
    private final DispatchStatus dispatch;
    private final Statistics statistics;
    private final Contacts contacts;
    private final Consents consents;
    private final Clock clock;

    public AgencyTenants(
            Tenancy tenancy,
            DispatchStatus dispatch,
            Statistics statistics,
            Contacts contacts,
            Consents consents,
            Clock clock) {
        this.tenancy = tenancy;
        this.dispatch = dispatch;
        this.statistics = statistics;
        this.contacts = contacts;
        this.consents = consents;
        this.clock = clock;
    }

    /**
     * @param contacts how many there are, of the tenant's {@code maxContacts}
     * @param usage since the first of this month, UTC
     * @param consent empty: the agency may not launch in this tenant's name
     */
    public record Standing(
            Tenant tenant, long contacts, Usage usage, List<ChannelView> channels, Optional<Consent> consent) {}

    @GET
    @Allow({OPERATOR, AGENCY_ADMIN})
    public Page<Standing> list(
            @PathParam("agency") String slug,
            @QueryParam("after") String after,
            @QueryParam("limit") Integer limit,
            @Context Caller caller) {
        int agency = tenancy.agency(slug)
                .filter(a ->
                        caller.principal().agencyId().map(id -> id == a.id()).orElse(true))
                .orElseThrow(() -> Problem.notFound("Agency " + slug))
                .id();
        int most = Math.min(MOST, Page.limit(limit));
        String from = Asked.text(after).orElse("");
        List<Tenant> page = tenancy.tenants(Optional.of(agency)).stream()
                .sorted(Comparator.comparing(Tenant::slug))
                .filter(tenant -> tenant.slug().compareTo(from) > 0)
                .limit(most)
                .toList();
        LocalDate month = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).withDayOfMonth(1);
        List<Usage> usage = statistics.usage(
                page.stream().map(Tenant::id).toList(),
                month.atStartOfDay(ZoneOffset.UTC).toInstant());
        List<DispatchStatus.AccountStatus> states = dispatch.accounts();
        List<Standing> standings = new ArrayList<>();
        for (int i = 0; i < page.size(); i++) {
            Tenant tenant = page.get(i);
            standings.add(new Standing(
                    tenant,
                    contacts.count(tenant.id()),
                    usage.get(i),
                    Channels.views(tenancy.accounts(tenant.id()), states),
                    consents.present(tenant.id())));
        }
        return Page.of(standings, most, standing -> standing.tenant().slug());
    }
}
