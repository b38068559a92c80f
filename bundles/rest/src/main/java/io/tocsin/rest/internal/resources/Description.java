package io.tocsin.rest.internal.resources;

import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.problems.Problem;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;

/** The OpenAPI 3 description of this API; a test holds it against the code. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/openapi.json")
public final class Description {

    @GET
    @Allow(anonymous = true)
    public Response openapi() {
        InputStream description = Description.class.getResourceAsStream("/io/tocsin/rest/openapi.json");
        if (description == null) {
            throw Problem.notFound("The description");
        }
        return Response.ok(description).build();
    }
}
