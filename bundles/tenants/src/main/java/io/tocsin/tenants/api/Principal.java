package io.tocsin.tenants.api;

import java.util.Optional;
import java.util.Set;

/**
 * Who is calling, resolved once at the door.
 *
 * @param name the login, or {@code key:<id>}
 * @param agencyId present for an agency's people and its tenants' people
 * @param tenantId present for a tenant's people only
 */
public record Principal(String name, Optional<Integer> agencyId, Optional<Integer> tenantId, Set<Role> roles) {

    public boolean has(Role role) {
        return roles.contains(role);
    }

    /**
     * Whether this is a machine with an API key and no person.
     *
     * @since 1.1
     */
    public boolean isKey() {
        return name.startsWith("key:");
    }

    /** Whether this principal may act in a tenant of an agency at all. */
    public boolean mayEnter(int tenantOfRequest, int agencyOfTenant) {
        if (tenantId.isPresent()) {
            return tenantId.get() == tenantOfRequest;
        }
        if (agencyId.isPresent()) {
            return agencyId.get() == agencyOfTenant;
        }
        return roles.contains(Role.OPERATOR);
    }
}
