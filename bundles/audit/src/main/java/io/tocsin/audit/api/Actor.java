package io.tocsin.audit.api;

import java.util.Objects;

/**
 * Who does something, through which door, from where.
 *
 * @param name a login, {@code key:<id>} for an API key, or {@code system} for the platform itself
 * @param door {@code rest}, {@code phone}, {@code console}, {@code files}, {@code engine}, {@code answer}
 * @param origin the network address or place it came from; may be empty
 */
public record Actor(String name, String door, String origin) {

    public Actor {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(door, "door");
        Objects.requireNonNull(origin, "origin");
    }

    /** The platform acting by itself. */
    public static Actor engine() {
        return new Actor("system", "engine", "");
    }
}
