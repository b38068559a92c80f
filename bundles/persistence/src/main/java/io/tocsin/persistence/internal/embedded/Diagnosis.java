package io.tocsin.persistence.internal.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Turns what PostgreSQL said into why it cannot run and what to do about it. */
final class Diagnosis {
    private static final int LINES = 6;

    /** What the server says, what the operator does. */
    private static final Map<String, String> CURES = Map.of(
            "No space left on device", "the disk is full; free some space, the node tries again by itself",
            "has invalid permissions", "set the folder 'data' back to mode 0700",
            "has wrong ownership", "give the folder 'data' back to the account that runs the server (chown -R)",
            "Permission denied", "let the account that runs the server into this folder and the folders above it",
            "could not map anonymous shared memory", "the machine has less memory free than shared_buffers needs",
            "could not locate a valid checkpoint record", "the data are damaged; restore the last backup",
            "is still in use", "processes of a killed server still run; end them",
            "password authentication failed",
                    "the file superuser-password is not the one this database was made with; put it back",
            "error while loading shared libraries", "a library is missing; install it (Debian: libstdc++6)");

    private Diagnosis() {}

    static String of(String what, Path home, String said) {
        String cure = CURES.entrySet().stream()
                .filter(entry -> said.contains(entry.getKey()))
                .map(entry -> ": " + entry.getValue())
                .findFirst()
                .orElse("");
        List<String> lines = said.lines().filter(line -> !line.isBlank()).toList();
        List<String> telling = lines.size() <= LINES
                ? lines
                : lines.stream()
                        .filter(line -> line.matches(".*(FATAL|PANIC|ERROR|error|could not).*"))
                        .toList();
        String last = telling.stream().skip(Math.max(0, telling.size() - LINES)).collect(Collectors.joining(" | "));
        return what + " in " + home + cure + ". It said: " + last;
    }
}
