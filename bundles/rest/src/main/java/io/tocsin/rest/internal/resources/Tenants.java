package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/** The tenants a caller may see, and new ones. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants")
public final class Tenants {
    private final Tenancy tenancy;

    public Tenants(Tenancy tenancy) {
        this.tenancy = tenancy;
    }

    /**
     * @param agency the agency's slug; an agency's own people may leave it out
     * @param weight 1 to 100, its share beside other tenants of its agency; 1 when left out
     * @param channels the channel types it is limited to; none or left out: all
     */
    public record NewTenant(
            Optional<String> agency,
            String slug,
            String name,
            String kind,
            Optional<String> language,
            Optional<String> timeZone,
            Optional<String> smsSender,
            Optional<String> mailSender,
            Optional<Integer> maxContacts,
            Optional<Integer> maxRecipients,
            Optional<Integer> maxRunningAlerts,
            Optional<Integer> weight,
            Optional<List<String>> channels) {}

    @GET
    @Allow
    public Page<Tenant> list(@Context Caller caller) {
        return Page.whole(tenancy.tenants(caller.principal().agencyId()).stream()
                .filter(t -> caller.principal().mayEnter(t.id(), t.agencyId()))
                .toList());
    }

    @POST
    @Allow({OPERATOR, AGENCY_ADMIN})
    public Response create(NewTenant body, @Context Caller caller) {
        Required.body(body);
        Agency agency = agency(body, caller);
        Tenant made = tenancy.save(
                new Tenant(
                        0,
                        agency.id(),
                        Required.text("slug", body.slug()),
                        Required.text("name", body.name()),
                        Required.text("kind", body.kind()),
                        Required.optional(body.language()).orElse("fr"),
                        Required.optional(body.timeZone()).orElse("Europe/Paris"),
                        "active",
                        "api",
                        Required.optional(body.smsSender()),
                        Required.optional(body.mailSender()),
                        Required.optional(body.maxContacts()).orElse(100_000),
                        Required.optional(body.maxRecipients()).orElse(100_000),
                        Required.optional(body.maxRunningAlerts()).orElse(20),
                        Required.optional(body.weight()).orElse(1),
                        Required.words("channels", body.channels()).orElse(List.of()),
                        0),
                caller.actor());
        return TenantDesk.tagged(Response.status(201), made);
    }

    private Agency agency(NewTenant body, Caller caller) {
        Optional<Integer> own = caller.principal().agencyId();
        if (Required.optional(body.agency()).isEmpty()) {
            return tenancy.agencies().stream()
                    .filter(a -> own.isPresent() && own.get() == a.id())
                    .findFirst()
                    .orElseThrow(
                            () -> Problem.invalid("agency", "is missing; name the agency that supports the tenant"));
        }
        return tenancy.agency(body.agency().get())
                .filter(a -> own.isEmpty() || own.get() == a.id())
                .orElseThrow(() -> Problem.invalid("agency", "does not exist, or is not yours"));
    }
}
