package io.tocsin.directory.internal.value;

import io.tocsin.directory.api.Place;
import java.util.Optional;

/**
 * What the two cells of a place hold together.
 *
 * @param place empty if both are empty or something is wrong
 * @param wrong which of the two is wrong, if one is
 * @param problem what is wrong with it; empty if nothing is
 */
public record PlaceCells(Optional<Place> place, Degrees wrong, String problem) {
    private static final PlaceCells NONE = new PlaceCells(Optional.empty(), Degrees.LATITUDE, "");

    /** What geocoders write for an address they did not find: open sea off Africa. */
    public static final String NULL_ISLAND =
            "0, 0 is in the Gulf of Guinea, and what tools write for an address they did not find: leave both empty";

    public static boolean isNullIsland(Place place) {
        return place.latitude() == 0 && place.longitude() == 0;
    }

    /** @param latitude as written; @param longitude as written */
    public static PlaceCells read(String latitude, String longitude) {
        String north = CleanText.of(latitude);
        String east = CleanText.of(longitude);
        if (north.isEmpty() && east.isEmpty()) {
            return NONE;
        }
        if (north.isEmpty()) {
            return wrong(Degrees.LATITUDE, "is empty, and the longitude is not: give both or neither");
        }
        if (east.isEmpty()) {
            return wrong(Degrees.LONGITUDE, "is empty, and the latitude is not: give both or neither");
        }
        Degrees reading = Degrees.LATITUDE;
        try {
            double degreesNorth = reading.read(north);
            reading = Degrees.LONGITUDE;
            Place place = Degrees.rounded(new Place(degreesNorth, reading.read(east)));
            return isNullIsland(place)
                    ? wrong(Degrees.LATITUDE, NULL_ISLAND)
                    : new PlaceCells(Optional.of(place), Degrees.LATITUDE, "");
        } catch (IllegalArgumentException e) {
            return wrong(reading, e.getMessage());
        }
    }

    private static PlaceCells wrong(Degrees which, String problem) {
        return new PlaceCells(Optional.empty(), which, problem);
    }
}
