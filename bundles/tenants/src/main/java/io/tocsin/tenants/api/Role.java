package io.tocsin.tenants.api;

import java.util.Locale;

/** What somebody may do. Doors deny everything that no role of theirs allows. */
public enum Role {
    /** Runs the nodes; onboards agencies. */
    OPERATOR,
    /** Onboards and supports the tenants of one agency. */
    AGENCY_ADMIN,
    /** Contacts, lists, scenarios, users, accounts of one tenant. */
    TENANT_ADMIN,
    /** Launches, pauses, cancels, relaunches. */
    ACTIVATOR,
    /** Second pair of eyes. */
    APPROVER,
    /** Watches and follows up. */
    SUPERVISOR,
    /** Reads the journal and evidence; changes nothing. */
    AUDITOR;

    /** As written in files, the API and the database: {@code tenant-admin}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException naming the word and the words that exist */
    public static Role of(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw new IllegalArgumentException("no role \"" + word
                + "\"; roles are operator, agency-admin, tenant-admin, activator, approver, supervisor, auditor");
    }
}
