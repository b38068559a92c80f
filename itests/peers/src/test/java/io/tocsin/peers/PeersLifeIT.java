package io.tocsin.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Coming and going of the peers themselves: several at once, killed, started again, and gone with the JVM that started them. */
class PeersLifeIT {
    @Test
    void severalLiveBesideEachOtherAndNothingOfThemIsLeft() throws Exception {
        Path first;
        Path second;
        try (Asterisk one = plain().start();
                Asterisk other = plain().start();
                Ami ami = Ami.connect(one)) {
            first = one.folder();
            second = other.folder();
            assertThat(List.of(one.sip().getPort(), one.ami(), one.ari().getPort()))
                    .doesNotContain(
                            other.sip().getPort(), other.ami(), other.ari().getPort());
            ami.message(message -> "FullyBooted".equals(message.get("Event")));
            assertThat(other.cli("core show version")).startsWith(other.version());
            assertThat(other.booted()).isPositive();
            assertThat(openPorts(first))
                    .as("ports that others than this machine can reach")
                    .isEmpty();
        }
        assertThat(first).doesNotExist();
        assertThat(second).doesNotExist();
        assertThat(processesOf(first)).isEmpty();
        assertThat(processesOf(second)).isEmpty();
    }

    @Test
    void killedInACallItComesBackOnItsPorts() throws Exception {
        try (Phones phones =
                        Phones.builder().phone("0639980001", Phone.answers()).start();
                Asterisk asterisk = plain().trunk("carrier", phones.address()).start()) {
            try (Ari ari = Ari.connect(asterisk, "alerts")) {
                ari.originate("one", "PJSIP/0639980001@carrier", 20);
                ari.event("StasisStart", "one");
                asterisk.kill();
                assertThat(asterisk.alive()).isFalse();
                assertThat(asterisk.folder()).exists();
            }
            asterisk.startAgain();
            try (Ari ari = Ari.connect(asterisk, "alerts")) {
                assertThat(ari.ask("GET", "channels", Map.of())
                                .path("message_body")
                                .asText())
                        .isEqualTo("[]");
            }
            asterisk.stop();
            assertThat(asterisk.alive()).isFalse();
        }
    }

    @Test
    void itDialsUsAndDialsAgain() throws Exception {
        try (WebSocketEar ear = new WebSocketEar();
                Asterisk asterisk = plain().outboundWebSocket("dialled", ear.uri(), "tester")
                        .start()) {
            registered(ear, 1);
            ear.hangUp();
            registered(ear, 2);
            assertThat(asterisk.alive()).isTrue();
        }
    }

    @Test
    void theyEndWithTheProcessThatStartedThem() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dtocsin.root=" + System.getProperty("tocsin.root", ""),
                        Starter.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Path folder;
        Path phones;
        try (var said = new BufferedReader(new InputStreamReader(jvm.getInputStream()))) {
            folder = Path.of(said.readLine());
            phones = Path.of(said.readLine());
            assertThat(processesOf(folder)).isNotEmpty();
            assertThat(processesOf(phones)).isNotEmpty();
            jvm.destroyForcibly().waitFor();
        }
        await().atMost(Duration.ofMinutes(2))
                .until(() ->
                        processesOf(folder).isEmpty() && processesOf(phones).isEmpty());
        await().atMost(Duration.ofMinutes(2)).until(() -> !Files.exists(folder) && !Files.exists(phones));
    }

    @Test
    void whatCannotStandInItsFilesIsRefused() {
        assertThatThrownBy(() -> Asterisk.builder().ariUser("a]\n[b", "x")).hasMessageContaining("letters, digits");
        assertThatThrownBy(() -> Phones.builder().phone("06|07", Phone.answers()))
                .hasMessageContaining("is no number");
        assertThatThrownBy(() -> Phone.answers().presses(Duration.ZERO, "1x")).hasMessageContaining("'x' is no key");
        assertThatThrownBy(() -> Phone.refuses(200)).hasMessageContaining("400 to 699");
    }

    @Test
    void whatAsteriskSaysWhenItDoesNotStartIsPassedOn() {
        assertThatThrownBy(() -> plain().config("asterisk.conf", "runuser = nobody-of-that-name\n")
                        .start()
                        .close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Asterisk does not start")
                .hasMessageContaining("nobody-of-that-name");
    }

    @Test
    void aPortThatAnotherProgramTookIsSeen() throws Exception {
        try (Asterisk one = plain().start()) {
            Map<String, String> taken = Map.of(
                    "http.conf", "bindport = " + one.ari().getPort() + "\n",
                    "manager.conf", "[general](+)\nport = " + one.ami() + "\n",
                    "pjsip.conf",
                            "[other]\ntype = transport\nprotocol = udp\nbind = 127.0.0.1:"
                                    + one.sip().getPort() + "\n");
            taken.forEach((file, text) -> assertThatThrownBy(
                            () -> plain().config(file, text).start().close())
                    .as(file)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("took a port"));
        }
    }

    /** Run in a JVM of its own, which is killed. */
    public static final class Starter {
        private Starter() {}

        public static void main(String[] arguments) throws Exception {
            Asterisk asterisk = plain().start();
            Phones phones =
                    Phones.builder().phone("0639980001", Phone.answers()).start();
            System.out.println(asterisk.folder());
            System.out.println(phones.folder());
            Thread.currentThread().join();
        }
    }

    private static Asterisk.Builder plain() {
        return Asterisk.builder().ariUser("tester", "tester-secret").amiUser("tester", "tester-secret");
    }

    private static void registered(WebSocketEar ear, int times) {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> ear.heard().stream()
                                .map(Ari::read)
                                .filter(event -> event.path("type").asText().equals("ApplicationRegistered")
                                        && event.path("application").asText().equals("dialled"))
                                .count()
                        >= times);
    }

    /** Those whose command names that folder. */
    private static List<Long> processesOf(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(process -> process.getFileName().toString().matches("\\d+"))
                    .filter(process -> commandOf(process).contains(folder + "/"))
                    .map(process -> Long.valueOf(process.getFileName().toString()))
                    .toList();
        }
    }

    private static String commandOf(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    /** TCP ports on every address ({@code 0.0.0.0}, {@code ::}) of the processes of that folder; by UDP its resolver asks, and nobody is served. */
    private static List<String> openPorts(Path folder) throws IOException {
        List<String> sockets = new java.util.ArrayList<>();
        for (Long process : processesOf(folder)) {
            try (Stream<Path> files = Files.list(Path.of("/proc/" + process + "/fd"))) {
                for (Path file : files.toList()) {
                    String target = Files.exists(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)
                            ? Files.readSymbolicLink(file).toString()
                            : "";
                    if (target.startsWith("socket:[")) {
                        sockets.add(target.substring(8, target.length() - 1));
                    }
                }
            }
        }
        List<String> open = new java.util.ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/net/" + table))) {
                String[] words = line.trim().split("\\s+");
                if (words.length > 9
                        && sockets.contains(words[9])
                        && words[1].matches("0+:.*")
                        && !words[1].endsWith(":0000")) {
                    open.add(table + " " + Integer.parseInt(words[1].substring(words[1].indexOf(':') + 1), 16));
                }
            }
        }
        return open;
    }
}
