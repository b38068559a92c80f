package io.tocsin.channel.api;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h}, {@code 7d}, or ISO 8601 {@code PT5S}. */
final class Durations {
    private static final Pattern BRIEF = Pattern.compile("([0-9]{1,9})\\s?(ms|s|m|h|d)");

    private Durations() {}

    static Optional<Duration> read(String value) {
        Matcher brief = BRIEF.matcher(value);
        if (brief.matches()) {
            long amount = Long.parseLong(brief.group(1));
            return Optional.of(
                    switch (brief.group(2)) {
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "h" -> Duration.ofHours(amount);
                        default -> Duration.ofDays(amount);
                    });
        }
        try {
            return Optional.of(Duration.parse(value));
        } catch (DateTimeParseException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
