package io.tocsin.tenants.internal.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alerting.api.Documents;
import io.tocsin.alerting.api.Scenario;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.directory.api.ContactLists.ContactList;
import io.tocsin.persistence.api.AdministrativeModel.Agency;
import io.tocsin.persistence.api.AdministrativeModel.CarrierAccount;
import io.tocsin.persistence.api.AdministrativeModel.Tenant;
import io.tocsin.persistence.api.AdministrativeModel.User;
import io.tocsin.speech.api.Lexicon;
import io.tocsin.tenants.api.Cap;
import io.tocsin.tenants.api.TenantFolders.Folder;
import io.tocsin.tenants.internal.CapRegistry;
import io.tocsin.tenants.internal.PasswordHash;
import io.tocsin.tenants.internal.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a tenants folder on real rooms and a real PostgreSQL: dropped, edited, broken, removed, put back. */
class FolderWatchTest {
    private static Rooms rooms;

    @TempDir
    Path temporary;

    private final Map<String, String> secrets = new HashMap<>();
    private Path root;
    private FolderWatch watch;

    @BeforeAll
    static void start() {
        rooms = new Rooms();
    }

    @AfterAll
    static void stop() {
        rooms.close();
    }

    @BeforeEach
    void prepare() throws IOException {
        rooms.db.clear();
        root = Files.createDirectory(temporary.resolve("tenants"));
        watch = newNode();
    }

    @AfterEach
    void close() {
        watch.close();
    }

