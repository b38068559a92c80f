package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.AGENCY_ADMIN;
import static io.tocsin.tenants.api.Role.OPERATOR;

import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.rest.internal.resources.Keys.KeyView;
import io.tocsin.rest.internal.resources.Keys.NewKey;
import io.tocsin.rest.internal.resources.Users.UserView;
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
import java.util.Optional;
import java.util.Set;

/** Agencies, their own people, and the carrier accounts they share among their tenants. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/agencies")
public final class Agencies {
    private final Tenancy tenancy;
    private final Keys keys;

    public Agencies(Tenancy tenancy, Authentication authentication) {
        this.tenancy = tenancy;
        this.keys = new Keys(authentication);
    }

    /** @param weight 1 to 100, its share beside other agencies; 1 when left out */
    public record NewAgency(String slug, String name, Optional<Integer> weight) {}

    /** @param weight 1 to 100, its share beside other agencies; left out, it stays as it is */
    public record AgencyEdit(String name, Optional<Integer> weight) {}

    public record AgencyUser(String login, String name, String password) {}

    /**
     * @param state {@code active} or {@code suspended}; left out, it stays as it is
     * @param password a new one for somebody who forgot theirs; left out, it stays as it is
     */
    public record AgencyUserEdit(String name, Optional<String> state, Optional<String> password) {}

    @GET
    @Allow({OPERATOR, AGENCY_ADMIN})
    public Page<Agency> list(@Context Caller caller) {
        return Page.whole(tenancy.agencies().stream()
                .filter(a ->
                        caller.principal().agencyId().map(id -> id == a.id()).orElse(true))
                .toList());
    }

    @POST
    @Allow(OPERATOR)
    public Response create(NewAgency agency, @Context Caller caller) {
        Required.body(agency);
        Agency made = tenancy.save(
                new Agency(
                        0,
                        Required.text("slug", agency.slug()),
                        Required.text("name", agency.name()),
                        "active",
                        Required.optional(agency.weight()).orElse(1),
                        0),
                caller.actor());
        return tagged(Response.status(201), made);
    }

    @GET
    @Path("{agency}")
    @Allow({OPERATOR, AGENCY_ADMIN})
    public Response get(@PathParam("agency") String slug, @Context Caller caller) {
        return tagged(Response.ok(), agency(slug, caller));
    }

    /** What an agency's share is, the operator says: its own people would each say the most. */
    @PUT
    @Path("{agency}")
    @Allow(OPERATOR)
    public Response edit(
            @PathParam("agency") String slug,
            @HeaderParam("If-Match") String ifMatch,
            AgencyEdit edit,
            @Context Caller caller) {
        Agency now = agency(slug, caller);
        Required.body(edit);
        Agency saved = tenancy.save(
                new Agency(
                        now.id(),
                        now.slug(),
                        Required.text("name", edit.name()),
                        now.state(),
                        Required.optional(edit.weight()).orElse(now.weight()),
                        Required.version(ifMatch)),
                caller.actor());
        return tagged(Response.ok(), saved);
    }

    /** Its own people and keys stay out until it is reinstated. Its tenants are not touched, nor what they share of it. */
    @POST
    @Path("{agency}/suspension")
    @Allow(OPERATOR)
    public Response suspend(
            @PathParam("agency") String slug, TenantDesk.Suspension suspension, @Context Caller caller) {
        Agency agency = agency(slug, caller);
        return tagged(
                Response.ok(),
                tenancy.suspendAgency(
                        agency.id(),
                        Required.text("reason", Required.body(suspension).reason()),
                        caller.actor()));
    }

    @DELETE
    @Path("{agency}/suspension")
    @Allow(OPERATOR)
    public Response reinstate(@PathParam("agency") String slug, @Context Caller caller) {
        return tagged(
                Response.ok(), tenancy.reinstateAgency(agency(slug, caller).id(), caller.actor()));
    }

    @POST
    @Path("{agency}/users")
    @Allow(
            value = {OPERATOR, AGENCY_ADMIN},
            people = true)
    public Response createUser(@PathParam("agency") String slug, AgencyUser user, @Context Caller caller) {
        Agency agency = agency(slug, caller);
        Required.body(user);
        User made = tenancy.save(
                new User(
                        0,
                        Optional.of(agency.id()),
                        Optional.empty(),
                        Optional.empty(),
                        Required.text("login", user.login()),
                        Required.text("name", user.name()),
                        Optional.empty(),
                        Set.of(Role.AGENCY_ADMIN.word()),
                        "active",
                        0,
                        Optional.empty(),
                        0),
                Optional.of(Required.text("password", user.password())),
                caller.actor());
        return Response.status(201).entity(Users.view(made)).build();
    }

    @GET
    @Path("{agency}/users")
    @Allow({OPERATOR, AGENCY_ADMIN})
    public Page<UserView> users(@PathParam("agency") String slug, @Context Caller caller) {
        return Page.whole(tenancy.usersOfAgency(agency(slug, caller).id()).stream()
                .map(Users::view)
                .toList());
    }

    @PUT
    @Path("{agency}/users/{user}")
    @Allow(
            value = {OPERATOR, AGENCY_ADMIN},
            people = true)
    public Response editUser(
            @PathParam("agency") String slug,
            @PathParam("user") int userId,
            @HeaderParam("If-Match") String ifMatch,
            AgencyUserEdit edit,
            @Context Caller caller) {
        User now = tenancy.usersOfAgency(agency(slug, caller).id()).stream()
                .filter(user -> user.id() == userId)
                .findFirst()
                .orElseThrow(() -> Problem.notFound("User " + userId));
        Required.body(edit);
        User saved = tenancy.save(
                Users.edited(
                        now,
                        Required.text("name", edit.name()),
                        Required.optional(edit.state()),
                        Required.version(ifMatch)),
                Required.optional(edit.password()).map(String::strip),
                caller.actor());
        return Users.tagged(Response.ok(), saved);
    }

    @GET
    @Path("{agency}/keys")
    @Allow({OPERATOR, AGENCY_ADMIN})
    public Page<KeyView> keys(@PathParam("agency") String slug, @Context Caller caller) {
        return keys.of(KeyOwner.agency(agency(slug, caller).id()));
    }

    /** A key that enters every tenant of the agency, with the roles it is given. */
    @POST
    @Path("{agency}/keys")
    @Allow(
            value = {OPERATOR, AGENCY_ADMIN},
            people = true)
    public Response createKey(@PathParam("agency") String slug, NewKey key, @Context Caller caller) {
        return keys.make(KeyOwner.agency(agency(slug, caller).id()), key, caller);
    }

    @DELETE
    @Path("{agency}/keys/{key}")
    @Allow({OPERATOR, AGENCY_ADMIN})
    public Response revokeKey(
            @PathParam("agency") String slug, @PathParam("key") String keyId, @Context Caller caller) {
        return keys.revoke(KeyOwner.agency(agency(slug, caller).id()), keyId, caller);
    }

    @POST
    @Path("{agency}/accounts")
    @Allow({OPERATOR, AGENCY_ADMIN})
    public Response createAccount(@PathParam("agency") String slug, Accounts.AccountEdit edit, @Context Caller caller) {
        Agency agency = agency(slug, caller);
        CarrierAccount made = tenancy.save(
                Accounts.record(0, agency.id(), Optional.empty(), 0, Required.body(edit)),
                Accounts.typed(edit),
                caller.principal(),
                caller.actor());
        return Response.status(201).entity(made).build();
    }

    private static Response tagged(Response.ResponseBuilder response, Agency agency) {
        return response.tag(String.valueOf(agency.version())).entity(agency).build();
    }

    private Agency agency(String slug, Caller caller) {
        return tenancy.agency(slug)
                .filter(a ->
                        caller.principal().agencyId().map(id -> id == a.id()).orElse(true))
                .orElseThrow(() -> Problem.notFound("Agency " + slug));
    }
}
