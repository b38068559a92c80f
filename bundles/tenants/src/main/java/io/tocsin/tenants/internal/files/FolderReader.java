package io.tocsin.tenants.internal.files;

import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.alerting.api.ScenarioFormat;
import io.tocsin.directory.api.Imports.Inspection;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.speech.api.Lexicon;
import io.tocsin.tenants.internal.Rules;
import io.tocsin.tenants.internal.SecretReference;
import io.tocsin.tenants.internal.files.TenantSpec.AccountSpec;
import io.tocsin.tenants.internal.files.TenantSpec.AgencyName;
import io.tocsin.tenants.internal.files.TenantSpec.AgencySpec;
import io.tocsin.tenants.internal.files.TenantSpec.CapSpec;
import io.tocsin.tenants.internal.files.TenantSpec.ContactFile;
import io.tocsin.tenants.internal.files.TenantSpec.Identity;
import io.tocsin.tenants.internal.files.TenantSpec.ListSpec;
import io.tocsin.tenants.internal.files.TenantSpec.NamedFile;
import io.tocsin.tenants.internal.files.TenantSpec.UnitSpec;
import io.tocsin.tenants.internal.files.TenantSpec.UserSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a tenant's folder (and an agency's file) as a whole, or says everything that is wrong with it. The one reader: of
 * the running node and of the build. Changes nothing, keeps nothing.
 */
final class FolderReader {
    private static final Set<String> KNOWN = Set.of(
            "tenant.yaml",
            "users.yaml",
            "accounts.yaml",
            "lists.yaml",
            "lexicon.yaml",
            "scenarios",
            "recordings",
            "documents",
            "contacts",
            "README.md");
    private static final int MOST_SCENARIOS = 500;
    private static final Set<String> FIELDS = Set.of(
            "external_id",
            "first_name",
            "last_name",
            "full_name",
            "mobile",
            "phone",
            "email",
            "webhook",
            "publication",
            "language",
            "household",
            "tags",
            "latitude",
            "longitude",
            "ignore");
    private static final Pattern VARIABLE = Pattern.compile("var:[A-Za-z][A-Za-z0-9_.-]{0,63}");

    /** Looks at a contact file as the import will: encoding, separator, columns. */
    @FunctionalInterface
    interface Inspector {
        /** @throws RefusedException if the file is no table */
        Inspection inspect(Path file, String fileName);
    }

    private final Inspector inspector;

    FolderReader(Inspector inspector) {
        this.inspector = inspector;
    }

    /** @param agencies those that exist besides the files; @return empty when there are problems */
    Optional<TenantSpec> tenant(Path folder, Set<String> agencies, Problems problems) {
        String slug = folder.getFileName().toString();
        Rules.slug(slug).ifPresent(problem -> problems.add("", "the folder's name " + problem));
        refuseUnknownFiles(folder, problems);
        Optional<YamlMap> tenant = yaml(folder, "tenant.yaml", problems, true).flatMap(YamlFile::map);
        if (tenant.isEmpty()) {
            return Optional.empty();
        }
        AgencyName agency = agency(tenant.get(), agencies);
        Identity identity = identity(tenant.get());
        List<UnitSpec> units = PeopleReader.units(tenant.get().maps("units"));
        List<CapSpec> caps = PeopleReader.caps(tenant.get());
        tenant.get().refuseUnknown();
        List<UserSpec> users = yaml(folder, "users.yaml", problems, false)
                .map(file -> PeopleReader.users(file.maps(), Rules::tenantRole, units))
                .orElse(List.of());
        List<AccountSpec> accounts = yaml(folder, "accounts.yaml", problems, false)
                .map(file -> PeopleReader.accounts(file.maps(), channel -> permitted(identity, channel)))
                .orElse(List.of());
        List<ListSpec> lists = yaml(folder, "lists.yaml", problems, false)
                .map(file -> new ListsReader().read(file))
                .orElse(List.of());
        List<Scenario> scenarios = scenarios(folder, identity.channels().orElse(List.of()), lists, problems);
        List<ContactFile> contacts = contacts(folder, identity.language(), problems);
        Optional<Lexicon> lexicon =
                yaml(folder, "lexicon.yaml", problems, false).map(file -> StockReader.lexicon(file, problems));
        List<NamedFile> recordings =
                StockReader.recordings(files(folder.resolve("recordings"), "recordings", problems), problems);
        List<NamedFile> documents =
                StockReader.documents(files(folder.resolve("documents"), "documents", problems), problems);
        return problems.none()
                ? Optional.of(new TenantSpec(
                        slug,
                        agency,
                        identity,
                        units,
                        users,
                        accounts,
                        caps,
                        lists,
                        scenarios,
                        contacts,
                        lexicon,
                        recordings,
                        documents))
                : Optional.empty();
    }

