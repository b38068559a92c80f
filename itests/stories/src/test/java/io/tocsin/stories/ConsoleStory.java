package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.bench.RunningNode;
import io.tocsin.lab.people.SeededPeople;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The operator at the console, and what a whole alert leaves behind in the log and on the disk: nothing that is secret. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleStory {
    private static final String TENANT = "saint-aurel-sur-loue";
    private static final String PASSWORD = "quatre agents sur le pont";

    /** A whole number of the ranges of this project's fiction, however it is written. */
    private static final Pattern NUMBER =
            Pattern.compile("(?:\\+33|0033|\\b0)[ .]?(?:6[ .]?39[ .]?98|3[ .]?53[ .]?01)[ .]?\\d\\d[ .]?\\d\\d(?!\\d)");

    private Carriers carriers;
    private RunningNode node;
    private Desk desk;
    private Map<String, String> environment;
    private long alert;

    @BeforeAll
    void start() {
        carriers = Carriers.start(
                sms -> sms.people(new SeededPeople(0.5, List.of("1", "2"), Duration.ZERO, Duration.ofMillis(200), 7)),
                mail -> mail.people(0.5, 0.2).think(Duration.ZERO, Duration.ofMillis(200)));
        environment = new HashMap<>(carriers.environment());
        environment.put("TOCSIN_SECRET_SAINT_AUREL_MAIRE", PASSWORD);
        node = RunningNode.start(List.of(TENANT), environment);
        desk = Desk.open(node, TENANT, "maire@saint-aurel", PASSWORD);
    }

    @AfterAll
    void stop() {
        if (node != null) {
            node.close();
        }
        carriers.close();
    }

    @Test
    @Order(1)
    void everyBundleIsActive() {
        List<String> states = rows(node.console("bundle:list -t 0 --no-format"));
        assertThat(states).hasSizeGreaterThan(50);
        // A fragment is never active: it is resolved, and lives in its host.
        assertThat(states).allSatisfy(row -> assertThat(row).containsPattern("Active|Resolved.*, Hosts: \\d+"));
        assertThat(String.join("\n", states)).contains("Tocsin");
    }

    /** The lines that begin with a bundle's number. */
    private static List<String> rows(String table) {
        return table.lines().filter(line -> line.matches("\\s*\\d+\\s.*")).toList();
    }

    @Test
    @Order(2)
    void tenantsChannelsAccountsAndNodesAreListed() {
        assertThat(node.console("tocsin:tenants")).contains(TENANT, "commune", "active", "files", "applied");
        assertThat(node.console("tocsin:channels")).contains("sms", "mail", "1.0.0");
        assertThat(node.console("tocsin:accounts").lines().filter(line -> line.matches("\\s*\\d+\\s.*")))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).contains(" up "))
                .anySatisfy(line -> assertThat(line).contains("sms"))
                .anySatisfy(line -> assertThat(line).contains(TENANT, "mail"))
                .anySatisfy(line -> assertThat(line).contains(TENANT, "voice"));
        assertThat(node.console("tocsin:cluster")).contains("cluster: alone", "node1 (here)", "primary", "1.0.0");
        assertThat(node.console("tocsin:nodes").lines().filter(line -> line.contains("alive")))
                .singleElement()
                .asString()
                .contains("node1");
    }

    @Test
    @Order(2)
    void operatorsAreMadeAndPutAwayAndTheirPasswordIsShownOnce() throws Exception {
        assertThat(node.console("tocsin:operator suspend operator")).contains("another operator first");
        assertThat(node.console("tocsin:operator password personne")).contains("no operator personne");
        assertThat(node.console("tocsin:operator promote operator")).contains("actions are add, suspend");
        assertThat(node.console("tocsin:operator add Grace")).contains("login");
        String password = shown(node.console("tocsin:operator add grace 'Grace Un'"));
        assertThat(node.console("tocsin:operators")).contains("operator", "grace", "Grace Un", "active");
        node.api().signIn("grace", password);
        String second = shown(node.console("tocsin:operator password grace"));
        assertThat(second).isNotEqualTo(password);
        node.api().signIn("grace", second);
        assertThat(node.console("tocsin:operator suspend grace")).contains("operator grace is suspended");
        assertThat(node.console("tocsin:operators")).contains("suspended");
        for (String log : List.of("log/tocsin.log", "log/console.log")) {
            assertThat(Files.readString(node.data().resolve(log))).as(log).doesNotContain(password, second);
        }
    }

    @Test
    @Order(2)
    void aDrillOfARunbookIsRecordedAndShown() {
        assertThat(node.console("tocsin:drill")).contains("restore", "never", "(overdue)");
        assertThat(node.console("tocsin:drill --seconds 22.5 --note 'de nuit' done site-lost"))
                .contains("site-lost: worked, recorded");
        assertThat(node.console("tocsin:drill failed return")).contains("return: failed, recorded");
        assertThat(node.console("tocsin:drill").lines())
                .anySatisfy(line -> assertThat(line).contains("site-lost", "worked", "22.5", "de nuit"))
                .anySatisfy(line -> assertThat(line).contains("return", "failed (overdue)"));
        assertThatThrownBy(() -> node.console("tocsin:drill done eclipse")).hasMessageContaining("which runbook?");
    }

    private static String shown(String output) {
        Matcher password = Pattern.compile("shown once: (\\S{20,})").matcher(output);
        assertThat(password.find()).as(output).isTrue();
        return password.group(1);
    }

    @Test
    @Order(3)
    void anAlertIsListedAndCanBeControlledWhenNoOtherDoorIsLeft() throws Exception {
        assertThat(node.console("tocsin:alerts " + TENANT)).contains("no alert yet");
        alert = desk.launch("console-1", desk.request("inondation", false, Duration.ofMinutes(10)));
        assertThat(node.console("tocsin:alerts " + TENANT)).contains(String.valueOf(alert), "LIVE", "running");
        assertThat(control("pause")).contains("is paused");
        assertThat(control("resume")).contains("is running");
        assertThat(control("stop")).contains("no action stop; actions are pause, resume, cancel, close");
        assertThat(node.console("tocsin:alert-control pause " + TENANT + " 987654"))
                .contains("has no alert 987654");
        assertThat(node.console("tocsin:alert-control pause nulle-part 1")).contains("no tenant nulle-part");
        desk.await(alert, "many are reached", status -> Desk.count(status, "delivered") > 300);
        int mails = desk.post(
                        "/alerts/" + alert + "/relaunches",
                        Map.of("states", List.of("delivered"), "channel", "mail", "patience", "PT10M"))
                .expect(201)
                .get("waveNo")
                .asInt();
        desk.await(
                alert,
                "mails have left too",
                status -> Desk.wave(status, mails).at("/observations/accepted").asLong() > 100);
        long before = Desk.count(desk.status(alert), "answered");
        String closed = control("close");
        assertThat(closed).contains("is closed").contains("0 pending");
        // answers keep coming, also while the alert is closed and after
        long after = Desk.count(desk.status(alert), "answered");
        Matcher answered = Pattern.compile("(\\d+) answered").matcher(closed);
        assertThat(answered.find()).as(closed).isTrue();
        assertThat(Long.parseLong(answered.group(1))).isBetween(before, after);
        assertThat(control("pause")).contains("closed").doesNotContain("Exception");
        assertThat(desk.all("/journal?").stream()
                        .filter(e -> e.at("/actor/door").asText().equals("console"))
                        .map(e -> e.get("action").asText()))
                .contains("alert.paused", "alert.resumed", "alert.closed");
    }

    @Test
    @Order(4)
    void evidenceIsWrittenIntoAFileOfTheNodesUser() throws Exception {
        Path whole = node.home().resolve("whole.zip");
        Path masked = node.home().resolve("masked.zip");
        String command = "tocsin:evidence ";
        String which = TENANT + " " + alert + " ";
        assertThat(node.console(command + which + whole)).contains("check it with ./tocsin verify " + whole);
        assertThat(node.console(command + "--masked " + which + masked)).contains("bytes");
        assertThat(node.launcher("verify", whole.toString(), "--json"))
                .contains("\"intact\":true", "\"variant\":\"full\"");
        assertThat(node.launcher("verify", masked.toString(), "--json"))
                .contains("\"intact\":true", "\"variant\":\"masked\"");
        assertThat(Files.getPosixFilePermissions(whole)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(journalOf(whole)).as("the end, sealed").contains("alert.closed", "alert.sealed", "\"audience\":");

        assertThat(node.console(command + which + whole)).contains("is there already; name another file");
        Path none = node.home().resolve("none.zip");
        assertThat(node.console(command + TENANT + " 987654 " + none)).contains("has no alert 987654");
        assertThat(none).doesNotExist();
        assertThat(node.console(command + "nulle-part 1 " + none)).contains("no tenant nulle-part");
        assertThat(node.console(command + which + node.home().resolve("no/folder.zip")))
                .contains("cannot be written");
    }

    private static String journalOf(Path evidence) throws IOException {
        try (ZipFile zip = new ZipFile(evidence.toFile())) {
            return new String(zip.getInputStream(zip.getEntry("journal.json")).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String control(String action) {
        return node.console("tocsin:alert-control " + action + " " + TENANT + " " + alert);
    }

    @Test
    @Order(5)
    void theLogHasNoErrorAndNobodysNumber() throws Exception {
        desk.api()
                .download(
                        desk.path("/alerts/" + alert + "/evidence"), node.home().resolve("evidence.zip"));
        List<String> log = Files.readAllLines(node.data().resolve("log/tocsin.log"));
        assertThat(log).isNotEmpty();
        assertThat(log.stream().filter(line -> line.contains("\"level\":\"ERROR\"")))
                .isEmpty();
        assertThat(log.stream().filter(line -> NUMBER.matcher(line).find())).isEmpty();
        assertThat(log.stream().filter(line -> line.contains("@courriel.example")))
                .isEmpty();
    }

    @Test
    @Order(6)
    void theLogSaysOfWhichTenantAndAlertALineIs() throws Exception {
        List<JsonNode> log = new ArrayList<>();
        for (String line : Files.readAllLines(node.data().resolve("log/tocsin.log"))) {
            log.add(new ObjectMapper().readTree(line));
        }
        for (String event : List.of("alert.launched", "wave.opened", "alert.paused", "alert.closed")) {
            assertThat(log.stream().filter(line -> line.at("/message").asText().startsWith(event + ' ')))
                    .as(event)
                    .isNotEmpty()
                    .allSatisfy(line -> {
                        assertThat(line.at("/tenant").asText()).matches("\\d+");
                        assertThat(line.at("/alert").asText()).isEqualTo(String.valueOf(alert));
                    });
        }
        String applied = "tenants.folder.applied folder=" + TENANT + ' ';
        assertThat(log.stream().filter(line -> line.at("/message").asText().startsWith(applied)))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.at("/tenant").asText()).isEqualTo(TENANT));
    }

    @Test
    @Order(7)
    void noSecretIsInTheLogNorAnywhereUnderTheNodesData() throws Exception {
        Collection<String> secrets = environment.entrySet().stream()
                .filter(e -> e.getKey().startsWith("TOCSIN_SECRET_"))
                .map(Map.Entry::getValue)
                .toList();
        assertThat(secrets).hasSizeGreaterThan(2);
        try (Stream<Path> files = Files.walk(node.home().resolve("nodes"))) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String content;
                try {
                    content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                } catch (IOException gone) {
                    // a file of a database at work may go away between the listing and the reading
                    continue;
                }
                for (String secret : secrets) {
                    assertThat(content.contains(
                                    new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)))
                            .as("a secret in " + file)
                            .isFalse();
                }
            }
        }
    }
}
