package io.tocsin.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever is woken by an event finds it in docs/operations.md: each that a node logs above debug is in its table. */
class LogTableTest {
    private static final Pattern EVENT = Pattern.compile("LOG\\.(?:info|warn|error)\\(\\s*\"([a-z]+[.-][a-z.-]+)[ \"]");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @Test
    void everyEventIsDocumented() throws IOException {
        Path root = root();
        Set<String> logged = new TreeSet<>();
        try (Stream<Path> files = Files.walk(root.resolve("bundles"))) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/main/"))
                    // The simulated carriers are no part of a node.
                    .filter(file -> !file.startsWith(root.resolve("bundles/lab")))
                    .forEach(file -> logged.addAll(events(file)));
        }
        assertThat(logged).hasSizeGreaterThan(60);
        Set<String> undocumented = new TreeSet<>(logged);
        undocumented.removeAll(documented(Files.readAllLines(root.resolve("docs/operations.md"))));
        assertThat(undocumented)
                .as("events to be put into the table of docs/operations.md, \"Log\"")
                .isEmpty();
    }

    private static Set<String> events(Path file) {
        Set<String> events = new TreeSet<>();
        try {
            Matcher found = EVENT.matcher(Files.readString(file));
            while (found.find()) {
                events.add(found.group(1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return events;
    }

    /** {@code `alert.launched` `.paused`} names two. */
    private static Set<String> documented(List<String> page) {
        Set<String> events = new TreeSet<>();
        for (String line : page) {
            String first = "";
            Matcher code = CODE.matcher(line.startsWith("|") ? line : "");
            while (code.find()) {
                String name = code.group(1);
                if (name.startsWith(".") && first.contains(".")) {
                    name = first.substring(0, first.lastIndexOf('.')) + name;
                } else {
                    first = name;
                }
                events.add(name);
            }
        }
        return events;
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/operations.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
