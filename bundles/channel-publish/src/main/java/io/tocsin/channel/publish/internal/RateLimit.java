package io.tocsin.channel.publish.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/** When a server wants to be asked again: Retry-After (RFC 9110 section 10.2.3), or Mastodon's X-RateLimit-Reset. */
final class RateLimit {
    /** A server must not put off a message for ever. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private RateLimit() {}

    /** @param headers names in lower case; @return zero if it does not say */
    static Duration pause(Map<String, String> headers, Instant now) {
        Duration asked = Optional.ofNullable(headers.get("retry-after"))
                .flatMap(written -> read(written.strip(), now))
                .or(() -> Optional.ofNullable(headers.get("x-ratelimit-reset"))
                        .filter(reset -> "0".equals(headers.get("x-ratelimit-remaining")))
                        .flatMap(reset -> instant(reset.strip()))
                        .map(at -> Duration.between(now, at)))
                .orElse(Duration.ZERO);
        return asked.isNegative() ? Duration.ZERO : asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }

    private static Optional<Duration> read(String written, Instant now) {
        if (written.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(written)));
        }
        try {
            return Optional.of(Duration.between(
                    now,
                    ZonedDateTime.parse(written, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant()));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> instant(String written) {
        try {
            return Optional.of(Instant.parse(written));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
