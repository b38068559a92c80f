package io.tocsin.directory.internal.lists;

import io.tocsin.directory.api.Area;
import io.tocsin.directory.api.Place;
import io.tocsin.directory.api.RefusedException.Problem;
import io.tocsin.directory.internal.value.Degrees;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The corners of a polygon, in whole millionths of a degree: which of its lines cross is decided exactly, for every product
 * fits a {@code long}. Immutable.
 */
final class Ring {
    private static final long HALF_THE_EARTH = 180_000_000;

    private final List<Corner> corners;

    /** @param x longitude; @param y latitude */
    private record Corner(long x, long y) {
        static Corner of(Place place) {
            return new Corner(Degrees.millionths(place.longitude()), Degrees.millionths(place.latitude()));
        }
    }

    private Ring(List<Corner> corners) {
        this.corners = corners;
    }

    /** @param polygon as it is stored: rounded, and not closed by its first corner once more */
    static Ring of(List<Place> polygon) {
        return new Ring(polygon.stream().map(Corner::of).toList());
    }

    /** The polygon rounded; its first corner, repeated as its last (as GeoJSON asks), is left out. */
    static List<Place> stored(List<Place> given) {
        List<Place> polygon = given.stream().map(Degrees::rounded).collect(Collectors.toCollection(ArrayList::new));
        int last = polygon.size() - 1;
        if (last > 0 && polygon.get(0).equals(polygon.get(last))) {
            polygon.remove(last);
        }
        return List.copyOf(polygon);
    }

    /** @return the first thing that keeps it from being one simple ring */
    Optional<Problem> problem(String field) {
        int n = corners.size();
        if (n < 3 || n > Area.MOST_CORNERS) {
            return Optional.of(new Problem(field, "has " + n + " corners: give 3 to " + Area.MOST_CORNERS));
        }
        for (int i = 0; i < n; i++) {
            Corner a = corners.get(i);
            Corner b = next(i);
            if (a.equals(b)) {
                return Optional.of(new Problem(
                        field + "[" + (i + 1) % n + "]", "is the same point as the one before: take one of them out"));
            }
            if (Math.abs(a.x - b.x) > HALF_THE_EARTH) {
                return Optional.of(new Problem(
                        field + "[" + (i + 1) % n + "]",
                        "is more than 180° of longitude from the one before: the line would cross the antimeridian. Make a"
                                + " list on each side, and a nested one of both"));
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                if (touch(i, j)) {
                    return Optional.of(new Problem(
                            field + "[" + j + "]",
                            "begins a line that crosses or touches the line from corner " + (i + 1)
                                    + ": the border of an area goes round once, move one of the corners"));
                }
            }
        }
        return Optional.empty();
    }

    /** In the text form of PostgreSQL's {@code polygon}, with x to the east. */
    String asText() {
        return corners.stream().map(c -> "(" + c.x + "," + c.y + ")").collect(Collectors.joining(",", "(", ")"));
    }

    private Corner next(int i) {
        return corners.get((i + 1) % corners.size());
    }

    /** Whether two lines have more in common than the corner that neighbours share. */
    private boolean touch(int i, int j) {
        Corner a = corners.get(i);
        Corner b = next(i);
        Corner c = corners.get(j);
        Corner d = next(j);
        if (b.equals(c) && (i + 1) % corners.size() == j) {
            return folded(a, b, d);
        }
        if (d.equals(a) && (j + 1) % corners.size() == i) {
            return folded(c, d, b);
        }
        int abc = turn(a, b, c);
        int abd = turn(a, b, d);
        int cda = turn(c, d, a);
        int cdb = turn(c, d, b);
        return abc != abd && cda != cdb
                || abc == 0 && between(a, b, c)
                || abd == 0 && between(a, b, d)
                || cda == 0 && between(c, d, a)
                || cdb == 0 && between(c, d, b);
    }

    /** Whether the way from a to b goes back on itself to c. */
    private static boolean folded(Corner a, Corner b, Corner c) {
        return turn(a, b, c) == 0
                && Math.signum(a.x - b.x) == Math.signum(c.x - b.x)
                && Math.signum(a.y - b.y) == Math.signum(c.y - b.y);
    }

    /** 1 to the left, -1 to the right, 0 straight. The products are below 7e16 each: a degree has a million parts. */
    private static int turn(Corner a, Corner b, Corner c) {
        return Long.signum((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
    }

    /** Of a point on the line through a and b, whether it is on the part between them. */
    private static boolean between(Corner a, Corner b, Corner p) {
        return Math.min(a.x, b.x) <= p.x
                && p.x <= Math.max(a.x, b.x)
                && Math.min(a.y, b.y) <= p.y
                && p.y <= Math.max(a.y, b.y);
    }
}
