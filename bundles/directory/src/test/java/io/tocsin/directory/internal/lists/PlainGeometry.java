package io.tocsin.directory.internal.lists;

import io.tocsin.directory.api.Place;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Who is in an area, worked out in whole numbers and by another way than the database's. */
final class PlainGeometry {
    private PlainGeometry() {}

    static Place at(long latitude, long longitude) {
        return new Place(latitude / 1e6, longitude / 1e6);
    }

    private static long x(Place place) {
        return Math.round(place.longitude() * 1e6);
    }

    private static long y(Place place) {
        return Math.round(place.latitude() * 1e6);
    }

    /** A ray to the east crosses the border an odd number of times; whoever is on the border is in. */
    static boolean holds(List<Place> ring, Place p) {
        boolean in = false;
        for (int i = 0; i < ring.size(); i++) {
            Place a = ring.get(i);
            Place b = ring.get((i + 1) % ring.size());
            int side = side(a, b, p);
            if (side == 0
                    && Math.min(x(a), x(b)) <= x(p)
                    && x(p) <= Math.max(x(a), x(b))
                    && Math.min(y(a), y(b)) <= y(p)
                    && y(p) <= Math.max(y(a), y(b))) {
                return true;
            }
            if (y(a) > y(p) != y(b) > y(p) && (y(b) > y(a) ? side > 0 : side < 0)) {
                in = !in;
            }
        }
        return in;
    }

    private static int side(Place a, Place b, Place p) {
        return product(x(b) - x(a), y(p) - y(a)).compareTo(product(y(b) - y(a), x(p) - x(a)));
    }

    private static BigInteger product(long a, long b) {
        return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
    }

    /** By the angle between two vectors from the centre of the Earth, which is exact where the haversine is, and made otherwise. */
    static double metres(Place a, Place b) {
        double[] u = vector(a);
        double[] v = vector(b);
        double cross = Math.sqrt(square(u[1] * v[2] - u[2] * v[1])
                + square(u[2] * v[0] - u[0] * v[2])
                + square(u[0] * v[1] - u[1] * v[0]));
        return 6_371_008.8 * Math.atan2(cross, u[0] * v[0] + u[1] * v[1] + u[2] * v[2]);
    }

    private static double[] vector(Place place) {
        double latitude = Math.toRadians(place.latitude());
        double longitude = Math.toRadians(place.longitude());
        return new double[] {
            Math.cos(latitude) * Math.cos(longitude), Math.cos(latitude) * Math.sin(longitude), Math.sin(latitude)
        };
    }

    private static double square(double a) {
        return a * a;
    }

    /** A star with as many corners, no line of which can cross another: each is seen from the middle in an angle of its own. */
    static List<Place> star(Random random, Place middle, long radius, int corners) {
        List<Place> ring = new ArrayList<>();
        for (int i = 0; i < corners; i++) {
            double angle = 2 * Math.PI * (i + 0.4 * random.nextDouble()) / corners;
            double length = radius * (0.3 + 0.7 * random.nextDouble());
            ring.add(at(
                    y(middle) + Math.round(length * Math.sin(angle)),
                    x(middle) + Math.round(length * Math.cos(angle))));
        }
        return ring;
    }

    /** Somewhere in or around the star, now and then on its border: a corner, or a whole point of one of its lines. */
    static Place near(Random random, List<Place> ring, Place middle, long radius) {
        int i = random.nextInt(ring.size());
        Place a = ring.get(i);
        Place b = ring.get((i + 1) % ring.size());
        return switch (random.nextInt(10)) {
            case 0 -> a;
            case 1 -> at((y(a) + y(b)) / 2, (x(a) + x(b)) / 2);
            case 2 -> at(y(a), x(middle) + Math.round(radius * (2.4 * random.nextDouble() - 1.2)));
            default ->
                at(
                        y(middle) + Math.round(radius * (2.4 * random.nextDouble() - 1.2)),
                        x(middle) + Math.round(radius * (2.4 * random.nextDouble() - 1.2)));
        };
    }
}
