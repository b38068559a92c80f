package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.OPERATOR;

import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.rest.internal.resources.Keys.KeyView;
import io.tocsin.rest.internal.resources.Keys.NewKey;
import io.tocsin.rest.internal.resources.Users.UserView;
import io.tocsin.tenants.api.Authentication;
import io.tocsin.tenants.api.Authentication.KeyOwner;
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

/** The people who run the platform, and the keys of their machines. A key makes neither. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/operators")
public final class Operators {
    private final Tenancy tenancy;
    private final Keys keys;

    public Operators(Tenancy tenancy, Authentication authentication) {
        this.tenancy = tenancy;
        this.keys = new Keys(authentication);
    }

    /** @param password 12 characters or more, to be changed by its owner: {@code POST /me/password} */
    public record NewOperator(String login, String name, String password) {}

    /**
     * @param state {@code active} or {@code suspended}; left out, it stays as it is
     * @param password a new one for somebody who forgot theirs; left out, it stays as it is
     */
    public record OperatorEdit(String name, Optional<String> state, Optional<String> password) {}

    @GET
    @Allow(OPERATOR)
    public Page<UserView> list(@Context Caller caller) {
        return Page.whole(tenancy.operators().stream().map(Users::view).toList());
    }

    @POST
    @Allow(value = OPERATOR, people = true)
    public Response create(NewOperator operator, @Context Caller caller) {
        Required.body(operator);
        User made = tenancy.save(
                new User(
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Required.text("login", operator.login()),
                        Required.text("name", operator.name()),
                        Optional.empty(),
                        Set.of(OPERATOR.word()),
                        "active",
                        0,
                        Optional.empty(),
                        0),
                Optional.of(Required.text("password", operator.password())),
                caller.actor());
        return Users.tagged(Response.status(201), made);
    }

    @PUT
    @Path("{user}")
    @Allow(value = OPERATOR, people = true)
    public Response edit(
            @PathParam("user") int userId,
            @HeaderParam("If-Match") String ifMatch,
            OperatorEdit edit,
            @Context Caller caller) {
        User now = tenancy.operators().stream()
                .filter(user -> user.id() == userId)
                .findFirst()
                .orElseThrow(() -> Problem.notFound("Operator " + userId));
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
    @Path("keys")
    @Allow(OPERATOR)
    public Page<KeyView> keys(@Context Caller caller) {
        return keys.of(KeyOwner.platform());
    }

    /** A key of the platform has the role operator and no other. */
    @POST
    @Path("keys")
    @Allow(value = OPERATOR, people = true)
    public Response createKey(NewKey key, @Context Caller caller) {
        return keys.make(KeyOwner.platform(), key, caller);
    }

    @DELETE
    @Path("keys/{key}")
    @Allow(OPERATOR)
    public Response revokeKey(@PathParam("key") String keyId, @Context Caller caller) {
        return keys.revoke(KeyOwner.platform(), keyId, caller);
    }
}
