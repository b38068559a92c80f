package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.AGENCY_ADMIN;
import static io.tocsin.tenants.api.Role.TENANT_ADMIN;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.directory.api.Imports;
import io.tocsin.directory.api.Imports.ImportPlan;
import io.tocsin.directory.api.Imports.ImportRun;
import io.tocsin.directory.api.Imports.Inspection;
import io.tocsin.directory.api.Imports.RowError;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Answers;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.Uploads;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Contact files: what is in them, a dry run, the import, its errors, and its undoing. The file is the request's body. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/imports")
public final class ContactImports {
    private final Tenancy tenancy;
    private final Imports imports;
    private final Uploads uploads;
    private final ObjectMapper mapper;

    public ContactImports(Tenancy tenancy, Imports imports, Uploads uploads, ObjectMapper mapper) {
        this.tenancy = tenancy;
        this.imports = imports;
        this.uploads = uploads;
        this.mapper = mapper;
    }

    /** @param maxFileBytes what a file may weigh */
    public record ImportLimits(long maxFileBytes) {}

    /** What would be refused anyway, to be known before a large file is sent. */
    @GET
    @Path("limits")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public ImportLimits limits(@PathParam("tenant") String slug, @Context Caller caller) {
        caller.tenant(tenancy, slug);
        return new ImportLimits(uploads.maxBytes());
    }

    @POST
    @Path("inspection")
    @Consumes("*/*")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Inspection inspect(
            @PathParam("tenant") String slug,
            @QueryParam("fileName") String fileName,
            InputStream body,
            @Context Caller caller)
            throws IOException {
        caller.tenant(tenancy, slug);
        String name = Required.text("fileName", fileName);
        try (Uploads.Upload upload = uploads.receive(body)) {
            return imports.inspect(upload.file(), name);
        }
    }

    /** Starts an import and answers 202 at once; follow it under the id given. */
    @POST
    @Consumes("*/*")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    @Answers(ImportRun.class)
    public Response start(
            @PathParam("tenant") String slug,
            @QueryParam("fileName") String fileName,
            @QueryParam("source") String source,
            @QueryParam("mapping") String mapping,
            @QueryParam("dryRun") @DefaultValue("false") boolean dryRun,
            @QueryParam("removeMissing") @DefaultValue("false") boolean removeMissing,
            @QueryParam("maxRemovedPercent") Integer maxRemovedPercent,
            @QueryParam("region") @DefaultValue("FR") String region,
            @QueryParam("language") String language,
            @QueryParam("legalBasis") String legalBasis,
            @QueryParam("tag") List<String> tags,
            InputStream body,
            @Context Caller caller)
            throws IOException {
        Tenant tenant = caller.tenant(tenancy, slug);
        String name = Required.text("fileName", fileName);
        ImportPlan plan = new ImportPlan(
                Required.text("source", source),
                mapping(mapping),
                dryRun,
                removeMissing,
                region,
                language == null ? tenant.language() : language,
                Required.text("legalBasis", legalBasis),
                Set.copyOf(tags),
                Optional.ofNullable(maxRemovedPercent));
        Uploads.Upload upload = uploads.receive(body);
        boolean started = false;
        try {
            ImportRun run = imports.start(tenant.id(), upload.file(), name, plan, caller.actor());
            started = true;
            uploads.keepUntil(upload, () -> imports.find(tenant.id(), run.id())
                    .map(r -> !Set.of("queued", "running").contains(r.state()))
                    .orElse(true));
            return Response.status(202).entity(run).build();
        } finally {
            if (!started) {
                upload.close();
            }
        }
    }

    @GET
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Page<ImportRun> list(
            @PathParam("tenant") String slug, @QueryParam("limit") Integer limit, @Context Caller caller) {
        return Page.whole(imports.latest(caller.tenant(tenancy, slug).id(), Page.limit(limit)));
    }

    @GET
    @Path("{import}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public ImportRun get(@PathParam("tenant") String slug, @PathParam("import") long importId, @Context Caller caller) {
        return imports.find(caller.tenant(tenancy, slug).id(), importId)
                .orElseThrow(() -> Problem.notFound("Import " + importId));
    }

    @GET
    @Path("{import}/errors")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Page<RowError> errors(
            @PathParam("tenant") String slug,
            @PathParam("import") long importId,
            @QueryParam("after") String after,
            @QueryParam("limit") Integer limit,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        imports.find(tenant, importId).orElseThrow(() -> Problem.notFound("Import " + importId));
        int most = Page.limit(limit);
        return Page.of(imports.errors(tenant, importId, (int) Page.after(after), most), most, RowError::row);
    }

    @POST
    @Path("{import}/rollback")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public ImportRun rollback(
            @PathParam("tenant") String slug, @PathParam("import") long importId, @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        imports.find(tenant, importId).orElseThrow(() -> Problem.notFound("Import " + importId));
        return imports.rollback(tenant, importId, caller.actor());
    }

    private Map<String, String> mapping(String json) throws IOException {
        return Optional.ofNullable(json).filter(j -> !j.isBlank()).isEmpty()
                ? Map.of()
                : mapper.readValue(json, new TypeReference<Map<String, String>>() {});
    }
}
