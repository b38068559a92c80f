package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.alerting.api.Lexicons;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.speech.api.Lexicon;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a tenant's own words are said in its calls, all words at a time. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/lexicon")
public final class VoiceLexicon {
    private final Tenancy tenancy;
    private final Lexicons lexicons;

    public VoiceLexicon(Tenancy tenancy, Lexicons lexicons) {
        this.tenancy = tenancy;
        this.lexicons = lexicons;
    }

    /** @param language BCP 47 subtag; none: every language */
    public record Word(String word, String spoken, Optional<String> language) {}

    public record Words(List<Word> entries) {}

    public record View(int version, List<Word> entries, Optional<String> updatedBy, Optional<Instant> updatedAt) {}

    @GET
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Response get(@PathParam("tenant") String slug, @Context Caller caller) {
        return tagged(lexicons.current(caller.tenant(tenancy, slug).id()));
    }

    /** Replaces all words. With If-Match only over the version named. Alerts that were launched keep their own. */
    @PUT
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Response save(
            @PathParam("tenant") String slug,
            @HeaderParam("If-Match") String ifMatch,
            Words words,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        Optional<Integer> expected = ifMatch == null ? Optional.empty() : Optional.of(Required.version(ifMatch));
        return tagged(lexicons.save(tenant, lexicon(Required.body(words).entries()), expected, caller.actor()));
    }

    private static Lexicon lexicon(List<Word> words) {
        if (words == null) {
            throw Problem.invalid("entries", "is missing; write [] for no words");
        }
        List<Lexicon.Entry> entries = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            entries.add(entry("entries[" + i + "]", words.get(i)));
        }
        try {
            return new Lexicon(entries);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("entries", e.getMessage());
        }
    }

    private static Lexicon.Entry entry(String path, Word word) {
        if (word == null || word.word() == null || word.spoken() == null) {
            throw Problem.invalid(path, "needs word and spoken, such as {\"word\": \"Loue\", \"spoken\": \"lou\"}");
        }
        try {
            return new Lexicon.Entry(
                    word.word(),
                    word.spoken(),
                    Required.optional(word.language()).orElse(""));
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(path, e.getMessage());
        }
    }

    private static Response tagged(Lexicons.Current current) {
        List<Word> words = current.lexicon().entries().stream()
                .map(entry -> new Word(
                        entry.word(),
                        entry.spoken(),
                        Optional.of(entry.language()).filter(language -> !language.isEmpty())))
                .toList();
        return Response.ok(new View(current.version(), words, current.updatedBy(), current.updatedAt()))
                .tag(String.valueOf(current.version()))
                .build();
    }
}
