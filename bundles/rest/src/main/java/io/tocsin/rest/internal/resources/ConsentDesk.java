package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.rest.internal.problems.ProblemCode;
import io.tocsin.tenants.api.Consents;
import io.tocsin.tenants.api.Consents.Consent;
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
import java.time.Duration;
import java.util.Optional;

/** Whether the tenant's agency may launch in its name: the tenant's own administrators say so, and take it back. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/consent")
public final class ConsentDesk {
    private final Tenancy tenancy;
    private final Consents consents;

    public ConsentDesk(Tenancy tenancy, Consents consents) {
        this.tenancy = tenancy;
        this.consents = consents;
    }

    /** @param consent empty: the agency may not launch */
    public record ConsentView(Optional<Consent> consent) {}

    /** @param lasting ISO-8601: {@code PT1H} to {@code PT8784H} */
    public record ConsentEdit(Duration lasting, Optional<String> note) {}

    @GET
    @Allow
    public ConsentView get(@PathParam("tenant") String slug, @Context Caller caller) {
        return new ConsentView(consents.present(caller.tenant(tenancy, slug).id()));
    }

    @PUT
    @Allow(value = TENANT_ADMIN, people = true)
    public ConsentView grant(@PathParam("tenant") String slug, ConsentEdit edit, @Context Caller caller) {
        int tenant = own(slug, caller);
        Required.body(edit);
        if (edit.lasting() == null) {
            throw Problem.invalid("lasting", "is missing; write PT8760H for a year");
        }
        return new ConsentView(
                Optional.of(consents.grant(tenant, edit.lasting(), Required.optional(edit.note()), caller.actor())));
    }

    /** Taking back what is not given changes nothing. */
    @DELETE
    @Allow(value = TENANT_ADMIN, people = true)
    public Response withdraw(@PathParam("tenant") String slug, @Context Caller caller) {
        consents.withdraw(own(slug, caller), caller.actor());
        return Response.noContent().build();
    }

    /** An agency does not agree with itself, whatever roles its people hold. */
    private int own(String slug, Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        if (caller.principal().tenantId().isEmpty()) {
            throw Problem.of(
                            ProblemCode.FORBIDDEN,
                            "Not allowed",
                            "Only the tenant's own people give or take back its consent")
                    .exception();
        }
        return tenant;
    }
}
