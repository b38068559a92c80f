package io.tocsin.directory.internal.imports;

import io.tocsin.directory.api.Place;
import io.tocsin.directory.internal.value.Address;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A row of a file as it will be compared with the directory.
 *
 * @param language empty if the row gives none
 * @param household empty if the row gives none
 * @param variables only those with a value
 * @param addresses by rank, each once
 * @param place empty if the row gives none
 * @param keepsPlace the row gives a place that cannot be one: whatever is known already stays
 */
record StagedContact(
        int row,
        String externalId,
        String firstName,
        String lastName,
        String language,
        String household,
        Set<String> tags,
        Map<String, String> variables,
        List<Address> addresses,
        Optional<Place> place,
        boolean keepsPlace) {}
