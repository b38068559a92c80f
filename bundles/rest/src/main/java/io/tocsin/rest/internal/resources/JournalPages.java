package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.Database;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
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

/** The tenant's journal, oldest first, and whether its chain is whole. */
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

    @GET
    @Allow({AUDITOR, TENANT_ADMIN, AGENCY_ADMIN})
    public Page<Journal.Entry> read(
            @PathParam("tenant") String slug,
            @QueryParam("after") String after,
            @QueryParam("limit") Integer limit,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        int most = Page.limit(limit);
        return Page.of(
                database.inTenant(tenant, c -> journal.read(c, tenant, Page.after(after), most)),
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
