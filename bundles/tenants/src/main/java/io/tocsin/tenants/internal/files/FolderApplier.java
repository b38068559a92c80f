package io.tocsin.tenants.internal.files;

import io.tocsin.alerting.api.Documents;
import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.Lexicons;
import io.tocsin.alerting.api.Recordings;
import io.tocsin.alerting.api.Scenarios;
import io.tocsin.audit.api.Actor;
import io.tocsin.directory.api.ContactLists;
import io.tocsin.directory.api.Imports;
import io.tocsin.directory.api.Imports.ImportPlan;
import io.tocsin.directory.api.Imports.ImportRun;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.persistence.api.Database;
import io.tocsin.tenants.internal.SecretReference;
import io.tocsin.tenants.internal.files.FolderRecords.Applied;
import io.tocsin.tenants.internal.files.FolderRecords.Made;
import io.tocsin.tenants.internal.files.TenantSpec.AgencySpec;
import io.tocsin.tenants.internal.files.TenantSpec.CapSpec;
import io.tocsin.tenants.internal.files.TenantSpec.ContactFile;
import io.tocsin.tenants.internal.files.TenantSpec.ListSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes the platform what a checked folder says. One node at a time; identity, users and accounts in one transaction, then
 * contacts, lists, sounds, documents and scenarios, each of them all or nothing and repeatable: whatever stops in the middle is taken up again
 * from the start.
 */
final class FolderApplier {
    private final Database database;
    private final RegistrySync registry;
    private final Imports imports;
    private final ContactLists lists;
    private final Scenarios scenarios;
    private final FolderStock stock;
    private final FolderRecords records;
    private final Clock clock;
    private final String node;
    private final Actor actor;

    FolderApplier(
            Database database,
            RegistrySync registry,
            Imports imports,
            ContactLists lists,
            Scenarios scenarios,
            Recordings recordings,
            Documents documents,
            Lexicons lexicons,
            FolderRecords records,
            Clock clock,
            String node) {
        this.database = database;
        this.registry = registry;
        this.imports = imports;
        this.lists = lists;
        this.scenarios = scenarios;
        this.records = records;
        this.clock = clock;
        this.node = node;
        this.actor = new Actor("files", "files", node);
        this.stock = new FolderStock(recordings, documents, lexicons, actor);
    }

    /** What cannot be applied although it is well written: each line names the file and the cure. */
    static final class NotApplicable extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient List<String> problems;

        NotApplicable(List<String> problems) {
            super(String.join("; ", problems));
            this.problems = problems;
        }

