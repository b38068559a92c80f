package io.tocsin.portal.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * Runs tests written in TypeScript and hands each of them to JUnit as a test of its own: counted, named and red beside the
 * others. Blocks until all have run.
 */
public final class Vitest {
    private final Path web;

    /** @param web the portal's sources, built before: their {@code node_modules} hold what runs */
    public Vitest(Path web) {
        this.web = web;
    }

    /**
     * @param project the name of a project of {@code vitest.config.ts}
     * @param report where what was said and found is left
     * @throws IllegalStateException when nothing was run, with what was said instead
     */
    public List<DynamicNode> run(String project, Path report, Map<String, String> environment)
            throws IOException, InterruptedException {
        Files.createDirectories(report);
        Path found = report.toAbsolutePath().resolve(project + ".json");
        Path said = report.toAbsolutePath().resolve(project + ".out");
        Files.deleteIfExists(found);
        ProcessBuilder vitest = new ProcessBuilder(
                        web.resolve("node_modules/.bin/node").toAbsolutePath().toString(),
                        "node_modules/vitest/vitest.mjs",
                        "run",
                        "--project=" + project,
                        "--reporter=default",
                        "--reporter=json",
                        "--outputFile.json=" + found)
                .directory(web.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        vitest.environment().putAll(environment);
        vitest.environment().put("NO_COLOR", "1");
        vitest.environment().put("CI", "1");
        Process process = vitest.start();
        try {
            if (!process.waitFor(40, TimeUnit.MINUTES)) {
                throw new IllegalStateException("still running after 40 minutes:\n" + Files.readString(said));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        List<DynamicNode> tests = Files.exists(found) ? tests(new ObjectMapper().readTree(found.toFile())) : List.of();
        if (tests.isEmpty()) {
            throw new IllegalStateException("no test was run:\n" + Files.readString(said));
        }
        if (process.exitValue() != 0) {
            // A rejection nobody waited for fails the run and belongs to no test.
            tests.add(DynamicTest.dynamicTest("the run ends well", () -> {
                throw new AssertionFailedError(Files.readString(said));
            }));
        }
        return tests;
    }

    private List<DynamicNode> tests(JsonNode found) {
        List<DynamicNode> files = new ArrayList<>();
        for (JsonNode file : found.get("testResults")) {
            String name = web.toAbsolutePath()
                    .relativize(Path.of(file.get("name").asText()))
                    .toString();
            List<DynamicNode> tests = new ArrayList<>(
                    StreamSupport.stream(file.get("assertionResults").spliterator(), false)
                            .map(Vitest::test)
                            .toList());
            if (tests.isEmpty()) {
                tests.add(DynamicTest.dynamicTest("can be read", () -> {
                    throw new AssertionFailedError(file.path("message").asText());
                }));
            }
            files.add(DynamicContainer.dynamicContainer(name, tests));
        }
        return files;
    }

    private static DynamicNode test(JsonNode test) {
        return DynamicTest.dynamicTest(test.get("fullName").asText().strip(), () -> {
            switch (test.get("status").asText()) {
                case "passed" -> {}
                case "failed" ->
                    throw new AssertionFailedError(String.join(
                            "\n",
                            StreamSupport.stream(test.get("failureMessages").spliterator(), false)
                                    .map(JsonNode::asText)
                                    .toList()));
                default -> throw new TestAbortedException(test.get("status").asText());
            }
        });
    }
}
