package io.tocsin.directory.api;

import java.util.List;
import java.util.Optional;

/**
 * Where the active contacts of a tenant live, as a map shows them: never one by one where there are many.
 *
 * @param placed how many have a place
 * @param withoutPlace how many have none
 * @param bounds the smallest box that holds all who have one; empty if nobody has
 * @param cells of the box asked for, or of the bounds: those that hold anybody
 * @since 1.4
 */
public record PeopleMap(long placed, long withoutPlace, Optional<Box> bounds, List<Cell> cells) {

    /** Decimal degrees in WGS 84; south is no more than north, west no more than east. */
    public record Box(double south, double west, double north, double east) {}

    /** @param centre the mean of the places of its people; of one person, theirs */
    public record Cell(Place centre, int people) {}
}
