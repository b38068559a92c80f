package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.alerting.api.Recordings;
import io.tocsin.alerting.api.Recordings.Recorded;
import io.tocsin.alerting.api.Recordings.Saved;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;

/** What a tenant recorded for its calls: WAV or MP3 comes in as the body, WAV goes out to those who accept it. */
@Produces(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/recordings")
public final class VoiceRecordings {
    static final String WAV = "audio/wav";
    /** Made without JAX-RS's own builder, which is not there yet when this class is loaded. */
    private static final List<Variant> VARIANTS = List.of(
            new Variant(MediaType.APPLICATION_JSON_TYPE, (Locale) null, null),
            new Variant(new MediaType("audio", "wav"), (Locale) null, null));

    private final Tenancy tenancy;
    private final Recordings recordings;

    public VoiceRecordings(Tenancy tenancy, Recordings recordings) {
        this.tenancy = tenancy;
        this.recordings = recordings;
    }

    @GET
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Page<Recorded> list(@PathParam("tenant") String slug, @Context Caller caller) {
        return Page.whole(recordings.list(caller.tenant(tenancy, slug).id()));
    }

    /** What it is, or with {@code Accept: audio/wav} what is heard. */
    @GET
    @Path("{recording}")
    @Produces({MediaType.APPLICATION_JSON, WAV})
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Response get(
            @PathParam("tenant") String slug,
            @PathParam("recording") String recording,
            @Context Request request,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        Variant wanted = request.selectVariant(VARIANTS);
        boolean sound = wanted != null && wanted.getMediaType().getType().equals("audio");
        Object found = sound
                ? recordings
                        .sound(tenant, recording)
                        .orElseThrow(() -> Problem.notFound("Recording " + recording))
                        .wav()
                : recordings.find(tenant, recording).orElseThrow(() -> Problem.notFound("Recording " + recording));
        return Response.ok(found, sound ? WAV : MediaType.APPLICATION_JSON).build();
    }

    /** Records anew, or for the first time. Alerts that were launched keep what they were launched with. */
    @PUT
    @Path("{recording}")
    @Consumes("*/*")
    @Allow({TENANT_ADMIN, ACTIVATOR, AGENCY_ADMIN})
    public Saved save(
            @PathParam("tenant") String slug,
            @PathParam("recording") String recording,
            @QueryParam("name") String name,
            InputStream body,
            @Context Caller caller)
            throws RecordingException, IOException {
        return recordings.save(
                caller.tenant(tenancy, slug).id(),
                recording,
                name == null || name.isBlank() ? recording : name,
                body,
                caller.actor());
    }

    /** Refused while a scenario uses it. */
    @DELETE
    @Path("{recording}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Response remove(
            @PathParam("tenant") String slug, @PathParam("recording") String recording, @Context Caller caller) {
        if (!recordings.remove(caller.tenant(tenancy, slug).id(), recording, caller.actor())) {
            throw Problem.notFound("Recording " + recording);
        }
        return Response.noContent().build();
    }
}
