package io.tocsin.directory.internal.lists;

import io.tocsin.directory.api.Area;
import io.tocsin.directory.api.Area.Circle;
import io.tocsin.directory.api.ContactLists.ContactList;
import io.tocsin.directory.api.PeopleMap.Box;
import io.tocsin.directory.api.Place;
import io.tocsin.directory.internal.Room;
import io.tocsin.directory.internal.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;

/** How long areas take to be counted and frozen in a directory of a given size, beside what reading all of its places takes. */
public final class AreaBench {
    private static final int ROUNDS = 7;
    private static final double SIDE = 0.6;

    private AreaBench() {}

    public static void main(String[] args) {
        int contacts = args.length > 0 ? Integer.parseInt(args[0]) : 400_000;
        Room room = new Room();
        int tenant = room.newTenant();
        people(room, tenant, contacts);
        people(room, room.newTenant(), contacts / 4);
        Random random = new Random(7);
        Place middle = PlainGeometry.at(47_300_000, 300_000);
        Map<String, LongSupplier> asked = new LinkedHashMap<>();
        asked.put("control: every place read", () -> (long) room.db.database().inTenant(tenant, c -> Sql.one(
                        c,
                        "select count(*) from contact where tenant_id = ? and latitude + longitude > -1000",
                        row -> row.getLong(1),
                        tenant)
                .orElseThrow()));
        Map.of(
                        "500 corners, a whole region",
                        star(random, middle, 300_000, 500),
                        "12 corners, a district",
                        star(random, middle, 20_000, 12))
                .forEach((name, area) -> {
                    asked.put(
                            "counted: " + name,
                            () -> room.lists.countOf(tenant, list("a", area)).people());
                    asked.put("frozen: " + name, () -> frozen(room, tenant, area));
                });
        Area circle = Area.of(new Circle(middle, 1_500));
        asked.put(
                "counted: 1,500 m around a place",
                () -> room.lists.countOf(tenant, list("a", circle)).people());
        asked.put("frozen: 1,500 m around a place", () -> frozen(room, tenant, circle));
        asked.put(
                "map: everybody",
                () -> room.contacts.map(tenant, Optional.empty()).cells().size());
        asked.put("map: a district", () -> room.contacts
                .map(tenant, Optional.of(new Box(47.28, 0.27, 47.32, 0.33)))
                .cells()
                .size());
        asked.forEach((name, question) -> {
            long[] millis = new long[ROUNDS];
            long answer = 0;
            for (int i = 0; i < ROUNDS; i++) {
                long begin = System.nanoTime();
                answer = question.getAsLong();
                millis[i] = (System.nanoTime() - begin) / 1_000_000;
            }
            Arrays.sort(millis);
            System.out.printf(
                    "%-42s %,9d  median %,6d ms, worst %,6d ms%n",
                    name, answer, millis[ROUNDS / 2], millis[ROUNDS - 1]);
        });
        room.close();
    }

    private static Area star(Random random, Place middle, long radius, int corners) {
        return Area.of(PlainGeometry.star(random, middle, radius, corners));
    }

    private static ContactList list(String slug, Area area) {
        return new ContactList(
                slug, slug, "area", Set.of(), Set.of(), Set.of(), List.of(), List.of(), 0, Optional.of(area));
    }

    private static long frozen(Room room, int tenant, Area area) {
        room.lists.save(tenant, list("a", area), Room.ACTOR);
        return room.db.database().inTenant(tenant, connection -> {
            long people = room.lists.freeze(connection, tenant, System.nanoTime(), List.of("a"));
            connection.rollback();
            return people;
        });
    }

    private static void people(Room room, int tenant, int contacts) {
        room.db
                .database()
                .inTenant(
                        tenant,
                        connection -> Sql.update(
                                connection,
                                """
                insert into contact (tenant_id, external_id, language, origin, legal_basis, tags, latitude, longitude)
                select ?, 'C-' || n, 'fr', 'bench', 'mission', '{habitant}',
                    case when n % 20 <> 0 then 47 + ? * frac(n * 0.6180339887) end,
                    case when n % 20 <> 0 then ? * frac(n * 0.7548776662) end
                from generate_series(1, ?) n
                """
                                        .replaceAll("frac\\(([^)]*)\\)", "(($1) - floor($1))"),
                                tenant,
                                SIDE,
                                SIDE,
                                contacts));
        try (Connection owner = room.db.ownerDataSource().getConnection();
                Statement statement = owner.createStatement()) {
            statement.execute("vacuum analyze contact");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
