package io.tocsin.channel.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One setting of a {@link SettingsDefinition}.
 *
 * @param name as accounts write it: lower case, words joined by dashes
 * @param required whether it must be written when there is no {@code otherwise}
 * @param otherwise what it is when nobody writes it
 * @param least of a number its value, of text its length, of a duration how long; as {@code most}
 * @param options the only values there are; empty: any
 * @param description what to write, fit for people; may be empty, never null
 */
public record Setting(
        String name,
        Type type,
        boolean required,
        Optional<String> otherwise,
        Optional<String> least,
        Optional<String> most,
        List<String> options,
        String description) {
    private static final int QUOTED = 60;

    /** What a value must be. {@code SECRET} is text that is never shown. */
    public enum Type {
        TEXT,
        SECRET,
        BOOLEAN,
        NUMBER,
        DURATION
    }

    /** @throws IllegalArgumentException if the bounds are none, or what it is otherwise would be refused */
    public Setting {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(description, "description");
        options = List.copyOf(options);
        for (Optional<String> bound : List.of(least, most)) {
            if (bound.isPresent() && (type == Type.DURATION ? duration(bound.get()) : number(bound.get())).isEmpty()) {
                throw new IllegalArgumentException("setting " + name + ": " + bound.get() + " is no bound of a "
                        + type.name().toLowerCase());
            }
        }
    }

    public boolean secret() {
        return type == Type.SECRET;
    }

    /** What an account says of this setting: spaces around it do not count, nor a blank one, unless it is a secret. */
    public Optional<String> written(Map<String, String> settings) {
        Optional<String> value = Optional.ofNullable(settings.get(name));
        return secret() ? value : value.map(String::strip).filter(text -> !text.isEmpty());
    }

    /** What is wrong with a value and what to write instead; a secret is not repeated. */
    public Optional<String> problem(String value) {
        if (!options.isEmpty()) {
            return options.contains(value)
                    ? Optional.empty()
                    : Optional.of(quoted(value) + "is wrong: write " + String.join(" or ", options));
        }
        return switch (type) {
            case TEXT, SECRET -> text(value);
            case BOOLEAN ->
                value.equals("true") || value.equals("false")
                        ? Optional.empty()
                        : Optional.of(quoted(value) + "is wrong: write true or false");
            case NUMBER ->
                number(value).filter(this::within).isPresent()
                        ? Optional.empty()
                        : Optional.of(quoted(value) + "is wrong: write a whole number" + bounds());
            case DURATION ->
                duration(value).filter(this::within).isPresent()
                        ? Optional.empty()
                        : Optional.of(
                                quoted(value) + "is wrong: write a duration such as 500ms, 5s, 2m or 1h" + bounds());
        };
    }

    /** What to write, for people. */
    String wanted() {
        return !description.isEmpty() ? description : options.isEmpty() ? "a value" : String.join(" or ", options);
    }

    private Optional<String> text(String value) {
        if (most.isPresent() && value.length() > Long.parseLong(most.get())) {
            return Optional.of("is too long: write " + wanted() + ", at most " + most.get() + " characters");
        }
        if (least.isPresent() && value.length() < Long.parseLong(least.get())) {
            return Optional.of("is too short: write " + wanted() + ", at least " + least.get() + " characters");
        }
        return Optional.empty();
    }

    private boolean within(long number) {
        return least.map(bound -> number >= Long.parseLong(bound)).orElse(true)
                && most.map(bound -> number <= Long.parseLong(bound)).orElse(true);
    }

    private boolean within(Duration duration) {
        return !duration.isNegative()
                && least.flatMap(Setting::duration)
                        .map(bound -> duration.compareTo(bound) >= 0)
                        .orElse(true)
                && most.flatMap(Setting::duration)
                        .map(bound -> duration.compareTo(bound) <= 0)
                        .orElse(true);
    }

    private String bounds() {
        return least.map(bound -> " from " + bound).orElse("")
                + most.map(bound -> " to " + bound).orElse("");
    }

    /** A value in an error must not break a log line or fill it. */
    private String quoted(String value) {
        boolean plain = value.length() <= QUOTED && value.chars().noneMatch(Character::isISOControl);
        return secret() || !plain ? "" : "'" + value + "' ";
    }

    static Optional<Long> number(String value) {
        try {
            return Optional.of(Long.parseLong(value));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    static Optional<Duration> duration(String value) {
        return Durations.read(value);
    }
}
