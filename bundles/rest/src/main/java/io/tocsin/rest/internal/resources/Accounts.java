package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
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
import java.util.Map;
import java.util.Optional;

/** The carrier accounts a tenant sends through, its own and its agency's, and how they are doing. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/accounts")
public final class Accounts {
    private final Tenancy tenancy;
    private final DispatchStatus dispatch;

    public Accounts(Tenancy tenancy, DispatchStatus dispatch) {
        this.tenancy = tenancy;
        this.dispatch = dispatch;
    }

    /** @param settings as the channel's table names them; a secret is written {@code secret:NAME} */
    public record Edit(
            String slug,
            String channel,
            Map<String, String> settings,
            Optional<Integer> rank,
            Optional<Integer> messagesPerSecond,
            Optional<Boolean> enabled) {}

    public record AccountView(CarrierAccount account, boolean shared, Optional<DispatchStatus.AccountStatus> status) {}

    @GET
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR, SUPERVISOR})
    public Page<AccountView> list(@PathParam("tenant") String slug, @Context Caller caller) {
        List<DispatchStatus.AccountStatus> states = dispatch.accounts();
        return Page.whole(tenancy.accounts(caller.tenant(tenancy, slug).id()).stream()
                .map(a -> new AccountView(
                        a,
                        a.tenantId().isEmpty(),
                        states.stream().filter(s -> s.accountId() == a.id()).findFirst()))
                .toList());
    }

    @POST
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public Response create(@PathParam("tenant") String slug, Edit edit, @Context Caller caller) {
        Tenant tenant = caller.tenant(tenancy, slug);
        CarrierAccount made = tenancy.save(
                record(0, tenant.agencyId(), Optional.of(tenant.id()), 0, Required.body(edit)),
                caller.principal(),
                caller.actor());
        return Response.status(201)
                .tag(String.valueOf(made.version()))
                .entity(made)
                .build();
    }

    @PUT
    @Path("{account}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public Response edit(
            @PathParam("tenant") String slug,
            @PathParam("account") int accountId,
            @HeaderParam("If-Match") String ifMatch,
            Edit edit,
            @Context Caller caller) {
        Tenant tenant = caller.tenant(tenancy, slug);
        CarrierAccount now = tenancy.accounts(tenant.id()).stream()
                .filter(a -> a.id() == accountId)
                // a shared account belongs to the agency: its tenants use it, they do not edit it
                .filter(a -> a.tenantId().isPresent()
                        || caller.principal().has(AGENCY_ADMIN)
                        || caller.principal().has(OPERATOR))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("Account " + accountId));
        CarrierAccount saved = tenancy.save(
                record(accountId, now.agencyId(), now.tenantId(), Required.version(ifMatch), Required.body(edit)),
                caller.principal(),
                caller.actor());
        return Response.ok(saved).tag(String.valueOf(saved.version())).build();
    }

    static CarrierAccount record(int id, int agencyId, Optional<Integer> tenantId, int version, Edit edit) {
        return new CarrierAccount(
                id,
                agencyId,
                tenantId,
                Required.text("slug", edit.slug()),
                Required.text("channel", edit.channel()),
                edit.settings() == null ? Map.of() : edit.settings(),
                Required.optional(edit.rank()).orElse(100),
                Required.optional(edit.messagesPerSecond()),
                Required.optional(edit.enabled()).orElse(true),
                version);
    }
}
