package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * The database's disk fills up in the middle of an alert: launches are refused with the reason, the node says that it is
 * not ready, what runs waits, and all goes on when there is space. Needs the right to mount a file system, as root or by
 * sudo; {@link DiskFullSaidStory} tells the same of what PostgreSQL says, anywhere.
 */
class DiskFullStory {
    private static final int PEOPLE = 2000;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @Test
    void launchesAreRefusedWithTheReasonAndNothingIsLost() throws Exception {
        try (SmallDisk disk = SmallDisk.mount();
                SimulatedSmsc smsc = SimulatedSmsc.start(SmscOptions.builder()
                        .account("tocsin", "disk-sms")
                        .latency(Duration.ofMillis(50))
                        .build());
                RunningNode node = Combe.of(PEOPLE)
                        .sms("sms", 10, smsc.port(), 150, "reference-tag: \"0x1400\"")
                        .setting(
                                "io.tocsin.persistence",
                                "folder",
                                disk.folder().resolve("database").toString())
                        .setting("io.tocsin.routing", "inDoubtGraceSeconds", "5")
                        .start(Map.of("TOCSIN_SECRET_SMS", "disk-sms"))) {
            Api api = Watched.signIn(node);
            Watched.awaitAccounts(node);
            Watched alert = Watched.launch(api, Combe.FLOOD, Combe.ALL);
            alert.await("a part has left", () -> smsc.counters().submits() > PEOPLE / 8);

            disk.fill();
            String key = UUID.randomUUID().toString();
            Map<String, Object> request = Map.of("scenario", Combe.ROADWORKS, "drill", false);
            // What PostgreSQL still has in hand lets a few through: their own keys, so that the last one stays new.
            Api.Answer refused = await("a launch is refused")
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> api.launch(Combe.SLUG, UUID.randomUUID().toString(), request), a -> a.status() != 201);
            assertThat(refused.status()).as(refused.raw().body()).isEqualTo(503);
            assertThat(refused.json().get("type").asText()).matches(".*:(disk-full|database-unavailable)");
            assertThat(api.launch(Combe.SLUG, key, request).status()).isEqualTo(503);
            Api.Answer unready = await("the node says that it is not ready")
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> node.api().get("/health/ready"), a -> a.status() == 503);
            assertThat(unready.raw().body())
                    .containsAnyOf("the disk of PostgreSQL is full", "PostgreSQL does not answer");
            assertThat(node.api().get("/health/live").status()).isEqualTo(200);

            disk.empty();
            await("the node is ready again")
                    .atMost(LIMIT)
                    .until(() -> node.api().get("/health/ready").status() == 200);
            Watched again = alert.through(Watched.signIn(node));
            again.await("everybody is delivered", t -> t.delivered() == PEOPLE);
            again.people().forEach((n, person) -> assertThat(flood(smsc, n))
                    .as("copies of person %s, %s", n, person)
                    .isBetween(1L, person.possibleDuplicate() ? 3L : 1L));
            Api.Answer launched = api.launch(Combe.SLUG, key, request);
            assertThat(launched.status()).as(launched.raw().body()).isEqualTo(201);
        }
    }

    /** Copies of the flood alert that a person got. */
    private static long flood(SimulatedSmsc smsc, int person) {
        return smsc.messages().stream()
                .filter(m ->
                        m.destination().equals(Combe.number(person)) && m.text().startsWith("CRUE"))
                .count();
    }

    /** A disk in memory, just large enough for a database that has begun. */
    private record SmallDisk(Path folder) implements AutoCloseable {

        static SmallDisk mount() throws IOException, InterruptedException {
            Path folder = Files.createTempDirectory("tocsin-disk-");
            String owner = System.getProperty("user.name");
            int status = privileged(
                    "mount", "-t", "tmpfs", "-o", "size=600m,mode=755,uid=" + id(owner), "tmpfs", folder.toString());
            if (status != 0) {
                Files.delete(folder);
            }
            assumeThat(status)
                    .as("NOT TESTED: a disk that is really full, for no file system can be mounted here (run as root)")
                    .isZero();
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            return new SmallDisk(folder);
        }

        void fill() throws IOException {
            byte[] ballast = new byte[64 * 1024];
            try (OutputStream out = Files.newOutputStream(folder.resolve("ballast"))) {
                while (true) {
                    out.write(ballast);
                }
            } catch (IOException full) {
                assertThat(folder.toFile().getUsableSpace()).isLessThan(ballast.length);
            }
        }

        void empty() throws IOException {
            Files.delete(folder.resolve("ballast"));
        }

        @Override
        public void close() throws IOException, InterruptedException {
            assertThat(privileged("umount", folder.toString()))
                    .as("the disk is let go")
                    .isZero();
            Files.delete(folder);
        }

        private static String id(String user) throws IOException, InterruptedException {
            Process process = new ProcessBuilder("id", "-u", user).start();
            String id = new String(process.getInputStream().readAllBytes()).strip();
            process.waitFor();
            return id;
        }

        /** As root, or by a sudo that does not ask. */
        private static int privileged(String... command) throws IOException, InterruptedException {
            int status = run(command);
            if (status == 0 || System.getProperty("user.name").equals("root")) {
                return status;
            }
            List<String> sudo = new ArrayList<>(List.of("sudo", "-n"));
            sudo.addAll(List.of(command));
            try {
                return run(sudo.toArray(String[]::new));
            } catch (IOException noSudo) {
                return status;
            }
        }

        private static int run(String... command) throws IOException, InterruptedException {
            return new ProcessBuilder(List.of(command)).inheritIO().start().waitFor();
        }
    }
}
