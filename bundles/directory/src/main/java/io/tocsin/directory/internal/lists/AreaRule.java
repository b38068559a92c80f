package io.tocsin.directory.internal.lists;

import io.tocsin.directory.api.Area;
import io.tocsin.directory.api.Area.Circle;
import io.tocsin.directory.api.Place;
import io.tocsin.directory.api.RefusedException.Problem;
import io.tocsin.directory.internal.Json;
import io.tocsin.directory.internal.value.Degrees;
import java.util.List;
import java.util.Optional;

/** An area as a rule about contacts: what may be one, how it is stored, and the condition it is in SQL. */
final class AreaRule {
    /** Mean radius R1 of the WGS 84 ellipsoid in metres (IUGG); a great circle is out by half a percent at most. */
    static final double EARTH_METRES = 6_371_008.8;

    private static final String BOX = " and latitude between ? and ? and longitude between ? and ?";

    /**
     * In millionths of a degree, all whole: PostgreSQL compares coordinates with a tolerance of 1e-6, which in degrees would take in
     * people a hundred metres beyond the border of a small area. The polygon is read once, not once a contact.
     */
    private static final String IN_POLYGON =
            BOX + " and point(round(longitude * 1e6), round(latitude * 1e6)) <@ (select ?::polygon)";

    /** Haversine; least, for rounding may leave a little more than 1 at the antipodes. */
    private static final String IN_CIRCLE = BOX
            + """
             and 2 * ? * asin(sqrt(least(1, power(sin(radians(latitude - ?) / 2), 2)
                + cos(radians(?)) * cos(radians(latitude)) * power(sin(radians(longitude - ?) / 2), 2)))) <= ?
            """;

    private AreaRule() {}

    /** As it is stored. */
    private record Stored(List<Place> polygon, Place centre, Double radiusMetres) {}

    static String json(Area area) {
        return Json.write(new Stored(
                area.circle().isPresent() ? null : area.polygon(),
                area.circle().map(Circle::centre).orElse(null),
                area.circle().map(Circle::radiusMetres).orElse(null)));
    }

    static Area of(String json) {
        Stored stored = Json.read(json, Stored.class);
        return stored.centre() == null
                ? Area.of(stored.polygon())
                : Area.of(new Circle(stored.centre(), stored.radiusMetres()));
    }

    /** The area as it is stored, if it is one; what is wrong with it goes to the problems. */
    static Optional<Area> checked(Optional<Area> given, List<Problem> problems) {
        if (given.isEmpty()
                || given.get().polygon().isEmpty() == given.get().circle().isEmpty()) {
            problems.add(new Problem("area", "a list of kind area has one: either a polygon or a circle"));
            return Optional.empty();
        }
        int before = problems.size();
        Area area = given.get();
        if (area.circle().isPresent()) {
            return circle(area.circle().get(), problems).map(Area::of);
        }
        for (int i = 0; i < area.polygon().size() && i <= Area.MOST_CORNERS; i++) {
            place("area.polygon[" + i + "]", area.polygon().get(i), problems);
        }
        if (problems.size() > before) {
            return Optional.empty();
        }
        List<Place> polygon = Ring.stored(area.polygon());
        Ring.of(polygon).problem("area.polygon").ifPresent(problems::add);
        return Optional.of(Area.of(polygon));
    }

    private static Optional<Circle> circle(Circle circle, List<Problem> problems) {
        int before = problems.size();
        if (circle.centre() == null) {
            problems.add(new Problem("area.circle.centre", "is missing: say what the circle is drawn around"));
        } else {
            place("area.circle.centre", circle.centre(), problems);
        }
        double radius = circle.radiusMetres();
        if (!(radius >= 1 && radius <= Area.MOST_METRES)) {
            problems.add(new Problem(
                    "area.circle.radiusMetres", "'" + radius + "' is no radius: give 1 to 1000000, in metres"));
        }
        if (problems.size() > before) {
            return Optional.empty();
        }
        Circle stored = new Circle(Degrees.rounded(circle.centre()), radius);
        Box box = Box.around(stored);
        if (box.south <= -90 || box.north >= 90) {
            problems.add(new Problem("area.circle", "would hold a pole, where nobody lives: make it smaller"));
        } else if (box.west < -180 || box.east > 180) {
            problems.add(
                    new Problem(
                            "area.circle",
                            "would cross the antimeridian: make it smaller, or draw a polygon on each side and a nested list of both"));
        }
        return Optional.of(stored);
    }

    private static void place(String field, Place place, List<Problem> problems) {
        Degrees.LATITUDE.problem(place.latitude()).ifPresent(p -> problems.add(new Problem(field + ".latitude", p)));
        Degrees.LONGITUDE.problem(place.longitude()).ifPresent(p -> problems.add(new Problem(field + ".longitude", p)));
    }

    /**
     * Conditions on contacts, beginning with "and".
     *
     * @param parameters what is bound to them is added here
     */
    static String condition(Area area, List<Object> parameters) {
        if (area.circle().isEmpty()) {
            Box.around(area.polygon()).bind(parameters);
            parameters.add(Ring.of(area.polygon()).asText());
            return IN_POLYGON;
        }
        Circle circle = area.circle().get();
        Box.around(circle).bind(parameters);
        double latitude = circle.centre().latitude();
        parameters.addAll(
                List.of(EARTH_METRES, latitude, latitude, circle.centre().longitude(), circle.radiusMetres()));
        return IN_CIRCLE;
    }

    private record Box(double south, double north, double west, double east) {
        /** A hair, so that rounding leaves nobody on the border out before they are looked at. */
        private static final double MARGIN = 1e-7;

        static Box around(List<Place> polygon) {
            var north = polygon.stream().mapToDouble(Place::latitude).summaryStatistics();
            var east = polygon.stream().mapToDouble(Place::longitude).summaryStatistics();
            return new Box(north.getMin(), north.getMax(), east.getMin(), east.getMax());
        }

        /** Where the circle touches its meridians is nearer the pole than its centre: hence not simply the radius over the cosine. */
        static Box around(Circle circle) {
            double angle = circle.radiusMetres() / EARTH_METRES;
            double high = Math.toDegrees(angle);
            double latitude = circle.centre().latitude();
            double longitude = circle.centre().longitude();
            double ratio = Math.sin(angle) / Math.cos(Math.toRadians(latitude));
            double wide = ratio < 1 ? Math.toDegrees(Math.asin(ratio)) : 360;
            return new Box(latitude - high, latitude + high, longitude - wide, longitude + wide);
        }

        void bind(List<Object> parameters) {
            parameters.addAll(List.of(south - MARGIN, north + MARGIN, west - MARGIN, east + MARGIN));
        }
    }
}
