package io.tocsin.rest.internal.resources;

import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.PhoneLogins;
import io.tocsin.tenants.api.PhoneLogins.PhoneLogin;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** One's own ID and PIN for the telephone. A PIN goes in and never comes out. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/")
public final class Phones {
    private final PhoneLogins logins;

    public Phones(PhoneLogins logins) {
        this.logins = logins;
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

    PhoneLogin present(String login) {
        return logins.of(login).orElseThrow(() -> Problem.notFound("An ID for the telephone"));
    }

    PhoneLogin set(String login, PhoneEdit edit, Caller caller) {
        Required.body(edit);
        return logins.set(
                login,
                Required.optional(edit.id()).map(String::strip).filter(id -> !id.isEmpty()),
                Required.text("pin", edit.pin()),
                caller.actor());
    }

    Response remove(String login, Caller caller) {
        if (!logins.remove(login, caller.actor())) {
            throw Problem.notFound("An ID for the telephone");
        }
        return Response.noContent().build();
    }
}
