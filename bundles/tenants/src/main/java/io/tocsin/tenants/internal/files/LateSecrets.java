package io.tocsin.tenants.internal.files;

import io.tocsin.tenants.internal.SecretReference;
import io.tocsin.tenants.internal.Secrets;
import io.tocsin.tenants.internal.files.FolderRecords.Applied;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Passwords whose secret came or changed after their folder was applied. Looks once when the node starts and again each
 * time its secrets directory changes, at those passwords only that were missing or whose file is younger than the
 * application: two nodes that hold different secrets never undo each other's work in turn, and a password that was set by
 * the API stays until its secret changes. For one thread.
 */
final class LateSecrets {
    /** File times may lag behind the clock by a tick of the kernel. */
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Secrets secrets;
    private final FolderReader reader;
    private final FolderApplier applier;
    private final Set<String> upToDate = new HashSet<>();
    private String lastSeen = "";

    LateSecrets(Secrets secrets, FolderReader reader, FolderApplier applier) {
        this.secrets = secrets;
        this.reader = reader;
        this.applier = applier;
    }

    /** Looks at the secrets directory; a change makes every folder due. */
    void look() {
        String now = secrets.fingerprint();
        if (!now.equals(lastSeen)) {
            lastSeen = now;
            upToDate.clear();
        }
    }

    /** A folder was applied just now, with the secrets as they are. */
    void applied(String slug) {
        upToDate.add(slug);
    }

    /**
     * Takes in what is late for one folder, if it is due.
     *
     * @param before what was applied of it, with the content it still has
     * @return what is applied now
     */
    Applied takeIn(String slug, Path path, Applied before) {
        if (upToDate.contains(slug)) {
            return before;
        }
        Map<String, SecretReference> late = new TreeMap<>();
        reader.passwords(path).forEach((login, reference) -> {
            if (before.made().users().contains(login)
                    && (before.notices().stream().anyMatch(n -> n.startsWith(RegistrySync.noPassword(login)))
                            || youngerThan(before.at(), reference))) {
                late.put(login, reference);
            }
        });
        Optional<Applied> after = late.isEmpty() ? Optional.of(before) : applier.passwords(before, late);
        after.ifPresent(applied -> upToDate.add(slug));
        return after.orElse(before);
    }

    private boolean youngerThan(Instant applied, SecretReference reference) {
        return secrets.changedAt(reference)
                .filter(changed -> changed.isAfter(applied.minus(TICK)))
                .isPresent();
    }
}
