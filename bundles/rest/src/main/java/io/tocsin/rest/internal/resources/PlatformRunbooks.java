package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.OPERATOR;

import io.tocsin.audit.api.Drills;
import io.tocsin.audit.api.Drills.Drill;
import io.tocsin.audit.api.Drills.Runbook;
import io.tocsin.audit.api.Drills.Standing;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The runbooks of who runs the platform: when each was last drilled, and how it went. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/operators/runbooks")
public final class PlatformRunbooks {
    private final Drills drills;

    public PlatformRunbooks(Drills drills) {
        this.drills = drills;
    }

    /**
     * @param runbook {@code planned-switch}, {@code site-lost}, {@code link-cut}, {@code site-cut-off}, {@code return},
     *     {@code rolling-upgrade} or {@code restore}
     * @param last whether it worked or not; left out: never drilled
     * @param overdue it did not work in any drill for longer than {@code overdueDays} of PID {@code io.tocsin.audit.drills}
     */
    public record RunbookView(String runbook, Optional<DrillView> last, Optional<Instant> lastWorked, boolean overdue) {
        static RunbookView of(Standing standing) {
            return new RunbookView(
                    standing.runbook().word(),
                    standing.last().map(DrillView::of),
                    standing.lastWorked(),
                    standing.overdue());
        }
    }

    /** @param seconds until what the runbook promises was so; left out: not measured */
    public record DrillView(Instant at, String actor, boolean worked, Optional<Double> seconds, String note) {
        static DrillView of(Drill drill) {
            return new DrillView(
                    drill.at(),
                    drill.actor(),
                    drill.worked(),
                    drill.took().map(took -> took.toMillis() / 1000.0),
                    drill.note());
        }
    }

    /**
     * A drill that is over.
     *
     * @param worked whether it ended as the runbook says
     * @param seconds what was measured, up to a week; may be left out
     * @param note 500 characters at most; may be left out
     */
    public record NewDrill(Boolean worked, Optional<Double> seconds, Optional<String> note) {}

    @GET
    @Allow(OPERATOR)
    public Page<RunbookView> list() {
        return Page.whole(drills.standings().stream().map(RunbookView::of).toList());
    }

    @POST
    @Path("{runbook}/drills")
    @Allow(OPERATOR)
    public Response drilled(@PathParam("runbook") String word, NewDrill drill, @Context Caller caller) {
        Runbook runbook = Runbook.of(word).orElseThrow(() -> Problem.notFound("Runbook " + word));
        Required.body(drill);
        if (drill.worked() == null) {
            throw Problem.invalid("worked", "is missing; true or false");
        }
        Optional<Double> seconds = Required.optional(drill.seconds());
        if (seconds.filter(n -> !(n >= 0 && n <= Drills.MAX_TOOK.toSeconds())).isPresent()) {
            throw Problem.invalid("seconds", "is from 0 to " + Drills.MAX_TOOK.toSeconds());
        }
        String note = Required.optional(drill.note()).map(String::strip).orElse("");
        if (note.length() > Drills.MAX_NOTE) {
            throw Problem.invalid("note", "has " + Drills.MAX_NOTE + " characters at most");
        }
        Drill recorded = drills.record(
                runbook,
                drill.worked(),
                seconds.map(n -> Duration.ofMillis(Math.round(n * 1000))),
                note,
                caller.actor());
        return Response.status(201).entity(DrillView.of(recorded)).build();
    }
}
