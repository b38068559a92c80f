package io.tocsin.rest.internal.resources;

import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.Origins;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.Authentication;
import io.tocsin.tenants.api.Authentication.Token;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Signing in and out. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/")
public final class Sessions {
    private final Authentication authentication;
    private final Tenancy tenancy;
    private final Origins origins;

    public Sessions(Authentication authentication, Tenancy tenancy, Origins origins) {
        this.authentication = authentication;
        this.tenancy = tenancy;
        this.origins = origins;
    }

    public record Credentials(String login, String password) {}

    public record Session(String token, Instant expiresAt, Me user) {}

    /** @param newPassword 12 to 256 characters, not the present one and not the login */
    public record PasswordChange(String presentPassword, String newPassword) {}

    /** @param tenant the tenant's slug, for its own people */
    public record Me(String name, List<String> roles, Optional<String> tenant) {}

    @POST
    @Path("sessions")
    @Allow(anonymous = true)
    public Session signIn(Credentials credentials, @Context HttpServletRequest request) {
        Required.body(credentials);
        Token token = authentication
                .signIn(
                        Required.text("login", credentials.login()),
                        Required.text("password", credentials.password()),
                        origins.of(request))
                .orElseThrow(() -> Problem.of(
                                401,
                                "sign-in-failed",
                                "Not signed in",
                                "Wrong login or password, or too many tries: wait a minute and try again")
                        .exception());
        return new Session(token.bearer(), token.expiresAt(), me(token.principal()));
    }

    @DELETE
    @Path("sessions/current")
    @Allow
    public Response signOut(@HeaderParam("Authorization") String authorization, @Context Caller caller) {
        authentication.signOut(authorization.substring("Bearer ".length()).trim(), caller.origin());
        return Response.noContent().build();
    }

    @GET
    @Path("me")
    @Allow
    public Me me(@Context Caller caller) {
        return me(caller.principal());
    }

    /**
     * Changes one's own password. Every session begun before it ends; the answer is a new one.
     */
    @POST
    @Path("me/password")
    @Allow(people = true)
    public Session changePassword(PasswordChange change, @Context Caller caller) {
        Required.body(change);
        Token token = authentication
                .changePassword(
                        caller.principal().name(),
                        Required.text("presentPassword", change.presentPassword()),
                        Required.text("newPassword", change.newPassword()),
                        caller.origin())
                .orElseThrow(() -> Problem.invalid(
                        "presentPassword",
                        "is not your password, or there were too many tries: wait a minute and try again"));
        return new Session(token.bearer(), token.expiresAt(), me(token.principal()));
    }

    private Me me(Principal principal) {
        return new Me(
                principal.name(),
                principal.roles().stream().map(Role::word).sorted().toList(),
                principal.tenantId().flatMap(tenancy::tenant).map(t -> t.slug()));
    }
}
