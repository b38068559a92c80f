package io.tocsin.persistence.api;

import java.util.Optional;

/**
 * How a node's release and the schema of its database stand to each other.
 *
 * @param knows the highest step of the schema that this release knows; 0 when unknown
 * @param held which steps that take something away wait, for which node and what to do, in words; empty: none waits
 */
public record SchemaState(int knows, Optional<String> held) {
    public static final SchemaState UNKNOWN = new SchemaState(0, Optional.empty());
}
