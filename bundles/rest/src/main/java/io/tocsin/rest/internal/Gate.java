package io.tocsin.rest.internal;

import io.tocsin.rest.internal.Admission.Decision;
import io.tocsin.rest.internal.problems.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Asks {@link Admission} for every resource method. Runs after matching, so that it knows which method is meant. */
public final class Gate implements ContainerRequestFilter {
    static final String PRINCIPAL = "io.tocsin.principal";
    static final String TENANT = "io.tocsin.tenant";

    private final Admission admission;

    @Context
    private ResourceInfo resource;

    Gate(Admission admission) {
        this.admission = admission;
    }

    /** For a resource that is known beforehand. */
    Gate(Admission admission, ResourceInfo resource) {
        this.admission = admission;
        this.resource = resource;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Allow allow = resource.getResourceMethod() == null
                ? null
                : resource.getResourceMethod().getAnnotation(Allow.class);
        if (allow != null && allow.anonymous()) {
            return;
        }
        MultivaluedMap<String, String> path = request.getUriInfo().getPathParameters();
        Decision decision = admission.decide(
                allow,
                request.getHeaderString(HttpHeaders.AUTHORIZATION),
                Optional.ofNullable(path.getFirst("tenant")),
                Optional.ofNullable(path.getFirst("agency")));
        if (decision instanceof Decision.Admitted admitted) {
            request.setProperty(PRINCIPAL, admitted.principal());
            admitted.tenant().ifPresent(tenant -> request.setProperty(TENANT, tenant));
        } else if (decision instanceof Decision.Refused refused) {
            request.abortWith(answer(refused.problem()));
        }
    }

    private static Response answer(Problem problem) {
        return problem.status() == 401
                ? Response.fromResponse(problem.response())
                        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                        .build()
                : problem.response();
    }
}
