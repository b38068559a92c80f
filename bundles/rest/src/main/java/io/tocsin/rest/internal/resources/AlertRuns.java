package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tocsin.alerting.api.Alerts;
import io.tocsin.alerting.api.Alerts.LaunchRequest;
import io.tocsin.alerting.api.Alerts.Preview;
import io.tocsin.alerting.api.Alerts.RelaunchRequest;
import io.tocsin.alerting.api.Alerts.Status;
import io.tocsin.alerting.api.FollowUps;
import io.tocsin.alerting.api.Unreachable;
import io.tocsin.audit.api.Evidence;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.rest.internal.problems.ProblemCode;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.Ledger.PersonState;
import io.tocsin.routing.api.Totals;
import io.tocsin.tenants.api.Consents;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
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
import jakarta.ws.rs.core.StreamingOutput;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Launching alerts, following them, and what remains of them. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/alerts")
public final class AlertRuns {
    /** The roles of the people pages. */
    private static final Set<Role> SEES_PEOPLE = Set.of(TENANT_ADMIN, ACTIVATOR, SUPERVISOR, AUDITOR, AGENCY_ADMIN);

    /** What is read by people, and of use alone. */
    private static final List<String> PARTS =
            List.of("report.pdf", "recipients.csv", "results.csv", "attempts.csv", "answers.csv");

    /** A page of people nobody reaches: each costs a freezing of the audience. */
    static final int MOST_UNREACHABLE = 10_000;

    private final Tenancy tenancy;
    private final Alerts alerts;
    private final Consents consents;

    public AlertRuns(Tenancy tenancy, Alerts alerts, Consents consents) {
        this.tenancy = tenancy;
        this.alerts = alerts;
        this.consents = consents;
    }

    /**
     * @param drill must be said: an exercise and the real thing are never a default
     * @param patience ISO-8601, instead of every step's own
     */
    public record Launch(
            String scenario,
            Boolean drill,
            Map<String, String> variables,
            Optional<List<String>> lists,
            Optional<Duration> patience) {}

    /** @param states whom to reach again: {@code delivered}, {@code failed}, {@code unknown}, {@code pending} */
    public record Relaunch(List<String> states, String channel, Optional<Duration> patience) {}

