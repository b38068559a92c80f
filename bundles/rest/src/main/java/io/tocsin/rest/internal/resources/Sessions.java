package io.tocsin.rest.internal.resources;

import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.Origins;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.rest.internal.problems.ProblemCode;
import io.tocsin.tenants.api.Authentication;
import io.tocsin.tenants.api.Authentication.Token;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Signing in and out. A browser may keep its session over a reload in a cookie that no script can read and no other door takes:
 * it is good for a renewal only, and the token that comes back is held in memory.
 */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/")
public final class Sessions {
    private static final String COOKIE = "__Secure-tocsin";

    private final Authentication authentication;
    private final Tenancy tenancy;
    private final Origins origins;

    public Sessions(Authentication authentication, Tenancy tenancy, Origins origins) {
        this.authentication = authentication;
        this.tenancy = tenancy;
        this.origins = origins;
    }

    /** @param keep whether a browser keeps the session until it is closed: {@code POST /sessions/renewal} then needs no token */
    public record Credentials(String login, String password, Optional<Boolean> keep) {}

    public record Session(String token, Instant expiresAt, Me user) {}

    /** @param newPassword 12 to 256 characters, not the present one and not the login */
    public record PasswordChange(String presentPassword, String newPassword) {}

    /**
     * @param tenant the tenant's slug, for its own people
     * @param agency the agency's slug, for the agency's own people
     */
    public record Me(String name, List<String> roles, Optional<String> tenant, Optional<String> agency) {}

    @POST
    @Path("sessions")
    @Allow(anonymous = true)
    public Session signIn(
            Credentials credentials, @Context HttpServletRequest request, @Context HttpServletResponse response) {
        Required.body(credentials);
        Token token = authentication
                .signIn(
                        Required.text("login", credentials.login()),
                        Required.text("password", credentials.password()),
                        origins.of(request))
                .orElseThrow(() -> Problem.of(
                                ProblemCode.SIGN_IN_FAILED,
                                "Not signed in",
                                "Wrong login or password, or too many tries: wait a minute and try again")
                        .exception());
        if (Required.optional(credentials.keep()).orElse(false)) {
            keep(token.bearer(), response);
        }
        return new Session(token.bearer(), token.expiresAt(), me(token.principal()));
    }

    /**
     * Another token of the same session, twelve hours from signing in at most. For the token of the Authorization header, or
     * of the cookie of {@code keep}, which is renewed with it.
     */
    @POST
    @Path("sessions/renewal")
    @Allow(anonymous = true)
    public Session renew(
            @HeaderParam("Authorization") String authorization,
            @Context HttpServletRequest request,
            @Context HttpServletResponse response) {
        Optional<String> kept = kept(request);
        Token token = Optional.ofNullable(authorization)
                .filter(header -> header.startsWith("Bearer "))
                .map(header -> header.substring("Bearer ".length()).trim())
                .or(() -> kept)
                .flatMap(authentication::renew)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.UNAUTHENTICATED, "Not signed in", "The session is over; sign in again")
                        .exception());
        if (kept.isPresent()) {
            keep(token.bearer(), response);
        }
        return new Session(token.bearer(), token.expiresAt(), me(token.principal()));
    }

    /** Sent by the browser, and by a page of ours: what another site makes it send renews nothing. */
    private static Optional<String> kept(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return request.getCookies() == null || site != null && !site.equals("same-origin")
                ? Optional.empty()
                : Arrays.stream(request.getCookies())
                        .filter(cookie -> cookie.getName().equals(COOKIE))
                        .map(Cookie::getValue)
                        .findFirst();
    }

    private static void keep(String bearer, HttpServletResponse response) {
        response.addHeader(
                "Set-Cookie",
                COOKIE + "=" + bearer + "; Path=/api/v1/sessions; Secure; HttpOnly; SameSite=Strict"
                        + (bearer.isEmpty() ? "; Max-Age=0" : ""));
    }

    @DELETE
    @Path("sessions/current")
    @Allow
    public Response signOut(
            @HeaderParam("Authorization") String authorization,
            @Context Caller caller,
            @Context HttpServletResponse response) {
        keep("", response);
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
                principal.tenantId().flatMap(tenancy::tenant).map(t -> t.slug()),
                principal.tenantId().isPresent()
                        ? Optional.empty()
                        : principal.agencyId().flatMap(this::agency));
    }

    private Optional<String> agency(int id) {
        return tenancy.agencies().stream()
                .filter(agency -> agency.id() == id)
                .map(agency -> agency.slug())
                .findFirst();
    }
}