    /** @param file {@code _agencies/<slug>.yaml} */
    Optional<AgencySpec> agency(Path file, Problems problems) {
        String name = file.getFileName().toString();
        String slug = name.substring(0, name.length() - ".yaml".length());
        Rules.slug(slug).ifPresent(problem -> problems.add(name, "the file's name " + problem));
        Optional<YamlMap> agency = YamlFile.read(file, name, problems).flatMap(yaml -> {
            yaml.refuseDuplicates();
            return yaml.map();
        });
        return agency.map(map -> {
                    AgencySpec spec = new AgencySpec(
                            slug,
                            map.required("name", Rules::title),
                            PeopleReader.users(map.maps("users"), Rules::agencyRole, List.of()),
                            PeopleReader.accounts(map.maps("accounts"), channel -> Optional.empty()),
                            PeopleReader.caps(map));
                    map.refuseUnknown();
                    return spec;
                })
                .filter(spec -> problems.none());
    }

    /**
     * Which login's password is which secret, of a folder or an agency's file that was applied before; empty when it
     * cannot be read just now.
     */
    Map<String, SecretReference> passwords(Path path) {
        Problems ignored = new Problems();
        List<UserSpec> users = Files.isDirectory(path)
                ? yaml(path, "users.yaml", ignored, false)
                        .map(file -> PeopleReader.users(file.maps(), Rules::tenantRole, List.of()))
                        .orElse(List.of())
                : agency(path, ignored).map(AgencySpec::users).orElse(List.of());
        Map<String, SecretReference> passwords = new TreeMap<>();
        users.forEach(user -> user.password().ifPresent(reference -> passwords.put(user.login(), reference)));
        return passwords;
    }

    /** {@code agency: slug} names one that exists; {@code agency: {slug, name}} makes it when it does not. */
    private static AgencyName agency(YamlMap tenant, Set<String> agencies) {
        if (tenant.isMap("agency")) {
            YamlMap agency = tenant.map("agency").orElseThrow();
            AgencyName name = new AgencyName(
                    agency.required("slug", Rules::slug), Optional.of(agency.required("name", Rules::title)));
            agency.refuseUnknown();
            return name;
        }
        String slug = tenant.required("agency", Rules::slug);
        if (!slug.isEmpty() && !agencies.contains(slug)) {
            tenant.problem(
                    "agency",
                    "\"" + slug + "\" does not exist; add _agencies/" + slug + ".yaml or write {slug: " + slug
                            + ", name: …}");
        }
        return new AgencyName(slug, Optional.empty());
    }

    private static Identity identity(YamlMap tenant) {
        Optional<YamlMap> quotas = tenant.map("quotas");
        Identity identity = new Identity(
                tenant.required("name", Rules::title),
                tenant.required("kind", Rules::slug),
                tenant.optional("language", Rules::language).orElse("fr"),
                tenant.optional("time-zone", Rules::timeZone).orElse("Europe/Paris"),
                tenant.optional("sms-sender", Rules::smsSender),
                tenant.optional("mail-sender", Rules::mailbox),
                quota(quotas, "contacts", 100_000),
                quota(quotas, "recipients", 100_000),
                quota(quotas, "running-alerts", 20),
                tenant.optionalInteger("weight", 1, 100),
                channels(tenant));
        quotas.ifPresent(YamlMap::refuseUnknown);
        return identity;
    }

