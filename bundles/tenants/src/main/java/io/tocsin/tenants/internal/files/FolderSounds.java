package io.tocsin.tenants.internal.files;

import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.Lexicons;
import io.tocsin.alerting.api.Recordings;
import io.tocsin.audit.api.Actor;
import io.tocsin.speech.api.Lexicon;
import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.tenants.internal.files.FolderApplier.NotApplicable;
import io.tocsin.tenants.internal.files.FolderRecords.Made;
import io.tocsin.tenants.internal.files.TenantSpec.RecordingFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes in the recordings and the lexicon of a folder: those that changed, before the scenarios that name them. */
final class FolderSounds {
    private final Recordings recordings;
    private final Lexicons lexicons;
    private final Actor actor;

    FolderSounds(Recordings recordings, Lexicons lexicons, Actor actor) {
        this.recordings = recordings;
        this.lexicons = lexicons;
        this.actor = actor;
    }

    /**
     * @return of each recording the digest of its file
     * @throws NotApplicable for a file that cannot be used, naming it
     */
    Map<String, String> save(int tenantId, TenantSpec spec, Made made) {
        spec.lexicon()
                .or(() -> made.lexicon() ? Optional.of(Lexicon.none()) : Optional.empty())
                .ifPresent(lexicon -> lexicons.save(tenantId, lexicon, Optional.empty(), actor));
        Map<String, String> digests = new LinkedHashMap<>();
        for (RecordingFile file : spec.recordings()) {
            byte[] bytes = read(file);
            String digest = HexFormat.of().formatHex(FolderContent.sha256().digest(bytes));
            if (!digest.equals(made.recordings().get(file.slug()))) {
                save(tenantId, file, bytes);
            }
            digests.put(file.slug(), digest);
        }
        return digests;
    }

    private void save(int tenantId, RecordingFile file, byte[] bytes) {
        try {
            recordings.save(tenantId, file.slug(), file.slug(), new ByteArrayInputStream(bytes), actor);
        } catch (RecordingException | LaunchRefusedException e) {
            throw new NotApplicable(List.of(file.name() + ": " + e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes what the files made and no longer hold; one that a scenario of the API's uses stays. */
    void putAway(int tenantId, TenantSpec spec, Made made, List<String> notices) {
        made.recordings().keySet().stream()
                .filter(slug ->
                        spec.recordings().stream().noneMatch(file -> file.slug().equals(slug)))
                .sorted()
                .forEach(slug -> {
                    try {
                        recordings.remove(tenantId, slug, actor);
                    } catch (LaunchRefusedException e) {
                        notices.add("recordings/" + slug + ": is gone but stays: " + e.getMessage());
                    }
                });
    }

    private static byte[] read(RecordingFile file) {
        try {
            return Files.readAllBytes(file.file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
