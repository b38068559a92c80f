package io.tocsin.rest.internal;

import io.tocsin.rest.internal.problems.Problem;
import io.tocsin.tenants.api.Authentication;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Arrays;
import java.util.Optional;

/** Decides who passes: default deny. Runs after matching, so that it knows which method is meant. */
public final class Gate implements ContainerRequestFilter {
    static final String PRINCIPAL = "io.tocsin.principal";

    private final Authentication authentication;

    @Context
    private ResourceInfo resource;

    Gate(Authentication authentication) {
        this.authentication = authentication;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Allow allow = resource.getResourceMethod() == null
                ? null
                : resource.getResourceMethod().getAnnotation(Allow.class);
        if (allow != null && allow.anonymous()) {
            return;
        }
        Optional<Principal> caller =
                bearer(request.getHeaderString(HttpHeaders.AUTHORIZATION)).flatMap(authentication::authenticate);
        if (caller.isEmpty()) {
            request.abortWith(jakarta.ws.rs.core.Response.fromResponse(Problem.of(
                                    401,
                                    "unauthenticated",
                                    "Who are you?",
                                    "Send Authorization: Bearer <token>; a token comes from POST /api/v1/sessions")
                            .response())
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                    .build());
            return;
        }
        if (allow == null || !allowed(allow, caller.get())) {
            request.abortWith(Problem.of(403, "forbidden", "Not allowed", "None of your roles allows this")
                    .response());
            return;
        }
        if (allow.people() && caller.get().isKey()) {
            request.abortWith(
                    Problem.of(403, "people-only", "Not with an API key", "Sign in as a person: POST /api/v1/sessions")
                            .response());
            return;
        }
        request.setProperty(PRINCIPAL, caller.get());
    }

    static Optional<String> bearer(String header) {
        return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? Optional.of(header.substring(7).trim())
                : Optional.empty();
    }

    private static boolean allowed(Allow allow, Principal caller) {
        Role[] roles = allow.value();
        return roles.length == 0 || Arrays.stream(roles).anyMatch(caller::has);
    }
}
