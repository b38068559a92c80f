package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.tenants.api.Tenancy;
import io.tocsin.tenants.api.Tenancy.SealedSecret;
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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

    /**
     * @param settings as the channel's table names them; a secret of the nodes is written {@code secret:NAME}
     * @param secrets those to seal, in clear and by setting: written only, never answered. {@code null} in place of one forgets it; one that is left out
     *     stays, as long as channel and settings stay
     */
    public record AccountEdit(
            String slug,
            String channel,
            Map<String, String> settings,
            Map<String, String> secrets,
            Optional<Integer> rank,
            Optional<Integer> messagesPerSecond,
            Optional<Boolean> enabled) {
        /** Leaves the secrets out. */
        @Override
        public String toString() {
            return "AccountEdit[" + slug + "]";
        }
    }

    /** @param value 1 to 1024 characters, on one line */
    public record TypedSecret(String value) {
        /** Leaves the secret out. */
        @Override
        public String toString() {
            return "TypedSecret";
        }
    }

    /** @param secrets what is sealed, by setting: since when, by whom and under which key. What it is, nobody is told */
    public record AccountView(
            CarrierAccount account,
            boolean shared,
            Map<String, SealedSecret> secrets,
            Optional<DispatchStatus.AccountStatus> status) {}

    @GET
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR, SUPERVISOR})
    public Page<AccountView> list(@PathParam("tenant") String slug, @Context Caller caller) {
        List<DispatchStatus.AccountStatus> states = dispatch.accounts();
        List<CarrierAccount> accounts =
                tenancy.accounts(caller.tenant(tenancy, slug).id());
        Map<Integer, Map<String, SealedSecret>> sealed =
                tenancy.sealedSecrets(accounts.stream().map(CarrierAccount::id).toList());
        return Page.whole(accounts.stream()
                .map(a -> new AccountView(
                        a,
                        a.tenantId().isEmpty(),
                        sealed.getOrDefault(a.id(), Map.of()),
                        states.stream().filter(s -> s.accountId() == a.id()).findFirst()))
                .toList());
    }

    @POST
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public Response create(@PathParam("tenant") String slug, AccountEdit edit, @Context Caller caller) {
        Tenant tenant = caller.tenant(tenancy, slug);
        CarrierAccount made = tenancy.save(
                record(0, tenant.agencyId(), Optional.of(tenant.id()), 0, Required.body(edit)),
                typed(edit),
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
            AccountEdit edit,
            @Context Caller caller) {
        CarrierAccount now = own(slug, accountId, caller);
        CarrierAccount saved = tenancy.save(
                record(accountId, now.agencyId(), now.tenantId(), Required.version(ifMatch), Required.body(edit)),
                typed(edit),
                caller.principal(),
                caller.actor());
        return Response.ok(saved).tag(String.valueOf(saved.version())).build();
    }

    /** Seals a secret of the account as it is; a {@code secret:NAME} that stood in its place goes. */
    @PUT
    @Path("{account}/secrets/{setting}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public Response sealSecret(
            @PathParam("tenant") String slug,
            @PathParam("account") int accountId,
            @PathParam("setting") String setting,
            @HeaderParam("If-Match") String ifMatch,
            TypedSecret secret,
            @Context Caller caller) {
        int id = own(slug, accountId, caller).id();
        String value = Required.body(secret).value();
        if (value == null) {
            throw Problem.invalid(
                    "value", "is missing; type the secret, or DELETE this path to forget the one there is");
        }
        CarrierAccount saved =
                tenancy.sealSecret(id, Required.version(ifMatch), setting, value, caller.principal(), caller.actor());
        return Response.noContent().tag(String.valueOf(saved.version())).build();
    }

    /** Forgets a sealed secret. An account that cannot do without is closed until it has another. */
    @DELETE
    @Path("{account}/secrets/{setting}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public Response forgetSecret(
            @PathParam("tenant") String slug,
            @PathParam("account") int accountId,
            @PathParam("setting") String setting,
            @HeaderParam("If-Match") String ifMatch,
            @Context Caller caller) {
        int id = own(slug, accountId, caller).id();
        CarrierAccount saved = tenancy.forgetSecret(id, Required.version(ifMatch), setting, caller.actor());
        return Response.noContent().tag(String.valueOf(saved.version())).build();
    }

    /** An account the caller may change. */
    private CarrierAccount own(String slug, int accountId, Caller caller) {
        return tenancy.accounts(caller.tenant(tenancy, slug).id()).stream()
                .filter(a -> a.id() == accountId)
                // a shared account belongs to the agency: its tenants use it, they do not edit it
                .filter(a -> a.tenantId().isPresent()
                        || caller.principal().has(AGENCY_ADMIN)
                        || caller.principal().has(OPERATOR))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("Account " + accountId));
    }

    static Map<String, Optional<String>> typed(AccountEdit edit) {
        Map<String, Optional<String>> typed = new TreeMap<>();
        if (edit.secrets() != null) {
            edit.secrets().forEach((setting, secret) -> typed.put(setting, Optional.ofNullable(secret)));
        }
        return typed;
    }

    static CarrierAccount record(int id, int agencyId, Optional<Integer> tenantId, int version, AccountEdit edit) {
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
