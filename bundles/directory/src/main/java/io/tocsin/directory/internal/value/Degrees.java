package io.tocsin.directory.internal.value;

import io.tocsin.directory.api.Place;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Latitudes and longitudes as they are stored: WGS 84, decimal degrees, rounded to six decimals. So every place is a whole
 * number of millionths, eleven centimetres at most, and whether it is in an area is decided without rounding.
 */
public enum Degrees {
    LATITUDE("latitude", 90, "48.856614"),
    LONGITUDE("longitude", 180, "2.352222");

    /** Millionths in one degree. */
    public static final double MILLION = 1e6;

    private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]{1,3}(\\.[0-9]{1,20})?");
    private static final int SHOWN = 40;

    private final String word;
    private final int most;
    private final String example;

    Degrees(String word, int most, String example) {
        this.word = word;
        this.most = most;
        this.example = example;
    }

    /** @return what is wrong with it, and what it must be */
    public Optional<String> problem(double degrees) {
        // NaN is between nothing
        return degrees >= -most && degrees <= most ? Optional.empty() : Optional.of(cure(String.valueOf(degrees)));
    }

    /**
     * Reads a cell of a file, with a decimal point or comma.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write
     */
    double read(String text) {
        String plain = text.replace(',', '.').replace('\u2212', '-');
        double degrees = DECIMAL.matcher(plain).matches() ? Double.parseDouble(plain) : Double.NaN;
        if (problem(degrees).isPresent()) {
            throw new IllegalArgumentException(cure(text));
        }
        return degrees;
    }

    private String cure(String written) {
        String shown = written.length() <= SHOWN ? written : written.substring(0, SHOWN - 1) + "…";
        return "'" + shown + "' is no " + word + ": write decimal degrees (WGS 84) from -" + most + " to " + most
                + ", such as " + example;
    }

    /** The place as it is stored. */
    public static Place rounded(Place place) {
        return new Place(rounded(place.latitude()), rounded(place.longitude()));
    }

    private static double rounded(double degrees) {
        // + 0.0: there is no -0 on a map
        return millionths(degrees) / MILLION + 0.0;
    }

    /** Exact for what {@link #rounded(Place)} gives. */
    public static long millionths(double degrees) {
        return Math.round(degrees * MILLION);
    }
}
