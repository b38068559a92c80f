package io.tocsin.alerting.api;

import io.tocsin.audit.api.Actor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The scenarios of a tenant, versioned. Changes are journaled. Blocks (database). */
@ProviderType
public interface Scenarios {

    List<Scenario> list(int tenantId);

    Optional<Scenario> find(int tenantId, String slug);

    /**
     * Those that may be launched, with who prepared them last and when they were last rehearsed, by slug.
     *
     * @since 1.5
     */
    List<Prepared> prepared(int tenantId);

    /**
     * Every version there ever was, the newest first; none of a slug that was never used.
     *
     * @since 1.5
     */
    List<Version> versions(int tenantId, String slug);

    /**
     * A scenario as it once was, withdrawn since or not.
     *
     * @since 1.5
     */
    Optional<Scenario> version(int tenantId, String slug, int version);

    /**
     * Creates or replaces a scenario by slug; an identical definition keeps its version.
     *
     * @param expectedVersion the version the change is based on; 0: none is there, or it was withdrawn; empty: whatever is there
     * @throws LaunchRefusedException naming every field that is wrong, or a channel the tenant is not limited to
     * @throws io.tocsin.persistence.api.StaleRecordException if another version is there
     */
    Scenario save(int tenantId, Scenario scenario, Optional<Integer> expectedVersion, Actor actor);

    boolean withdraw(int tenantId, String slug, Actor actor);

    /** Every problem of a definition by itself, without looking at the tenant's lists or accounts: for the build too. */
    List<LaunchRefusedException.Problem> problems(Scenario scenario);

    /**
     * Every problem for which {@link #save} would refuse a definition: those it has by itself, and channels the tenant is not limited to.
     *
     * @since 1.5
     */
    List<LaunchRefusedException.Problem> problems(int tenantId, Scenario scenario);

    /**
     * @param lastDrill the last exercise launched from it, whichever version that was; a trial on one person is none
     * @since 1.5
     */
    record Prepared(Scenario scenario, String savedBy, Instant savedAt, Optional<Drilled> lastDrill) {}

    /** @since 1.5 */
    record Drilled(long alertId, Instant at) {}

    /** @since 1.5 */
    record Version(int version, String savedBy, Instant savedAt) {}
}
