package io.tocsin.rest.internal.resources;

import static io.tocsin.tenants.api.Role.AGENCY_ADMIN;
import static io.tocsin.tenants.api.Role.OPERATOR;

import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.rest.internal.Allow;
import io.tocsin.rest.internal.Caller;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.routing.api.DispatchStatus;
import io.tocsin.routing.api.DispatchStatus.CapStatus;
import io.tocsin.tenants.api.Cap;
import io.tocsin.tenants.api.Tenancy;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;

/** What local exchanges and sites take, of all tenants of an agency together. */
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Path("/agencies/{agency}/caps")
public final class AgencyCaps {
    private final Tenancy tenancy;
    private final DispatchStatus dispatch;

    public AgencyCaps(Tenancy tenancy, DispatchStatus dispatch) {
        this.tenancy = tenancy;
        this.dispatch = dispatch;
    }

    @GET
    @Allow({OPERATOR, AGENCY_ADMIN})
    public Page<CapView> list(@PathParam("agency") String slug, @Context Caller caller) {
        int agency = agency(slug, caller).id();
        List<CapStatus> states = dispatch.caps();
        return Page.whole(tenancy.caps(agency, Optional.empty()).stream()
                .map(cap -> CapView.of(cap, states, Optional.empty()))
                .toList());
    }

    /** Makes the cap of that name or changes it, whatever it was: at 3 a.m. the last word counts. */
    @PUT
    @Path("{cap}")
    @Allow({OPERATOR, AGENCY_ADMIN})
    public CapView put(
            @PathParam("agency") String slug,
            @PathParam("cap") String name,
            CapView.Edit edit,
            @Context Caller caller) {
        Cap saved =
                tenancy.save(CapView.record(agency(slug, caller).id(), Optional.empty(), name, edit), caller.actor());
        return CapView.of(saved, dispatch.caps(), Optional.empty());
    }

    @DELETE
    @Path("{cap}")
    @Allow({OPERATOR, AGENCY_ADMIN})
    public Response delete(@PathParam("agency") String slug, @PathParam("cap") String name, @Context Caller caller) {
        if (!tenancy.removeCap(agency(slug, caller).id(), Optional.empty(), name, caller.actor())) {
            throw Problem.notFound("Cap " + name);
        }
        return Response.noContent().build();
    }

    private Agency agency(String slug, Caller caller) {
        return tenancy.agency(slug)
                .filter(a ->
                        caller.principal().agencyId().map(id -> id == a.id()).orElse(true))
                .orElseThrow(() -> Problem.notFound("Agency " + slug));
    }
}
