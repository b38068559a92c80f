package io.tocsin.rest.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Tenancy;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** The caller of one request and the tenant it is about: resolved at the gate, once, and explicit from here on. */
public final class Caller {
    private final Principal principal;
    private final Optional<Tenant> tenant;
    private final String origin;

    private Caller(Principal principal, Optional<Tenant> tenant, String origin) {
        this.principal = principal;
        this.tenant = tenant;
        this.origin = origin;
    }

    static Caller of(HttpServletRequest request, Origins origins) {
        // CXF keeps request properties as servlet attributes too
        return new Caller(
                (Principal) request.getAttribute(Gate.PRINCIPAL),
                Optional.ofNullable((Tenant) request.getAttribute(Gate.TENANT)),
                origins.of(request));
    }

    public Principal principal() {
        return principal;
    }

    /** The address the request came from. */
    public String origin() {
        return origin;
    }

    /** Whether this is somebody, or a key, of the tenant's agency or the platform: who launches with the tenant's consent only. */
    public boolean ofAgency() {
        return principal.tenantId().isEmpty();
    }

    public Actor actor() {
        return new Actor(principal.name(), "rest", origin);
    }

    /** The tenant of a path, if this caller may enter it; otherwise it does not exist for them. */
    public Tenant tenant(Tenancy tenancy, String slug) {
        return tenant.filter(entered -> entered.slug().equals(slug))
                .or(() -> tenancy.tenant(slug).filter(t -> principal.mayEnter(t.id(), t.agencyId())))
                .orElseThrow(() -> Problem.notFound("Tenant " + slug));
    }
}
