package io.tocsin.peers.sites;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Short programs, run to their end. */
final class Commands {
    private Commands() {}

    /** @return what it printed. @throws IOException with what it said when it fails */
    static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return said;
    }

    /** Whether it ended well; what it says is nobody's business. */
    static boolean succeeds(String... command) {
        try {
            run(command);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A script of this package, as one program with its arguments. */
    static List<String> script(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", text(name), name));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** A file of this package. */
    static String text(String name) throws IOException {
        try (var in = Commands.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
