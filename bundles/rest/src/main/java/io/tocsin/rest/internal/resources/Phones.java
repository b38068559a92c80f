package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.alerting.api.ScenarioNumbers;
import io.tocsin.alerting.api.ScenarioNumbers.Numbered;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.PhoneLogins;
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
import java.util.Optional;

/** Who may sign in by telephone, with which ID; and which number is keyed for which scenario. A PIN goes in and never comes out. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/")
public final class Phones {
    private final Tenancy tenancy;
    private final PhoneLogins logins;
    private final ScenarioNumbers numbers;

    public Phones(Tenancy tenancy, PhoneLogins logins, ScenarioNumbers numbers) {
        this.tenancy = tenancy;
        this.logins = logins;
        this.numbers = numbers;
    }

    /**
     * @param id 4 to 10 digits, nobody else's; left out, the present one stays, or one is made
     * @param pin 6 to 10 digits that are not easily guessed
     */
    public record PhoneEdit(Optional<String> id, String pin) {
        /** Without the PIN. */
        @Override
        public String toString() {
            return "PhoneEdit";
        }
    }

    @GET
    @Path("me/phone")
    @Allow(people = true)
    public PhoneLogin own(@Context Caller caller) {
        return present(caller.principal().name());
    }

    /** Sets or changes one's own ID and PIN for the telephone. */
    @PUT
    @Path("me/phone")
    @Allow(people = true)
    public PhoneLogin setOwn(PhoneEdit edit, @Context Caller caller) {
        return set(caller.principal().name(), edit, caller);
    }

    @DELETE
    @Path("me/phone")
    @Allow(people = true)
    public Response removeOwn(@Context Caller caller) {
        return remove(caller.principal().name(), caller);
    }

    @GET
    @Path("tenants/{tenant}/users/{user}/phone")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public PhoneLogin of(@PathParam("tenant") String slug, @PathParam("user") int userId, @Context Caller caller) {
        return present(login(slug, userId, caller));
    }

    /** Sets or changes somebody's ID and PIN for the telephone, and lifts a lock. */
    @PUT
    @Path("tenants/{tenant}/users/{user}/phone")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public PhoneLogin set(
            @PathParam("tenant") String slug, @PathParam("user") int userId, PhoneEdit edit, @Context Caller caller) {
        return set(login(slug, userId, caller), edit, caller);
    }

    @DELETE
    @Path("tenants/{tenant}/users/{user}/phone")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN, OPERATOR})
    public Response remove(@PathParam("tenant") String slug, @PathParam("user") int userId, @Context Caller caller) {
        return remove(login(slug, userId, caller), caller);
    }

    /** The numbers that are keyed for scenarios. A number is never given again to another scenario. */
    @GET
    @Path("tenants/{tenant}/phone/scenarios")
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

    private PhoneLogin present(String login) {
        return logins.of(login).orElseThrow(() -> Problem.notFound("An ID for the telephone"));
    }

    private PhoneLogin set(String login, PhoneEdit edit, Caller caller) {
        Required.body(edit);
        return logins.set(
                login,
                Required.optional(edit.id()).map(String::strip).filter(id -> !id.isEmpty()),
                Required.text("pin", edit.pin()),
                caller.actor());
    }

    private Response remove(String login, Caller caller) {
        if (!logins.remove(login, caller.actor())) {
            throw Problem.notFound("An ID for the telephone");
        }
        return Response.noContent().build();
    }
}
