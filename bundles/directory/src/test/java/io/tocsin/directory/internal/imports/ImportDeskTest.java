package io.tocsin.directory.internal.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.directory.api.Contacts.Contact;
import io.tocsin.directory.api.Contacts.Endpoint;
import io.tocsin.directory.api.Imports.ImportPlan;
import io.tocsin.directory.api.Imports.ImportRun;
import io.tocsin.directory.api.Imports.RowError;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.internal.Room;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportDeskTest {
    private static Room room;

    @TempDir
    Path folder;

    private int tenant;

    @BeforeAll
    static void open() {
        room = new Room();
    }

    @AfterAll
    static void close() {
        room.close();
    }

    @BeforeEach
    void newTenant() {
        tenant = room.newTenant();
    }

    @Test
    void aTownHallsFileGoesIn() throws IOException {
        Path file = file(
                """
                Liste des habitants;;;;;;
                Réf;Nom;Prénom;Tél. portable;Téléphone;Adresse mail;Étiquettes
                A1;Hébert;Zoë;06 39 98 00 01;04 65 71 00 01;zoe@commune.example;Quartier Nord, Bénévole
                A2;Garçon;Noël;06.39.98.00.02 / 06 39 98 00 03;;;
                """,
                "windows-1252");
        ImportRun run = run(file, Room.plan("mairie"));

        assertThat(run)
                .isEqualTo(new ImportRun(
                        run.id(),
                        "mairie",
                        "habitants.csv",
                        false,
                        "done",
                        Optional.empty(),
                        2,
                        2,
                        0,
                        0,
                        0,
                        0,
                        run.startedAt(),
                        run.endedAt(),
                        Map.of(
                                "Réf", "external_id",
                                "Nom", "last_name",
                                "Prénom", "first_name",
                                "Tél. portable", "mobile",
                                "Téléphone", "phone",
                                "Adresse mail", "email",
                                "Étiquettes", "tags"),
                        "agnes"));
        assertThat(run.endedAt()).isPresent();
        Contact zoe = contact("A1");
        assertThat(zoe.firstName()).isEqualTo("Zoë");
        assertThat(zoe.language()).isEqualTo("fr");
        assertThat(zoe.legalBasis()).isEqualTo("public task");
        assertThat(zoe.tags()).containsExactly("bénévole", "quartier nord");
        assertThat(zoe.endpoints())
                .containsExactly(
                        new Endpoint("mobile", "+33639980001", "06 39 98 00 01", "mairie", "public task"),
                        new Endpoint("landline", "+33465710001", "04 65 71 00 01", "mairie", "public task"),
                        new Endpoint("email", "zoe@commune.example", "zoe@commune.example", "mairie", "public task"));
        assertThat(addresses("A2")).containsExactly("+33639980002", "+33639980003");
        assertThat(room.journal.actions(tenant)).containsExactly("import.done");
    }

    @Test
    void sirensAndScreensAreImportedByTheirUrls() throws IOException {
        Path file = file(
                """
                Réf;Nom;Webhook
                S1;Sirène nord;https://Sirens.Commune.Example:443/north?key=A
                S2;Panneau;ftp://panel.commune.example/hush
                S3;Salon;https://chat.commune.example/hooks/1 https://chat2.commune.example/hooks/2
                """,
                "UTF-8");
        ImportRun run = run(file, Room.plan("mairie"));
        assertThat(run.added()).isEqualTo(2);
        assertThat(contact("S1").endpoints())
                .containsExactly(new Endpoint(
                        "webhook",
                        "https://sirens.commune.example/north?key=A",
                        "https://Sirens.Commune.Example:443/north?key=A",
                        "mairie",
                        "public task"));
        assertThat(addresses("S3"))
                .containsExactly("https://chat.commune.example/hooks/1", "https://chat2.commune.example/hooks/2");
        assertThat(errors(run))
                .allSatisfy(e -> assertThat(e.toString()).contains("Webhook").doesNotContain("hush"));
        assertThat(errors(run)).isNotEmpty();
    }

    @Test
    void pagesAreImportedByTheirNames() throws IOException {
        Path file = file(
                """
                Réf;Nom;Publication
                P1;Page de la ville;Saint-Aurel/Ville @alertes@social.example
                P2;Page sans nom;https://alertes.commune.example/ville
                """,
                "UTF-8");
        ImportRun run = run(file, Room.plan("mairie"));
        assertThat(run.added()).isEqualTo(1);
        assertThat(contact("P1").endpoints()).extracting(Endpoint::kind).containsOnly("publication");
        assertThat(addresses("P1")).containsExactly("saint-aurel/ville", "@alertes@social.example");
        assertThat(errors(run)).anySatisfy(e -> assertThat(e.toString())
                .contains("Publication", "write SITE/PAGE, such as saint-aurel/ville, or @name@host"));
    }

    @Test
    void wrongRowsAreToldAndTheRestGoesIn() throws IOException {
        Path file = file(
                """
                Identifiant;Nom;Mobile;E-mail;Langue
                A1;Un;06 39 98 00 01;;fr
                A2;Deux;06 12;deux@commune.example;fr
                A3;Trois;06 12;trois@;fr
                A4;Quatre;;;fr
                A1;Cinq;06 39 98 00 05;;fr
                A6;Six;06 39 98 00 06;;klingon
                A7;Sept;06 39 98 00 01;;en
                A8;Huit;06 39 98 00 08;;fr;de trop
                """,
                "UTF-8");
        ImportRun run = run(file, Room.plan("mairie"));

        assertThat(run.state()).isEqualTo("done");
        assertThat(run.added()).isEqualTo(4);
        assertThat(run.rejected()).isEqualTo(4);
        assertThat(errors(run))
                .extracting(RowError::row, RowError::field, RowError::outcome)
                .containsExactlyInAnyOrder(
                        tuple(3, "Mobile", "partial"),
                        tuple(4, "Mobile", "rejected"),
                        tuple(4, "E-mail", "rejected"),
                        tuple(5, "row", "rejected"),
                        tuple(6, "Identifiant", "rejected"),
                        tuple(7, "Langue", "partial"),
                        tuple(8, "Mobile", "notice"),
                        tuple(9, "row", "rejected"));
        assertThat(errors(run))
                .extracting(RowError::problem)
                .anySatisfy(p -> assertThat(p).contains("A1").contains("row 2"));
        assertThat(addresses("A2")).containsExactly("deux@commune.example");
    }

    @Test
    void errorsArePagedByRow() throws IOException {
        StringBuilder text = new StringBuilder("Nom;Mobile;E-mail\nBon;06 39 98 00 01;\n");
        for (int i = 0; i < 20; i++) {
            text.append("Mal;06;mal\n");
        }
        ImportRun run = run(file(text.toString(), "UTF-8"), Room.plan("mairie"));
        List<RowError> page = room.imports.errors(tenant, run.id(), 0, 3);
        assertThat(page).extracting(RowError::row).containsExactly(3, 3, 4, 4);
        assertThat(room.imports.errors(tenant, run.id(), 4, 100))
                .extracting(RowError::row)
                .doesNotContain(3, 4);
        assertThat(room.imports.errors(room.newTenant(), run.id(), 0, 10)).isEmpty();
    }

    @Test
    void aDryRunSaysTheSameAndChangesNothing() throws IOException {
        Path file = file("Réf;Nom;Mobile\nA1;Un;06 39 98 00 01\nA2;Deux;06 12\n", "UTF-8");
        ImportRun dry = run(file, plan("mairie", true, false));
        assertThat(room.contacts.count(tenant)).isZero();
        ImportRun real = run(file, plan("mairie", false, false));
        assertThat(dry.state()).isEqualTo("done");
        assertThat(List.of(dry.added(), dry.rejected(), dry.rowsRead()))
                .isEqualTo(List.of(real.added(), real.rejected(), real.rowsRead()));
        assertThat(errors(dry)).isEqualTo(errors(real));
        assertThatThrownBy(() -> room.imports.rollback(tenant, dry.id(), Room.ACTOR))
                .hasMessageContaining("dry run");
    }

    @Test
    void aDeltaSyncAddsChangesKeepsAndRemovesWhatIsItsOwn() throws IOException {
        room.contacts.save(tenant, Room.contact("HAND", "Main", Set.of(), "06 39 98 09 99"), Room.ACTOR);
        run(people(1, 20, "a"), Room.plan("mairie"));
        run(file("Réf;Nom;Mobile\nO1;Autre;06 39 98 08 88\n", "UTF-8"), Room.plan("autre source"));

        ImportRun sync = run(people(4, 22, "a"), plan("mairie", false, true));

        assertThat(List.of(sync.added(), sync.changed(), sync.unchanged(), sync.removed()))
                .containsExactly(2, 0, 17, 3);
        assertThat(find("P1")).isEmpty();
        assertThat(find("HAND")).isPresent();
        assertThat(find("O1")).isPresent();

        ImportRun back = run(people(1, 22, "b"), plan("mairie", false, true));
        assertThat(List.of(back.added(), back.changed(), back.unchanged(), back.removed()))
                .containsExactly(3, 19, 0, 0);
        assertThat(contact("P1").lastName()).isEqualTo("Nom1b");
    }

    @Test
    void aFileCutShortDoesNotEmptyTheTown() throws IOException {
        run(people(1, 30, ""), Room.plan("mairie"));
        ImportRun cut = run(people(1, 5, ""), plan("mairie", false, true));
        assertThat(cut.state()).isEqualTo("failed");
        assertThat(cut.problem()).get().asString().contains("25 of the 30").contains("maxRemovedPercent");
        assertThat(room.contacts.count(tenant)).isEqualTo(30);

        ImportPlan meant =
                new ImportPlan("mairie", Map.of(), false, true, "FR", "fr", "public task", Set.of(), Optional.of(100));
        assertThat(run(people(1, 5, ""), meant).removed()).isEqualTo(25);
    }

    @Test
    void whoseRowIsWrongIsNotRemoved() throws IOException {
        run(file("Réf;Nom;Mobile\nA1;Un;06 39 98 00 01\nA2;Deux;06 39 98 00 02\n", "UTF-8"), Room.plan("mairie"));
        ImportRun sync = run(
                file("Réf;Nom;Mobile\nA1;Un;06 39 98 00 01\nA2;Deux;06 39\n", "UTF-8"), plan("mairie", false, true));
        assertThat(sync.removed()).isZero();
        assertThat(find("A2")).isPresent();
    }

    @Test
    void endpointsOfOtherOriginsAndUnmappedFieldsStay() throws IOException {
        Contact mine = Room.contact("A1", "Un", Set.of("conseil"), "06 39 98 00 09", "un@commune.example");
        room.contacts.save(tenant, mine, Room.ACTOR);
        run(file("Réf;Nom;Mobile;var:quartier\nA1;UN;06 39 98 00 01;Nord\n", "UTF-8"), Room.plan("mairie"));
        Contact merged = contact("A1");
        assertThat(merged.lastName()).isEqualTo("UN");
        assertThat(merged.tags()).containsExactly("conseil");
        assertThat(merged.variables()).containsEntry("quartier", "Nord");
        assertThat(merged.origin()).isEqualTo("console");
        assertThat(merged.endpoints())
                .extracting(Endpoint::address, Endpoint::origin)
                .containsExactly(
                        tuple("+33639980001", "mairie"),
                        tuple("+33639980009", "console"),
                        tuple("un@commune.example", "console"));
        assertThat(run(file("Réf;Nom;Mobile;var:quartier\nA1;UN;06 39 98 00 01;Nord\n", "UTF-8"), Room.plan("mairie"))
                        .unchanged())
                .isEqualTo(1);
    }

    @Test
    void withoutIdentifierAPersonIsNameAndFirstAddress() throws IOException {
        String text =
                "Nom;Prénom;Mobile\nHébert;Zoë;06 39 98 00 01\nHEBERT;ZOE;06.39.98.00.01\nHébert;Léa;06 39 98 00 01\n";
        ImportRun first = run(file(text, "UTF-8"), Room.plan("mairie"));
        assertThat(first.added()).isEqualTo(2);
        assertThat(errors(first)).extracting(RowError::outcome).containsExactly("rejected", "notice");
        assertThat(run(file(text, "UTF-8"), Room.plan("mairie")).unchanged()).isEqualTo(2);
    }

    @Test
    void aRollbackPutsEverythingBack() throws IOException {
        run(people(1, 20, "a"), Room.plan("mairie"));
        Contact before = contact("P7");
        room.lists.save(tenant, Fixtures.staticList("astreinte"), Room.ACTOR);
        room.lists.setMembers(tenant, "astreinte", List.of("P1", "P7"), Room.ACTOR);
        ImportRun second = run(people(4, 22, "b"), plan("mairie", false, true));
        assertThat(find("P1")).isEmpty();

        ImportRun undone = room.imports.rollback(tenant, second.id(), Room.ACTOR);

        assertThat(undone.state()).isEqualTo("rolled-back");
        assertThat(room.contacts.count(tenant)).isEqualTo(20);
        assertThat(find("P22")).isEmpty();
        Contact after = contact("P7");
        assertThat(after).usingRecursiveComparison().ignoringFields("version").isEqualTo(before);
        assertThat(room.lists.count(tenant, List.of("astreinte")).people()).isEqualTo(2);
        assertThatThrownBy(() -> room.imports.rollback(tenant, second.id(), Room.ACTOR))
                .hasMessageContaining("already");
        assertThat(room.journal.actions(tenant)).endsWith("import.rolled-back");
    }

    @Test
    void importsAreRolledBackInReverseOrderOnly() throws IOException {
        ImportRun first = run(people(1, 3, "a"), Room.plan("mairie"));
        ImportRun second = run(people(1, 3, "b"), Room.plan("mairie"));
        assertThatThrownBy(() -> room.imports.rollback(tenant, first.id(), Room.ACTOR))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("P1, P2, P3");
        room.imports.rollback(tenant, second.id(), Room.ACTOR);
        room.imports.rollback(tenant, first.id(), Room.ACTOR);
        assertThat(room.contacts.count(tenant)).isZero();
    }

    @Test
    void aHandEditStopsARollbackByName() throws IOException {
        ImportRun run = run(people(1, 3, "a"), Room.plan("mairie"));
        room.contacts.save(tenant, contact("P2"), Room.ACTOR);
        assertThatThrownBy(() -> room.imports.rollback(tenant, run.id(), Room.ACTOR))
                .hasMessageContaining("(P2)");
    }

    @Test
    void theTenantsLimitIsKept() throws IOException {
        room.sql("update tenant set max_contacts = 5 where tenant_id = ?", tenant);
        ImportRun run = run(people(1, 6, ""), Room.plan("mairie"));
        assertThat(run.state()).isEqualTo("failed");
        assertThat(run.problem()).get().asString().contains("6 contacts").contains("5");
        assertThat(room.contacts.count(tenant)).isZero();
        assertThat(room.journal.actions(tenant)).containsExactly("import.failed");
    }

    @Test
    void aFileThatBreaksHalfwayChangesNothingAndSaysWhere() throws IOException {
        String text = "Réf;Nom;Mobile\nA1;Un;06 39 98 00 01\nA2;" + "x".repeat(200_000) + ";06 39 98 00 02\n";
        ImportRun run = run(file(text, "UTF-8"), Room.plan("mairie"));
        assertThat(run.state()).isEqualTo("failed");
        assertThat(run.problem()).get().asString().contains("after line 2");
        assertThat(room.contacts.count(tenant)).isZero();
    }

    @Test
    void aFileOfWhichNothingCanBeTakenFails() throws IOException {
        assertThat(run(file("Nom;Mobile\nUn;06\n", "UTF-8"), Room.plan("m")).problem())
                .get()
                .asString()
                .contains("none of its 1");
        assertThat(run(file("Nom;Mobile\n", "UTF-8"), Room.plan("m")).problem())
                .get()
                .asString()
                .contains("no row");
    }

    @Test
    void columnsAndMappingsThatDoNotFitAreRefusedBeforeTheStart() throws IOException {
        refused(file("Un;Deux\nx;y\n", "UTF-8"), Map.of(), "no row of column titles");
        refused(file("Nom;Prénom\nx;y\n", "UTF-8"), Map.of(), "no column gives a telephone");
        Path file = file("Nom;Numéro de contact\nUn;06 39 98 00 01\n", "UTF-8");
        refused(file, Map.of("Nom", "surname", "Rue", "ignore"), "'surname' is no field");
        refused(file, Map.of("Nom", "last_name", "Portable", "mobile"), "no column of this title");
        refused(file, Map.of("Numéro de contact", "mobile", "Nom", "var:title"), "filled in by the platform");
        assertThat(run(file, plan(Map.of("numero de CONTACT", "mobile", "Nom", "last_name")))
                        .added())
                .isEqualTo(1);
        assertThat(room.imports.latest(tenant, 10)).hasSize(1);
    }

    @Test
    void aPlanThatCannotBeSaysEveryReason() throws IOException {
        Path file = people(1, 1, "");
        ImportPlan plan = new ImportPlan(" ", Map.of(), false, false, "France", "zz", "", Set.of(), Optional.of(150));
        assertThatThrownBy(() -> room.imports.run(tenant, file, "f.csv", plan, Room.ACTOR))
                .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.problems())
                        .extracting(RefusedException.Problem::field)
                        .containsExactly("source", "legalBasis", "language", "region", "maxRemovedPercent"));
    }

    @Test
    void inspectionProposesTheMapping() throws IOException {
        Path file = file(
                "Export du 12/04;;;;;;\nN°;NOM;Prénoms;Tél. portable 1;GSM 2;Courriel;Quartier;Divers\n"
                        + "1;Hébert;Zoë;06 39 98 00 01;;z@c.example;Nord;?\n",
                "windows-1252");
        var seen = room.imports.inspect(file, "f.csv");
        assertThat(seen.encoding()).isEqualTo("windows-1252");
        assertThat(seen.mapping())
                .containsExactly(
                        Map.entry("N°", "external_id"),
                        Map.entry("NOM", "last_name"),
                        Map.entry("Prénoms", "first_name"),
                        Map.entry("Tél. portable 1", "mobile"),
                        Map.entry("GSM 2", "mobile"),
                        Map.entry("Courriel", "email"),
                        Map.entry("Quartier", "var:quartier"),
                        Map.entry("Divers", "ignore"));
        assertThat(seen.firstRows())
                .containsExactly(List.of("1", "Hébert", "Zoë", "06 39 98 00 01", "", "z@c.example", "Nord", "?"));
    }

    @Test
    void importsOfOneTenantWaitForEachOther() throws IOException {
        List<Long> ids = List.of(
                room.imports
                        .start(tenant, people(1, 300, "a"), "a.csv", Room.plan("mairie"), Room.ACTOR)
                        .id(),
                room.imports
                        .start(tenant, people(1, 300, "b"), "b.csv", Room.plan("mairie"), Room.ACTOR)
                        .id(),
                room.imports
                        .start(tenant, people(1, 300, "c"), "c.csv", Room.plan("mairie"), Room.ACTOR)
                        .id());
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> ids.stream()
                .allMatch(id ->
                        room.imports.find(tenant, id).orElseThrow().state().equals("done")));
        assertThat(room.imports.find(tenant, ids.get(0)).orElseThrow().added()).isEqualTo(300);
        assertThat(room.imports.find(tenant, ids.get(2)).orElseThrow().changed())
                .isEqualTo(300);
        assertThat(contact("P1").lastName()).isEqualTo("Nom1c");
        assertThat(room.imports.latest(tenant, 2))
                .extracting(ImportRun::fileName)
                .containsExactly("c.csv", "b.csv");
    }

    @Test
    void aRunWhoseNodeDiedIsGivenUp() {
        Object id = room.sql(
                """
                insert into import_run (tenant_id, source, file_name, file_sha256, mapping, dry_run, state, started_by, beat_at)
                values (?, 'mairie', 'f.csv', '', '{}', false, 'running', 'agnes', now() - interval '2 minutes')
                returning import_id
                """,
                tenant);
        // a node that starts looks for such runs at once
        ImportDesk starting = new ImportDesk(room.db.database(), room.journal, Room.settings());
        try {
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> room.imports
                    .find(tenant, (Long) id)
                    .orElseThrow()
                    .state()
                    .equals("failed"));
        } finally {
            starting.close();
        }
        assertThat(room.imports.find(tenant, (Long) id).orElseThrow().problem())
                .get()
                .asString()
                .contains("node");
    }

    @Test
    void anotherTenantsImportDoesNotExist() throws IOException {
        ImportRun run = run(people(1, 2, ""), Room.plan("mairie"));
        int other = room.newTenant();
        assertThat(room.imports.find(other, run.id())).isEmpty();
        assertThatThrownBy(() -> room.imports.rollback(other, run.id(), Room.ACTOR))
                .isInstanceOf(java.util.NoSuchElementException.class);
    }

    private ImportRun run(Path file, ImportPlan plan) {
        return room.imports.run(tenant, file, file.getFileName().toString().replaceAll("\\d", ""), plan, Room.ACTOR);
    }

    private static ImportPlan plan(String source, boolean dryRun, boolean removeMissing) {
        return new ImportPlan(source, Map.of(), dryRun, removeMissing, "FR", "fr", "public task", Set.of());
    }

    private static ImportPlan plan(Map<String, String> mapping) {
        return new ImportPlan("mairie", mapping, false, false, "FR", "fr", "public task", Set.of());
    }

    private void refused(Path file, Map<String, String> mapping, String reason) {
        assertThatThrownBy(() -> run(file, plan(mapping)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(reason);
    }

    private Path people(int from, int to, String suffix) throws IOException {
        StringBuilder text = new StringBuilder("Réf;Nom;Mobile\n");
        for (int i = from; i <= to; i++) {
            text.append(String.format("P%d;Nom%d%s;06 39 98 %02d %02d%n", i, i, suffix, i / 100, i % 100));
        }
        return file(text.toString(), "UTF-8");
    }

    private Path file(String text, String encoding) throws IOException {
        Path file = Files.createTempDirectory(folder, "f").resolve("habitants.csv");
        Files.write(file, text.getBytes(Charset.forName(encoding)));
        return file;
    }

    private List<RowError> errors(ImportRun run) {
        return room.imports.errors(tenant, run.id(), 0, 1_000);
    }

    private Optional<Contact> find(String externalId) {
        return room.contacts.list(tenant, Optional.of(externalId), Optional.empty(), 0, 1_000).stream()
                .filter(c -> c.externalId().equals(externalId))
                .findFirst();
    }

    private Contact contact(String externalId) {
        return find(externalId).orElseThrow();
    }

    private List<String> addresses(String externalId) {
        return contact(externalId).endpoints().stream().map(Endpoint::address).toList();
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }

    private static final class Fixtures {
        static io.tocsin.directory.api.ContactLists.ContactList staticList(String slug) {
            return new io.tocsin.directory.api.ContactLists.ContactList(
                    slug, slug, "static", Set.of(), Set.of(), Set.of(), List.of(), List.of());
        }
    }
}
