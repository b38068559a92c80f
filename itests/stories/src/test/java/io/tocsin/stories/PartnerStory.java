package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A partner's ten minutes, word for word as {@code docs/write-a-channel.md} tells them: what stands there is typed on a
 * running node. All the while an alert leaves by SMS, and loses and doubles nobody.
 */
class PartnerStory {
    private static final Path ROOT = Path.of(System.getProperty("tocsin.root")).toAbsolutePath();
    private static final String PASSWORD = "quatre agents sur le pont";
    private static final String TENANT = "saint-aurel-sur-loue";

    /** Of its crisis cell, whom the page pages. */
    private static final int CELL = 7;

    private static final int PEOPLE = 6000;

    /** Slow enough that the alert outlasts the page. */
    private static final int PER_SECOND = 15;

    private static final Pattern STEP = Pattern.compile("(?ms)^```sh step=(\\S+)\\n(.*?)^```$");

    @Test
    void tenMinutesWhileAnAlertLeaves() throws Exception {
        Map<String, String> page = page();
        SmscOptions slow = SmscOptions.builder()
                .account("tocsin", "partner")
                .maxPerSecond(PER_SECOND)
                .receiptDelay(Duration.ofMillis(100))
                .build();
        try (Carriers carriers = Carriers.start(sms -> sms, mail -> mail);
                SimulatedSmsc smsc = SimulatedSmsc.start(slow);
                RunningNode node = Combe.of(PEOPLE)
                        .sms("sms", 10, smsc.port(), 400)
                        .beside(TENANT)
                        .start(environment(carriers))) {
            // As ./tocsin demo leaves it to its user.
            Path secrets = Files.createDirectories(node.folder().resolve("etc/secrets"));
            Files.writeString(secrets.resolve("saint-aurel-maire"), PASSWORD);
            Api api = Watched.signIn(node);
            Watched.awaitAccounts(node);
            Desk.open(node, TENANT, "maire@saint-aurel", PASSWORD);

            Watched alert = Watched.launch(api, Combe.FLOOD, Combe.ALL);
            Map<String, String> said = new TreeMap<>();
            try (Terminal terminal = terminal(node)) {
                for (Map.Entry<String, String> step : page.entrySet()) {
                    said.put(step.getKey(), terminal.type(step.getKey(), step.getValue()));
                    goesOn(alert, smsc, step.getKey());
                }
            }
            assertThat(said.get("install")).contains("org.example.channel-sample", "serves beeper");
            assertThat(said.get("update")).contains("serves beeper", "is kept for tocsin:channel-rollback");
            assertThat(said.get("rollback")).contains("serves beeper");
            assertThat(said.get("remove").lines().filter(line -> line.contains("text")))
                    .as("channels that are left")
                    .noneMatch(line -> line.contains("beeper"));
            paged(partner(node).resolve("beeper/channel-sample/gateway.log"));

            smsc.behave(options -> options.maxPerSecond(0));
            alert.await("everybody is delivered", t -> t.delivered() == PEOPLE);
            assertThat(alert.totals().flagged()).isZero();
            alert.people().forEach((n, person) -> assertThat(smsc.messagesTo(Combe.number(n)))
                    .as("copies of person %s, %s", n, person)
                    .isEqualTo(1));
        }
    }

    private static Map<String, String> environment(Carriers carriers) {
        Map<String, String> environment = new TreeMap<>(carriers.environment());
        environment.put("TOCSIN_SECRET_SMS", "partner");
        environment.put("TOCSIN_SECRET_SAINT_AUREL_MAIRE", PASSWORD);
        return environment;
    }

    /** The steps of the page, in their order. */
    private static Map<String, String> page() throws IOException {
        Map<String, String> steps = new LinkedHashMap<>();
        Matcher step = STEP.matcher(Files.readString(ROOT.resolve("docs/write-a-channel.md")));
        while (step.find()) {
            steps.put(step.group(1), step.group(2));
        }
        assertThat(steps.keySet())
                .as("what the page tells")
                .containsExactly(
                        "kit", "generate", "build", "install", "account", "send", "update", "rollback", "remove");
        return steps;
    }

    private static void goesOn(Watched alert, SimulatedSmsc smsc, String step) {
        long sofar = smsc.counters().messages();
        assertThat(sofar).as("the alert outlasts " + step).isLessThan(PEOPLE);
        alert.await("the alert leaves on after " + step, () -> smsc.counters().messages() > sofar);
    }

    /** Each of the crisis cell has each page once: one of the first version, one of the second, one of the first again. */
    private static void paged(Path gateway) throws IOException {
        List<String> pages = Files.readAllLines(gateway);
        for (int alert = 0; alert < 3; alert++) {
            List<String> its = pages.subList(alert * CELL, (alert + 1) * CELL);
            assertThat(its)
                    .as("pages of alert %s", alert + 1)
                    .allMatch(alert == 1 ? line -> line.contains("[2]") : line -> !line.contains("[2]"));
            assertThat(its).extracting(line -> line.split(" ")[0]).doesNotHaveDuplicates();
        }
        assertThat(pages).hasSize(3 * CELL);
    }

    private static Path partner(RunningNode node) throws IOException {
        return Files.createDirectories(node.home().resolve("partner"));
    }

    /** A partner's terminal in the clone, whose Maven has a repository of its own and takes from this machine's what is there. */
    private static Terminal terminal(RunningNode node) throws IOException {
        Path partner = partner(node);
        Path settings = partner.resolve("settings.xml");
        String machine =
                Path.of(System.getProperty("tocsin.localRepository")).toUri().toString();
        String repository =
                """
                <id>machine</id><url>%s</url>
                <releases><checksumPolicy>ignore</checksumPolicy></releases><snapshots><enabled>false</enabled></snapshots>
                """
                        .formatted(machine);
        Files.writeString(
                settings,
                """
                <settings>
                  <profiles><profile>
                    <id>machine</id>
                    <repositories><repository>%1$s</repository></repositories>
                    <pluginRepositories><pluginRepository>%1$s</pluginRepository></pluginRepositories>
                  </profile></profiles>
                  <activeProfiles><activeProfile>machine</activeProfile></activeProfiles>
                </settings>
                """
                        .formatted(repository));
        Path config = Files.createDirectories(partner.resolve(".mvn")).resolve("maven.config");
        Files.write(config, List.of("-gs", settings.toString(), "-Dmaven.repo.local=" + partner.resolve("m2")));
        Map<String, String> environment = new TreeMap<>();
        environment.put("HOME", partner.toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("PATH", System.getProperty("java.home") + "/bin:" + System.getenv("PATH"));
        environment.put("MAVEN_OPTS", "-Xmx512m -XX:TieredStopAtLevel=1");
        environment.put("TOCSIN_HOME", node.home().toString());
        environment.put("TOCSIN_TENANTS", node.tenants().toString());
        environment.put("HTTP_PORT", String.valueOf(node.http()));
        environment.put("GATEWAY_PORT", String.valueOf(freePort()));
        return new Terminal(ROOT, partner.resolve("terminal"), environment);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
