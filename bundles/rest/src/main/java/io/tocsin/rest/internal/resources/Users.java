package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.rest.internal.resources.Keys.KeyView;
import io.tocsin.rest.internal.resources.Keys.NewKey;
import io.tocsin.tenants.api.Authentication;
import io.tocsin.tenants.api.Authentication.KeyOwner;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
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
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The people who may sign in to a tenant, and the keys of its machines. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}")
public final class Users {
    private static final Set<Role> TENANT_ROLES = EnumSet.of(TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR);

    private final Tenancy tenancy;
    private final Keys keys;

    public Users(Tenancy tenancy, Authentication authentication) {
        this.tenancy = tenancy;
        this.keys = new Keys(authentication);
    }

    public record UserView(
            int id,
            String login,
            String name,
            Set<String> roles,
            Optional<Integer> unitId,
            String state,
            int version) {}

    /** @param password 12 characters or more; left out on an edit, it stays as it is */
    public record UserEdit(
            String login,
            String name,
            Set<String> roles,
            Optional<Integer> unitId,
            Optional<String> password,
            Optional<String> state) {}

    @GET
    @Path("users")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR, AUDITOR})
    public Page<UserView> list(@PathParam("tenant") String slug, @Context Caller caller) {
        return Page.whole(tenancy.users(caller.tenant(tenancy, slug).id()).stream()
                .map(Users::view)
                .toList());
    }

    @POST
    @Path("users")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public Response create(@PathParam("tenant") String slug, UserEdit edit, @Context Caller caller) {
        Tenant tenant = caller.tenant(tenancy, slug);
        User made = tenancy.save(
                record(0, tenant, edit, 0), Required.optional(edit.password()).map(String::strip), caller.actor());
        return tagged(Response.status(201), made);
    }

    @PUT
    @Path("users/{user}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public Response edit(
            @PathParam("tenant") String slug,
            @PathParam("user") int userId,
            @HeaderParam("If-Match") String ifMatch,
            UserEdit edit,
            @Context Caller caller) {
        Tenant tenant = caller.tenant(tenancy, slug);
        if (tenancy.users(tenant.id()).stream().noneMatch(u -> u.id() == userId)) {
            throw Problem.notFound("User " + userId);
        }
        User saved = tenancy.save(
                record(userId, tenant, edit, Required.version(ifMatch)),
                Required.optional(edit.password()).map(String::strip),
                caller.actor());
        return tagged(Response.ok(), saved);
    }

    @GET
    @Path("keys")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Page<KeyView> keys(@PathParam("tenant") String slug, @Context Caller caller) {
        return keys.of(KeyOwner.tenant(caller.tenant(tenancy, slug).id()));
    }

    /** A key that launches is made by the tenant's own people: it would need no consent of theirs. */
    @POST
    @Path("keys")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Response createKey(@PathParam("tenant") String slug, NewKey key, @Context Caller caller) {
        Tenant tenant = caller.tenant(tenancy, slug);
        if (tenantRoles(Required.body(key).roles()).contains(ACTIVATOR) && caller.ofAgency()) {
            throw Problem.invalid(
                    "roles",
                    "\"" + ACTIVATOR.word() + "\" launches: a key with it is made by the organisation's own people;"
                            + " an agency launches with a key of its own and the organisation's consent");
        }
        return keys.make(KeyOwner.tenant(tenant.id()), key, caller);
    }

    @DELETE
    @Path("keys/{key}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Response revokeKey(
            @PathParam("tenant") String slug, @PathParam("key") String keyId, @Context Caller caller) {
        return keys.revoke(KeyOwner.tenant(caller.tenant(tenancy, slug).id()), keyId, caller);
    }

    static UserView view(User user) {
        return new UserView(
                user.id(), user.login(), user.name(), user.roles(), user.unitId(), user.state(), user.version());
    }

    private static User record(int id, Tenant tenant, UserEdit edit, int version) {
        Required.body(edit);
        return new User(
                id,
                Optional.of(tenant.agencyId()),
                Optional.of(tenant.id()),
                Required.optional(edit.unitId()),
                Required.text("login", edit.login()),
                Required.text("name", edit.name()),
                Optional.empty(),
                tenantRoles(edit.roles()).stream().map(Role::word).collect(Collectors.toSet()),
                Required.optional(edit.state()).orElse("active"),
                0,
                Optional.empty(),
                version);
    }

    /** Nobody makes an agency's or an operator's user from inside a tenant. */
    private static Set<Role> tenantRoles(Set<String> words) {
        Set<Role> roles = Required.roles(words);
        if (!TENANT_ROLES.containsAll(roles)) {
            throw Problem.invalid(
                    "roles",
                    "a tenant's roles are "
                            + TENANT_ROLES.stream().map(Role::word).collect(Collectors.joining(", ")));
        }
        return roles;
    }

    /** Another name or state for somebody; login, roles and place stay. */
    static User edited(User now, String name, Optional<String> state, int version) {
        return new User(
                now.id(),
                now.agencyId(),
                now.tenantId(),
                now.unitId(),
                now.login(),
                name,
                Optional.empty(),
                now.roles(),
                state.orElse(now.state()),
                0,
                Optional.empty(),
                version);
    }

    static Response tagged(Response.ResponseBuilder response, User user) {
        return response.tag(String.valueOf(user.version())).entity(view(user)).build();
    }
}
