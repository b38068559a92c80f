package io.tocsin.directory.internal.lists;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.directory.api.Area;
import io.tocsin.directory.api.Area.Circle;
import io.tocsin.directory.api.ContactLists.ContactList;
import io.tocsin.directory.api.ContactLists.HeadCount;
import io.tocsin.directory.api.Contacts.Contact;
import io.tocsin.directory.api.PeopleMap;
import io.tocsin.directory.api.PeopleMap.Box;
import io.tocsin.directory.api.PeopleMap.Cell;
import io.tocsin.directory.api.Place;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.api.RefusedException.Problem;
import io.tocsin.directory.internal.Room;
import io.tocsin.directory.internal.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists drawn on the map hold just those who live there. */
class AreaListTest {
    private static final Place TOURS = new Place(47.3936, 0.6892);
    private static Room room;
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

    /** Each line: a seed, where, how far the corners are from the middle in millionths of a degree, how many corners. */
    @ParameterizedTest
    @CsvSource({
        "1, 47393600, 689200, 20000, 12",
        // a block of houses: what is wrong by a hundred metres is wrong by all of it
        "2, 47393600, 689200, 400, 5",
        "3, 47393600, 689200, 300000, 500",
        "4, -20880000, 55450000, 250000, 40",
        "5, 78220000, 15640000, 900000, 60",
        "6, 0, 0, 5000, 9",
        "7, -16500000, 179000000, 800000, 25",
        "8, 10000000, -100000000, 45000000, 30",
    })
    void aPolygonHoldsWhomPlainArithmeticSays(long seed, long latitude, long longitude, long radius, int corners) {
        Random random = new Random(seed);
        Place middle = PlainGeometry.at(latitude, longitude);
        List<Place> ring = PlainGeometry.star(random, middle, radius, corners);
        List<Place> places = IntStream.range(0, 3_000)
                .mapToObj(i -> PlainGeometry.near(random, ring, middle, radius))
                .toList();
        people(places);
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < places.size(); i++) {
            if (PlainGeometry.holds(ring, places.get(i))) {
                expected.add("P" + i);
            }
        }
        assertThat(expected.size()).isBetween(300, 2_900);
        save("zone", Area.of(ring));
        assertThat(members("zone")).isEqualTo(expected);
        assertThat(room.lists
                        .countOf(tenant, area("brouillon", Area.of(ring), Set.of()))
                        .people())
                .isEqualTo(expected.size());
    }

    @ParameterizedTest
    @CsvSource({
        "11, 47.3936, 0.6892, 1500",
        "12, 47.3936, 0.6892, 40",
        "13, -20.88, 55.45, 90000",
        "14, 82.5, -62.3, 700000",
        "15, 0, 0, 1000000",
    })
    void aCircleHoldsWhoeverIsWithinItsRadius(long seed, double latitude, double longitude, double radius) {
        Random random = new Random(seed);
        Place centre = new Place(latitude, longitude);
        double high = Math.toDegrees(radius / 6_371_008.8);
        double wide = Math.min(high / Math.cos(Math.toRadians(latitude)), 100);
        List<Place> places = IntStream.range(0, 3_000)
                .mapToObj(i -> new Place(
                        Math.max(-89.9, Math.min(89.9, latitude + high * (2.2 * random.nextDouble() - 1.1))),
                        longitude + wide * (2.2 * random.nextDouble() - 1.1)))
                .map(p -> PlainGeometry.at(Math.round(p.latitude() * 1e6), Math.round(p.longitude() * 1e6)))
                // a millimetre from the border two ways of reckoning may differ
                .filter(p -> Math.abs(PlainGeometry.metres(centre, p) - radius) > 0.001)
                .toList();
        people(places);
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < places.size(); i++) {
            if (PlainGeometry.metres(centre, places.get(i)) <= radius) {
                expected.add("P" + i);
            }
        }
        assertThat(expected.size()).isBetween(300, places.size() - 100);
        save("autour", Area.of(new Circle(centre, radius)));
        assertThat(members("autour")).isEqualTo(expected);
    }

    @Test
    void tagsNarrowAnAreaAndOtherListsAreBuiltOnIt() {
        Area town = Area.of(new Circle(TOURS, 2_000));
        person("A", Set.of("nord"), Optional.of(TOURS));
        person("B", Set.of("nord", "agent"), Optional.of(new Place(47.40, 0.69)));
        person("C", Set.of(), Optional.of(new Place(47.40, 0.69)));
        person("LOIN", Set.of("nord"), Optional.of(new Place(48.85, 2.35)));
        person("NULLE-PART", Set.of("nord"), Optional.empty());
        Contact gone = person("PARTI", Set.of("nord"), Optional.of(TOURS));
        room.contacts.remove(tenant, gone.id(), Room.ACTOR);
        room.lists.save(tenant, area("nord", town, Set.of("nord")), Room.ACTOR);
        room.lists.save(
                tenant,
                new ContactList(
                        "sans-agents",
                        "Sans agents",
                        "area",
                        Set.of(),
                        Set.of(),
                        Set.of("agent"),
                        List.of(),
                        List.of(),
                        0,
                        Optional.of(town)),
                Room.ACTOR);
        room.lists.save(
                tenant,
                new ContactList(
                        "reste",
                        "Reste",
                        "nested",
                        Set.of(),
                        Set.of(),
                        Set.of(),
                        List.of("nord", "sans-agents"),
                        List.of("nord")),
                Room.ACTOR);
        assertThat(members("nord")).containsExactly("A", "B");
        assertThat(members("sans-agents")).containsExactly("A", "C");
        assertThat(members("reste")).containsExactly("C");
        // Said of the lists that stand on an area, too: one of them has no place.
        assertThat(room.lists.count(tenant, List.of("reste")))
                .extracting(HeadCount::people, HeadCount::withoutPlace)
                .containsExactly(1, Optional.of(1));
        ContactList byTags =
                new ContactList("tous", "Tous", "tags", Set.of(), Set.of(), Set.of(), List.of(), List.of());
        assertThat(room.lists.countOf(tenant, byTags).withoutPlace()).isEmpty();
        Optional<Integer> told = room.db
                .database()
                .inTenant(tenant, connection -> room.lists.withoutPlace(connection, tenant, List.of("reste")));
        assertThat(told).contains(1);
        save("desert", Area.of(new Circle(new Place(30, 0), 2_000)));
        List<String> empty = room.db
                .database()
                .inTenant(
                        tenant,
                        connection -> room.lists.emptyAreas(connection, tenant, List.of("nord", "desert", "reste")));
        assertThat(empty).containsExactly("desert");
    }

    @Test
    void anAreaIsReadBackAsItWasSavedAndMaySwitchKind() {
        ContactList saved = save("zone", Area.of(List.of(TOURS, new Place(47.4, 0.7), new Place(47.38, 0.7), TOURS)));
        // closed by its first corner once more, as GeoJSON has it
        assertThat(saved.area().orElseThrow().polygon()).hasSize(3);
        assertThat(room.lists.list(tenant, "zone")).contains(saved);
        ContactList circle = save("zone", Area.of(new Circle(new Place(47.39360049, 0.68920049), 350.5)));
        assertThat(circle.area()).contains(Area.of(new Circle(TOURS, 350.5)));
        assertThat(room.lists.list(tenant, "zone")).contains(circle);
        room.lists.save(
                tenant,
                new ContactList("zone", "Zone", "tags", Set.of(), Set.of(), Set.of(), List.of(), List.of()),
                Room.ACTOR);
        assertThat(room.lists.list(tenant, "zone").orElseThrow().area()).isEmpty();
    }

    @Test
    void whatIsNoAreaIsRefusedWithTheCure() {
        assertThat(refused(Optional.empty()))
                .containsExactly(new Problem("area", "a list of kind area has one: either a polygon or a circle"));
        assertThat(refused(Area.of(List.of(TOURS, new Place(47.4, 0.7)))))
                .containsExactly(new Problem("area.polygon", "has 2 corners: give 3 to 500"));
        assertThat(refused(Area.of(IntStream.range(0, 501)
                        .mapToObj(i -> new Place(i * 0.001, i % 2))
                        .toList())))
                .extracting(Problem::problem)
                .containsExactly("has 501 corners: give 3 to 500");
        assertThat(refused(ring(0, 0, 1, 1, 1, 0, 0, 1)))
                .extracting(Problem::field)
                .containsExactly("area.polygon[2]");
        assertThat(refused(ring(0, 0, 1, 1, 1, 0, 0, 1)))
                .extracting(Problem::problem)
                .first()
                .asString()
                .contains("crosses or touches the line from corner 1");
        // a corner on another line, a way that goes back on itself, a corner twice, all on one line
        assertThat(refused(ring(0, 0, 0, 4, 4, 4, 0, 2))).hasSize(1);
        assertThat(refused(ring(0, 0, 0, 4, 0, 2, 3, 3))).hasSize(1);
        assertThat(refused(ring(0, 0, 0, 4, 2, 2, 4, 4, 4, 0, 2, 2))).hasSize(1);
        assertThat(refused(ring(0, 0, 1, 1, 2, 2))).hasSize(1);
        assertThat(refused(ring(0, 0, 0, 4, 0, 4, 4, 4)))
                .extracting(Problem::problem)
                .first()
                .asString()
                .contains("same point");
        assertThat(refused(ring(-17, 179, -17, -179, -16, 180)))
                .extracting(Problem::problem)
                .first()
                .asString()
                .contains("antimeridian")
                .contains("nested");
        assertThat(refused(ring(91, 0, 1, 181, 0, 1)))
                .extracting(Problem::field)
                .containsExactly("area.polygon[0].latitude", "area.polygon[1].longitude");
        assertThat(refused(Area.of(new Circle(TOURS, Double.NaN))))
                .extracting(Problem::field)
                .containsExactly("area.circle.radiusMetres");
        assertThat(refused(Area.of(new Circle(null, 2_000_000))))
                .extracting(Problem::field)
                .containsExactly("area.circle.centre", "area.circle.radiusMetres");
        assertThat(refused(Area.of(new Circle(new Place(0, 179.99), 5_000))))
                .extracting(Problem::problem)
                .first()
                .asString()
                .contains("antimeridian");
        assertThat(refused(Area.of(new Circle(new Place(89.99, 0), 5_000))))
                .extracting(Problem::problem)
                .first()
                .asString()
                .contains("pole");
        assertThatThrownBy(() -> room.lists.save(
                        tenant,
                        new ContactList(
                                "x",
                                "X",
                                "tags",
                                Set.of(),
                                Set.of(),
                                Set.of(),
                                List.of(),
                                List.of(),
                                0,
                                Optional.of(Area.of(new Circle(TOURS, 100)))),
                        Room.ACTOR))
                .hasMessageContaining("belongs to a list of kind area");
    }

    @Test
    void aMapShowsEverybodyInAFewHundredCells() {
        assertThat(room.contacts.map(tenant, Optional.empty()))
                .isEqualTo(new PeopleMap(0, 0, Optional.empty(), List.of()));
        person("NULLE-PART", Set.of(), Optional.empty());
        person("SEUL", Set.of(), Optional.of(TOURS));
        assertThat(room.contacts.map(tenant, Optional.empty()))
                .isEqualTo(new PeopleMap(
                        1, 1, Optional.of(new Box(47.3936, 0.6892, 47.3936, 0.6892)), List.of(new Cell(TOURS, 1))));
        Random random = new Random(3);
        people(IntStream.range(0, 2_000)
                .mapToObj(i -> new Place(47 + random.nextDouble(), random.nextDouble()))
                .toList());
        PeopleMap all = room.contacts.map(tenant, Optional.empty());
        assertThat(all.placed()).isEqualTo(2_001);
        assertThat(all.cells()).hasSizeBetween(200, 256);
        assertThat(all.cells().stream().mapToInt(Cell::people).sum()).isEqualTo(2_001);
        PeopleMap west = room.contacts.map(tenant, Optional.of(new Box(47, 0, 48, 0.5)));
        assertThat(west.cells())
                .allSatisfy(cell -> assertThat(cell.centre().longitude()).isBetween(0.0, 0.5));
        assertThat(west.cells().stream().mapToInt(Cell::people).sum()).isBetween(900, 1_100);
        assertThat(west.bounds()).isEqualTo(all.bounds());
        assertThatThrownBy(() -> room.contacts.map(tenant, Optional.of(new Box(48, 0, 47, 1))))
                .hasMessageContaining("north of north");
        assertThatThrownBy(() -> room.contacts.map(tenant, Optional.of(new Box(47, 170, 48, 190))))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.problems()).extracting(Problem::field).containsExactly("east"));
    }

    private static Area ring(double... latitudesAndLongitudes) {
        List<Place> ring = new ArrayList<>();
        for (int i = 0; i < latitudesAndLongitudes.length; i += 2) {
            ring.add(new Place(latitudesAndLongitudes[i], latitudesAndLongitudes[i + 1]));
        }
        return Area.of(ring);
    }

    private List<Problem> refused(Area area) {
        return refused(Optional.of(area));
    }

    private List<Problem> refused(Optional<Area> area) {
        try {
            room.lists.save(
                    tenant,
                    new ContactList("x", "X", "area", Set.of(), Set.of(), Set.of(), List.of(), List.of(), 0, area),
                    Room.ACTOR);
        } catch (RefusedException e) {
            return e.problems();
        }
        throw new AssertionError("was taken: " + area);
    }

    private static ContactList area(String slug, Area area, Set<String> allTags) {
        return new ContactList(
                slug, slug, "area", allTags, Set.of(), Set.of(), List.of(), List.of(), 0, Optional.of(area));
    }

    private ContactList save(String slug, Area area) {
        return room.lists.save(tenant, area(slug, area, Set.of()), Room.ACTOR);
    }

    private Contact person(String key, Set<String> tags, Optional<Place> place) {
        Contact plain =
                Room.contact(key, "Nom " + key, tags, key.toLowerCase(java.util.Locale.ROOT) + "@commune.example");
        return room.contacts.save(
                tenant,
                new Contact(
                        0,
                        key,
                        "",
                        plain.lastName(),
                        "fr",
                        Optional.empty(),
                        tags,
                        plain.variables(),
                        plain.origin(),
                        plain.legalBasis(),
                        plain.endpoints(),
                        0,
                        place),
                Room.ACTOR);
    }

    private void people(List<Place> places) {
        room.db.database().inTenant(tenant, connection -> {
            try (var statement = connection.prepareStatement(
                    """
                    insert into contact (tenant_id, external_id, language, origin, legal_basis, latitude, longitude)
                    select ?, 'P' || n - 1, 'fr', 'test', 'mission', y, x
                    from unnest(?::float8[], ?::float8[]) with ordinality as p(y, x, n)
                    """)) {
                statement.setInt(1, tenant);
                statement.setArray(
                        2,
                        connection.createArrayOf(
                                "float8", places.stream().map(Place::latitude).toArray()));
                statement.setArray(
                        3,
                        connection.createArrayOf(
                                "float8", places.stream().map(Place::longitude).toArray()));
                return statement.executeUpdate();
            }
        });
    }

    private Set<String> members(String slug) {
        return room.db.database().inTenant(tenant, connection -> {
            long alert = System.nanoTime();
            room.lists.freeze(connection, tenant, alert, List.of(slug));
            return new TreeSet<>(Sql.query(
                    connection,
                    """
                    select c.external_id from recipient r join contact c using (tenant_id, contact_id)
                    where r.tenant_id = ? and r.alert_id = ?
                    """,
                    row -> row.getString(1),
                    tenant,
                    alert));
        });
    }
}
