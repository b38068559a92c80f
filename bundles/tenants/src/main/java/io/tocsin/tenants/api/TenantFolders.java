package io.tocsin.tenants.api;

import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The state of {@code tenants/}: what was applied, what is broken and why. Returns at once. */
@ProviderType
public interface TenantFolders {

    List<Folder> folders();

    /**
     * @param state {@code applied}, {@code applying}, {@code broken} (the tenant keeps its last good state) or
     *     {@code suspended} (the folder went away)
     * @param problems file, field and cure, when broken
     */
    record Folder(String slug, String state, List<String> problems, Instant since) {}
}
