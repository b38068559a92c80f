package io.tocsin.directory.internal.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.directory.api.Contacts.Contact;
import io.tocsin.directory.api.Contacts.Search;
import io.tocsin.directory.api.Imports.ImportPlan;
import io.tocsin.directory.api.Imports.ImportRun;
import io.tocsin.directory.internal.Room;
import io.tocsin.directory.internal.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who lives together: written by people and by files, found again by the index, put back by a rollback. */
class HouseholdTest {
    private static final String TOWN =
            """
            insert into contact (tenant_id, external_id, first_name, last_name, language, household, tags, variables,
                origin, legal_basis)
            select ?, 'k' || i, 'P', 'N' || i, 'fr', 'F' || i / 4, '{}', '{}', 'test', 'test'
            from generate_series(1, 20000) i
            """;

    private static final String OF_A_HOUSEHOLD =
            """
            select c.contact_id from contact c
            where c.tenant_id = ? and c.state = 'active' and c.contact_id > 0 and c.household = ?
            order by c.contact_id limit 100
            """;

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
    void membersAreFoundAndNobodyElse() {
        save("K1", "F1", "nord");
        save("K2", "F2", "nord");
        save("K3", "F1", "sud");
        save("K4", null, "nord");
        int other = room.newTenant();
        room.contacts.save(other, contact("K5", "F1", "nord"), Room.ACTOR);
        assertThat(members("F1")).containsExactly("K1", "K3");
        assertThat(members(" F1 ")).as("spaces around are nothing").containsExactly("K1", "K3");
        assertThat(members("f1")).as("as the tenant writes it").isEmpty();
        assertThat(members("F3")).isEmpty();
        assertThat(room.contacts.list(
                        tenant, new Search(Optional.empty(), Optional.of("sud"), Optional.of("F1")), 0, 10))
                .extracting(Contact::externalId)
                .containsExactly("K3");
        assertThat(room.contacts.list(tenant, Search.ALL, 0, 10)).hasSize(4);
        room.contacts.remove(
                tenant,
                room.contacts
                        .list(tenant, Search.ofHousehold("F1"), 0, 1)
                        .get(0)
                        .id(),
                Room.ACTOR);
        assertThat(members("F1")).as("who was removed lives there no more").containsExactly("K3");
    }

    @Test
    void theIndexIsUsed() throws SQLException {
        room.db.database().inTenant(tenant, connection -> Sql.update(connection, TOWN, tenant));
        try (var connection = room.db.ownerDataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("analyze contact");
        }
        String plan = room.db
                .database()
                .inTenant(
                        tenant,
                        connection -> String.join(
                                "\n",
                                Sql.query(
                                        connection,
                                        "explain " + OF_A_HOUSEHOLD,
                                        row -> row.getString(1),
                                        tenant,
                                        "F77")));
        assertThat(plan).contains("contact_household");
        assertThat(members("F77")).containsExactly("k308", "k309", "k310", "k311");
    }

    @Test
    void aFileSaysItAndADeltaChangesItAndARollbackPutsItBack() throws IOException {
        ImportRun first = run(
                """
                Id;Nom;Mobile;Logement
                A1;Un;06 39 98 00 01;F1
                A2;Deux;06 39 98 00 02;F1
                A3;Trois;06 39 98 00 03;F2
                A4;Quatre;06 39 98 00 04;
                """,
                Map.of("Id", "external_id", "Nom", "last_name", "Mobile", "mobile", "Logement", "household"));
        assertThat(members("F1")).containsExactly("A1", "A2");
        assertThat(members("F2")).containsExactly("A3");

        ImportRun delta = run(
                """
                Id;Nom;Mobile;Foyer
                A1;Un;06 39 98 00 01;F1
                A2;Deux;06 39 98 00 02;F2
                A3;Trois;06 39 98 00 03;
                A4;Quatre;06 39 98 00 04;F2
                """,
                Map.of());
        assertThat(delta.changed()).isEqualTo(3);
        assertThat(delta.unchanged()).isEqualTo(1);
        assertThat(members("F1")).containsExactly("A1");
        assertThat(members("F2")).containsExactly("A2", "A4");

        run("Id;Nom;Mobile\nA1;Un;06 39 98 00 01\nA2;Deux;06 39 98 00 02\n", Map.of());
        assertThat(members("F2"))
                .as("a file without the column says nothing of it")
                .containsExactly("A2", "A4");

        room.imports.rollback(tenant, delta.id(), Room.ACTOR);
        assertThat(members("F1")).containsExactly("A1", "A2");
        assertThat(members("F2")).containsExactly("A3");
        room.imports.rollback(tenant, first.id(), Room.ACTOR);
        assertThat(members("F1")).isEmpty();
    }

    private ImportRun run(String text, Map<String, String> columns) throws IOException {
        Path file = Files.writeString(folder.resolve("foyers.csv"), text);
        ImportPlan plan = new ImportPlan("mairie", columns, false, false, "FR", "fr", "public task", Set.of());
        ImportRun run = room.imports.run(tenant, file, "foyers.csv", plan, Room.ACTOR);
        assertThat(run.state()).as(run.toString()).isEqualTo("done");
        return run;
    }

    private void save(String externalId, String household, String tag) {
        room.contacts.save(tenant, contact(externalId, household, tag), Room.ACTOR);
    }

    private static Contact contact(String externalId, String household, String tag) {
        Contact given = Room.contact(externalId, "Nom", Set.of(tag), "06 39 98 00 01");
        return new Contact(
                0,
                given.externalId(),
                given.firstName(),
                given.lastName(),
                given.language(),
                Optional.ofNullable(household),
                given.tags(),
                given.variables(),
                given.origin(),
                given.legalBasis(),
                given.endpoints(),
                0);
    }

    private List<String> members(String household) {
        return room.contacts.list(tenant, Search.ofHousehold(household), 0, 100).stream()
                .map(Contact::externalId)
                .toList();
    }
}