    private FolderWatch newNode() {
        return rooms.watch(root, secrets, temporary.resolve("secrets"));
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void smallTenant(String slug) throws IOException {
        write(slug + "/tenant.yaml", "name: Commune\nkind: commune\nagency: {slug: agence, name: Agence}\n");
        write(
                slug + "/users.yaml",
                "- {login: maire@" + slug + ", name: M, roles: [activator], password: secret:maire}\n");
        write(slug + "/accounts.yaml", "- {slug: sms, channel: sms, settings: {host: h, password: secret:lab-sms}}\n");
        write(slug + "/lists.yaml", "- {slug: tous, name: Tous, kind: tags, all-tags: [habitant]}\n");
        write(
                slug + "/scenarios/crue.yaml",
                """
                name: Crue
                category: life-safety
                lists: [tous]
                cascade: [{channel: sms, patience: PT5M}]
                fallback-language: fr
                messages: {fr: {sms: {text: "Montez, {{first_name}}"}}}
                """);
        write(
                slug + "/contacts/gens.csv",
                "Réf;Nom;Prénom;Mobile\nA1;Un;Anne;06 39 98 00 01\nA2;Deux;Bob;0639980002\n");
        write(
                slug + "/contacts/contacts.yaml",
                """
                - file: gens.csv
                  source: gens
                  legal-basis: mission de service public
                  tags: [habitant]
                  remove-missing: true
                  mapping: {Réf: external_id, Nom: last_name, Prénom: first_name, Mobile: mobile}
                """);
    }

    /** A second of a tone, WAV of 16 bit. */
    private void tone(String file, int hertz) throws IOException {
        int frames = 8_000;
        ByteBuffer wav = ByteBuffer.allocate(44 + 2 * frames).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * frames);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        wav.putShort((short) 1).putShort((short) 1).putInt(8_000).putInt(16_000);
        wav.putShort((short) 2).putShort((short) 16);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * frames);
        for (int i = 0; i < frames; i++) {
            wav.putShort((short) (8_000 * Math.sin(2 * Math.PI * hertz * i / 8_000)));
        }
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, wav.array());
    }

    @Test
    void whatIsHeardFollowsTheFiles() throws IOException {
        secrets.put("TOCSIN_SECRET_MAIRE", "une phrase assez longue");
        smallTenant("crue");
        write("crue/lexicon.yaml", "- {word: Loue, spoken: lou, language: fr}\n- {word: POI, spoken: P O I}\n");
        tone("crue/recordings/sirene.wav", 440);
        tone("crue/recordings/maire.wav", 300);
        twoLooks();
        assertThat(folder("crue").problems()).isEmpty();
        int tenant = tenant("crue").id();
        assertThat(rooms.lexicons.current(tenant).lexicon().apply("La Loue, le POI", "fr"))
                .isEqualTo("La lou, le P O I");
        String siren = rooms.recordings.find(tenant, "sirene").orElseThrow().sha256();

        tone("crue/recordings/sirene.wav", 880);
        Files.delete(root.resolve("crue/recordings/maire.wav"));
        Files.delete(root.resolve("crue/lexicon.yaml"));
        twoLooks();
        assertThat(rooms.recordings.find(tenant, "sirene").orElseThrow().sha256())
                .isNotEqualTo(siren);
        assertThat(rooms.recordings.find(tenant, "maire")).isEmpty();
        assertThat(rooms.lexicons.current(tenant).lexicon()).isEqualTo(Lexicon.none());
        assertThat(rooms.lexicons.current(tenant).version()).isEqualTo(2);

        write("crue/recordings/sirene.wav", "no sound");
        twoLooks();
        assertThat(folder("crue").problems())
                .singleElement()
                .asString()
                .startsWith("recordings/sirene.wav: ")
                .contains("save it as WAV");
    }

    @Test
    void whatIsPrintedFollowsTheFiles() throws IOException {
        secrets.put("TOCSIN_SECRET_MAIRE", "une phrase assez longue");
        smallTenant("crue");
        sheets("crue/documents/plan.pdf", 2);
        sheets("crue/documents/consignes.pdf", 1);
        twoLooks();
        assertThat(folder("crue").problems()).isEmpty();
        int tenant = tenant("crue").id();
        assertThat(rooms.documents.find(tenant, "plan").orElseThrow().pages()).isEqualTo(2);
        Documents.Document untouched = rooms.documents.find(tenant, "consignes").orElseThrow();

        sheets("crue/documents/plan.pdf", 3);
        twoLooks();
        assertThat(rooms.documents.find(tenant, "plan").orElseThrow().pages()).isEqualTo(3);
        assertThat(rooms.documents.find(tenant, "consignes")).contains(untouched);

        Files.delete(root.resolve("crue/documents/consignes.pdf"));
        write("crue/documents/plan.pdf", "no document");
        twoLooks();
        assertThat(folder("crue").problems()).singleElement().asString().startsWith("documents/plan.pdf: is no PDF: ");
        Files.delete(root.resolve("crue/documents/plan.pdf"));
        twoLooks();
        assertThat(rooms.documents.list(tenant)).isEmpty();
    }

    private void sheets(String file, int pages) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        try (PDDocument document = new PDDocument()) {
            for (int n = 0; n < pages; n++) {
                document.addPage(new PDPage());
            }
            document.save(path.toFile());
        }
    }

    @Test
    void whatIsHeardByTheApiIsLeftAlone() throws Exception {
        smallTenant("crue");
        twoLooks();
        int tenant = tenant("crue").id();
        Actor maire = new Actor("maire", "rest", "192.0.2.1");
        rooms.lexicons.save(
                tenant, new Lexicon(List.of(new Lexicon.Entry("Loue", "lou", "fr"))), Optional.empty(), maire);
        tone("_sound.wav", 440);
        try (var upload = Files.newInputStream(root.resolve("_sound.wav"))) {
            rooms.recordings.save(tenant, "maire", "La maire", upload, maire);
        }
        Files.delete(root.resolve("_sound.wav"));
        write("crue/lists.yaml", "- {slug: tous, name: Tout le monde, kind: tags, all-tags: [habitant]}\n");
        twoLooks();

        assertThat(rooms.lexicons.current(tenant).version()).isEqualTo(1);
        assertThat(rooms.recordings.find(tenant, "maire")).isPresent();
    }

    private void twoLooks() {
        watch.scan();
        watch.scan();
    }

    private Folder folder(String slug) {
        return watch.folders().stream()
                .filter(folder -> folder.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> new AssertionError(watch.folders().toString()));
    }

    private Tenant tenant(String slug) {
        return rooms.database.asEngine(c -> rooms.db.model().tenant(c, slug)).orElseThrow();
    }

    private List<String> journaled(int tenantId) {
        return rooms.database.asEngine(c -> rooms.journal.read(c, tenantId, 0, 1000)).stream()
                .map(Journal.Entry::action)
                .toList();
    }

    private int people(String slug, String list) {
        return rooms.lists.count(tenant(slug).id(), List.of(list)).people();
    }

    @Test
    void aDroppedFolderIsAppliedWholeOnceItIsStable() throws Exception {
        secrets.put("TOCSIN_SECRET_MAIRE", "une phrase assez longue");
        smallTenant("commune");
        watch.scan();
        assertThat(watch.folders()).isEmpty();
        watch.scan();
        assertThat(folder("commune").state()).isEqualTo("applied");
        assertThat(folder("commune").problems()).isEmpty();
        Tenant tenant = tenant("commune");
        assertThat(tenant.source()).isEqualTo("files");
        assertThat(people("commune", "tous")).isEqualTo(2);
        assertThat(rooms.scenarios.list(tenant.id())).extracting(Scenario::slug).containsExactly("crue");
        List<User> users = rooms.database.asEngine(c -> rooms.db.model().usersOfTenant(c, tenant.id()));
        assertThat(users).singleElement().satisfies(user -> assertThat(user.passwordHash())
                .isPresent());
        List<CarrierAccount> accounts =
                rooms.database.asEngine(c -> rooms.db.model().accountsForTenant(c, tenant.id()));
        assertThat(accounts.get(0).settings()).containsEntry("password", "secret:lab-sms");
        assertThat(journaled(tenant.id()))
                .contains("tenant.created", "user.created", "account.created", "scenario.saved");
    }

    @Test
    void anUntouchedFolderIsNeverAppliedAgainNotEvenByAnotherNode() throws Exception {
        smallTenant("commune");
        twoLooks();
        int entries = journaled(tenant("commune").id()).size();
        twoLooks();
        try (Closing other = new Closing(newNode())) {
            other.watch.scan();
            other.watch.scan();
            assertThat(other.watch.folders()).singleElement().satisfies(f -> assertThat(f.state())
                    .isEqualTo("applied"));
        }
        assertThat(journaled(tenant("commune").id())).hasSize(entries);
    }

    @Test
    void aMissingSecretIsSaidAndTheRestApplied() throws Exception {
        smallTenant("commune");
        twoLooks();
        assertThat(folder("commune").state()).isEqualTo("applied");
        assertThat(folder("commune").problems())
                .singleElement()
                .asString()
                .contains("maire@commune", "TOCSIN_SECRET_MAIRE");
    }

    @Test
    void aSecretThatComesOrChangesLaterIsTakenInWithoutAnEditOfTheFolder() throws Exception {
        smallTenant("commune");
        twoLooks();
        assertThat(mayor().passwordHash()).isEmpty();

        Files.createDirectory(temporary.resolve("secrets"));
        secret("maire", "la première phrase");
        watch.scan();
        assertThat(folder("commune").problems()).isEmpty();
        assertThat(hasPassword("la première phrase")).isTrue();

        secret("maire", "une tout autre phrase");
        watch.scan();
        assertThat(hasPassword("une tout autre phrase")).isTrue();

        secret("maire", "court");
        watch.scan();
        assertThat(folder("commune").problems()).singleElement().asString().contains("maire@commune");
        assertThat(hasPassword("une tout autre phrase")).isTrue();
    }

    @Test
    void aSecretThatComesWhileTheNodeIsDownIsTakenInAtItsStart() throws Exception {
        smallTenant("commune");
        twoLooks();
        secrets.put("TOCSIN_SECRET_MAIRE", "une phrase assez longue");
        try (Closing other = new Closing(newNode())) {
            other.watch.scan();
            other.watch.scan();
            assertThat(hasPassword("une phrase assez longue")).isTrue();
        }
        watch.scan();
        assertThat(folder("commune").problems()).isEmpty();
    }

    @Test
    void twoNodesWithDifferentSecretsDoNotUndoEachOther() throws Exception {
        secret("maire", "la phrase du premier");
        smallTenant("commune");
        twoLooks();
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("maire"), "la phrase du second");
        try (Closing other = new Closing(rooms.watch(root, secrets, elsewhere))) {
            other.watch.scan();
            other.watch.scan();
            assertThat(hasPassword("la phrase du second")).isTrue();
            int entries = journaled(tenant("commune").id()).size();
            for (int look = 0; look < 3; look++) {
                watch.scan();
                other.watch.scan();
            }
            assertThat(journaled(tenant("commune").id())).hasSize(entries);
        }
    }

    private void secret(String name, String value) throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("secrets"));
        Files.writeString(folder.resolve(name), value + "\n");
    }

    private User mayor() {
        return rooms.database
                .asEngine(c -> rooms.db.model().user(c, "maire@commune"))
                .orElseThrow();
    }

    private boolean hasPassword(String password) {
        return new PasswordHash().verify(password, mayor().passwordHash().orElseThrow());
    }

    @Test
    void anEditIsAppliedAndWhatIsNoLongerNamedIsPutAway() throws Exception {
        smallTenant("commune");
        write(
                "commune/lists.yaml",
                "- {slug: tous, name: Tous, kind: tags, all-tags: [habitant]}\n"
                        + "- {slug: vieux, name: V, kind: static, members: [A1]}\n");
        twoLooks();
        int tenantId = tenant("commune").id();
        assertThat(people("commune", "vieux")).isEqualTo(1);

        smallTenant("commune");
        write("commune/users.yaml", "- {login: dga@commune, name: D, roles: [activator]}\n");
        write("commune/contacts/gens.csv", "Réf;Nom;Prénom;Mobile\nA1;Un;Anne;06 39 98 00 01\nA3;Trois;Cléa;bad\n");
        Files.delete(root.resolve("commune/scenarios/crue.yaml"));
        write("commune/accounts.yaml", "[]\n");
        twoLooks();
        assertThat(folder("commune").state()).as(folder("commune").toString()).isEqualTo("applied");
        assertThat(folder("commune").problems())
                .singleElement()
                .asString()
                .contains("contacts/gens.csv: 1 of 2 rows refused")
                .doesNotContain("bad\"");
        assertThat(people("commune", "tous")).isEqualTo(1);
        assertThat(rooms.lists.lists(tenantId)).extracting(ContactList::slug).containsExactly("tous");
        assertThat(rooms.scenarios.list(tenantId)).isEmpty();
        List<User> users = rooms.database.asEngine(c -> rooms.db.model().usersOfTenant(c, tenantId));
        assertThat(users)
                .extracting(user -> user.login() + " " + user.state())
                .containsExactly("dga@commune active", "maire@commune suspended");
        List<CarrierAccount> accounts =
                rooms.database.asEngine(c -> rooms.db.model().accountsForTenant(c, tenantId));
        assertThat(accounts).singleElement().satisfies(a -> assertThat(a.enabled())
                .isFalse());
    }

    @Test
    void aWeightNamedNoMoreStaysAsItIsAndAWrongOneBreaksTheFolder() throws Exception {
        String tenant = "name: C\nkind: commune\nagency: {slug: agence, name: Agence}\n";
        write("commune/tenant.yaml", tenant + "weight: 7\n");
        twoLooks();
        assertThat(tenant("commune").weight()).isEqualTo(7);
        write("commune/tenant.yaml", tenant + "language: en\n");
        twoLooks();
        assertThat(tenant("commune").language()).isEqualTo("en");
        assertThat(tenant("commune").weight()).isEqualTo(7);
        write("commune/tenant.yaml", tenant + "weight: 0\n");
        twoLooks();
        assertThat(folder("commune").problems()).singleElement().asString().contains("weight", "from 1 to 100");
    }

    @Test
    void channelsNamedNoMoreStayAsTheyAreAndNoneIsAll() throws Exception {
        String tenant = "name: C\nkind: commune\nagency: {slug: agence, name: Agence}\n";
        write("commune/tenant.yaml", tenant + "channels: [sms]\n");
        twoLooks();
        assertThat(tenant("commune").channels()).containsExactly("sms");
        write("commune/tenant.yaml", tenant);
        write("commune/accounts.yaml", "- {slug: sirene, channel: webhook, settings: {url: \"https://127.0.0.1/\"}}\n");
        twoLooks();
        assertThat(tenant("commune").channels()).containsExactly("sms");
        assertThat(folder("commune").state()).isEqualTo("broken");
        assertThat(folder("commune").problems()).singleElement().asString().contains("channel: \"webhook\"", "[sms]");
        write("commune/tenant.yaml", tenant + "channels: []\n");
        twoLooks();
        assertThat(tenant("commune").channels()).isEmpty();
        assertThat(folder("commune").state()).isEqualTo("applied");
    }

    @Test
    void capsFollowTheirFilesAndThoseOfTheApiStay() throws Exception {
        String tenant = "name: C\nkind: commune\nagency: agence\n";
        String agency = "name: Agence\n";
        write("_agencies/agence.yaml", agency + "caps: [{name: bourg, prefixes: +33 3 53 01, per-second: 20}]\n");
        write("commune/tenant.yaml", tenant + "caps: [{name: usine, prefixes: +33 3 53 01 10, per-second: 0.5}]\n");
        twoLooks();
        Optional<Integer> commune = Optional.of(tenant("commune").id());
        CapRegistry caps = new Registry(rooms.db.model(), rooms.journal).caps();
        rooms.database.asEngine(c -> caps.save(
                c,
                new Cap(0, agency().id(), commune, "by-hand", List.of(), List.of("+33353"), 1),
                new Actor("admin", "rest", "127.0.0.1")));
        assertThat(names(caps, Optional.empty())).containsExactly("bourg 20.0");
        assertThat(names(caps, commune)).containsExactly("by-hand 1.0", "usine 0.5");

        write("_agencies/agence.yaml", agency + "caps: [{name: bourg, prefixes: +33 3 53 01, per-second: 10}]\n");
        write("commune/tenant.yaml", tenant);
        twoLooks();
        assertThat(names(caps, Optional.empty())).containsExactly("bourg 10.0");
        assertThat(names(caps, commune)).containsExactly("by-hand 1.0");
    }

    private List<String> names(CapRegistry caps, Optional<Integer> tenant) {
        return rooms.database.asEngine(c -> caps.of(c, agency().id(), tenant)).stream()
                .map(cap -> cap.name() + " " + cap.perSecond())
                .toList();
    }

    @Test
    void anAgencysFileChangesNothingOfItsWeight() throws Exception {
        write("_agencies/agence.yaml", "name: Agence\n");
        twoLooks();
        Agency made = agency();
        rooms.database.asEngine(c -> rooms.db
                .model()
                .save(c, new Agency(made.id(), made.slug(), made.name(), "suspended", 5, made.version())));
        write("_agencies/agence.yaml", "name: Autre nom\n");
        twoLooks();
        assertThat(agency().name()).isEqualTo("Autre nom");
        assertThat(agency().weight()).isEqualTo(5);
        assertThat(agency().state()).as("a file says nothing of it").isEqualTo("suspended");
    }

    private Agency agency() {
        return rooms.database
                .asEngine(c -> rooms.db.model().agency(c, "agence"))
                .orElseThrow();
    }

    @Test
    void aBrokenFolderKeepsItsLastGoodState() throws Exception {
        smallTenant("commune");
        twoLooks();
        write("commune/lists.yaml", "- {slug: tous, name: Tous, kind: tagz}\n");
        write("commune/contacts/gens.csv", "Réf;Nom;Prénom;Mobile\n");
        twoLooks();
        assertThat(folder("commune").state()).isEqualTo("broken");
        assertThat(folder("commune").problems()).anySatisfy(p -> assertThat(p).startsWith("lists.yaml:1: [0].kind: "));
        assertThat(people("commune", "tous")).isEqualTo(2);
        assertThat(tenant("commune").state()).isEqualTo("active");
        smallTenant("commune");
        twoLooks();
        assertThat(folder("commune").state()).isEqualTo("applied");
    }

    @Test
    void whatARoomRefusesIsShownWithItsFileAndChangesNothing() throws Exception {
        smallTenant("une");
        smallTenant("deux");
        write("deux/users.yaml", "- {login: maire@une, name: M, roles: [activator]}\n");
        twoLooks();
        assertThat(folder("une").state()).isEqualTo("broken");
        assertThat(folder("deux").state()).isEqualTo("applied");
        assertThat(folder("une").problems())
                .singleElement()
                .asString()
                .contains("users.yaml", "\"maire@une\" is taken");
        Optional<Tenant> none = rooms.database.asEngine(c -> rooms.db.model().tenant(c, "une"));
        assertThat(none).isEmpty();
    }

    @Test
    void aRemovedFolderSuspendsAndItsReturnReinstates() throws Exception {
        smallTenant("commune");
        smallTenant("autre");
        twoLooks();
        Path away = temporary.resolve("away");
        Files.move(root.resolve("commune"), away);
        watch.scan();
        assertThat(tenant("commune").state()).as("one look is not enough").isEqualTo("active");
        watch.scan();
        assertThat(tenant("commune").state()).isEqualTo("suspended");
        assertThat(folder("commune").state()).isEqualTo("suspended");
        assertThat(tenant("autre").state()).isEqualTo("active");
        assertThat(people("commune", "tous")).as("nothing is deleted").isEqualTo(2);
        Files.move(away, root.resolve("commune"));
        twoLooks();
        assertThat(tenant("commune").state()).isEqualTo("active");
        assertThat(folder("commune").state()).isEqualTo("applied");
        assertThat(journaled(tenant("commune").id())).contains("tenant.suspended", "tenant.reinstated");
    }

    @Test
    void aFolderThatIsNotMountedSuspendsNobody() throws Exception {
        smallTenant("commune");
        smallTenant("autre");
        twoLooks();
        Path away = temporary.resolve("away");
        Files.move(root, away);
        twoLooks();
        assertThat(folder(".").state()).isEqualTo("broken");
        Files.createDirectory(root);
        twoLooks();
        assertThat(folder(".").problems()).singleElement().asString().contains("is empty");
        assertThat(tenant("commune").state()).isEqualTo("active");
        assertThat(tenant("autre").state()).isEqualTo("active");
    }

    @Test
    void anAgencyOnlyNeedsToComeBeforeItsTenants() throws Exception {
        write("commune/tenant.yaml", "name: C\nkind: commune\nagency: agence\n");
        twoLooks();
        assertThat(folder("commune").state()).isEqualTo("broken");
        write("_agencies/agence.yaml", "name: Agence\nusers: [{login: support, name: S, roles: [agency-admin]}]\n");
        twoLooks();
        watch.scan();
        assertThat(folder("_agencies/agence").state()).isEqualTo("applied");
        assertThat(folder("commune").state()).isEqualTo("applied");
    }

    private static String account(String slug, String login) {
        return "- {slug: " + slug + ", channel: sms, settings: {host: smsc.example, system-id: " + login + "}}\n";
    }

    private List<String> enabled(String slug) {
        return rooms
                .database
                .asEngine(
                        c -> rooms.db.model().accountsForTenant(c, tenant(slug).id()))
                .stream()
                .filter(CarrierAccount::enabled)
                .map(a -> a.slug() + "=" + a.settings().get("system-id"))
                .sorted()
                .toList();
    }

    @Test
    void aCarrierLoginBelongsToOneAccountAndMayMove() throws Exception {
        smallTenant("commune");
        write("commune/accounts.yaml", account("a", "login-1") + account("b", "login-2"));
        twoLooks();
        assertThat(folder("commune").state()).isEqualTo("applied");
        write("commune/accounts.yaml", account("a", "login-2") + account("b", "login-1"));
        twoLooks();
        assertThat(enabled("commune")).as("exchanged").containsExactly("a=login-2", "b=login-1");
        write("commune/accounts.yaml", account("a", "login-2") + account("c", "login-1"));
        twoLooks();
        assertThat(enabled("commune")).as("renamed").containsExactly("a=login-2", "c=login-1");
        write("commune/accounts.yaml", account("a", "login-2") + account("c", "login-2"));
        twoLooks();
        assertThat(folder("commune").state()).isEqualTo("broken");
        assertThat(folder("commune").problems())
                .first()
                .asString()
                .contains("accounts.yaml", "settings.system-id", "account \"", "of tenant commune", "ask the carrier");
        assertThat(enabled("commune")).as("its last good state").containsExactly("a=login-2", "c=login-1");
    }

    @Test
    void aFolderThatWantsALoginTakesItWhenAnotherGaveItUp() throws Exception {
        smallTenant("commune");
        smallTenant("voisine");
        write("voisine/tenant.yaml", "name: V\nkind: commune\nagency: {slug: ailleurs, name: Ailleurs}\n");
        write("commune/accounts.yaml", account("sms", "login-1"));
        write("voisine/accounts.yaml", account("sms", "login-1"));
        twoLooks();
        assertThat(folder("commune").state()).isEqualTo("applied");
        assertThat(folder("voisine").state()).isEqualTo("broken");
        assertThat(folder("voisine").problems())
                .first()
                .asString()
                .contains("sms.settings.system-id", "an account of another owner")
                .doesNotContain("commune");
        write("commune/accounts.yaml", account("sms", "login-2"));
        twoLooks();
        watch.scan();
        assertThat(folder("voisine").state()).isEqualTo("applied");
        assertThat(enabled("voisine")).containsExactly("sms=login-1");
    }

    @Test
    void onlyOneNodeAppliesAtATime() throws Exception {
        smallTenant("commune");
        FolderRecords records = new FolderRecords();
        rooms.database.asEngine(c -> {
            assertThat(records.lock(c)).isTrue();
            twoLooks();
            assertThat(folder("commune").state()).isEqualTo("applying");
            return null;
        });
        watch.scan();
        assertThat(folder("commune").state()).isEqualTo("applied");
    }

    @Test
    void nothingIsEverWrittenIntoTheFolder() throws Exception {
        smallTenant("commune");
        Map<Path, String> before = stamps();
        twoLooks();
        assertThat(stamps()).isEqualTo(before);
    }

    @Test
    void theSampleTenantsAreTakenIn() throws Exception {
        copy(SampleTenantsTest.TENANTS, root);
        twoLooks();
        for (Folder folder : watch.folders()) {
            assertThat(folder.state()).as(folder.toString()).isEqualTo("applied");
        }
        assertThat(people("saint-aurel-sur-loue", "population")).isBetween(4_900, 5_000);
        assertThat(people("saint-aurel-sur-loue", "zone-inondable")).isBetween(1_400, 1_700);
        assertThat(people("saint-aurel-sur-loue", "cellule-de-crise")).isEqualTo(7);
        assertThat(people("valchimie-montferrou", "personnel")).isBetween(410, 420);
        assertThat(people("valchimie-montferrou", "site-et-voisinage")).isBetween(1_250, 1_320);
        assertThat(folder("saint-aurel-sur-loue").problems())
                .anySatisfy(p -> assertThat(p).contains("habitants.csv", "rows refused"));
    }

    private Map<Path, String> stamps() throws IOException {
        Map<Path, String> stamps = new HashMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.forEach(file -> {
                try {
                    stamps.put(file, Files.getLastModifiedTime(file).toString());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return stamps;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private record Closing(FolderWatch watch) implements AutoCloseable {
        @Override
        public void close() {
            watch.close();
        }
    }
}
