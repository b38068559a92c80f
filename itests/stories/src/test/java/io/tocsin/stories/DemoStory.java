package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.bench.RunningNode;
import io.tocsin.persistence.testing.Conservation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer types first: the demo, and what it prints; then the evidence in the hands of somebody without the platform. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoStory {
    private static final int PEOPLE = 80;
    private static final Path ROOT = Path.of(System.getProperty("tocsin.root"));

    @TempDir
    static Path folder;

    private static Path home;
    private static RunningNode node;
    private static JsonNode result;
    private static String said;

    @BeforeAll
    static void demo() throws Exception {
        home = Files.createTempDirectory("tocsin-demo-");
        // The database's own account must pass through.
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path errors = folder.resolve("demo.err");
        Path out = folder.resolve("demo.out");
        ProcessBuilder demo = new ProcessBuilder(
                        ROOT.resolve("tocsin").toString(),
                        "demo",
                        "--recipients",
                        String.valueOf(PEOPLE),
                        "--http",
                        "0",
                        "--json")
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile());
        demo.environment().put("TOCSIN_HOME", home.toString());
        demo.environment().put("TOCSIN_HEAP", "512m");
        demo.environment().remove("TERM");
        Process process = demo.start();
        boolean ended = process.waitFor(10, TimeUnit.MINUTES);
        said = Files.readString(errors);
        if (Files.exists(home.resolve("nodes/node1/tocsin.pid"))) {
            node = RunningNode.adopt(home, Map.of(), "node1");
        }
        assertThat(ended).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        String[] lines = Files.readString(out).strip().split("\n");
        result = new ObjectMapper().readTree(lines[lines.length - 1]);
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    @Test
    @Order(1)
    void itTellsWhatItDoesAndHowFarItIs() {
        assertThat(said)
                .contains("starting node 'node1'", "is ready after", "head-count " + PEOPLE + " people")
                .contains("launched alert", "at the end: ")
                .containsPattern(
                        " \\d+\\.\\d % reached  answered \\d+  delivered \\d+  failed \\d+  unknown \\d+  pending \\d+")
                .containsPattern("by telephone: [1-9]\\d* calls, [1-9]\\d* people pressed a key")
                .containsPattern("relaunched \\d+ silent people by SMS|nobody left to relaunch");
        List<Integer> reached = Pattern.compile("(\\d+)\\.\\d % reached")
                .matcher(said)
                .results()
                .map(line -> Integer.parseInt(line.group(1)))
                .toList();
        assertThat(reached).as("people once reached stay reached").isSorted();
        assertThat(reached.get(reached.size() - 1)).isPositive();
    }

    @Test
    @Order(2)
    void itsTotalsAddUp() {
        assertThat(count("recipients")).isEqualTo(PEOPLE);
        Conservation.checkShown(
                count("recipients"),
                count("answered"),
                count("delivered"),
                count("failed"),
                count("unknown"),
                count("pending"));
        assertThat(count("pending")).as("the alert is closed").isZero();
        assertThat(count("answered")).isPositive();
        assertThat(said)
                .contains("reached  answered %d  delivered %d  failed %d  unknown %d  pending 0"
                        .formatted(count("answered"), count("delivered"), count("failed"), count("unknown")));
        node.checkConservation();
    }

    @Test
    @Order(3)
    void theAddressItPrintsAnswersAndTheCredentialsSignIn() throws Exception {
        String address = printed("the node goes on: (http://127\\.0\\.0\\.1:\\d+/)");
        assertThat(result.get("portal").asText()).isEqualTo(address);
        HttpResponse<String> page = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).containsIgnoringCase("tocsin");
        Matcher signIn =
                Pattern.compile("sign in: login (\\S+), password (\\S+)").matcher(said);
        assertThat(signIn.find()).as(said).isTrue();
        JsonNode alert = node.api()
                .signIn(signIn.group(1), signIn.group(2))
                .get("/api/v1/tenants/saint-aurel-sur-loue/alerts/"
                        + result.get("alert").asLong())
                .expect(200);
        assertThat(alert.at("/totals/recipients").asInt()).isEqualTo(PEOPLE);
        assertThat(alert.at("/alert/state").asText()).isEqualTo("CLOSED");
    }

    @Test
    @Order(4)
    void theEvidenceItPrintsIsWholeAndWasCheckedBeforeItsEyes() {
        assertThat(said).contains("INTACT: ");
        assertThat(Path.of(printed("evidence: (\\S+\\.zip)")))
                .isEqualTo(evidence())
                .isRegularFile();
        assertThat(node.launcher("verify", evidence().toString(), "--json")).contains("\"intact\":true");
    }

    @Test
    @Order(5)
    void theEvidenceIsCheckedWithAJdkAndOneBundleOfTheNode() throws Exception {
        Verified intact = verifyAlone(evidence(), "--json");
        assertThat(intact.exit).as(intact.said).isZero();
        assertThat(intact.said).contains("\"intact\":true");

        Path altered = folder.resolve("altered.zip");
        String part = tamper(evidence(), altered);
        Verified found = verifyAlone(altered);
        assertThat(found.exit).as(found.said).isEqualTo(1);
        assertThat(found.said).contains("ALTERED", part);

        Path none = Files.writeString(folder.resolve("none.zip"), "not a zip");
        assertThat(verifyAlone(none).exit).isEqualTo(2);
    }

    private record Verified(int exit, String said) {}

    /** As docs/evidence.md says, in an empty folder and with nothing of ours but that one file. */
    private static Verified verifyAlone(Path file, String... options) throws Exception {
        Path alone = Files.createTempDirectory(folder, "auditor");
        Path bundle = Files.copy(auditBundle(), alone.resolve("audit.jar"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                bundle.getFileName().toString(),
                "io.tocsin.audit.verify.Verify",
                file.toString()));
        command.addAll(List.of(options));
        Path said = alone.resolve("said");
        ProcessBuilder verify = new ProcessBuilder(command)
                .directory(alone.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        verify.environment().clear();
        Process process = verify.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Verified(process.exitValue(), Files.readString(said));
    }

    /** The bundle as it lies in the distribution that the node runs from. */
    private static Path auditBundle() throws IOException {
        String distribution = ProcessHandle.of(node.pid())
                .flatMap(process -> process.info().arguments())
                .stream()
                .flatMap(Stream::of)
                .filter(argument -> argument.startsWith("-Dkaraf.home="))
                .map(argument -> argument.substring("-Dkaraf.home=".length()))
                .findFirst()
                .orElseThrow();
        try (Stream<Path> files = Files.walk(Path.of(distribution, "system/io/tocsin/audit"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Copies a package with one bit turned among its recipients. @return the part touched */
    private static String tamper(Path from, Path to) throws IOException {
        String part = "recipients.csv";
        byte[] content = Files.readAllBytes(from);
        // The name in the local header (APPNOTE 4.3.7) is the first in the file; the record's bytes follow it.
        int name = new String(content, StandardCharsets.ISO_8859_1).indexOf(part, indexOfLocalHeader(content, part));
        content[name + part.length() + 60] ^= 1;
        Files.write(to, content);
        return part;
    }

    private static int indexOfLocalHeader(byte[] content, String part) {
        String octets = new String(content, StandardCharsets.ISO_8859_1);
        for (int at = octets.indexOf("PK\u0003\u0004"); at >= 0; at = octets.indexOf("PK\u0003\u0004", at + 4)) {
            if (octets.startsWith(part, at + 30)) {
                return at;
            }
        }
        throw new AssertionError("no " + part + " in the package");
    }

    private static Path evidence() {
        return Path.of(result.get("evidence").asText());
    }

    private static long count(String state) {
        return result.get(state).asLong();
    }

    private static String printed(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(said);
        assertThat(matcher.find()).as(pattern + " in " + said).isTrue();
        return matcher.group(1);
    }
}
