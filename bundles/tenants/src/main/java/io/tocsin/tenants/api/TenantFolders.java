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
     * @param slug the folder's name, or {@code _agencies/<agency>} for an agency's file
     * @param problems file, line, field and cure, when broken; when applied, notices: rows refused, secrets not there
     */
    record Folder(String slug, String state, List<String> problems, Instant since) {}
}