    @POST
    @Path("preview")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, AGENCY_ADMIN})
    public Preview preview(@PathParam("tenant") String slug, Launch launch, @Context Caller caller) {
        return seen(alerts.preview(caller.tenant(tenancy, slug).id(), request(launch)), caller);
    }

    /**
     * Whom no step of a launch would reach, all of them, by name: page after page, each of which looks the audience up anew.
     *
     * @param after the {@code next} of the page before
     * @param limit 1 to 10000; 1000 when left out
     */
    @POST
    @Path("preview/unreachable")
    @Allow({TENANT_ADMIN, ACTIVATOR, AGENCY_ADMIN})
    public Page<Unreachable.Person> unreachable(
            @PathParam("tenant") String slug,
            @QueryParam("after") String after,
            @QueryParam("limit") Integer limit,
            Launch launch,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        int most = limit == null ? Page.MAX_LIMIT : Math.max(1, Math.min(MOST_UNREACHABLE, limit));
        long last = Page.after(after);
        return Page.of(
                alerts.unreachable(tenant, request(launch), last == 0 ? Optional.empty() : Optional.of(last), most),
                most,
                Unreachable.Person::contactId);
    }

    /**
     * Launches. Send an Idempotency-Key: repeating the request after a lost answer then launches nothing twice. An agency's people and keys
     * launch in a tenant's name with its consent only.
     */
    @POST
    @Allow({ACTIVATOR, AGENCY_ADMIN})
    public Response launch(
            @PathParam("tenant") String slug,
            @HeaderParam("Idempotency-Key") String key,
            Launch launch,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        Optional<String> once = Required.idempotencyKey(key);
        Alert alert = caller.ofAgency()
                ? alerts.launchOnBehalf(tenant, request(launch), once, caller.actor())
                : alerts.launch(tenant, request(launch), once, caller.actor());
        return Response.created(URI.create("/api/v1/tenants/" + slug + "/alerts/" + alert.alertId()))
                .entity(alert)
                .build();
    }

    /**
     * @param kind what it is: {@code ALERT}, {@code DRILL}, {@code TRIAL} of somebody on themselves, {@code FOLLOW_UP}
     * @param follows what it is the correction or the all-clear of
     * @param followUps its own, earliest first
     * @param lateAnswers whose answer came after its end
     */
    public record AlertLine(
            @JsonUnwrapped Alert alert,
            Alerts.Kind kind,
            Optional<FollowUps.Link> follows,
            List<FollowUps.Link> followUps,
            long lateAnswers) {}

    /** Latest launch first. @param kind {@code alert}, {@code drill}, {@code trial} or {@code follow-up}; all when left out */
    @GET
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Page<AlertLine> list(
            @PathParam("tenant") String slug,
            @QueryParam("kind") String kind,
            @QueryParam("after") String after,
            @QueryParam("limit") Integer limit,
            @Context Caller caller) {
        int most = Page.limit(limit);
        long before = Page.after(after);
        return Page.of(
                alerts
                        .listed(
                                caller.tenant(tenancy, slug).id(),
                                Asked.text(kind).map(AlertRuns::kind),
                                before == 0 ? Optional.empty() : Optional.of(before),
                                most)
                        .stream()
                        .map(each -> new AlertLine(
                                each.alert(),
                                each.kind(),
                                each.links().of(),
                                each.links().followUps(),
                                each.lateAnswers()))
                        .toList(),
                most,
                line -> line.alert().alertId());
    }

    private static Alerts.Kind kind(String word) {
        return Arrays.stream(Alerts.Kind.values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() ->
                        Problem.invalid("kind", "\"" + word + "\" is none; write alert, drill, trial or follow-up"));
    }

    @GET
    @Path("{alert}")
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Status status(@PathParam("tenant") String slug, @PathParam("alert") long alertId, @Context Caller caller) {
        return alerts.status(caller.tenant(tenancy, slug).id(), alertId);
    }

    @GET
    @Path("{alert}/people")
    @Allow({TENANT_ADMIN, ACTIVATOR, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Page<PersonState> people(
            @PathParam("tenant") String slug,
            @PathParam("alert") long alertId,
            @QueryParam("state") String state,
            @QueryParam("after") String after,
            @QueryParam("limit") Integer limit,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        existing(tenant, alertId);
        int most = Page.limit(limit);
        return Page.of(
                alerts.people(
                        tenant,
                        alertId,
                        Optional.ofNullable(state).map(s -> state("state", s)),
                        (int) Page.after(after),
                        most),
                most,
                PersonState::recipientNo);
    }

    @GET
    @Path("{alert}/people/{recipient}")
    @Allow({TENANT_ADMIN, ACTIVATOR, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Page<Ledger.Observation> history(
            @PathParam("tenant") String slug,
            @PathParam("alert") long alertId,
            @PathParam("recipient") int recipientNo,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        existing(tenant, alertId);
        return Page.whole(alerts.history(tenant, alertId, recipientNo));
    }

    @POST
    @Path("{alert}/pause")
    @Allow({ACTIVATOR, SUPERVISOR, AGENCY_ADMIN})
    public Status pause(@PathParam("tenant") String slug, @PathParam("alert") long alertId, @Context Caller caller) {
        return alerts.pause(caller.tenant(tenancy, slug).id(), alertId, caller.actor());
    }

    /** Resumes, once for one Idempotency-Key: a repetition never undoes a pause made since. */
    @POST
    @Path("{alert}/resume")
    @Allow({ACTIVATOR, SUPERVISOR, AGENCY_ADMIN})
    public Status resume(
            @PathParam("tenant") String slug,
            @PathParam("alert") long alertId,
            @HeaderParam("Idempotency-Key") String key,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        existing(tenant, alertId);
        consented(tenant, caller);
        return alerts.resume(tenant, alertId, Required.idempotencyKey(key), caller.actor());
    }

    /** Cancels; the answer states who was already reached. */
    @POST
    @Path("{alert}/cancellation")
    @Allow({ACTIVATOR, AGENCY_ADMIN})
    public Status cancel(@PathParam("tenant") String slug, @PathParam("alert") long alertId, @Context Caller caller) {
        return alerts.cancel(caller.tenant(tenancy, slug).id(), alertId, caller.actor());
    }

    @POST
    @Path("{alert}/closing")
    @Allow({ACTIVATOR, SUPERVISOR, AGENCY_ADMIN})
    public Status close(@PathParam("tenant") String slug, @PathParam("alert") long alertId, @Context Caller caller) {
        return alerts.close(caller.tenant(tenancy, slug).id(), alertId, caller.actor());
    }

    /** Opens a wave, once for one Idempotency-Key: repeating the request answers the same wave. */
    @POST
    @Path("{alert}/relaunches")
    @Allow({ACTIVATOR, SUPERVISOR, AGENCY_ADMIN})
    public Response relaunch(
            @PathParam("tenant") String slug,
            @PathParam("alert") long alertId,
            @HeaderParam("Idempotency-Key") String key,
            Relaunch relaunch,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        existing(tenant, alertId);
        consented(tenant, caller);
        Optional<String> once = Required.idempotencyKey(key);
        Required.body(relaunch);
        if (relaunch.states() == null || relaunch.states().isEmpty()) {
            throw Problem.invalid("states", "is missing; name whom to reach again");
        }
        return Response.status(201)
                .entity(alerts.relaunch(
                        tenant,
                        alertId,
                        new RelaunchRequest(
                                relaunch.states().stream()
                                        .map(s -> state("states", s))
                                        .toList(),
                                Required.text("channel", relaunch.channel()),
                                Required.optional(relaunch.patience()).orElse(Duration.ofMinutes(15))),
                        once,
                        caller.actor()))
                .build();
    }

    /**
     * The signed package that anybody can verify offline with {@code ./tocsin verify}: {@code full} with names and addresses,
     * {@code masked} without. Who may not see people gets the masked one only.
     *
     * @param part one part of it alone, to read or to print: {@code report.pdf}, {@code results.csv} …; only the whole package proves anything
     */
    @GET
    @Path("{alert}/evidence")
    @Produces({"application/zip", "application/pdf", "text/csv"})
    @Allow({TENANT_ADMIN, SUPERVISOR, AUDITOR, AGENCY_ADMIN, ACTIVATOR, APPROVER})
    public Response evidence(
            @PathParam("tenant") String slug,
            @PathParam("alert") long alertId,
            @QueryParam("variant") @DefaultValue("full") String variant,
            @QueryParam("part") String part,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        existing(tenant, alertId);
        Evidence.Variant chosen = variant(variant);
        if (chosen == Evidence.Variant.FULL && !seesPeople(caller)) {
            throw Problem.of(
                            ProblemCode.FORBIDDEN,
                            "Not allowed",
                            "None of your roles allows evidence with names and addresses; ask for ?variant=masked")
                    .exception();
        }
        Optional<String> alone = Asked.text(part);
        if (alone.isPresent() && !PARTS.contains(alone.get())) {
            throw Problem.invalid("part", "is no part to read alone; parts are " + String.join(", ", PARTS));
        }
        String name = "evidence-" + slug + "-" + alertId + (chosen == Evidence.Variant.MASKED ? "-masked" : "");
        if (alone.isPresent()) {
            StreamingOutput one = out -> {
                try (PackagePart found = new PackagePart(alone.get(), out)) {
                    alerts.evidence(tenant, alertId, chosen, caller.actor(), found);
                }
            };
            return Response.ok(one, alone.get().endsWith(".pdf") ? "application/pdf" : "text/csv;charset=UTF-8")
                    .header("Content-Disposition", "attachment; filename=\"" + name + "-" + alone.get() + "\"")
                    .build();
        }
        StreamingOutput zip = out -> alerts.evidence(tenant, alertId, chosen, caller.actor(), out);
        return Response.ok(zip, "application/zip")
                .header("Content-Disposition", "attachment; filename=\"" + name + ".zip\"")
                .build();
    }

    /** Whom no step reaches is named to who may see people. */
    static Preview seen(Preview preview, Caller caller) {
        return seesPeople(caller) ? preview : preview.unnamed();
    }

    private static boolean seesPeople(Caller caller) {
        return SEES_PEOPLE.stream().anyMatch(caller.principal()::has);
    }

    /** What makes messages leave needs the tenant's consent; what stops them never does. */
    private void consented(int tenant, Caller caller) {
        if (caller.ofAgency() && consents.present(tenant).isEmpty()) {
            throw Problem.invalid(
                    "consent",
                    "the organisation has not agreed that its agency launches in its name; one of its administrators"
                            + " gives the consent, for a time, in the administration");
        }
    }

    private static Evidence.Variant variant(String word) {
        return Arrays.stream(Evidence.Variant.values())
                .filter(v -> v.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(
                        () -> Problem.invalid("variant", "\"" + word + "\" is no variant; variants are full, masked"));
    }

    private void existing(int tenant, long alertId) {
        alerts.find(tenant, alertId).orElseThrow(() -> Problem.notFound("Alert " + alertId));
    }

    private static LaunchRequest request(Launch launch) {
        Required.body(launch);
        if (launch.drill() == null) {
            throw Problem.invalid("drill", "is missing; say true for an exercise, false for the real thing");
        }
        return new LaunchRequest(
                Required.text("scenario", launch.scenario()),
                launch.drill(),
                launch.variables() == null ? Map.of() : launch.variables(),
                Required.optional(launch.lists()),
                Required.optional(launch.patience()));
    }

    private static Totals.State state(String field, String word) {
        return Arrays.stream(Totals.State.values())
                .filter(s -> s.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> Problem.invalid(
                        field,
                        "\"" + word
                                + "\" is no state; states are answered, delivered, failed, unknown, pending"
                                        .toLowerCase(Locale.ROOT)));
    }
}
