package io.tocsin.alerting.api;

import io.tocsin.audit.api.Actor;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The scenarios of a tenant, versioned. Changes are journaled. Blocks (database). */
@ProviderType
public interface Scenarios {

    List<Scenario> list(int tenantId);

    Optional<Scenario> find(int tenantId, String slug);

    /**
     * Creates or replaces a scenario by slug; an identical definition keeps its version.
     *
     * @param expectedVersion the version the change is based on; empty: whatever is there
     * @throws LaunchRefusedException naming every field that is wrong, or a channel the tenant is not limited to
     * @throws io.tocsin.persistence.api.StaleRecordException if another version is there
     */
    Scenario save(int tenantId, Scenario scenario, Optional<Integer> expectedVersion, Actor actor);

    boolean withdraw(int tenantId, String slug, Actor actor);

    /** Every problem of a definition by itself, without looking at the tenant's lists or accounts: for the build too. */
    List<LaunchRefusedException.Problem> problems(Scenario scenario);
}
