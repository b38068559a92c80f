package io.tocsin.tenants.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.directory.api.Area;
import io.tocsin.directory.api.Imports.Inspection;
import io.tocsin.directory.api.Place;
import io.tocsin.directory.api.RefusedException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a folder is said with its file, line, field and cure; all of it at once. */
class FolderReaderTest {
    private static final String TENANT =
            """
            name: Commune
            kind: commune
            agency: {slug: agence, name: Agence}
            """;

    @TempDir
    Path temporary;

    private Path folder;
    private final FolderReader reader = new FolderReader((file, name) -> {
        if (name.startsWith("bad")) {
            throw new RefusedException("file", "is no table");
        }
        return new Inspection("csv", "UTF-8", ";", List.of("Nom", "Téléphone"), Map.of(), List.of());
    });

    @BeforeEach
    void folder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("commune"));
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private List<String> problems() {
        Problems problems = new Problems();
        assertThat(reader.tenant(folder, Set.of("there"), problems)).isEmpty();
        return problems.texts();
    }

    @Test
    void theLeastFolderIsAName() throws Exception {
        write("tenant.yaml", TENANT);
        Problems problems = new Problems();
        TenantSpec spec = reader.tenant(folder, Set.of(), problems).orElseThrow();
        assertThat(spec.identity().language()).isEqualTo("fr");
        assertThat(spec.identity().maxContacts()).isEqualTo(100_000);
        assertThat(spec.agency().name()).contains("Agence");
        assertThat(spec.users()).isEmpty();
    }

    @Test
    void capsAreReadAndWhatIsWrongWithThemIsSaid() throws Exception {
        write(
                "tenant.yaml",
                TENANT
                        + """
                        caps:
                        - {name: bourg, prefixes: [+33 3 53 01, "+33 3 53 02"], per-second: 20}
                        - {name: usine, channels: [voice, sms], prefixes: +333530110, per-second: 0.5}
                        """);
        TenantSpec spec = reader.tenant(folder, Set.of(), new Problems()).orElseThrow();
        assertThat(spec.caps())
                .containsExactly(
                        new TenantSpec.CapSpec("bourg", List.of(), List.of("+33 3 53 01", "+33 3 53 02"), 20),
                        new TenantSpec.CapSpec("usine", List.of("voice", "sms"), List.of("+333530110"), 0.5));
        write(
                "tenant.yaml",
                TENANT
                        + """
                        caps:
                        - {name: bourg, prefixes: [03 53 01], per-second: 0}
                        - {name: bourg, prefixes: [], per-second: many}
                        - {name: usine, prefix: +33353, per-second: 1}
                        """);
        assertThat(problems())
                .anySatisfy(p -> assertThat(p)
                        .startsWith("tenant.yaml:5: caps[0].prefixes[0]: ")
                        .contains("such as +33 3 53 01"))
                .anySatisfy(p -> assertThat(p)
                        .startsWith("tenant.yaml:5: caps[0].per-second: ")
                        .contains("0.01 to 100000"))
                .anySatisfy(p -> assertThat(p)
                        .startsWith("tenant.yaml:6: caps[1].name: ")
                        .contains("twice"))
                .anySatisfy(p -> assertThat(p).startsWith("tenant.yaml:6: caps[1].prefixes: is missing or empty"))
                .anySatisfy(p -> assertThat(p)
                        .startsWith("tenant.yaml:6: caps[1].per-second: ")
                        .contains("not a number"))
                .anySatisfy(p -> assertThat(p).startsWith("tenant.yaml:7: caps[2].prefix: is unknown"));
    }

    @Test
    void whatIsHeardIsReadAndWhatIsWrongWithItIsSaid() throws Exception {
        write("tenant.yaml", TENANT);
        write("lexicon.yaml", "- {word: Loue, spoken: lou, language: fr}\n");
        write("recordings/sirene.wav", "x");
        write("recordings/maire.mp3", "x");
        write("documents/plan.pdf", "x");
        TenantSpec spec = reader.tenant(folder, Set.of(), new Problems()).orElseThrow();
        assertThat(spec.lexicon().orElseThrow().entries()).hasSize(1);
        assertThat(spec.recordings())
                .extracting(TenantSpec.NamedFile::slug)
                .containsExactlyInAnyOrder("sirene", "maire");
        assertThat(spec.documents()).extracting(TenantSpec.NamedFile::slug).containsExactly("plan");

        write(
                "lexicon.yaml",
                """
                - {word: Loue, spoken: lou, language: français}
                - {word: "!", spoken: x}
                - {word: POI}
                - {word: loue, spoken: lou, tongue: fr}
                """);
        write("recordings/sirene.mp3", "x");
        write("recordings/Sirène 2.wav", "x");
        write("recordings/notes.txt", "x");
        write("documents/Plan.pdf", "x");
        write("documents/plan.docx", "x");
        try (var large =
                new RandomAccessFile(folder.resolve("documents/grand.pdf").toFile(), "rw")) {
            large.setLength(21 << 20);
        }
        assertThat(problems())
                .anySatisfy(p -> assertThat(p).startsWith("lexicon.yaml:1: [0].language: is no language"))
                .anySatisfy(p ->
                        assertThat(p).startsWith("lexicon.yaml:2: [1].word: ").contains("begins and ends"))
                .anySatisfy(p -> assertThat(p).startsWith("lexicon.yaml:3: [2].spoken: is missing"))
                .anySatisfy(p -> assertThat(p).startsWith("lexicon.yaml:4: [3].tongue: is unknown"))
                .anySatisfy(p -> assertThat(p).startsWith("recordings/sirene.wav: is there as WAV and as MP3"))
                .anySatisfy(p -> assertThat(p).startsWith("recordings/Sirène 2.wav: is no recording; name it"))
                .anySatisfy(p -> assertThat(p).startsWith("recordings/notes.txt: is no recording"))
                .anySatisfy(p -> assertThat(p).startsWith("documents/Plan.pdf: is no document; name it NAME.pdf"))
                .anySatisfy(p -> assertThat(p).startsWith("documents/plan.docx: is no document"))
                .anySatisfy(p -> assertThat(p).startsWith("documents/grand.pdf: has more than 20 MiB"));
    }

    @Test
    void whatNamesAChannelBeyondTheTenantsIsRefused() throws Exception {
        write("tenant.yaml", TENANT + "channels: [sms, Mail]\n");
        assertThat(problems()).singleElement().asString().startsWith("tenant.yaml:4: channels[1]: \"Mail\"");
        write("tenant.yaml", TENANT + "channels: [sms, mail]\n");
        write(
                "accounts.yaml",
                """
                - {slug: sirene, channel: webhook, settings: {url: "https://127.0.0.1/"}}
                - {slug: panneau, channel: webhook, enabled: false, settings: {url: "https://127.0.0.1/"}}
                - {slug: sms, channel: sms, settings: {host: 127.0.0.1}}
                """);
        write(
                "scenarios/crue.yaml",
                """
                name: Crue
                category: life-safety
                cascade:
                  - {channel: sms, patience: PT5M}
                  - {channel: voice, patience: PT5M}
                fallback-language: fr
                messages:
                  fr: {sms: {text: Montez}, voice: {text: Montez}}
                """);
        assertThat(problems())
                .anySatisfy(p -> assertThat(p)
                        .startsWith("accounts.yaml:1: [0].channel: \"webhook\"")
                        .contains("[sms, mail]; add it there or write one of these"))
                .anySatisfy(p -> assertThat(p)
                        .startsWith("scenarios/crue.yaml:5: cascade[1].channel: \"voice\"")
                        .contains("[mail, sms]"))
                .anySatisfy(p -> assertThat(p).startsWith("scenarios/crue.yaml:8: messages.fr.voice: \"voice\""))
                .hasSize(3);
        write("tenant.yaml", TENANT + "channels: []\n");
        TenantSpec spec = reader.tenant(folder, Set.of(), new Problems()).orElseThrow();
        assertThat(spec.identity().channels()).contains(List.of());
    }

    @Test
    void anEmptyFolderAndAnUnknownAgency() throws Exception {
        assertThat(problems()).containsExactly("tenant.yaml: is missing; add it");
        write("tenant.yaml", "name: C\nkind: commune\nagency: nowhere\n");
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("tenant.yaml:3: agency: ")
                .contains("_agencies/nowhere.yaml");
        write("tenant.yaml", "name: C\nkind: commune\nagency: there\n");
        Problems problems = new Problems();
        assertThat(reader.tenant(folder, Set.of("there"), problems)).isPresent();
    }

    @Test
    void everyProblemHasItsLineAndField() throws Exception {
        write("tenant.yaml", TENANT + "sms-sender: Ville de Saint\nquotas: {contacts: many, people: 3}\nsite: x\n");
        write(
                "users.yaml",
                """
                - login: Maire
                  name: M
                  roles: [chief]
                  password: hunter2
                - login: dga
                  roles: []
                """);
        write(
                "accounts.yaml",
                """
                - slug: sms
                  channel: sms
                  settings:
                    host: 127.0.0.1
                    password: hunter2
                """);
        assertThat(problems())
                .anySatisfy(p -> assertThat(p).startsWith("tenant.yaml:4: sms-sender: "))
                .anySatisfy(p -> assertThat(p)
                        .startsWith("tenant.yaml:5: quotas.contacts: ")
                        .contains("whole number"))
                .anySatisfy(p -> assertThat(p).startsWith("tenant.yaml:5: quotas.people: is unknown"))
                .anySatisfy(p -> assertThat(p).startsWith("tenant.yaml:6: site: is unknown"))
                .anySatisfy(p -> assertThat(p).startsWith("users.yaml:1: [0].login: "))
                .anySatisfy(p ->
                        assertThat(p).startsWith("users.yaml:3: [0].roles[0]: ").contains("tenant-admin"))
                .anySatisfy(p ->
                        assertThat(p).startsWith("users.yaml:4: [0].password: ").contains("secret:<NAME>"))
                .anySatisfy(p -> assertThat(p).startsWith("users.yaml:5: [1].name: is missing"))
                .anySatisfy(p -> assertThat(p).startsWith("users.yaml:6: [1].roles: "))
                .anySatisfy(p -> assertThat(p)
                        .startsWith("accounts.yaml:5: [0].settings.password: ")
                        .contains("secret:<NAME>"))
                .noneSatisfy(p -> assertThat(p).contains("hunter2"));
    }

    @Test
    void whatIsNoYamlIsSaidWithItsLine() throws Exception {
        write("tenant.yaml", "name: C\n\tkind: x\n");
        assertThat(problems()).singleElement().asString().startsWith("tenant.yaml:2: is not YAML");
        write("tenant.yaml", "- a\n- b\n");
        assertThat(problems()).singleElement().asString().contains("tenant.yaml:1: must be fields");
        write("tenant.yaml", "");
        assertThat(problems()).singleElement().asString().contains("is empty");
        Files.write(folder.resolve("tenant.yaml"), "name: Épenoy\n".getBytes(Charset.forName("windows-1252")));
        assertThat(problems()).singleElement().asString().contains("is not UTF-8");
        write("tenant.yaml", TENANT + "name: Twice\n");
        assertThat(problems()).containsExactly("tenant.yaml:4: name: is written twice; keep one");
    }

    @Test
    void bombsAndFloodsAreRefused() throws Exception {
        write("tenant.yaml", "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n");
        assertThat(problems()).singleElement().asString().contains("is not YAML that can be taken");
        write("tenant.yaml", "name: " + "[".repeat(5_000));
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("tenant.yaml")
                .contains("is not YAML");
        write("tenant.yaml", "name: " + "x".repeat(2_000_000));
        assertThat(problems()).singleElement().asString().contains("1 MiB");
        write("tenant.yaml", TENANT + "x: !!javax.script.ScriptEngineManager [a]\n");
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("tenant.yaml:4: ")
                .contains("Global tag is not allowed");
    }

    @Test
    void listsNameWhatIsThereAndNeverThemselves() throws Exception {
        write("tenant.yaml", TENANT);
        write(
                "lists.yaml",
                """
                - {slug: a, name: A, kind: nested, includes: [b]}
                - {slug: b, name: B, kind: nested, includes: [a]}
                - {slug: c, name: C, kind: nested, includes: [x]}
                - {slug: d, name: D, kind: tags, members: [E1]}
                - {slug: d, name: D, kind: stat}
                """);
        assertThat(problems())
                .anySatisfy(p -> assertThat(p)
                        .startsWith("lists.yaml:2: [1].includes: goes round")
                        .contains("a → b → a"))
                .anySatisfy(p -> assertThat(p).startsWith("lists.yaml:3: [2].includes: names \"x\""))
                .anySatisfy(p -> assertThat(p).startsWith("lists.yaml:4: [3].members: belongs to lists of kind static"))
                .anySatisfy(p -> assertThat(p).startsWith("lists.yaml:4: [3].kind: is tags but no tag"))
                .anySatisfy(p -> assertThat(p).startsWith("lists.yaml:5: [4].slug: \"d\" is there twice"));
    }

    @Test
    void areasAreReadAndWhatIsNoneIsSaidByItsLine() throws Exception {
        write("tenant.yaml", TENANT);
        write(
                "lists.yaml",
                """
                - slug: quai
                  name: Quai
                  kind: area
                  all-tags: [habitant]
                  polygon: [47.39 0.68, "47.40, 0.69", 47.38 0.70]
                - {slug: usine, name: Usine, kind: area, centre: 47.4 -0.7, radius-metres: 1500}
                """);
        TenantSpec spec = reader.tenant(folder, Set.of(), new Problems()).orElseThrow();
        assertThat(spec.lists())
                .extracting(l -> l.list().area().orElseThrow())
                .containsExactly(
                        Area.of(List.of(new Place(47.39, 0.68), new Place(47.40, 0.69), new Place(47.38, 0.70))),
                        Area.of(new Area.Circle(new Place(47.4, -0.7), 1_500)));
        write(
                "lists.yaml",
                """
                - {slug: a, name: A, kind: area}
                - {slug: b, name: B, kind: area, polygon: [47 0, 48 1, north], radius-metres: 5}
                - {slug: c, name: C, kind: area, polygon: [47 0, 91 0, 48 1]}
                - {slug: d, name: D, kind: area, centre: 47 0}
                - {slug: e, name: E, kind: area, centre: 47 0, radius-metres: 1.5}
                - {slug: f, name: F, kind: area, polygon: [47 0, 48 1]}
                - {slug: g, name: G, kind: tags, all-tags: [x], centre: 47 0}
                """);
        assertThat(problems())
                .anySatisfy(p -> assertThat(p).startsWith("lists.yaml:1: [0].kind: is area: write either polygon"))
                .anySatisfy(p -> assertThat(p).startsWith("lists.yaml:2: [1].polygon[2]: is not a place"))
                .anySatisfy(p -> assertThat(p).startsWith("lists.yaml:2: [1].kind: is area: write either"))
                .anySatisfy(p -> assertThat(p).startsWith("lists.yaml:3: [2].polygon[1]: is not a place"))
                .anySatisfy(p -> assertThat(p).startsWith("lists.yaml:4: [3].radius-metres: is missing"))
                .anySatisfy(p -> assertThat(p).startsWith("lists.yaml:5: [4].radius-metres: must be a whole number"))
                .anySatisfy(p -> assertThat(p).startsWith("lists.yaml:6: [5].polygon: has 2 corners"))
                .anySatisfy(p -> assertThat(p).startsWith("lists.yaml:7: [6].centre: belongs to lists of kind area"));
    }

    @Test
    void nestedListsComeAfterWhatTheyName() throws Exception {
        write("tenant.yaml", TENANT);
        write(
                "lists.yaml",
                """
                - {slug: all, name: All, kind: nested, includes: [low], excludes: [out]}
                - {slug: low, name: Low, kind: tags, any-tags: [low]}
                - {slug: out, name: Out, kind: static, members: [E1, E2]}
                """);
        TenantSpec spec = reader.tenant(folder, Set.of(), new Problems()).orElseThrow();
        assertThat(spec.lists()).extracting(l -> l.list().slug()).containsExactly("low", "out", "all");
    }

    @Test
    void scenariosAreReadByAlertingsOwnFormat() throws Exception {
        write("tenant.yaml", TENANT);
        write(
                "scenarios/crue.yaml",
                """
                name: Crue
                category: life-saving
                lists: [nobody]
                cascade:
                  - {channel: sms, patience: soon}
                fallback-language: fr
                messages:
                  fr: {sms: {text: Montez}}
                """);
        assertThat(problems())
                .anySatisfy(p -> assertThat(p).startsWith("scenarios/crue.yaml:2: category: "))
                .anySatisfy(p -> assertThat(p).startsWith("scenarios/crue.yaml:5: cascade[0].patience: "));
        write(
                "scenarios/crue.yaml",
                Files.readString(folder.resolve("scenarios/crue.yaml"))
                        .replace("life-saving", "life-safety")
                        .replace("soon", "PT5M"));
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("scenarios/crue.yaml:3: lists[0]: \"nobody\" is no list of lists.yaml");
        write("scenarios/notes.txt", "x");
        assertThat(problems()).anySatisfy(p -> assertThat(p).startsWith("scenarios/notes.txt: is no scenario"));
    }

    @Test
    void contactFilesAreNamedAndLookedInto() throws Exception {
        write("tenant.yaml", TENANT);
        write("contacts/a.csv", "x");
        assertThat(problems()).singleElement().asString().startsWith("contacts/contacts.yaml: is missing");
        write(
                "contacts/contacts.yaml",
                """
                - file: a.csv
                  source: a
                  legal-basis: b
                  mapping: {NOM: last_name, Portable: mobile, telephone: phonee}
                - file: gone.csv
                  source: a
                  legal-basis: b
                - file: ../../etc/passwd
                  source: c
                  legal-basis: b
                """);
        write("contacts/bad.csv", "x");
        assertThat(problems())
                .anySatisfy(
                        p -> assertThat(p).startsWith("contacts/contacts.yaml:4: [0].mapping.telephone: \"phonee\""))
                .anySatisfy(p -> assertThat(p)
                        .startsWith("contacts/contacts.yaml:4: [0].mapping: names columns")
                        .contains("[Portable]"))
                .anySatisfy(p -> assertThat(p).startsWith("contacts/contacts.yaml:5: [1].file: \"gone.csv\" is not in"))
                .anySatisfy(p -> assertThat(p).startsWith("contacts/contacts.yaml:6: [1].source: is there twice"))
                .anySatisfy(
                        p -> assertThat(p).startsWith("contacts/contacts.yaml:8: [2].file: is not a file of contacts/"))
                .anySatisfy(p -> assertThat(p).startsWith("contacts/bad.csv: is not named"));
        write("contacts/contacts.yaml", "- {file: bad.csv, source: a, legal-basis: b}\n");
        assertThat(problems()).anySatisfy(p -> assertThat(p).startsWith("contacts/bad.csv: file: is no table"));
    }

    @Test
    void strangersAreNotTakenIn() throws Exception {
        write("tenant.yaml", TENANT);
        write("user.yaml", "- x");
        assertThat(problems()).singleElement().asString().startsWith("user.yaml: is unknown here");
        Files.delete(folder.resolve("user.yaml"));
        write(".tenant.yaml.swp", "editor");
        write("lists.yaml~", "editor");
        assertThat(reader.tenant(folder, Set.of(), new Problems())).isPresent();
    }

    @Test
    void theDigestIsOfContentAndLinksAreRefused() throws Exception {
        FolderContent content = new FolderContent();
        write("tenant.yaml", TENANT);
        String before = content.digest(folder);
        write(".hidden", "x");
        assertThat(content.digest(folder)).isEqualTo(before);
        write("lists.yaml", "[]");
        assertThat(content.digest(folder)).isNotEqualTo(before);
        Path copy = temporary.resolve("copy/commune");
        assertThat(content.copy(folder, copy)).isEqualTo(content.digest(folder)).isEqualTo(content.digest(copy));
        Files.createSymbolicLink(folder.resolve("users.yaml"), folder.resolve("tenant.yaml"));
        assertThatThrownBy(() -> content.digest(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("users.yaml is a link");
    }
}
