package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.alerting.api.Listening;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.ScenarioFormat;
import io.tocsin.alerting.api.Scenarios;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.speech.api.SpeechException;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a tenant prepared for a crisis. A body is a scenario as {@code tenants/} writes it, in JSON. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/scenarios")
public final class AlertScenarios {
    /** Query parameters that are no variables. */
    private static final List<String> OURS = List.of("language", "drill");

    private final Tenancy tenancy;
    private final Scenarios scenarios;
    private final Listening listening;

    public AlertScenarios(Tenancy tenancy, Scenarios scenarios, Listening listening) {
        this.tenancy = tenancy;
        this.scenarios = scenarios;
        this.listening = listening;
    }

    public record Summary(String slug, int version, String name, String category) {}

    @GET
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Page<Summary> list(@PathParam("tenant") String slug, @Context Caller caller) {
        return Page.whole(scenarios.list(caller.tenant(tenancy, slug).id()).stream()
                .map(s -> new Summary(
                        s.slug(),
                        s.version(),
                        s.name(),
                        s.category().name().toLowerCase().replace('_', '-')))
                .toList());
    }

    @GET
    @Path("{scenario}")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Response get(
            @PathParam("tenant") String slug, @PathParam("scenario") String scenario, @Context Caller caller) {
        return tagged(scenarios
                .find(caller.tenant(tenancy, slug).id(), scenario)
                .orElseThrow(() -> Problem.notFound("Scenario " + scenario)));
    }

    /** Creates or replaces. With If-Match only over the version named; without, over whatever is there. */
    @PUT
    @Path("{scenario}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Response save(
            @PathParam("tenant") String slug,
            @PathParam("scenario") String scenario,
            @HeaderParam("If-Match") String ifMatch,
            JsonNode body,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        Optional<Integer> expected = ifMatch == null ? Optional.empty() : Optional.of(Required.version(ifMatch));
        return tagged(
                scenarios.save(tenant, ScenarioFormat.read(scenario, Required.body(body)), expected, caller.actor()));
    }

    @DELETE
    @Path("{scenario}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Response withdraw(
            @PathParam("tenant") String slug, @PathParam("scenario") String scenario, @Context Caller caller) {
        if (!scenarios.withdraw(caller.tenant(tenancy, slug).id(), scenario, caller.actor())) {
            throw Problem.notFound("Scenario " + scenario);
        }
        return Response.noContent().build();
    }

    /** The whole voice message with its question. Every other query parameter is the value of a variable. */
    @GET
    @Path("{scenario}/speech")
    @Produces(VoiceRecordings.WAV)
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AGENCY_ADMIN})
    public byte[] hear(
            @PathParam("tenant") String slug,
            @PathParam("scenario") String scenario,
            @QueryParam("language") String language,
            @QueryParam("drill") @DefaultValue("false") boolean drill,
            @Context UriInfo uri,
            @Context Caller caller)
            throws SpeechException, InterruptedException {
        Tenant tenant = caller.tenant(tenancy, slug);
        Map<String, String> values = new HashMap<>();
        uri.getQueryParameters().forEach((name, given) -> {
            if (!OURS.contains(name)) {
                values.put(name, given.get(0));
            }
        });
        return listening
                .scenario(tenant.id(), scenario, language == null ? tenant.language() : language, drill, values)
                .wav();
    }

    private static Response tagged(Scenario scenario) {
        return Response.ok(ScenarioFormat.write(scenario))
                .tag(String.valueOf(scenario.version()))
                .build();
    }
}
