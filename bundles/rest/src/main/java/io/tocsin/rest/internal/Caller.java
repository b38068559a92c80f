package io.tocsin.rest.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Tenancy;
import jakarta.servlet.http.HttpServletRequest;

/** The caller of one request and the tenant it is about: resolved here, once, and explicit from here on. */
public final class Caller {
    private final Principal principal;
    private final String origin;

    private Caller(Principal principal, String origin) {
        this.principal = principal;
        this.origin = origin;
    }

    public static Caller of(HttpServletRequest request) {
        // CXF keeps request properties as servlet attributes too
        return new Caller((Principal) request.getAttribute(Gate.PRINCIPAL), request.getRemoteAddr());
    }

    static Caller of(Principal principal, String origin) {
        return new Caller(principal, origin);
    }

    public Principal principal() {
        return principal;
    }

    public Actor actor() {
        return new Actor(principal.name(), "rest", origin);
    }

    /** The tenant of a path, if this caller may enter it; otherwise it does not exist for them. */
    public Tenant tenant(Tenancy tenancy, String slug) {
        return tenancy.tenant(slug)
                .filter(t -> principal.mayEnter(t.id(), t.agencyId()))
                .orElseThrow(() -> Problem.notFound("Tenant " + slug));
    }
}
