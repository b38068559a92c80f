package io.tocsin.routing.internal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names one target for ever: what we give carriers as our reference and read back from their receipts.
 *
 * @param position the target's place in its wave, from 0
 */
public record TargetRef(int tenantId, long alertId, int waveNo, int position) {
    private static final Pattern WRITTEN =
            Pattern.compile("([0-9a-z]{1,6})\\.([0-9a-z]{1,12})\\.([0-9a-z]{1,6})\\.([0-9a-z]{1,6})");

    /** The reference as carriers see it: four base-36 numbers between dots, at most 33 characters. */
    public String reference() {
        return Integer.toString(tenantId, 36)
                + '.'
                + Long.toString(alertId, 36)
                + '.'
                + Integer.toString(waveNo, 36)
                + '.'
                + Integer.toString(position, 36);
    }

    /** Reads a reference a stranger gave us; empty if it cannot be one of ours. Case is ignored: some carriers change it. */
    public static Optional<TargetRef> parse(String reference) {
        Matcher m = WRITTEN.matcher(reference.strip().toLowerCase(java.util.Locale.ROOT));
        if (!m.matches()) {
            return Optional.empty();
        }
        long tenant = Long.parseLong(m.group(1), 36);
        long alert = Long.parseLong(m.group(2), 36);
        long wave = Long.parseLong(m.group(3), 36);
        long position = Long.parseLong(m.group(4), 36);
        if (tenant > Integer.MAX_VALUE || wave > Integer.MAX_VALUE || position > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        return Optional.of(new TargetRef((int) tenant, alert, (int) wave, (int) position));
    }
}
