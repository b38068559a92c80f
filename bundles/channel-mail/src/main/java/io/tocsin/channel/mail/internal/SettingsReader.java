package io.tocsin.channel.mail.internal;

import io.tocsin.channel.api.ChannelSettingsException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads settings by type; an error names the setting and the cure and never repeats a value. */
final class SettingsReader {
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");

    private final Map<String, String> settings;

    SettingsReader(Map<String, String> settings) {
        this.settings = settings;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(settings.get(name)).map(String::trim).filter(value -> !value.isEmpty());
    }

    /** Like {@link #text}, but spaces count: they may belong to the secret. */
    Optional<String> secret(String name) {
        return Optional.ofNullable(settings.get(name)).filter(value -> !value.isEmpty());
    }

    String required(String name, String what) throws ChannelSettingsException {
        return text(name).orElseThrow(() -> new ChannelSettingsException(name, "is missing: write " + what));
    }

    int number(String name, int usual, int least, int most) throws ChannelSettingsException {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return usual;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // the same cure as a number out of range
        }
        throw new ChannelSettingsException(name, "must be a whole number from " + least + " to " + most);
    }

    boolean flag(String name, boolean usual) throws ChannelSettingsException {
        String value = text(name).orElse(Boolean.toString(usual)).toLowerCase(Locale.ROOT);
        return switch (value) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw new ChannelSettingsException(name, "must be true or false");
        };
    }

    /** A positive duration of a day at most: {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h}, or ISO 8601 {@code PT10S}. */
    Duration duration(String name, Duration usual) throws ChannelSettingsException {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return usual;
        }
        try {
            Matcher brief = SHORT_DURATION.matcher(value.get());
            Duration duration = brief.matches() ? brief(brief) : Duration.parse(value.get());
            if (!duration.isNegative() && !duration.isZero() && duration.compareTo(Duration.ofDays(1)) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException | ArithmeticException notADuration) {
            // the same cure as a duration out of range
        }
        throw new ChannelSettingsException(name, "must be a duration from 1ms to 24h, such as 10s or PT10S");
    }

    private static Duration brief(Matcher brief) {
        long amount = Long.parseLong(brief.group(1));
        return switch (brief.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }
}
