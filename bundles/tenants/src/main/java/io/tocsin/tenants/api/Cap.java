package io.tocsin.tenants.api;

import java.util.List;
import java.util.Optional;

/**
 * What a local exchange or a site can take: so many messages a second to numbers that begin so, on all nodes together, by
 * whatever account and for whichever alert. Of an agency it is for all of its tenants together.
 *
 * @param id 0 until it is saved
 * @param tenantId its owner; empty: the agency
 * @param name unique with its owner, in small letters
 * @param channels channel types it counts; none: all
 * @param prefixes how the numbers begin: E.164 with the {@code +}; blanks, dots and dashes between digits may be written
 * @param perSecond 0.01 to 100000; below 1 it is one message in more than a second
 * @since 1.1
 */
public record Cap(
        int id,
        int agencyId,
        Optional<Integer> tenantId,
        String name,
        List<String> channels,
        List<String> prefixes,
        double perSecond) {
    public Cap {
        channels = List.copyOf(channels);
        prefixes = List.copyOf(prefixes);
    }
}
