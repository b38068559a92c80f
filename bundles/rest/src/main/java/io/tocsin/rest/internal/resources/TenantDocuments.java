package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.*;

import io.tocsin.alerting.api.Documents;
import io.tocsin.alerting.api.Documents.Document;
import io.tocsin.alerting.api.Documents.DocumentException;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
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
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;

/** What a tenant prints by fax: a PDF comes in as the body, and goes out to those who accept it. */
@Produces(MediaType.APPLICATION_JSON)
@Path("/tenants/{tenant}/documents")
public final class TenantDocuments {
    static final String PDF = "application/pdf";
    private static final MediaType PDF_TYPE = new MediaType("application", "pdf");
    /** Made without JAX-RS's own builder, which is not there yet when this class is loaded. */
    private static final List<Variant> VARIANTS = List.of(
            new Variant(MediaType.APPLICATION_JSON_TYPE, (Locale) null, null),
            new Variant(PDF_TYPE, (Locale) null, null));

    private final Tenancy tenancy;
    private final Documents documents;

    public TenantDocuments(Tenancy tenancy, Documents documents) {
        this.tenancy = tenancy;
        this.documents = documents;
    }

    @GET
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Page<Document> list(@PathParam("tenant") String slug, @Context Caller caller) {
        return Page.whole(documents.list(caller.tenant(tenancy, slug).id()));
    }

    /** What it is, or with {@code Accept: application/pdf} what is printed. */
    @GET
    @Path("{document}")
    @Produces({MediaType.APPLICATION_JSON, PDF})
    @Allow({TENANT_ADMIN, ACTIVATOR, APPROVER, SUPERVISOR, AUDITOR, AGENCY_ADMIN})
    public Response get(
            @PathParam("tenant") String slug,
            @PathParam("document") String document,
            @Context Request request,
            @Context Caller caller) {
        int tenant = caller.tenant(tenancy, slug).id();
        Document found = documents.find(tenant, document).orElseThrow(() -> Problem.notFound("Document " + document));
        Variant wanted = request.selectVariant(VARIANTS);
        if (wanted == null || !wanted.getMediaType().isCompatible(PDF_TYPE)) {
            return Response.ok(found, MediaType.APPLICATION_JSON).build();
        }
        StreamingOutput pdf = out -> documents.content(tenant, document, out);
        return Response.ok(pdf, PDF).build();
    }

    /** Brings a document anew, or for the first time. Alerts that were launched keep what they were launched with. */
    @PUT
    @Path("{document}")
    @Consumes(PDF)
    @Allow({TENANT_ADMIN, ACTIVATOR, AGENCY_ADMIN})
    public Document save(
            @PathParam("tenant") String slug,
            @PathParam("document") String document,
            @QueryParam("name") String name,
            InputStream body,
            @Context Caller caller)
            throws DocumentException, IOException {
        return documents.save(
                caller.tenant(tenancy, slug).id(),
                document,
                name == null || name.isBlank() ? document : name,
                body,
                caller.actor());
    }

    /** Refused while a scenario uses it. */
    @DELETE
    @Path("{document}")
    @Allow({TENANT_ADMIN, AGENCY_ADMIN})
    public Response remove(
            @PathParam("tenant") String slug, @PathParam("document") String document, @Context Caller caller) {
        if (!documents.remove(caller.tenant(tenancy, slug).id(), document, caller.actor())) {
            throw Problem.notFound("Document " + document);
        }
        return Response.noContent().build();
    }
}
