package io.tocsin.channel.fax.internal;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A telephone number, in E.164.
 *
 * @param e164 with its plus
 */
record FaxNumber(String e164) {
    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");
    private static final String FRANCE = "+33";

    static Optional<FaxNumber> of(String written) {
        return E164.matcher(written).matches() ? Optional.of(new FaxNumber(written)) : Optional.empty();
    }

    /**
     * Whether an automatic caller may show it: a French mobile number never (decision 2022-1583 of ARCEP); that a number is the
     * tenant's own the operator answers for.
     */
    boolean mayBeShown() {
        return !e164.startsWith(FRANCE + "6") && !e164.startsWith(FRANCE + "7");
    }

    /** Without most of the number. */
    @Override
    public String toString() {
        return "…" + e164.substring(e164.length() - 2);
    }
}
