package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.bench.Api;
import io.tocsin.bench.Bundles;
import io.tocsin.bench.RunningNode;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** An operator swaps the SMS channel while an alert leaves by it: to a new version, back, and to versions that are no good. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SwapStory {
    private static final int PEOPLE = 3000;
    private static final int PER_SECOND = 150;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Pattern DONE =
            Pattern.compile("swap\\.done channel=sms from=\\S+ to=\\S+ refreshed=\\[[^,\\]]+]");

    @TempDir
    private static Path files;

    private static SimulatedSmsc carrier;
    private static RunningNode node;
    private static Api api;

    @BeforeAll
    static void start() throws Exception {
        carrier = SimulatedSmsc.start(SmscOptions.builder()
                .account("tocsin", "swap-sm")
                .latency(Duration.ofMillis(40))
                .receiptDelay(Duration.ofMillis(500))
                .build());
        node = Combe.of(PEOPLE)
                .sms("operateur", 10, carrier.port(), PER_SECOND, "reference-tag: \"0x1400\"")
                .setting("io.tocsin.routing", "swapProvingSeconds", "8")
                .setting("io.tocsin.routing", "swapWatchSeconds", "2")
                .start(Map.of("TOCSIN_SECRET_OPERATEUR", "swap-sm"));
        api = Watched.signIn(node);
    }

    @AfterEach
    void nobodyIsLostNorCountedTwice() {
        node.checkConservation();
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
        carrier.close();
    }

    @Test
    @Order(1)
    void aNewVersionTakesOverAndIsGoneBackFromWhileAnAlertLeaves() throws Exception {
        String shipped = serving();
        Watched alert = launched();
        assertThat(node.console("tocsin:channel-update " + version("1.0.1"))).contains("1.0.1");
        awaitSwaps(1);
        assertThat(serving()).isEqualTo("1.0.1");
        long so = carrier.counters().messages();
        assertThat(so).as("the alert still leaves").isLessThan(PEOPLE);
        assertThat(node.console("tocsin:channel-rollback sms")).contains(shipped);
        awaitSwaps(2);
        assertThat(serving()).isEqualTo(shipped);
        alert.await("everybody is delivered", t -> t.delivered() == PEOPLE);
        exactlyOnce(alert);
        assertThat(alert.totals().flagged()).isZero();
    }

    @Test
    @Order(2)
    void versionsThatAreNoGoodStayOutAndSayWhy() throws Exception {
        String before = serving();
        Watched alert = launched();
        refused(without("1.0.2", "OSGI-INF/"), "channel-sms");
        refused(with("1.0.3", "Import-Package", "io.tocsin.channel.api,com.example.missing"), "com.example.missing");
        refused(
                with("1.0.4", "Import-Package", "io.tocsin.channel.api,io.tocsin.persistence.api"),
                "io.tocsin.persistence.api");
        refused(Path.of("/nowhere/channel.jar"), "/nowhere/channel.jar");
        assertThat(serving()).isEqualTo(before);
        alert.await("everybody is delivered", t -> t.delivered() == PEOPLE);
        exactlyOnce(alert);
    }

    @Test
    @Order(3)
    void aVersionThatCannotBindStaysOutAndSaysWhy() throws Exception {
        String before = serving();
        // whoever is bound stays bound, whoever comes now is refused: a carrier that allows no second set of binds
        carrier.refuseConnections(true);
        refused(version("1.0.5"), "operateur");
        carrier.refuseConnections(false);
        assertThat(serving()).isEqualTo(before);
    }

    @Test
    @Order(4)
    void whatWasChosenHoldsWhenTheNodeStartsAgain() throws Exception {
        node.console("tocsin:channel-update " + version("1.0.6"));
        awaitSwaps(3);
        node.stop();
        node.start();
        api = Watched.signIn(node);
        assertThat(serving()).isEqualTo("1.0.6");
        Watched alert = Watched.launch(api, Combe.FLOOD, Combe.LEFT_BANK);
        alert.await("everybody is delivered", t -> t.delivered() == PEOPLE / 2);
    }

    @Test
    @Order(5)
    void aKarThatIsDroppedTakesOverToo() throws Exception {
        Path archive = files.resolve("partner.kar");
        Bundles.archive(version("1.0.7"), "channel-sms", "1.0.7", archive);
        Files.copy(archive, node.folder().resolve("deploy/partner.kar"));
        await("its channel serves").atMost(LIMIT).until(() -> serving().equals("1.0.7"));
        Watched alert = Watched.launch(api, Combe.FLOOD, Combe.RIGHT_BANK);
        alert.await("everybody is delivered", t -> t.delivered() == PEOPLE / 2);
    }

    private static Watched launched() throws Exception {
        carrier.reset();
        Watched alert = Watched.launch(api, Combe.FLOOD, Combe.ALL);
        alert.await("a part has left", () -> carrier.counters().submits() > PER_SECOND);
        return alert;
    }

    private static void refused(Path file, String why) {
        assertThatThrownBy(() -> node.console("tocsin:channel-update " + file)).hasMessageContaining(why);
    }

    private static void awaitSwaps(int number) {
        await("swap " + number + " is over").atMost(LIMIT).until(() -> swaps() >= number);
    }

    /** Swaps that refreshed one bundle and no other. */
    private static long swaps() throws Exception {
        try (Stream<String> lines = Files.lines(node.data().resolve("log/tocsin.log"))) {
            return lines.filter(line -> DONE.matcher(line).find()).count();
        }
    }

    /** The version of the SMS channel that serves, as the console shows it. */
    private static String serving() {
        return node.console("tocsin:channels")
                .lines()
                .filter(line -> line.startsWith("sms") && line.contains("serving"))
                .map(line -> line.split("[│|]")[1].strip())
                .findFirst()
                .orElse("none");
    }

    private static Path version(String version) throws Exception {
        Path copy = files.resolve("channel-sms-" + version + ".jar");
        Bundles.copy(shipped(), copy, Map.of("Bundle-Version", version), name -> true);
        return copy;
    }

    private static Path with(String version, String header, String value) throws Exception {
        Path copy = files.resolve("channel-sms-" + version + ".jar");
        Bundles.copy(shipped(), copy, Map.of("Bundle-Version", version, header, value), name -> true);
        return copy;
    }

    private static Path without(String version, String folder) throws Exception {
        Path copy = files.resolve("channel-sms-" + version + ".jar");
        Bundles.copy(shipped(), copy, Map.of("Bundle-Version", version), name -> !name.startsWith(folder));
        return copy;
    }

    private static Path shipped() {
        return Bundles.shipped("channel-sms");
    }

    private static void exactlyOnce(Watched alert) throws Exception {
        for (int n : alert.people().keySet()) {
            assertThat(carrier.messagesTo(Combe.number(n)))
                    .as("copies of person %s", n)
                    .isEqualTo(1);
        }
    }
}
