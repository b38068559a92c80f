package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.OPERATOR;

import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.Database;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.resources.JournalPages.Integrity;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/** The platform's own journal: operators, agencies, their keys and accounts, sign-ins of unknown people. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/operators/journal")
public final class PlatformJournal {
    private final Journal journal;
    private final Database database;

    public PlatformJournal(Journal journal, Database database) {
        this.journal = journal;
        this.database = database;
    }

    /** Oldest first; with {@code order=newest} latest first. */
    @GET
    @Allow(OPERATOR)
    public Page<Journal.Entry> read(
            @QueryParam("order") String order, @QueryParam("after") String after, @QueryParam("limit") Integer limit) {
        int most = Page.limit(limit);
        long cursor = Page.after(after);
        boolean newest = Asked.newest(order);
        return Page.of(
                database.asEngine(c -> newest
                        ? journal.find(
                                c,
                                Journal.PLATFORM,
                                Asked.EVERYTHING,
                                cursor == 0 ? Optional.empty() : Optional.of(cursor),
                                most)
                        : journal.read(c, Journal.PLATFORM, cursor, most)),
                most,
                Journal.Entry::seq);
    }

    @GET
    @Path("integrity")
    @Allow(OPERATOR)
    public Integrity integrity() {
        Optional<Long> broken = database.asEngine(c -> journal.firstBroken(c, Journal.PLATFORM));
        return new Integrity(broken.isEmpty(), broken);
    }
}
