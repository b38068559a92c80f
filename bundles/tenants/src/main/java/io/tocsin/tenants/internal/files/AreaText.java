package io.tocsin.tenants.internal.files;

import io.tocsin.directory.api.Area;
import io.tocsin.directory.api.Area.Circle;
import io.tocsin.directory.api.Place;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the area of a list: {@code polygon}, its corners as "latitude longitude", or {@code centre} and {@code radius-metres}. */
final class AreaText {
    static final Set<String> FIELDS = Set.of("polygon", "centre", "radius-metres");

    private static final Pattern CORNER =
            Pattern.compile("\\s*(-?[0-9]{1,3}(?:\\.[0-9]{1,20})?)[\\s,]+(-?[0-9]{1,3}(?:\\.[0-9]{1,20})?)\\s*");

    private AreaText() {}

    /**
     * @param isAsked whether the list is made by an area; what is wrong with it is told at the map
     * @return the area; empty if none is asked for, or if something is wrong
     */
    static Optional<Area> read(YamlMap map, boolean isAsked) {
        List<String> corners = map.texts("polygon", AreaText::corner);
        Optional<String> centre = map.optional("centre", AreaText::corner);
        Optional<Integer> radius = map.optionalInteger("radius-metres", 1, Area.MOST_METRES);
        if (!isAsked) {
            return Optional.empty();
        }
        boolean isCircle = map.names().contains("centre") || map.names().contains("radius-metres");
        if (isCircle == map.names().contains("polygon")) {
            map.problem("kind", "is area: write either polygon, or centre and radius-metres");
        } else if (isCircle) {
            if (!map.names().contains("centre")) {
                map.problem("centre", "is missing; write it as \"latitude longitude\"");
            }
            if (!map.names().contains("radius-metres")) {
                map.problem("radius-metres", "is missing; write a whole number of metres");
            }
            return centre.flatMap(AreaText::place)
                    .flatMap(place -> radius.map(metres -> Area.of(new Circle(place, metres))));
        } else if (corners.size() < 3 || corners.size() > Area.MOST_CORNERS + 1) {
            map.problem("polygon", "has " + corners.size() + " corners; write 3 to " + Area.MOST_CORNERS);
        } else {
            List<Place> polygon =
                    corners.stream().flatMap(c -> place(c).stream()).toList();
            return polygon.size() == corners.size() ? Optional.of(Area.of(polygon)) : Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<String> corner(String written) {
        return place(written).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "is not a place; write latitude and longitude in decimal degrees, such as 47.3936 0.6892");
    }

    private static Optional<Place> place(String written) {
        Matcher matcher = CORNER.matcher(written);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        double latitude = Double.parseDouble(matcher.group(1));
        double longitude = Double.parseDouble(matcher.group(2));
        return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
                ? Optional.of(new Place(latitude, longitude))
                : Optional.empty();
    }
}