        List<String> problems() {
            return problems;
        }
    }

    /**
     * Applies a tenant.
     *
     * @return what was applied, its notices included; empty when another node is applying just now
     * @throws NotApplicable when a room refuses something
     */
    Optional<Applied> apply(TenantSpec spec, String content) {
        return locked(spec.slug(), content, (before, from) -> {
            List<String> notices = new ArrayList<>();
            Made made = before.map(Applied::made).orElse(Made.NOTHING);
            boolean wasAway = before.filter(b -> b.state().equals("suspended")).isPresent();
            int tenantId = refusing(
                    "tenant.yaml, users.yaml, accounts.yaml",
                    () -> registry.tenant(spec, made, wasAway, actor, notices));
            Map<String, String> contacts = contacts(tenantId, spec, made, notices);
            lists(tenantId, spec, made, notices);
            FolderStock.Taken taken = stock.save(tenantId, spec, made);
            scenarios(tenantId, spec, made);
            stock.putAway(tenantId, spec, made, notices);
            return new Applied(
                    spec.slug(),
                    "applied",
                    content,
                    new Made(
                            spec.users().stream().map(u -> u.login()).collect(Collectors.toSet()),
                            spec.accounts().stream().map(a -> a.slug()).collect(Collectors.toSet()),
                            capNames(spec.caps()),
                            spec.lists().stream().map(l -> l.list().slug()).collect(Collectors.toSet()),
                            spec.scenarios().stream().map(s -> s.slug()).collect(Collectors.toSet()),
                            contacts,
                            taken.recordings(),
                            taken.documents(),
                            spec.lexicon().isPresent()),
                    List.copyOf(notices),
                    from);
        });
    }

    private static Set<String> capNames(List<CapSpec> caps) {
        return caps.stream().map(CapSpec::name).collect(Collectors.toSet());
    }

    /** Applies an agency; the same promises. */
    Optional<Applied> apply(AgencySpec spec, String key, String content) {
        return locked(key, content, (before, from) -> {
            List<String> notices = new ArrayList<>();
            Made made = before.map(Applied::made).orElse(Made.NOTHING);
            refusing(spec.slug() + ".yaml", () -> registry.agency(spec, made, actor, notices));
            Set<String> users = spec.users().stream().map(u -> u.login()).collect(Collectors.toSet());
            Set<String> accounts = spec.accounts().stream().map(a -> a.slug()).collect(Collectors.toSet());
            return new Applied(
                    key,
                    "applied",
                    content,
                    new Made(
                            users,
                            accounts,
                            capNames(spec.caps()),
                            Set.of(),
                            Set.of(),
                            Map.of(),
                            Map.of(),
                            Map.of(),
                            false),
                    List.copyOf(notices),
                    from);
        });
    }

    /** Suspends the tenant of a folder that went away; empty when another node is applying just now. */
    Optional<Applied> suspend(Applied before) {
        return database.asEngine(c -> {
            if (!records.lock(c)) {
                return Optional.empty();
            }
            Optional<Applied> now = records.find(c, before.slug());
            if (now.isEmpty() || now.get().state().equals("suspended")) {
                return Optional.of(before);
            }
            registry.suspend(c, before.slug(), actor);
            Applied after = new Applied(
                    before.slug(), "suspended", now.get().content(), now.get().made(), List.of(), clock.instant());
            records.save(c, after, node);
            return Optional.of(after);
        });
    }

    /**
     * Takes in passwords of people a folder made, without applying the rest again.
     *
     * @param late the secret of each login
     * @return what is applied now; empty when another node is applying just now
     */
    Optional<Applied> passwords(Applied before, Map<String, SecretReference> late) {
        return database.asEngine(c -> {
            if (!records.lock(c)) {
                return Optional.empty();
            }
            Optional<Applied> now =
                    records.find(c, before.slug()).filter(n -> isDone(Optional.of(n), before.content()));
            if (now.isEmpty()) {
                return Optional.empty();
            }
            Instant from = clock.instant();
            List<String> notices = new ArrayList<>(now.get().notices());
            late.keySet().forEach(login -> notices.removeIf(n -> n.startsWith(RegistrySync.noPassword(login))));
            boolean changed = registry.passwords(late, actor, notices);
            if (!changed && notices.equals(now.get().notices())) {
                return now;
            }
            Applied after = new Applied(
                    before.slug(), "applied", before.content(), now.get().made(), List.copyOf(notices), from);
            records.save(c, after, node);
            return Optional.of(after);
        });
    }

    private Optional<Applied> locked(String slug, String content, Applying applying) {
        return database.asEngine(c -> {
            if (!records.lock(c)) {
                return Optional.empty();
            }
            Optional<Applied> before = records.find(c, slug);
            if (isDone(before, content)) {
                return before;
            }
            // Taken before the secrets are read: one that changes meanwhile is then younger than this.
            Instant from = clock.instant();
            Applied after = applying.apply(before, from);
            records.save(c, after, node);
            return Optional.of(after);
        });
    }

    /** Whether this content was applied already, by this node or another. */
    static boolean isDone(Optional<Applied> before, String content) {
        return before.filter(b -> b.state().equals("applied") && b.content().equals(content))
                .isPresent();
    }

    private Map<String, String> contacts(int tenantId, TenantSpec spec, Made made, List<String> notices) {
        Map<String, String> digests = new LinkedHashMap<>();
        for (ContactFile file : spec.contacts()) {
            String digest = digest(file);
            if (!digest.equals(made.contacts().get(file.name()))) {
                importFile(tenantId, file, notices);
            }
            digests.put(file.name(), digest);
        }
        made.contacts().keySet().stream()
                .filter(name -> !digests.containsKey(name))
                .sorted()
                .forEach(name -> notices.add("contacts/" + name
                        + ": is gone; its contacts stay until they are removed: empty the file but for its titles, with"
                        + " remove-missing, or remove them by the API"));
        return digests;
    }

    private void importFile(int tenantId, ContactFile file, List<String> notices) {
        ImportPlan plan = new ImportPlan(
                file.source(),
                file.mapping(),
                false,
                file.removeMissing(),
                file.region(),
                file.language(),
                file.legalBasis(),
                file.tags(),
                file.maxRemovedPercent());
        String name = "contacts/" + file.name();
        ImportRun run = refusing(name, () -> imports.run(tenantId, file.file(), file.name(), plan, actor));
        if (!run.state().equals("done")) {
            throw new NotApplicable(List.of(name + ": import " + run.id() + " " + run.state() + ": "
                    + run.problem().orElse("no reason given")));
        }
        if (run.rejected() > 0) {
            notices.add(name + ": " + run.rejected() + " of " + run.rowsRead() + " rows refused; import " + run.id()
                    + " lists each with its cure");
        }
    }

    private void lists(int tenantId, TenantSpec spec, Made made, List<String> notices) {
        for (ListSpec list : spec.lists()) {
            String name = "lists.yaml: " + list.list().slug();
            refusing(name, () -> lists.save(tenantId, list.list(), actor));
            if (list.list().kind().equals("static")) {
                refusing(name, () -> lists.setMembers(tenantId, list.list().slug(), list.members(), actor));
            }
        }
        Set<String> wanted = spec.lists().stream().map(l -> l.list().slug()).collect(Collectors.toSet());
        for (String gone : made.lists()) {
            if (!wanted.contains(gone)) {
                try {
                    lists.delete(tenantId, gone, actor);
                } catch (RefusedException e) {
                    notices.add("lists.yaml: " + gone + " is no longer named but stays: " + e.getMessage());
                }
            }
        }
    }

    private void scenarios(int tenantId, TenantSpec spec, Made made) {
        spec.scenarios()
                .forEach(scenario -> refusing(
                        "scenarios/" + scenario.slug() + ".yaml",
                        () -> scenarios.save(tenantId, scenario, Optional.empty(), actor)));
        Set<String> wanted = spec.scenarios().stream().map(s -> s.slug()).collect(Collectors.toSet());
        made.scenarios().stream()
                .filter(slug -> !wanted.contains(slug))
                .forEach(slug -> scenarios.withdraw(tenantId, slug, actor));
    }

    private static String digest(ContactFile file) {
        MessageDigest digest = FolderContent.sha256();
        try {
            digest.update(Files.readAllBytes(file.file()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        digest.update(file.plan().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Turns a room's refusal into lines that name the file. */
    private static <T> T refusing(String file, Step<T> step) {
        try {
            return step.run();
        } catch (RefusedException e) {
            throw new NotApplicable(e.problems().stream()
                    .map(problem -> file + ": " + problem.field() + ": " + problem.problem())
                    .toList());
        } catch (LaunchRefusedException e) {
            throw new NotApplicable(e.problems().stream()
                    .map(problem -> file + ": " + problem.field() + ": " + problem.problem())
                    .toList());
        }
    }

    @FunctionalInterface
    private interface Step<T> {
        T run();
    }

    @FunctionalInterface
    private interface Applying {
        Applied apply(Optional<Applied> before, Instant from) throws SQLException;
    }
}