    /** Left out and left empty are two things: as they are, and all. */
    private static Optional<List<String>> channels(YamlMap tenant) {
        List<String> channels = tenant.texts("channels", Rules::channel);
        return tenant.names().contains("channels") ? Optional.of(channels) : Optional.empty();
    }

    private static int quota(Optional<YamlMap> quotas, String field, int otherwise) {
        return quotas.map(map -> map.integer(field, 0, 999_999_999, otherwise)).orElse(otherwise);
    }

    /** What tenant.yaml says of its channels holds for the other files too. */
    private static Optional<String> permitted(Identity identity, String channel) {
        return identity.channels()
                .filter(channels -> !channels.isEmpty() && !channels.contains(channel))
                .map(channels -> "\"" + channel + "\" is none of the channels of tenant.yaml, " + channels
                        + "; add it there or write one of these");
    }

    private List<Scenario> scenarios(Path folder, List<String> channels, List<ListSpec> lists, Problems problems) {
        Set<String> known = lists.stream().map(list -> list.list().slug()).collect(Collectors.toSet());
        List<Path> files = files(folder.resolve("scenarios"), "scenarios", problems);
        if (files.size() > MOST_SCENARIOS) {
            problems.add("scenarios", "holds " + files.size() + " files; " + MOST_SCENARIOS + " at most");
            return List.of();
        }
        List<Scenario> scenarios = new ArrayList<>();
        for (Path path : files) {
            String name = "scenarios/" + path.getFileName();
            if (!name.endsWith(".yaml")) {
                problems.add(name, "is no scenario; name it <scenario>.yaml or take it away");
                continue;
            }
            String slug = name.substring("scenarios/".length(), name.length() - ".yaml".length());
            YamlFile.read(path, name, problems).ifPresent(file -> {
                file.refuseDuplicates();
                try {
                    Scenario scenario = ScenarioFormat.read(slug, file.json());
                    for (int i = 0; i < scenario.lists().size(); i++) {
                        if (!known.contains(scenario.lists().get(i))) {
                            file.problem(
                                    "lists[" + i + "]",
                                    "\"" + scenario.lists().get(i)
                                            + "\" is no list of lists.yaml; add it there or correct the name");
                        }
                    }
                    ScenarioFormat.problems(scenario, channels)
                            .forEach(problem -> file.problem(problem.field(), problem.problem()));
                    scenarios.add(scenario);
                } catch (LaunchRefusedException e) {
                    e.problems().forEach(problem -> file.problem(problem.field(), problem.problem()));
                }
            });
        }
        return List.copyOf(scenarios);
    }

    private List<ContactFile> contacts(Path folder, String language, Problems problems) {
        Path contacts = folder.resolve("contacts");
        Set<String> present = files(contacts, "contacts", problems).stream()
                .map(file -> file.getFileName().toString())
                .collect(Collectors.toSet());
        if (present.isEmpty()) {
            return List.of();
        }
        if (!present.remove("contacts.yaml")) {
            problems.add("contacts/contacts.yaml", "is missing; say of each file its source, mapping and legal basis");
            return List.of();
        }
        List<ContactFile> files = new ArrayList<>();
        Set<String> sources = new HashSet<>();
        Set<String> named = new HashSet<>();
        yaml(folder, "contacts/contacts.yaml", problems, true)
                .ifPresent(yaml -> yaml.maps().forEach(map -> {
                    ContactFile file = contactFile(contacts, map, language);
                    named.add(file.name());
                    if (!sources.add(file.source())) {
                        map.problem("source", "is there twice; each file needs a source of its own");
                    }
                    if (!present.contains(file.name())) {
                        map.problem(
                                "file", "\"" + file.name() + "\" is not in contacts/; add it or take this entry out");
                    } else {
                        inspect(file, map, problems);
                    }
                    map.refuseUnknown();
                    files.add(file);
                }));
        present.stream()
                .filter(name -> !named.contains(name))
                .sorted()
                .forEach(name -> problems.add(
                        "contacts/" + name, "is not named in contacts/contacts.yaml; add it or take it away"));
        return List.copyOf(files);
    }

