package io.tocsin.lab.phone.internal;

import java.util.LinkedHashSet;
import java.util.Set;

/** Channels that hear each other, or music. On the loop only. */
record Bridge(String id, String type, String application, long created, Set<Call> members) {
    Bridge(String id, String type, String application, long created) {
        this(id, type, application, created, new LinkedHashSet<>());
    }

    boolean holding() {
        return type.contains("holding");
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
