package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.alerting.api.Listening;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.speech.api.SpeechException;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/** Hearing any text as the tenant's calls would say it. */
@Consumes(MediaType.APPLICATION_JSON)
@Produces(VoiceRecordings.WAV)
@Path("/tenants/{tenant}/speech")
public final class VoiceListening {
    private final Tenancy tenancy;
    private final Listening listening;

    public VoiceListening(Tenancy tenancy, Listening listening) {
        this.tenancy = tenancy;
        this.listening = listening;
    }

    /** @param language BCP 47 tag; none: the tenant's */
    public record Text(String text, Optional<String> language) {}

    /** With the tenant's lexicon and recordings of now. */
    @POST
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AGENCY_ADMIN})
    public byte[] say(@PathParam("tenant") String slug, Text text, @Context Caller caller)
            throws SpeechException, InterruptedException {
        Tenant tenant = caller.tenant(tenancy, slug);
        return listening
                .text(
                        tenant.id(),
                        Required.text("text", Required.body(text).text()),
                        Required.optional(text.language()).orElse(tenant.language()))
                .wav();
    }
}
