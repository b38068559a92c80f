package io.tocsin.stories;

import io.tocsin.bench.Bundles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Releases that come after the one that was built: the same distribution with a version and steps of the schema of its own. */
final class NextReleases {
    private static final String SNAPSHOT = "1.0.0-SNAPSHOT";

    private final Path folder;
    private final Map<String, String> steps = new TreeMap<>();

    private NextReleases(Path folder) {
        this.folder = folder;
    }

    /** @param folder for its files; an empty one */
    static NextReleases after(Path archive, Path folder) throws IOException, InterruptedException {
        run(
                "tar",
                "-xzf",
                archive.toString(),
                "-C",
                Files.createDirectory(folder.resolve("dist")).toString());
        return new NextReleases(folder);
    }

    /**
     * Makes the next one: it has the steps of those before, too.
     *
     * @param step its file in the bundle, and its SQL
     * @return its archive
     */
    Path release(String version, String step, String sql) throws IOException, InterruptedException {
        steps.put(step, sql);
        replace("persistence", version, steps);
        replace("cluster", version, Map.of());
        Path archive = folder.resolve(version + ".tar.gz");
        run(
                "tar",
                "--use-compress-program=gzip -1",
                "-cf",
                archive.toString(),
                "-C",
                top().getParent().toString(),
                top().getFileName().toString());
        return archive;
    }

    private void replace(String room, String version, Map<String, String> added) throws IOException {
        Path made = folder.resolve(room + ".jar");
        Bundles.copy(Bundles.shipped(room), made, Map.of("Bundle-Version", version), name -> true, added);
        Path jar = top().resolve("system/io/tocsin/%1$s/%2$s/%1$s-%2$s.jar".formatted(room, SNAPSHOT));
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is not in the distribution");
        }
        Files.move(made, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The one folder that everything in an archive is in. */
    private Path top() throws IOException {
        try (var inside = Files.list(folder.resolve("dist"))) {
            return inside.findFirst().orElseThrow();
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command)).inheritIO().start();
        if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(String.join(" ", command) + " failed");
        }
    }
}
