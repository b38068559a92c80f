package io.tocsin.directory.internal.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tocsin.directory.api.Contacts.Contact;
import io.tocsin.directory.api.Contacts.Search;
import io.tocsin.directory.api.Imports.ImportPlan;
import io.tocsin.directory.api.Imports.ImportRun;
import io.tocsin.directory.api.Imports.RowError;
import io.tocsin.directory.api.Place;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.internal.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where people live, out of files. */
class PlaceImportTest {
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
    void placesComeInAreTriedChangedKeptClearedAndUndone() throws IOException {
        Path first = file(
                """
                Réf;Nom;Mobile;Latitude;Lng
                A1;Un;06 39 98 00 01;47,393612345;0,6892
                A2;Deux;06 39 98 00 02; 47.4 ;-0.7
                A3;Trois;06 39 98 00 03;;
                """);
        ImportRun trial = run(first, true, Map.of());
        assertThat(trial.mapping()).containsEntry("Latitude", "latitude").containsEntry("Lng", "longitude");
        assertThat(room.contacts.count(tenant)).isZero();
        run(first, false, Map.of());
        assertThat(contact("A1").place()).contains(new Place(47.393612, 0.6892));
        assertThat(contact("A2").place()).contains(new Place(47.4, -0.7));
        assertThat(contact("A3").place()).isEmpty();
        assertThat(run(first, false, Map.of()).unchanged()).isEqualTo(3);

        // A file without the columns says nothing about where people live.
        assertThat(run(file("Réf;Nom;Mobile\nA1;Un;06 39 98 00 01\n"), false, Map.of())
                        .unchanged())
                .isOne();
        assertThat(contact("A1").place()).isPresent();

        // One with them does: moved, gone, come, and one that cannot be read changes nothing.
        ImportRun moved = run(
                file(
                        """
                        Réf;Nom;Mobile;Latitude;Lng
                        A1;Un;06 39 98 00 01;47.5;0.7
                        A2;Deux;06 39 98 00 02;48.x;0.7
                        A3;Trois;06 39 98 00 03;47.6;0.8
                        """),
                false,
                Map.of());
        assertThat(moved.changed()).isEqualTo(2);
        assertThat(contact("A1").place()).contains(new Place(47.5, 0.7));
        assertThat(contact("A2").place()).contains(new Place(47.4, -0.7));
        assertThat(contact("A3").place()).contains(new Place(47.6, 0.8));
        assertThat(room.imports.errors(tenant, moved.id(), 0, 10))
                .extracting(RowError::row, RowError::field, RowError::problem, RowError::outcome)
                .containsExactly(tuple(
                        3,
                        "Latitude",
                        "'48.x' is no latitude: write decimal degrees (WGS 84) from -90 to 90, such as 48.856614",
                        "partial"));

        ImportRun cleared = run(file("Réf;Nom;Mobile;Latitude;Lng\nA1;Un;06 39 98 00 01;;\n"), false, Map.of());
        assertThat(contact("A1").place()).isEmpty();
        room.imports.rollback(tenant, cleared.id(), Room.ACTOR);
        assertThat(contact("A1").place()).contains(new Place(47.5, 0.7));
        room.imports.rollback(tenant, moved.id(), Room.ACTOR);
        assertThat(contact("A1").place()).contains(new Place(47.393612, 0.6892));
        assertThat(contact("A3").place()).isEmpty();
    }

    @Test
    void whatIsNoPlaceIsSaidByItsColumn() throws IOException {
        ImportRun run = run(
                file(
                        """
                        Réf;Nom;Mobile;lat;lon
                        B1;Un;06 39 98 00 01;91;0,5
                        B2;Deux;06 39 98 00 02;47,4;200
                        B3;Trois;06 39 98 00 03;47,4;
                        B4;Quatre;06 39 98 00 04;;0,7
                        B5;Cinq;06 39 98 00 05;0;0,0
                        B6;Six;06 39 98 00 06;47°23'N;0°41'E
                        B7;Sept;06 39 98 00 07;1e1;5
                        """),
                false,
                Map.of());
        assertThat(run.added()).isEqualTo(7);
        assertThat(room.imports.errors(tenant, run.id(), 0, 20))
                .extracting(RowError::row, RowError::field)
                .containsExactly(
                        tuple(2, "lat"),
                        tuple(3, "lon"),
                        tuple(4, "lon"),
                        tuple(5, "lat"),
                        tuple(6, "lat"),
                        tuple(7, "lat"),
                        tuple(8, "lat"));
        assertThat(room.contacts.map(tenant, java.util.Optional.empty()).placed())
                .isZero();
    }

    @Test
    void halfAPlaceIsNotGuessedAndNotTaken() throws IOException {
        Path half = file("Réf;Nom;Mobile;Latitude;X;Y\nC1;Un;06 39 98 00 01;47.4;1;2\n");
        assertThat(room.imports.inspect(half, "h.csv").mapping())
                .containsEntry("Latitude", "ignore")
                .containsEntry("X", "ignore")
                .containsEntry("Y", "ignore");
        assertThatThrownBy(() ->
                        run(half, false, Map.of("Réf", "external_id", "Mobile", "mobile", "Latitude", "latitude")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("a latitude or a longitude, and not the other");
    }

    private ImportRun run(Path file, boolean dryRun, Map<String, String> mapping) {
        return room.imports.run(
                tenant,
                file,
                "habitants.csv",
                new ImportPlan("mairie", mapping, dryRun, false, "FR", "fr", "public task", Set.of()),
                Room.ACTOR);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "f", ".csv"), text);
    }

    private Contact contact(String externalId) {
        return room.contacts.list(tenant, Search.ALL, 0, 100).stream()
                .filter(c -> c.externalId().equals(externalId))
                .findFirst()
                .orElseThrow();
    }
}
