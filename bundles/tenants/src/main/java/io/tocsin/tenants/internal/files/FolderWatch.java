package io.tocsin.tenants.internal.files;

import io.tocsin.alerting.api.Documents;
import io.tocsin.alerting.api.Lexicons;
import io.tocsin.alerting.api.Recordings;
import io.tocsin.alerting.api.Scenarios;
import io.tocsin.audit.api.Journal;
import io.tocsin.cluster.api.Hint;
import io.tocsin.cluster.api.Hints;
import io.tocsin.directory.api.ContactLists;
import io.tocsin.directory.api.Imports;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.tenants.api.TenantFolders;
import io.tocsin.tenants.internal.AccountSettings;
import io.tocsin.tenants.internal.CarrierLogins;
import io.tocsin.tenants.internal.PasswordHash;
import io.tocsin.tenants.internal.Registry;
import io.tocsin.tenants.internal.Secrets;
import io.tocsin.tenants.internal.TenantSettings;
import io.tocsin.tenants.internal.files.FolderApplier.NotApplicable;
import io.tocsin.tenants.internal.files.FolderRecords.Applied;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Watches {@code tenants/}: what was seen unchanged twice in a row is read from a private copy and applied; what is broken
 * keeps its last good state and is shown; what went away is suspended. By content, every two seconds, on one thread;
 * nothing is ever written into the folder.
 */
@Component(service = TenantFolders.class, immediate = true, configurationPid = TenantSettings.PID)
public final class FolderWatch implements TenantFolders {
    static final String AGENCIES = "_agencies";
    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final Optional<Path> root;
    private final Database database;
    private final AdministrativeModel model;
    private final FolderApplier applier;
    private final FolderReader reader;
    private final FolderRecords records;
    private final LateSecrets lateSecrets;
    private final Clock clock;
    private final FolderContent content = new FolderContent();
    private final ScheduledExecutorService thread;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Hints hints;

    /** Shown to others; the rest belongs to the watching thread. */
    private final Map<String, Folder> shown = new ConcurrentSkipListMap<>();

    private final Map<String, String> lastSeen = new HashMap<>();
    private final Map<String, String> settled = new HashMap<>();
    private final Map<String, Instant> retryAt = new HashMap<>();
    private Set<String> lastAbsent = Set.of();
    private boolean rootWasThere;

    @Activate
    public FolderWatch(
            @Reference Database database,
            @Reference AdministrativeModel model,
            @Reference Journal journal,
            @Reference Imports imports,
            @Reference ContactLists lists,
            @Reference Scenarios scenarios,
            @Reference Recordings recordings,
            @Reference Documents documents,
            @Reference Lexicons lexicons,
            @Reference CarrierLogins logins,
            @Reference AccountSettings accountSettings,
            TenantSettings settings) {
        this(
                folder(settings),
                database,
                model,
                journal,
                imports,
                lists,
                scenarios,
                recordings,
                documents,
                lexicons,
                logins,
                accountSettings,
                Secrets.of(settings),
                System.getProperty("karaf.name", "node"),
                Clock.systemUTC());
        thread.scheduleWithFixedDelay(
                this::scanSafely, 0, Math.max(100, settings.scan_milliseconds()), TimeUnit.MILLISECONDS);
    }

