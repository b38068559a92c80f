package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.AGENCY_ADMIN;
import static io.tocsin.tenants.api.Role.OPERATOR;

import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
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

    public Agencies(Tenancy tenancy) {
        this.tenancy = tenancy;
    }

    public record NewAgency(String slug, String name) {}

    public record AgencyUser(String login, String name, String password) {}

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
        Agency made = tenancy.createAgency(
                Required.text("slug", agency.slug()), Required.text("name", agency.name()), caller.actor());
        return Response.status(201).entity(made).build();
    }

    @POST
    @Path("{agency}/users")
    @Allow({OPERATOR, AGENCY_ADMIN})
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

    @POST
    @Path("{agency}/accounts")
    @Allow({OPERATOR, AGENCY_ADMIN})
    public Response createAccount(@PathParam("agency") String slug, Accounts.Edit edit, @Context Caller caller) {
        Agency agency = agency(slug, caller);
        CarrierAccount made = tenancy.save(
                Accounts.record(0, agency.id(), Optional.empty(), 0, Required.body(edit)),
                caller.principal(),
                caller.actor());
        return Response.status(201).entity(made).build();
    }

    private Agency agency(String slug, Caller caller) {
        return tenancy.agency(slug)
                .filter(a ->
                        caller.principal().agencyId().map(id -> id == a.id()).orElse(true))
                .orElseThrow(() -> Problem.notFound("Agency " + slug));
    }
}
