package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.Alerts.LaunchRequest;
import io.tocsin.alerting.api.Alerts.Preview;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.Listening;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.ScenarioFormat;
import io.tocsin.alerting.api.Scenarios;
import io.tocsin.alerting.api.Scenarios.Drilled;
import io.tocsin.alerting.api.Scenarios.Prepared;
import io.tocsin.alerting.api.Scenarios.Version;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.speech.api.SpeechException;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
    private final Alerts alerts;

    public AlertScenarios(Tenancy tenancy, Scenarios scenarios, Listening listening, Alerts alerts) {
        this.tenancy = tenancy;
        this.scenarios = scenarios;
        this.listening = listening;
        this.alerts = alerts;
    }

    /**
     * @param channels of its cascade, each once, in order
     * @param languages it is written in, the one for everybody else first
     * @param savedBy login of whoever saved the present version
     * @param lastDrill the last exercise launched from it, whichever version that was
     */
    public record Summary(
            String slug,
            int version,
            String name,
            String category,
            List<String> lists,
            List<String> channels,
            List<String> languages,
            String savedBy,
            Instant savedAt,
            Optional<Drilled> lastDrill) {}

    /**
     * What a scenario that is not saved yet is worth.
     *
     * @param problems for which saving it would be refused
     * @param launch what a launch would do once it is saved; empty while it cannot be saved
     */
    public record Check(List<LaunchRefusedException.Problem> problems, Optional<Preview> launch) {}

    /** @param variables values for this trial, over the scenario's */
    public record Trial(Map<String, String> variables) {}

    @GET
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Page<Summary> list(@PathParam("tenant") String slug, @Context Caller caller) {
        return Page.whole(scenarios.prepared(caller.tenant(tenancy, slug).id()).stream()
                .map(AlertScenarios::summary)
                .toList());
    }

    private static Summary summary(Prepared prepared) {
        Scenario scenario = prepared.scenario();
        return new Summary(
                scenario.slug(),
                scenario.version(),
                scenario.name(),
                ScenarioFormat.word(scenario.category()),
                scenario.lists(),
                scenario.cascade().stream().map(Step::channel).distinct().toList(),
                Stream.concat(Stream.of(scenario.fallbackLanguage()), scenario.messages().keySet().stream())
                        .distinct()
                        .toList(),
                prepared.savedBy(),
                prepared.savedAt(),
                prepared.lastDrill());
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

    /**
     * Looks at a scenario without saving it: what would refuse it, and what a launch would do. Nothing is launched, sent or kept.
     *
     * @param drill whether the launch looked at is an exercise
     */
    @POST
    @Path("{scenario}/check")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Check check(
            @PathParam("tenant") String slug,
            @PathParam("scenario") String scenario,
            @QueryParam("drill") @DefaultValue("false") boolean drill,
            JsonNode body,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        Scenario draft;
        try {
            draft = ScenarioFormat.read(scenario, Required.body(body));
        } catch (LaunchRefusedException refused) {
            return new Check(refused.problems(), Optional.empty());
        }
        List<LaunchRefusedException.Problem> problems = scenarios.problems(tenant, draft);
        return problems.isEmpty()
                ? new Check(
                        problems,
                        Optional.of(alerts.preview(
                                tenant,
                                draft,
                                new LaunchRequest(scenario, drill, Map.of(), Optional.empty(), Optional.empty()))))
                : new Check(problems, Optional.empty());
    }

    /** The newest first. */
    @GET
    @Path("{scenario}/versions")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Page<Version> versions(
            @PathParam("tenant") String slug, @PathParam("scenario") String scenario, @Context Caller caller) {
        List<Version> versions = scenarios.versions(caller.tenant(tenancy, slug).id(), scenario);
        if (versions.isEmpty()) {
            throw Problem.notFound("Scenario " + scenario);
        }
        return Page.whole(versions);
    }

    /** The scenario as it was. */
    @GET
    @Path("{scenario}/versions/{version}")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Response version(
            @PathParam("tenant") String slug,
            @PathParam("scenario") String scenario,
            @PathParam("version") int version,
            @Context Caller caller) {
        return tagged(scenarios
                .version(caller.tenant(tenancy, slug).id(), scenario, version)
                .orElseThrow(() -> Problem.notFound("Version " + version + " of scenario " + scenario)));
    }

    /**
     * Tries a scenario on the caller: an exercise for the one contact they said they are, and nobody else. Send an Idempotency-Key:
     * repeating the request after a lost answer then sends nothing twice. An agency's people try with the tenant's consent only.
     */
    @POST
    @Path("{scenario}/trials")
    @Allow(
            value = {TENANT_ADMIN, ACTIVATOR, AGENCY_ADMIN},
            people = true)
    public Alert tryOnMe(
            @PathParam("tenant") String slug,
            @PathParam("scenario") String scenario,
            @HeaderParam("Idempotency-Key") String key,
            Trial trial,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        String once = Required.idempotencyKey(key).orElseThrow();
        Map<String, String> variables = Required.body(trial).variables();
        return alerts.tryOnMe(
                tenant, scenario, variables == null ? Map.of() : variables, once, caller.actor(), caller.ofAgency());
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
