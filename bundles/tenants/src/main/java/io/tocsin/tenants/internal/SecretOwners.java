package io.tocsin.tenants.internal;

import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.api.RefusedException.Problem;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.tenants.api.Principal;
import io.tocsin.tenants.api.Role;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whose a secret is. Whoever may choose an account's host may send the account's secret there, so that only secrets of one's own can
 * be named: those whose name begins with one's slug, as {@code combe-sms} does with {@code combe}. Where several slugs fit, the
 * longest says whose it is. Operators name every secret; what they have put into an account of somebody else's stays there as long as none of
 * its settings changes. Decision 46.
 */
final class SecretOwners {
    private final AdministrativeModel model;

    SecretOwners(AdministrativeModel model) {
        this.model = model;
    }

    /**
     * Refuses secrets the caller may not name. In the transaction that saves the account.
     *
     * @param present as it is saved now; empty: it is new
     */
    void refuseForeign(Connection c, CarrierAccount account, Optional<CarrierAccount> present, Principal caller) {
        if (caller.has(Role.OPERATOR)
                || present.filter(now -> now.settings().equals(account.settings()))
                        .isPresent()) {
            return;
        }
        Set<String> own = own(c, account, caller);
        Set<String> owners = Stream.concat(
                        model.agencies(c).stream().map(Agency::slug),
                        model.tenants(c, Optional.empty()).stream().map(Tenant::slug))
                .collect(Collectors.toCollection(HashSet::new));
        List<Problem> problems = new ArrayList<>();
        new TreeMap<>(account.settings()).forEach((setting, value) -> {
            if (SecretReference.isReference(value)
                    && owner(SecretReference.of(value), owners)
                            .filter(own::contains)
                            .isEmpty()) {
                problems.add(new Problem(
                        "settings." + setting,
                        "names a secret that is not known to be yours: name one that begins with "
                                + own.stream()
                                        .sorted()
                                        .map(slug -> '"' + slug + "-\"")
                                        .collect(Collectors.joining(", "))
                                + ", or have an operator save the account"));
            }
        });
        if (!problems.isEmpty()) {
            throw new RefusedException(problems);
        }
    }

    /** A tenant's people name the tenant's; an agency's people name the agency's too. */
    private Set<String> own(Connection c, CarrierAccount account, Principal caller) {
        Set<String> own = new HashSet<>();
        account.tenantId().flatMap(id -> model.tenant(c, id)).map(Tenant::slug).ifPresent(own::add);
        if (caller.tenantId().isEmpty()) {
            model.agency(c, account.agencyId()).map(Agency::slug).ifPresent(own::add);
        }
        return own;
    }

    /** Compared as variables are named, where dots and dashes are one. */
    private static Optional<String> owner(SecretReference secret, Set<String> owners) {
        String variable = secret.variable();
        return owners.stream()
                .filter(slug -> (variable + "_").startsWith(new SecretReference(slug).variable() + "_"))
                .max((one, other) -> Integer.compare(one.length(), other.length()));
    }
}
