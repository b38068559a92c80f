package io.tocsin.persistence.internal.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code postmaster.pid} says of a server, believed only while that process lives and runs on this data folder.
 *
 * @param ready whether it accepts connections; false while it starts, recovers or stops
 */
record Postmaster(long pid, int port, boolean ready) {
    private static final int PORT_LINE = 3;
    private static final int STATUS_LINE = 7;

    /** The server running on a data folder now, whoever started it. */
    static Optional<Postmaster> of(Path data) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(data.resolve("postmaster.pid"));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (lines.isEmpty() || lines.get(0).isBlank()) {
            return Optional.empty();
        }
        long pid = Long.parseLong(lines.get(0).strip());
        if (!runsOn(pid, data)) {
            return Optional.empty();
        }
        int port =
                lines.size() > PORT_LINE ? Integer.parseInt(lines.get(PORT_LINE).strip()) : 0;
        boolean ready =
                lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
        return Optional.of(new Postmaster(pid, port, ready));
    }

    /** The pid may have been given to another program since. */
    private static boolean runsOn(long pid, Path data) throws IOException {
        try {
            String command = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.UTF_8);
            List<String> arguments = List.of(command.split("\0"));
            return arguments.get(0).endsWith("postgres") && arguments.contains(data.toString());
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            // The process ended between opening and reading (ESRCH).
            return ProcessHandle.of(pid).isPresent() && Files.exists(Path.of("/proc", Long.toString(pid), "exe"));
        }
    }

    /**
     * Removes a {@code postmaster.pid} whose pid now belongs to another program: the server would take that program for
     * a postmaster and refuse to start. Left alone while the pid is free, because then the server checks by itself that
     * no child of the dead one still writes.
     */
    static void forget(Path data) throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return;
        }
        String first = Files.readAllLines(file).stream().findFirst().orElse("").strip();
        boolean taken =
                first.isEmpty() || ProcessHandle.of(Long.parseLong(first)).isPresent();
        if (taken && noProcessIn(data)) {
            Files.delete(file);
        }
    }

    private static boolean noProcessIn(Path data) {
        return ProcessHandle.allProcesses().noneMatch(process -> {
            try {
                return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                        .equals(data);
            } catch (IOException e) {
                // Another account's process: the server's children are of this node's account, or the node is root.
                return false;
            }
        });
    }
}
