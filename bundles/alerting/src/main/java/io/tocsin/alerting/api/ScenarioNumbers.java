package io.tocsin.alerting.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The numbers by which scenarios are chosen where there is no screen. Blocks (database).
 *
 * @since 1.3
 */
@ProviderType
public interface ScenarioNumbers {

    /**
     * The scenarios of a tenant that may be launched, by number. Who has none yet is given the next one, in order of slugs; a
     * number is never given again to another, also when its scenario is withdrawn: what stands on a card stays true.
     */
    List<Numbered> of(int tenantId);

    /** @param number from 1 */
    record Numbered(int number, String scenario, String name) {}
}
