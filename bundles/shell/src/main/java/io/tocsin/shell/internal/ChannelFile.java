package io.tocsin.shell.internal;

import java.net.URI;
import java.nio.file.Path;

/** A jar as it is typed: a path, or a {@code file:} URI. */
final class ChannelFile {
    private ChannelFile() {}

    static Path of(String typed) {
        return typed.startsWith("file:/") ? Path.of(URI.create(typed)) : Path.of(typed);
    }
}
