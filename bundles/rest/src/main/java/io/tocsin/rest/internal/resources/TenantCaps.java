package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.AGENCY_ADMIN;
import static io.tocsin.tenants.api.Role.OPERATOR;
import static io.tocsin.tenants.api.Role.SUPERVISOR;
import static io.tocsin.tenants.api.Role.TENANT_ADMIN;

import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.DispatchStatus.CapStatus;
import io.tocsin.tenants.api.Cap;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What local exchanges and sites take: the caps of a tenant, its own and its agency's, and who of the tenant waits for them. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/caps")
public final class TenantCaps {
    private final Tenancy tenancy;
    private final DispatchStatus dispatch;

    public TenantCaps(Tenancy tenancy, DispatchStatus dispatch) {
        this.tenancy = tenancy;
        this.dispatch = dispatch;
    }

    @GET
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR, SUPERVISOR})
    public Page<CapView> list(@PathParam("tenant") String slug, @Context Caller caller) {
        Tenant tenant = caller.tenant(tenancy, slug);
        List<CapStatus> states = dispatch.caps();
        return Page.whole(Stream.of(Optional.of(tenant.id()), Optional.<Integer>empty())
                .flatMap(owner -> tenancy.caps(tenant.agencyId(), owner).stream())
                .map(cap -> CapView.of(cap, states, Optional.of(tenant.id())))
                .toList());
    }

    /** Makes the tenant's own cap of that name or changes it, whatever it was: at 3 a.m. the last word counts. */
    @PUT
    @Path("{cap}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public CapView put(
            @PathParam("tenant") String slug,
            @PathParam("cap") String name,
            CapView.Edit edit,
            @Context Caller caller) {
        Tenant tenant = caller.tenant(tenancy, slug);
        Cap saved =
                tenancy.save(CapView.record(tenant.agencyId(), Optional.of(tenant.id()), name, edit), caller.actor());
        return CapView.of(saved, dispatch.caps(), Optional.of(tenant.id()));
    }

    @DELETE
    @Path("{cap}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public Response delete(@PathParam("tenant") String slug, @PathParam("cap") String name, @Context Caller caller) {
        Tenant tenant = caller.tenant(tenancy, slug);
        if (!tenancy.removeCap(tenant.agencyId(), Optional.of(tenant.id()), name, caller.actor())) {
            throw Problem.notFound("Cap " + name + " of this tenant (an agency's is removed there)");
        }
        return Response.noContent().build();
    }
}
