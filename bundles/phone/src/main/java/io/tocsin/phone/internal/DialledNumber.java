package io.tocsin.phone.internal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A number as it is keyed in France: the E.164 numbers it may be. ARCEP's numbering plan: ten digits after 0, overseas with codes of their own. */
final class DialledNumber {
    private static final Pattern NATIONAL = Pattern.compile("0[1-9][0-9]{8}");
    private static final Pattern INTERNATIONAL = Pattern.compile("00[1-9][0-9]{6,14}");

    /** The nine digits after the 0 are one subscriber's, whichever of these they are in. */
    private static final List<String> COUNTRIES = List.of("+33", "+262", "+508", "+590", "+594", "+596");

    private DialledNumber() {}

    /** @return none if this is no number */
    static Set<String> e164(String keyed) {
        Set<String> numbers = new LinkedHashSet<>();
        if (NATIONAL.matcher(keyed).matches()) {
            COUNTRIES.forEach(country -> numbers.add(country + keyed.substring(1)));
        } else if (INTERNATIONAL.matcher(keyed).matches()) {
            numbers.add("+" + keyed.substring(2));
        }
        return numbers;
    }
}