    FolderWatch(
            Optional<Path> root,
            Database database,
            AdministrativeModel model,
            Journal journal,
            Imports imports,
            ContactLists lists,
            Scenarios scenarios,
            Recordings recordings,
            Documents documents,
            Lexicons lexicons,
            CarrierLogins logins,
            AccountSettings accountSettings,
            Secrets secrets,
            String node,
            Clock clock) {
        this.root = root;
        this.database = database;
        this.model = model;
        this.clock = clock;
        this.records = new FolderRecords();
        this.reader = new FolderReader(imports::inspect);
        RegistrySync registry = new RegistrySync(
                database, model, new Registry(model, journal), new PasswordHash(), secrets, logins, accountSettings);
        this.applier = new FolderApplier(
                database, registry, imports, lists, scenarios, recordings, documents, lexicons, records, clock, node);
        this.lateSecrets = new LateSecrets(secrets, reader, applier);
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, "tenants-folder-watch");
            made.setDaemon(true);
            return made;
        });
    }

    private static Optional<Path> folder(TenantSettings settings) {
        return switch (settings.folder()) {
            case "none" -> Optional.empty();
            case "" -> Optional.of(Path.of(System.getProperty("karaf.base", "."), "tenants"));
            default -> Optional.of(Path.of(settings.folder()));
        };
    }

    /** Waits up to a minute for an application under way: the database must outlive it. */
    @Deactivate
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public List<Folder> folders() {
        return List.copyOf(shown.values());
    }

    private void scanSafely() {
        try {
            scan();
        } catch (DatabaseException e) {
            LOG.warn("tenants.folders.postponed reason=\"{}\"", e.getMessage());
        } catch (RuntimeException e) {
            // A scheduled task that throws is never run again; what happened is told, and the next look goes on.
            LOG.error("tenants.folders.failed", e);
        }
    }

    /** One look at the folder: applies what is settled, remembers what is not yet. Called by one thread at a time. */
    void scan() {
        if (root.isEmpty() || !rootReadable(root.get())) {
            return;
        }
        Map<String, Path> present = present(root.get());
        Map<String, Applied> applied = database.asEngine(records::all).stream()
                .collect(Collectors.toMap(Applied::slug, a -> a, (a, b) -> a, TreeMap::new));
        lateSecrets.look();
        boolean applies = false;
        for (Map.Entry<String, Path> parcel : present.entrySet()) {
            // for the log only: nothing reads it back
            try (var tenantField = MDC.putCloseable("tenant", parcel.getKey())) {
                applies |= look(parcel.getKey(), parcel.getValue(), Optional.ofNullable(applied.get(parcel.getKey())));
            }
        }
        if (applies) {
            // A folder may have been waiting for its agency, or for a login that another gave up.
            shown.values().stream()
                    .filter(folder -> folder.state().equals("broken"))
                    .forEach(folder -> settled.remove(folder.slug()));
        }
        absent(present.keySet(), applied);
    }

    private boolean rootReadable(Path folder) {
        boolean there = Files.isDirectory(folder);
        if (there) {
            shown.remove(".");
            rootWasThere = true;
        } else if (rootWasThere || !shown.containsKey(".")) {
            rootWasThere = false;
            show(
                    ".",
                    "broken",
                    List.of("the tenants folder " + folder.toAbsolutePath() + " is not there; create or mount"
                            + " it, or set folder = none in " + TenantSettings.PID + "; tenants stay as they are"));
        }
        return there;
    }

    /** Agencies first: the order of names puts the underscore before letters. */
    private Map<String, Path> present(Path folder) {
        Map<String, Path> found = new TreeMap<>();
        try (Stream<Path> list = Files.list(folder)) {
            list.filter(Files::isDirectory)
                    .filter(path -> !FolderContent.ignored(path))
                    .filter(path -> !path.getFileName().toString().startsWith("_"))
                    .forEach(path -> found.put(path.getFileName().toString(), path));
            if (Files.isDirectory(folder.resolve(AGENCIES))) {
                try (Stream<Path> agencies = Files.list(folder.resolve(AGENCIES))) {
                    agencies.filter(path -> path.toString().endsWith(".yaml") && !FolderContent.ignored(path))
                            .forEach(path -> found.put(key(path), path));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static String key(Path agencyFile) {
        return AGENCIES + "/" + agencyFile.getFileName().toString().replaceFirst("\\.yaml$", "");
    }

    private static boolean isAgency(String slug) {
        return slug.startsWith(AGENCIES + "/");
    }

    /** @return whether it was applied just now */
    private boolean look(String slug, Path path, Optional<Applied> before) {
        String digest;
        try {
            digest = content.digest(path);
        } catch (IOException e) {
            broken(slug, List.of(slug + ": " + e.getMessage()));
            settled.remove(slug);
            lastSeen.remove(slug);
            return false;
        }
        boolean stable = digest.equals(lastSeen.put(slug, digest));
        if (!stable || notYet(slug)) {
            return false;
        }
        if (FolderApplier.isDone(before, digest)) {
            settle(slug, digest, lateSecrets.takeIn(slug, path, before.get()));
            return false;
        }
        return !digest.equals(settled.get(slug)) && apply(slug, path, digest);
    }

    private boolean notYet(String slug) {
        Instant at = retryAt.get(slug);
        return at != null && clock.instant().isBefore(at);
    }

    private boolean apply(String slug, Path path, String digest) {
        show(slug, "applying", List.of());
        Path copy = null;
        try {
            copy = Files.createTempDirectory("tocsin-tenants");
            Path target = copy.resolve(path.getFileName().toString());
            if (!content.copy(path, target).equals(digest)) {
                lastSeen.remove(slug);
                return false;
            }
            Problems problems = new Problems();
            Optional<Applied> done = isAgency(slug)
                    ? reader.agency(target, problems).flatMap(spec -> applier.apply(spec, slug, digest))
                    : reader.tenant(target, agencies(), problems).flatMap(spec -> applier.apply(spec, digest));
            if (!problems.none()) {
                broken(slug, problems.texts());
                settled.put(slug, digest);
                return false;
            }
            done.ifPresent(applied -> {
                settle(slug, digest, applied);
                lateSecrets.applied(slug);
                Hints given = hints;
                if (given != null) {
                    given.give(Hint.accounts());
                }
                LOG.info(
                        "tenants.folder.applied folder={} notices={}",
                        slug,
                        applied.notices().size());
            });
            return done.isPresent();
        } catch (NotApplicable e) {
            broken(slug, e.problems());
            settled.put(slug, digest);
        } catch (DatabaseException e) {
            broken(slug, List.of(slug + ": the database: " + e.getMessage() + "; tried again by itself"));
            retryAt.put(slug, clock.instant().plus(RETRY));
        } catch (IOException | UncheckedIOException e) {
            broken(slug, List.of(slug + ": cannot be read: " + e.getMessage() + "; tried again by itself"));
            retryAt.put(slug, clock.instant().plus(RETRY));
        } finally {
            delete(copy);
        }
        return false;
    }

    private Set<String> agencies() {
        return database.asEngine(model::agencies).stream().map(Agency::slug).collect(Collectors.toSet());
    }

    /** Folders that were applied once and are not there, seen twice in a row: suspended. */
    private void absent(Set<String> present, Map<String, Applied> applied) {
        Set<String> absent = new HashSet<>(applied.keySet());
        absent.removeAll(present);
        shown.keySet().removeIf(slug -> !slug.equals(".") && !present.contains(slug) && !applied.containsKey(slug));
        if (present.isEmpty() && applied.size() > 1) {
            show(
                    ".",
                    "broken",
                    List.of("the tenants folder is empty, as if not mounted; tenants stay as they are: remove"
                            + " folders one by one, or bring it back"));
            return;
        }
        for (String slug : absent) {
            lastSeen.remove(slug);
            settled.remove(slug);
            Applied record = applied.get(slug);
            if (record.state().equals("suspended")) {
                show(slug, "suspended", List.of());
            } else if (lastAbsent.contains(slug)) {
                try (var tenantField = MDC.putCloseable("tenant", slug)) {
                    gone(record);
                }
            }
        }
        lastAbsent = absent;
    }

    private void gone(Applied record) {
        if (isAgency(record.slug())) {
            database.asEngine(c -> {
                records.forget(c, record.slug());
                return null;
            });
            shown.remove(record.slug());
            LOG.info("tenants.agency.file-removed agency={}: the agency stays", record.slug());
            return;
        }
        applier.suspend(record).ifPresent(after -> {
            show(record.slug(), "suspended", List.of());
            LOG.info("tenants.folder.suspended folder={}", record.slug());
        });
    }

    private void settle(String slug, String digest, Applied applied) {
        settled.put(slug, digest);
        retryAt.remove(slug);
        show(slug, "applied", applied.notices());
    }

    private void broken(String slug, List<String> problems) {
        Folder before = shown.get(slug);
        if (before == null
                || !before.state().equals("broken")
                || !before.problems().equals(problems)) {
            LOG.warn(
                    "tenants.folder.broken folder={} problems={} first=\"{}\"", slug, problems.size(), problems.get(0));
        }
        show(slug, "broken", problems);
    }

    private void show(String slug, String state, List<String> problems) {
        shown.compute(
                slug,
                (key, before) -> before != null
                                && before.state().equals(state)
                                && before.problems().equals(problems)
                        ? before
                        : new Folder(slug, state, problems, clock.instant()));
    }

    private static void delete(Path copy) {
        if (copy != null) {
            try {
                FolderContent.delete(copy);
            } catch (IOException e) {
                LOG.warn("tenants.folder.copy-left path={} reason=\"{}\"", copy, e.getMessage());
            }
        }
    }
}
