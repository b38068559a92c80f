package io.tocsin.tenants.internal.files;

import io.tocsin.alerting.api.Documents;
import io.tocsin.alerting.api.Documents.DocumentException;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.Lexicons;
import io.tocsin.alerting.api.Recordings;
import io.tocsin.audit.api.Actor;
import io.tocsin.speech.api.Lexicon;
import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.tenants.internal.files.FolderApplier.NotApplicable;
import io.tocsin.tenants.internal.files.FolderRecords.Made;
import io.tocsin.tenants.internal.files.TenantSpec.NamedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes in the recordings, the lexicon and the documents of a folder: those that changed, before the scenarios that name them. */
final class FolderStock {
    private final Recordings recordings;
    private final Documents documents;
    private final Lexicons lexicons;
    private final Actor actor;

    FolderStock(Recordings recordings, Documents documents, Lexicons lexicons, Actor actor) {
        this.recordings = recordings;
        this.documents = documents;
        this.lexicons = lexicons;
        this.actor = actor;
    }

    /**
     * What was taken in.
     *
     * @param recordings slug to the digest of its file
     * @param documents the same
     */
    record Taken(Map<String, String> recordings, Map<String, String> documents) {}

    /** @throws NotApplicable for a file that cannot be used, naming it */
    Taken save(int tenantId, TenantSpec spec, Made made) {
        spec.lexicon()
                .or(() -> made.lexicon() ? Optional.of(Lexicon.none()) : Optional.empty())
                .ifPresent(lexicon -> lexicons.save(tenantId, lexicon, Optional.empty(), actor));
        return new Taken(
                save(
                        spec.recordings(),
                        made.recordings(),
                        (slug, in) -> recordings.save(tenantId, slug, slug, in, actor)),
                save(
                        spec.documents(),
                        made.documents(),
                        (slug, in) -> documents.save(tenantId, slug, slug, in, actor)));
    }

    private interface Taking {
        void take(String slug, InputStream file) throws IOException, RecordingException, DocumentException;
    }

    private static Map<String, String> save(List<NamedFile> files, Map<String, String> before, Taking taking) {
        Map<String, String> digests = new LinkedHashMap<>();
        for (NamedFile file : files) {
            try {
                byte[] bytes = Files.readAllBytes(file.file());
                String digest = HexFormat.of().formatHex(FolderContent.sha256().digest(bytes));
                if (!digest.equals(before.get(file.slug()))) {
                    taking.take(file.slug(), new ByteArrayInputStream(bytes));
                }
                digests.put(file.slug(), digest);
            } catch (RecordingException | DocumentException | LaunchRefusedException e) {
                throw new NotApplicable(List.of(file.name() + ": " + e.getMessage()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return digests;
    }

    /** Removes what the files made and no longer hold; one that a scenario of the API's uses stays. */
    void putAway(int tenantId, TenantSpec spec, Made made, List<String> notices) {
        putAway(
                "recordings",
                spec.recordings(),
                made.recordings(),
                notices,
                slug -> recordings.remove(tenantId, slug, actor));
        putAway(
                "documents",
                spec.documents(),
                made.documents(),
                notices,
                slug -> documents.remove(tenantId, slug, actor));
    }

    private interface Removing {
        void remove(String slug);
    }

    private static void putAway(
            String folder, List<NamedFile> files, Map<String, String> before, List<String> notices, Removing removing) {
        before.keySet().stream()
                .filter(slug -> files.stream().noneMatch(file -> file.slug().equals(slug)))
                .sorted()
                .forEach(slug -> {
                    try {
                        removing.remove(slug);
                    } catch (LaunchRefusedException e) {
                        notices.add(folder + "/" + slug + ": is gone but stays: " + e.getMessage());
                    }
                });
    }
}
