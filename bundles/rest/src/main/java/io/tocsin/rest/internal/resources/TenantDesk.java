package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.AdministrativeModel.Unit;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.Tenancy;
import io.tocsin.tenants.api.TenantFolders;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/** One tenant: what it is, its units, its suspension, and what became of its folder. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}")
public final class TenantDesk {
    private final Tenancy tenancy;
    private final TenantFolders folders;

    public TenantDesk(Tenancy tenancy, TenantFolders folders) {
        this.tenancy = tenancy;
        this.folders = folders;
    }

    /**
     * @param weight 1 to 100, its share beside other tenants of its agency; left out, it stays as it is
     * @param channels the channel types it is limited to; none: all; left out, they stay as they are
     */
    public record TenantEdit(
            String name,
            String kind,
            String language,
            String timeZone,
            Optional<String> smsSender,
            Optional<String> mailSender,
            int maxContacts,
            int maxRecipients,
            int maxRunningAlerts,
            Optional<Integer> weight,
            Optional<List<String>> channels) {}

    public record Suspension(String reason) {}

    public record NewUnit(String slug, String name, Optional<Integer> parentId) {}

    @GET
    @Allow
    public Response get(@PathParam("tenant") String slug, @Context Caller caller) {
        return tagged(Response.ok(), caller.tenant(tenancy, slug));
    }

    @PUT
    @Allow({OPERATOR, AGENCY_ADMIN})
    public Response edit(
            @PathParam("tenant") String slug,
            @HeaderParam("If-Match") String ifMatch,
            TenantEdit edit,
            @Context Caller caller) {
        Tenant now = caller.tenant(tenancy, slug);
        Required.body(edit);
        Tenant saved = tenancy.save(
                new Tenant(
                        now.id(),
                        now.agencyId(),
                        now.slug(),
                        Required.text("name", edit.name()),
                        Required.text("kind", edit.kind()),
                        Required.text("language", edit.language()),
                        Required.text("timeZone", edit.timeZone()),
                        now.state(),
                        now.source(),
                        Required.optional(edit.smsSender()),
                        Required.optional(edit.mailSender()),
                        edit.maxContacts(),
                        edit.maxRecipients(),
                        edit.maxRunningAlerts(),
                        Required.optional(edit.weight()).orElse(now.weight()),
                        Required.words("channels", edit.channels()).orElse(now.channels()),
                        Required.version(ifMatch)),
                caller.actor());
        return tagged(Response.ok(), saved);
    }

    @POST
    @Path("suspension")
    @Allow({OPERATOR, AGENCY_ADMIN})
    public Tenant suspend(@PathParam("tenant") String slug, Suspension suspension, @Context Caller caller) {
        Tenant tenant = caller.tenant(tenancy, slug);
        return tenancy.suspend(
                tenant.id(), Required.text("reason", Required.body(suspension).reason()), caller.actor());
    }

    @DELETE
    @Path("suspension")
    @Allow({OPERATOR, AGENCY_ADMIN})
    public Tenant reinstate(@PathParam("tenant") String slug, @Context Caller caller) {
        return tenancy.reinstate(caller.tenant(tenancy, slug).id(), caller.actor());
    }

    @GET
    @Path("units")
    @Allow
    public Page<Unit> units(@PathParam("tenant") String slug, @Context Caller caller) {
        return Page.whole(tenancy.units(caller.tenant(tenancy, slug).id()));
    }

    @POST
    @Path("units")
    @Allow({OPERATOR, AGENCY_ADMIN, TENANT_ADMIN})
    public Response createUnit(@PathParam("tenant") String slug, NewUnit unit, @Context Caller caller) {
        Tenant tenant = caller.tenant(tenancy, slug);
        Required.body(unit);
        Unit made = tenancy.save(
                new Unit(
                        0,
                        tenant.id(),
                        Required.optional(unit.parentId()),
                        Required.text("slug", unit.slug()),
                        Required.text("name", unit.name())),
                caller.actor());
        return Response.status(201).entity(made).build();
    }

    /** What became of the tenant's folder under {@code tenants/}, when it has one. */
    @GET
    @Path("folder")
    @Allow
    public TenantFolders.Folder folder(@PathParam("tenant") String slug, @Context Caller caller) {
        caller.tenant(tenancy, slug);
        return folders.folders().stream()
                .filter(f -> f.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("A folder of tenant " + slug));
    }

    static Response tagged(Response.ResponseBuilder response, Tenant tenant) {
        return response.tag(String.valueOf(tenant.version())).entity(tenant).build();
    }
}
