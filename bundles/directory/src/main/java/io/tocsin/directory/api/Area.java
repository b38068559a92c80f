package io.tocsin.directory.api;

import java.util.List;
import java.util.Optional;

/**
 * A part of the Earth's surface: either inside a ring, or within a distance of a point. Its border belongs to it.
 *
 * @param polygon the corners of the ring in order, 3 to {@value #MOST_CORNERS}; its lines are straight on a map of latitude and longitude (as in
 *     RFC 7946, section 3.1.1), do not cross each other nor the antimeridian. Empty if it is a circle
 * @param circle empty if it is a polygon
 * @since 1.4
 */
public record Area(List<Place> polygon, Optional<Circle> circle) {
    /** Corners of a polygon, its first one not written again at the end. */
    public static final int MOST_CORNERS = 500;

    /** Of a circle. */
    public static final int MOST_METRES = 1_000_000;

    @SuppressWarnings("OptionalAssignedToNull") // what a JSON reader leaves where nothing was written
    public Area {
        polygon = polygon == null ? List.of() : List.copyOf(polygon);
        circle = circle == null ? Optional.empty() : circle;
    }

    public static Area of(List<Place> polygon) {
        return new Area(polygon, Optional.empty());
    }

    public static Area of(Circle circle) {
        return new Area(List.of(), Optional.of(circle));
    }

    /**
     * Everything within a great-circle distance of a point, on a sphere of the Earth's mean radius.
     *
     * @param radiusMetres 1 to {@value Area#MOST_METRES}
     */
    public record Circle(Place centre, double radiusMetres) {}
}