    private static ContactFile contactFile(Path contacts, YamlMap map, String language) {
        String name = map.required("file", FolderReader::fileName);
        return new ContactFile(
                name.isEmpty() ? contacts : contacts.resolve(Path.of(name).getFileName()),
                name,
                map.required("source", Rules::slug),
                map.optional("region", FolderReader::region).orElse("FR"),
                map.optional("language", Rules::language).orElse(language),
                map.required("legal-basis", Rules::title),
                map.textMap("mapping", FolderReader::field),
                Set.copyOf(new HashSet<>(map.texts("tags", ListsReader::tag))),
                map.bool("remove-missing", false),
                map.optionalInteger("max-removed-percent", 0, 100));
    }

    private void inspect(ContactFile file, YamlMap map, Problems problems) {
        try {
            Inspection seen = inspector.inspect(file.file(), file.name());
            Map<String, String> mapping = file.mapping();
            Set<String> columns =
                    seen.columns().stream().map(FolderReader::plain).collect(Collectors.toSet());
            List<String> missing = mapping.keySet().stream()
                    .filter(column -> !columns.contains(plain(column)))
                    .toList();
            if (!missing.isEmpty()) {
                map.problem(
                        "mapping",
                        "names columns that " + file.name() + " does not have: " + missing + "; it has "
                                + seen.columns());
            }
        } catch (RefusedException e) {
            e.problems()
                    .forEach(problem -> problems.add("contacts/" + file.name(), 0, problem.field(), problem.problem()));
        }
    }

    /** Titles are compared as the import does: without case, accents and spaces. */
    private static String plain(String title) {
        return Normalizer.normalize(title, Normalizer.Form.NFD)
                .replaceAll("[\\p{M}\\s]", "")
                .toLowerCase(Locale.ROOT);
    }

    private static Optional<String> field(String value) {
        return FIELDS.contains(value) || VARIABLE.matcher(value).matches()
                ? Optional.empty()
                : Optional.of("\"" + value + "\" is no field of a contact; write "
                        + FIELDS.stream().sorted().collect(Collectors.joining(", ")) + " or var:<name>");
    }

    private static Optional<String> fileName(String value) {
        return value.matches("[^/\\\\\\p{Cntrl}]{1,200}\\.(?:csv|xlsx)") && !value.startsWith(".")
                ? Optional.empty()
                : Optional.of("is not a file of contacts/; write its name, ending in .csv or .xlsx");
    }

    private static Optional<String> region(String value) {
        return value.matches("[A-Z]{2}") ? Optional.empty() : Optional.of("is not a region; write for instance FR");
    }

    private static Optional<YamlFile> yaml(Path folder, String name, Problems problems, boolean must) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            if (must) {
                problems.add(name, "is missing; add it");
            }
            return Optional.empty();
        }
        Optional<YamlFile> yaml = YamlFile.read(file, name, problems);
        yaml.ifPresent(YamlFile::refuseDuplicates);
        return yaml;
    }

    private static List<Path> files(Path folder, String name, Problems problems) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(file -> !FolderContent.ignored(file)).sorted().toList();
        } catch (IOException e) {
            problems.add(name, "cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    private static void refuseUnknownFiles(Path folder, Problems problems) {
        for (Path file : files(folder, "", problems)) {
            String name = file.getFileName().toString();
            if (!KNOWN.contains(name)) {
                String known = KNOWN.stream().sorted().collect(Collectors.joining(", "));
                problems.add(name, "is unknown here; a tenant's folder holds " + known);
            }
        }
    }
}
