package io.tocsin.phone.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.tenants.api.PhoneLogins.Person;
import io.tocsin.tenants.api.Role;
import java.util.Set;

/**
 * Somebody of the house on the telephone, and the tenant they act in.
 *
 * @param language one of {@link Phrase#LANGUAGES}: the tenant's
 * @param from where they call from, for the journal: no whole number
 */
record Member(Person person, int tenantId, String language, String from) {

    /** As on the web. */
    boolean mayLaunch() {
        return person.principal().has(Role.ACTIVATOR) || person.principal().has(Role.AGENCY_ADMIN);
    }

    /** Whether they launch in the name of another house than theirs. */
    boolean ofAgency() {
        return person.principal().tenantId().isEmpty();
    }

    /** The same, with the roles somebody has now. */
    static boolean mayLaunch(Set<String> roles) {
        return roles.contains(Role.ACTIVATOR.word()) || roles.contains(Role.AGENCY_ADMIN.word());
    }

    boolean mayRecord() {
        return mayLaunch() || person.principal().has(Role.TENANT_ADMIN);
    }

    Actor actor() {
        return new Actor(person.login(), "phone", from);
    }

    Words fixed(Phrase phrase) {
        return new Words.Fixed(phrase, language);
    }

    Words text(String french, String english) {
        return new Words.Text(tenantId, language.equals("en") ? english : french, language);
    }
}
