package io.tocsin.persistence.internal.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The account of the operating system the server runs under: the node's own, or an unprivileged one when the node is
 * root, because PostgreSQL refuses to run as root.
 *
 * @param name the other account; empty for the node's own
 */
record ServerAccount(Optional<String> name) {
    /** The first that exists: one made for Tocsin, then one that every Linux has. */
    private static final List<String> CANDIDATES = List.of("tocsin", "nobody");

    /** @param preferred a name from the settings, empty to choose */
    static ServerAccount choose(String preferred) {
        try {
            boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
            if (!root) {
                return new ServerAccount(Optional.empty());
            }
            List<String> names = preferred.isEmpty() ? CANDIDATES : List.of(preferred);
            List<String> known = Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.split(":", 2)[0])
                    .toList();
            return new ServerAccount(Optional.of(names.stream()
                    .filter(known::contains)
                    .findFirst()
                    .orElseThrow(() -> new EmbeddedPostgresException("PostgreSQL does not run as root and this machine"
                            + " has no account " + String.join(" or ", names)
                            + ": make one (useradd --system tocsin) or run the node as another account than root"))));
        } catch (IOException e) {
            throw EmbeddedPostgresException.of("cannot tell which account runs this node", e);
        }
    }

    /** A process of this account, with a clean environment. */
    ProcessBuilder process(List<String> command) {
        List<String> line = new ArrayList<>();
        name.ifPresent(other -> line.addAll(List.of(
                "setpriv", "--reuid=" + other, "--regid=" + group(other), "--clear-groups", "--no-new-privs", "--")));
        line.addAll(command);
        ProcessBuilder process = new ProcessBuilder(line);
        process.environment().clear();
        process.environment().putAll(Map.of("PATH", "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL", "C", "TZ", "UTC"));
        return process;
    }

    void own(Path path) throws IOException {
        if (name.isPresent()) {
            Files.setOwner(
                    path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name.get()));
        }
    }

    /** Whether this account can get into a folder: a home of mode 0700 above it is enough to keep it out. */
    boolean reaches(Path folder) throws IOException {
        if (name.isEmpty()) {
            return true;
        }
        Process test = process(List.of("test", "-x", folder.toString())).start();
        test.getOutputStream().close();
        return waitFor(test) == 0;
    }

    static int waitFor(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + process.pid(), e);
        }
    }

    private static String group(String account) {
        try {
            return Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.split(":"))
                    .filter(fields -> fields[0].equals(account))
                    .map(fields -> fields[3])
                    .findFirst()
                    .orElse(account);
        } catch (IOException e) {
            throw EmbeddedPostgresException.of("cannot read /etc/passwd", e);
        }
    }
}
