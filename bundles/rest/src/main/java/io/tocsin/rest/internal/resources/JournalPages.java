package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.audit.api.Journal;
import io.tocsin.audit.api.Journal.Search;
import io.tocsin.persistence.api.Database;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/** The tenant's journal, and whether its chain is whole. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/journal")
public final class JournalPages {
    private final Tenancy tenancy;
    private final Journal journal;
    private final Database database;

    public JournalPages(Tenancy tenancy, Journal journal, Database database) {
        this.tenancy = tenancy;
        this.journal = journal;
        this.database = database;
    }

    /** @param firstBroken the first entry whose hash does not fit, if any */
    public record Integrity(boolean whole, Optional<Long> firstBroken) {}

    /**
     * Oldest first; with {@code order=newest} latest first, and then only what fits.
     *
     * @param action exactly, or a family of them: {@code alert.}
     * @param object what it was done to, by its type: {@code alert}
     * @param objectId by its name or number
     * @param from the earliest time, {@code 2026-01-31T08:00:00Z}
     * @param to the first moment that is too late
     */
    @GET
    @Allow({AUDITOR, TENANT_ADMIN, AGENCY_ADMIN})
    public Page<Journal.Entry> read(
            @PathParam("tenant") String slug,
            @QueryParam("order") String order,
            @QueryParam("actor") String actor,
            @QueryParam("action") String action,
            @QueryParam("object") String object,
            @QueryParam("objectId") String objectId,
            @QueryParam("from") String from,
            @QueryParam("to") String to,
            @QueryParam("after") String after,
            @QueryParam("limit") Integer limit,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        int most = Page.limit(limit);
        long cursor = Page.after(after);
        Search search = new Search(
                Asked.text(actor),
                Asked.text(action),
                Asked.text(object),
                Asked.text(objectId),
                Asked.time("from", from),
                Asked.time("to", to));
        boolean newest = Asked.newest(order);
        if (!newest && !search.equals(Asked.EVERYTHING)) {
            throw Problem.invalid("order", "is needed to search; write newest");
        }
        return Page.of(
                database.inTenant(
                        tenant,
                        c -> newest
                                ? journal.find(
                                        c, tenant, search, cursor == 0 ? Optional.empty() : Optional.of(cursor), most)
                                : journal.read(c, tenant, cursor, most)),
                most,
                Journal.Entry::seq);
    }

    @GET
    @Path("integrity")
    @Allow({AUDITOR, TENANT_ADMIN, AGENCY_ADMIN})
    public Integrity integrity(@PathParam("tenant") String slug, @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        Optional<Long> broken = database.inTenant(tenant, c -> journal.firstBroken(c, tenant));
        return new Integrity(broken.isEmpty(), broken);
    }
}
