package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.FollowUps.Draft;
import io.tocsin.alerting.api.FollowUps.Kind;
import io.tocsin.alerting.api.FollowUps.Links;
import io.tocsin.alerting.api.FollowUps.Request;
import io.tocsin.alerting.api.FollowUps.Whom;
import io.tocsin.alerting.api.Unreachable;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.routing.api.Alert;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Corrections and all-clears: alerts of their own, to people of an earlier one, which ends with them if it still runs. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/alerts/{alert}/follow-ups")
public final class AlertFollowUps {
    private final Tenancy tenancy;
    private final Alerts alerts;

    public AlertFollowUps(Tenancy tenancy, Alerts alerts) {
        this.tenancy = tenancy;
        this.alerts = alerts;
    }

    /**
     * @param kind {@code correction} or {@code all-clear}
     * @param whom {@code reached}: whoever the first alert reached or may have, as when it is left out; {@code everybody} it was meant for
     * @param texts by language, said by every channel after the words that mark what it is; left out: as prepared
     */
    public record FollowUp(String kind, Optional<String> whom, Optional<Map<String, String>> texts) {}

    /** What this alert follows, and what follows it. */
    @GET
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Links links(@PathParam("tenant") String slug, @PathParam("alert") long alertId, @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        existing(tenant, alertId);
        return alerts.followUps().links(tenant, alertId);
    }

    /** The texts as prepared, or as given, and what it would do. */
    @POST
    @Path("preview")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, AGENCY_ADMIN})
    public Draft preview(
            @PathParam("tenant") String slug,
            @PathParam("alert") long alertId,
            FollowUp followUp,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        existing(tenant, alertId);
        Draft draft = alerts.followUps().draft(tenant, alertId, request(followUp));
        return new Draft(draft.texts(), draft.ends(), AlertRuns.seen(draft.preview(), caller), draft.readers());
    }

    /**
     * Whom no step would reach, all of them, by name.
     *
     * @param after the {@code next} of the page before
     * @param limit 1 to 10000; 1000 when left out
     */
    @POST
    @Path("preview/unreachable")
    @Allow({TENANT_ADMIN, ACTIVATOR, AGENCY_ADMIN})
    public Page<Unreachable.Person> unreachable(
            @PathParam("tenant") String slug,
            @PathParam("alert") long alertId,
            @QueryParam("after") String after,
            @QueryParam("limit") Integer limit,
            FollowUp followUp,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        existing(tenant, alertId);
        int most = limit == null ? Page.MAX_LIMIT : Math.max(1, Math.min(AlertRuns.MOST_UNREACHABLE, limit));
        long last = Page.after(after);
        return Page.of(
                alerts.followUps()
                        .unreachable(
                                tenant,
                                alertId,
                                request(followUp),
                                last == 0 ? Optional.empty() : Optional.of(last),
                                most),
                most,
                Unreachable.Person::contactId);
    }

    /**
     * Launches it. Send an Idempotency-Key: repeating the request after a lost answer then launches nothing twice. An agency's people and
     * keys launch in a tenant's name with its consent only.
     */
    @POST
    @Allow({ACTIVATOR, AGENCY_ADMIN})
    public Response launch(
            @PathParam("tenant") String slug,
            @PathParam("alert") long alertId,
            @HeaderParam("Idempotency-Key") String key,
            FollowUp followUp,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        existing(tenant, alertId);
        Optional<String> once = Required.idempotencyKey(key);
        Alert alert =
                alerts.followUps().launch(tenant, alertId, request(followUp), once, caller.ofAgency(), caller.actor());
        return Response.created(URI.create("/api/v1/tenants/" + slug + "/alerts/" + alert.alertId()))
                .entity(alert)
                .build();
    }

    private void existing(int tenant, long alertId) {
        alerts.find(tenant, alertId).orElseThrow(() -> Problem.notFound("Alert " + alertId));
    }

    private static Request request(FollowUp followUp) {
        Required.body(followUp);
        String kind = Required.text("kind", followUp.kind());
        String whom = Required.optional(followUp.whom()).orElse(Whom.REACHED.word());
        Map<String, String> texts = Required.optional(followUp.texts()).orElse(Map.of());
        texts.forEach((language, text) -> {
            if (text == null) {
                throw Problem.invalid("texts." + language, "is null; write a text or leave the language out");
            }
        });
        return new Request(
                Arrays.stream(Kind.values())
                        .filter(each -> each.word().equals(kind))
                        .findFirst()
                        .orElseThrow(() ->
                                Problem.invalid("kind", "\"" + kind + "\" is none; write correction or all-clear")),
                Arrays.stream(Whom.values())
                        .filter(each -> each.word().equals(whom))
                        .findFirst()
                        .orElseThrow(() ->
                                Problem.invalid("whom", "\"" + whom + "\" is nobody; write reached or everybody")),
                texts);
    }
}
