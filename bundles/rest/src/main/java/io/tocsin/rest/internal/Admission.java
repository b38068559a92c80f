package io.tocsin.rest.internal;

import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.rest.internal.problems.ProblemCode;
import io.tocsin.tenants.api.Authentication;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import io.tocsin.tenants.api.Tenancy;
import java.util.Arrays;
import java.util.Optional;

/**
 * Who passes a door, and the tenant they come for: one rule for every door that signs people in. Default deny. A tenant
 * or an agency that is somebody else's does not exist, whatever the caller's roles: not even a refusal tells of it.
 * Blocks (database).
 */
final class Admission {
    private final Authentication authentication;
    private final Tenancy tenancy;

    Admission(Authentication authentication, Tenancy tenancy) {
        this.authentication = authentication;
        this.tenancy = tenancy;
    }

    sealed interface Decision {
        /** @param tenant that of the path, when it names one */
        record Admitted(Principal principal, Optional<Tenant> tenant) implements Decision {}

        record Refused(Problem problem) implements Decision {}
    }

    /**
     * @param allow what the method says; null where it says nothing: nobody passes
     * @param authorization the header as sent; may be null
     * @param tenant the slug in the path, when it names one
     * @param agency likewise
     */
    Decision decide(Allow allow, String authorization, Optional<String> tenant, Optional<String> agency) {
        Optional<Principal> known = bearer(authorization).flatMap(authentication::authenticate);
        if (known.isEmpty()) {
            return refused(
                    ProblemCode.UNAUTHENTICATED,
                    "Who are you?",
                    "Send Authorization: Bearer <token>; a token comes from POST /api/v1/sessions");
        }
        Principal caller = known.get();
        Optional<Tenant> entered = tenant.flatMap(tenancy::tenant).filter(t -> caller.mayEnter(t.id(), t.agencyId()));
        if (tenant.isPresent() && entered.isEmpty()) {
            return unknown("Tenant " + tenant.get());
        }
        if (agency.isPresent()
                && agency.flatMap(tenancy::agency).filter(a -> isOf(caller, a)).isEmpty()) {
            return unknown("Agency " + agency.get());
        }
        if (allow == null || !allowed(allow, caller)) {
            return refused(ProblemCode.FORBIDDEN, "Not allowed", "None of your roles allows this");
        }
        return allow.people() && caller.isKey()
                ? refused(ProblemCode.PEOPLE_ONLY, "Not with an API key", "Sign in as a person: POST /api/v1/sessions")
                : new Decision.Admitted(caller, entered);
    }

    private static boolean isOf(Principal caller, Agency agency) {
        return caller.agencyId().map(id -> id == agency.id()).orElse(true);
    }

    private static boolean allowed(Allow allow, Principal caller) {
        Role[] roles = allow.value();
        return roles.length == 0 || Arrays.stream(roles).anyMatch(caller::has);
    }

    static Optional<String> bearer(String header) {
        return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? Optional.of(header.substring(7).trim())
                : Optional.empty();
    }

    private static Decision unknown(String what) {
        return new Decision.Refused(Problem.absent(what));
    }

    private static Decision refused(ProblemCode code, String title, String detail) {
        return new Decision.Refused(Problem.of(code, title, detail));
    }
}
