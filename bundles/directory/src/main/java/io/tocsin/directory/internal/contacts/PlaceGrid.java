package io.tocsin.directory.internal.contacts;

import io.tocsin.directory.api.PeopleMap;
import io.tocsin.directory.api.PeopleMap.Box;
import io.tocsin.directory.api.PeopleMap.Cell;
import io.tocsin.directory.api.Place;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.api.RefusedException.Problem;
import io.tocsin.directory.internal.Sql;
import io.tocsin.directory.internal.value.Degrees;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where contacts live, counted by the database in the cells of a grid: what a browser gets grows with the grid, not with the town. */
final class PlaceGrid {
    /** Cells a side: as many as can be told apart, and hit, on a map of a screen's width. */
    private static final int SIDE = 16;

    private static final String BOUNDS =
            """
            select count(*), min(latitude), min(longitude), max(latitude), max(longitude) from contact
            where tenant_id = ? and state = 'active' and latitude is not null
            """;

    private static final String WITHOUT =
            "select count(*) from contact where tenant_id = ? and state = 'active' and latitude is null";

    private static final String CELLS =
            """
            select avg(latitude), avg(longitude), count(*) from contact
            where tenant_id = ? and state = 'active' and latitude between ? and ? and longitude between ? and ?
            group by least(floor((latitude - ?) * ?), ?), least(floor((longitude - ?) * ?), ?)
            """;

    private PlaceGrid() {}

    private record Everybody(long placed, Optional<Box> bounds) {}

    /** @throws RefusedException if what is asked for is no box */
    static PeopleMap read(Connection connection, int tenantId, Optional<Box> within) throws SQLException {
        within.ifPresent(PlaceGrid::check);
        Everybody everybody = Sql.query(
                        connection,
                        BOUNDS,
                        row -> new Everybody(
                                row.getLong(1),
                                row.getLong(1) == 0
                                        ? Optional.empty()
                                        : Optional.of(new Box(
                                                row.getDouble(2),
                                                row.getDouble(3),
                                                row.getDouble(4),
                                                row.getDouble(5)))),
                        tenantId)
                .get(0);
        long without =
                Sql.one(connection, WITHOUT, row -> row.getLong(1), tenantId).orElseThrow();
        Optional<Box> shown = within.or(everybody::bounds);
        return new PeopleMap(
                everybody.placed(),
                without,
                everybody.bounds(),
                shown.isPresent() ? cells(connection, tenantId, shown.get()) : List.of());
    }

    private static List<Cell> cells(Connection connection, int tenantId, Box box) throws SQLException {
        return Sql.query(
                connection,
                CELLS,
                row -> new Cell(Degrees.rounded(new Place(row.getDouble(1), row.getDouble(2))), row.getInt(3)),
                tenantId,
                box.south(),
                box.north(),
                box.west(),
                box.east(),
                box.south(),
                cellsPerDegree(box.north() - box.south()),
                SIDE - 1,
                box.west(),
                cellsPerDegree(box.east() - box.west()),
                SIDE - 1);
    }

    /** Everybody in one spot is one cell. */
    private static double cellsPerDegree(double degrees) {
        return degrees > 0 ? SIDE / degrees : 0;
    }

    private static void check(Box box) {
        List<Problem> problems = new ArrayList<>();
        Degrees.LATITUDE.problem(box.south()).ifPresent(p -> problems.add(new Problem("south", p)));
        Degrees.LONGITUDE.problem(box.west()).ifPresent(p -> problems.add(new Problem("west", p)));
        Degrees.LATITUDE.problem(box.north()).ifPresent(p -> problems.add(new Problem("north", p)));
        Degrees.LONGITUDE.problem(box.east()).ifPresent(p -> problems.add(new Problem("east", p)));
        if (problems.isEmpty() && box.south() > box.north()) {
            problems.add(new Problem("south", "is north of north: exchange them"));
        }
        if (problems.isEmpty() && box.west() > box.east()) {
            problems.add(new Problem("west", "is east of east: exchange them; a box does not cross the antimeridian"));
        }
        if (!problems.isEmpty()) {
            throw new RefusedException(problems);
        }
    }
}
