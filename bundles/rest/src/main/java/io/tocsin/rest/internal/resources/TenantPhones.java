package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.alerting.api.ScenarioNumbers;
import io.tocsin.alerting.api.ScenarioNumbers.Numbered;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.rest.internal.resources.Phones.PhoneEdit;
import io.tocsin.tenants.api.PhoneLogins.PhoneLogin;
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

/** Who of a tenant may sign in by telephone, with which ID; and which number is keyed for which scenario. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}")
public final class TenantPhones {
    private final Tenancy tenancy;
    private final Phones phones;
    private final ScenarioNumbers numbers;

    public TenantPhones(Tenancy tenancy, Phones phones, ScenarioNumbers numbers) {
        this.tenancy = tenancy;
        this.phones = phones;
        this.numbers = numbers;
    }

    @GET
    @Path("users/{user}/phone")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public PhoneLogin of(@PathParam("tenant") String slug, @PathParam("user") int userId, @Context Caller caller) {
        return phones.present(login(slug, userId, caller));
    }

    /** Sets or changes somebody's ID and PIN for the telephone, and lifts a lock. */
    @PUT
    @Path("users/{user}/phone")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public PhoneLogin set(
            @PathParam("tenant") String slug, @PathParam("user") int userId, PhoneEdit edit, @Context Caller caller) {
        return phones.set(login(slug, userId, caller), edit, caller);
    }

    @DELETE
    @Path("users/{user}/phone")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public Response remove(@PathParam("tenant") String slug, @PathParam("user") int userId, @Context Caller caller) {
        return phones.remove(login(slug, userId, caller), caller);
    }

    /** The numbers that are keyed for scenarios. A number is never given again to another scenario. */
    @GET
    @Path("phone/scenarios")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Page<Numbered> scenarios(@PathParam("tenant") String slug, @Context Caller caller) {
        return Page.whole(numbers.of(caller.tenant(tenancy, slug).id()));
    }

    private String login(String slug, int userId, Caller caller) {
        return tenancy.users(caller.tenant(tenancy, slug).id()).stream()
                .filter(user -> user.id() == userId)
                .map(User::login)
                .findFirst()
                .orElseThrow(() -> Problem.notFound("User " + userId));
    }
}
