package io.tocsin.deployment.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.deployment.partner.PagerActivator;
import io.tocsin.deployment.partner.PagerProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** Strangers are kept out: in a real framework, with jars that the JDK's own tools signed. */
class AdmissionTest {
    private static final String IMPORTS = "io.tocsin.channel.api,org.osgi.framework";

    @TempDir
    private static Path keys;

    private static Signer partner;
    private static Signer authority;
    private static Signer vouchedFor;
    private static Signer stranger;
    private static Signer expired;
    private static Signer ofPartner;
    private static Signer forServers;

    @TempDir
    private Path folder;

    private TestNode node;
    private Path trusted;
    private Admission admission;

    @BeforeAll
    static void keys() throws Exception {
        partner = Signer.of(keys, "partner");
        authority = Signer.of(keys, "authority", "-ext", "bc:c");
        vouchedFor = authority.issues(keys, "vouched-for");
        forServers = authority.issues(keys, "for-servers", "-ext", "eku=serverAuth");
        stranger = Signer.of(keys, "stranger");
        expired = Signer.of(keys, "expired", "-startdate", "-9d", "-validity", "2");
        ofPartner = partner.issues(keys, "of-partner");
    }

    @BeforeEach
    void start() throws Exception {
        node = new TestNode(folder.resolve("node"));
        trusted = Files.createDirectories(node.base().resolve("etc/trusted"));
    }

    @AfterEach
    void stop() throws Exception {
        if (admission != null) {
            admission.stop();
        }
        node.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "Import-Package|io.tocsin.channel.api,org.osgi.framework,io.tocsin.routing.api|imports io.tocsin.routing.api",
                "Import-Package|io.tocsin.channel.api,org.osgi.framework,io.tocsin.persistence.api;resolution:=optional|imports io.tocsin.persistence.api",
                "Import-Package|io.tocsin.channel.api,org.osgi.framework,io.tocsin.channel.api.more|imports io.tocsin.channel.api.more",
                "DynamicImport-Package|*|imports *",
                "DynamicImport-Package|io.*|imports io.*",
                "DynamicImport-Package|io.tocsin.routing.*|imports io.tocsin.routing.*",
                "Require-Bundle|io.tocsin.routing;resolution:=optional|requires bundle io.tocsin.routing",
                "Fragment-Host|io.tocsin.routing|is a fragment of io.tocsin.routing"
            })
    void aChannelThatReachesForMoreThanTheApiDoesNotResolve(String header, String value, String reason)
            throws Exception {
        admit("development");
        BundleFile file = BundleFile.pager("1.0.0");
        if (header.equals("Fragment-Host")) {
            file = BundleFile.named("com.example.pager", "1.0.0").header("Import-Package", IMPORTS);
        }
        Bundle bundle = node.install(file.header(header, value).in(folder));
        assertThatThrownBy(bundle::start).isInstanceOf(BundleException.class);
        assertThat(bundle.getState()).isEqualTo(Bundle.INSTALLED);
        assertThat(admission.refusal(bundle)).get().satisfies(refusal -> {
            assertThat(refusal.reason()).isEqualTo(reason);
            assertThat(refusal.cure()).contains("io.tocsin.channel.api");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.example.*", "org.apache.camel.*"})
    void aChannelMayReachForWhatIsNotOurs(String packages) throws Exception {
        admit("development");
        starts(BundleFile.pager("1.0.0").header("DynamicImport-Package", packages));
        starts(BundleFile.channel("io.tocsin.channel-own", "1.0.0", PagerActivator.class)
                .classes(PagerProvider.class)
                .header("Export-Package", "io.tocsin.deployment.partner")
                .header("Import-Package", IMPORTS + ",io.tocsin.deployment.partner"));
    }

    @Test
    void aBundleThatIsNoChannelIsNobodysBusinessInDevelopment() throws Exception {
        admit("development");
        starts(BundleFile.named("com.example.tool", "1.0.0").header("Import-Package", "io.tocsin.routing.api"));
    }

    @Test
    void aRoomOfTheDistributionMayAndOneUpdatedWithSomethingElseMayNot() throws Exception {
        Path file = system("io/tocsin/alerting/1.0.0/alerting-1.0.0.jar");
        BundleFile room = BundleFile.named("io.tocsin.alerting", "1.0.0")
                .header("Import-Package", "io.tocsin.channel.api,io.tocsin.routing.api");
        room.to(file);
        admit("development");
        Bundle bundle = node.install("mvn:io.tocsin/alerting/1.0.0", file);
        bundle.start();
        try (var other = Files.newInputStream(
                room.header("Bundle-Version", "1.0.1").with("more", "").in(folder))) {
            bundle.update(other);
        } catch (BundleException notStartedAgain) {
            assertThat(admission.refusal(bundle)).isPresent();
        }
        assertThat(admission.refusal(bundle)).get().satisfies(refusal -> assertThat(refusal.reason())
                .contains("imports io.tocsin.routing.api"));
        assertThat(admission.refusal(node.install("mvn:io.tocsin/../alerting/1.0.0", file)))
                .isPresent();
    }

    @Test
    void inProductionAnUnsignedBundleDoesNotResolveWhateverItIs() throws Exception {
        admit("production");
        refused(BundleFile.pager("1.0.0").in(folder), "is not signed");
        refused(BundleFile.named("com.example.tool", "1.0.0").in(folder), "is not signed");
    }

    @Test
    void aModeThatIsMisspeltIsProduction() throws Exception {
        admit("prod");
        refused(BundleFile.pager("1.0.0").in(folder), "is not signed");
    }

    @Test
    void theDistributionNeedsNoSignatureWhileItIsWhatItWas() throws Exception {
        Path file = system("com/example/library/1.0.0/library-1.0.0.jar");
        BundleFile library = BundleFile.named("com.example.library", "1.0.0").with("com/example/Text.txt", "as built");
        library.to(file);
        admit("production");
        Bundle bundle = node.install("mvn:com.example/library/1.0.0", file);
        bundle.start();
        assertThat(admission.refusal(bundle)).isEmpty();
        Path altered = library.with("com/example/Text.txt", "as it likes").to(folder.resolve("altered.jar"));
        try (var other = Files.newInputStream(altered)) {
            bundle.update(other);
        } catch (BundleException notStartedAgain) {
            assertThat(admission.refusal(bundle)).isPresent();
        }
        assertThat(admission.refusal(bundle)).get().satisfies(refusal -> assertThat(refusal.reason())
                .isEqualTo("is not signed"));
    }

    @Test
    void whoIsTrustedOrVouchedForByATrustedAuthoritySigns() throws Exception {
        partner.certificate(trusted.resolve("partner.pem"));
        authority.certificate(trusted.resolve("authority.crt"));
        admit("production");
        for (Signer each : new Signer[] {partner, vouchedFor}) {
            Bundle bundle = node.install(each.sign(pager(each)));
            bundle.start();
            assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
            bundle.uninstall();
        }
        Path twice = partner.sign(stranger.sign(BundleFile.pager("2.0.0").in(folder)));
        node.install(twice).start();
    }

    @Test
    void nobodyElseDoes() throws Exception {
        partner.certificate(trusted.resolve("partner.pem"));
        authority.certificate(trusted.resolve("authority.crt"));
        expired.certificate(trusted.resolve("expired.pem"));
        Files.writeString(trusted.resolve("broken.pem"), "no certificate");
        admit("production");
        refused(stranger.sign(pager(stranger)), "signer CN=stranger is not trusted");
        refused(expired.sign(pager(expired)), "signer CN=expired expired on");
        refused(forServers.sign(pager(forServers)), "CN=for-servers may not sign code");
        refused(ofPartner.sign(pager(ofPartner)), "signer CN=of-partner is not trusted");
    }

    @Test
    void whatWasAlteredAfterSigningIsRefused() throws Exception {
        partner.certificate(trusted.resolve("partner.pem"));
        admit("production");
        BundleFile file = BundleFile.pager("1.0.0").with("config.txt", "before");
        refused(changed(file, "altered", "config.txt", "after"), "does not match its signature");
        refused(changed(file, "added", "added.txt", "after"), "added.txt is not");
        refused(changed(file, "inside", "META-INF/services/x", "after"), "META-INF/services/x is not");
        refused(changed(file, "removed", "config.txt", null), "lacks config.txt");
        Path head = partner.sign(file.to(folder.resolve("head.jar")));
        edit(head, "META-INF/MANIFEST.MF", "Bundle-Version: 1.0.0", "Bundle-Version: 6.6.6");
        refused(head, "does not match its signature");
        Path signature = partner.sign(file.to(folder.resolve("signature.jar")));
        edit(signature, "META-INF/PARTNER.SF", "SHA-256-Digest-Manifest-Main-Attributes", "X-Forgotten");
        refused(signature, "does not match its signature");
    }

    @Test
    void aCertificateThatIsAddedCountsForWhatIsUpdatedNext() throws Exception {
        admit("production");
        Path file = stranger.sign(BundleFile.pager("1.0.0").in(folder));
        Bundle bundle = refused(file, "is not trusted");
        stranger.certificate(trusted.resolve("stranger.pem"));
        try (var again = Files.newInputStream(file)) {
            bundle.update(again);
        }
        bundle.start();
        assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void whatRanBeforeIsStoppedForGood() throws Exception {
        Bundle bundle = node.install(BundleFile.pager("1.0.0").in(folder));
        bundle.start();
        admit("production");
        await().atMost(Duration.ofMinutes(2)).until(() -> bundle.getState() == Bundle.INSTALLED);
        assertThat(ChannelBundles.isPutAway(bundle)).isTrue();
        assertThatThrownBy(bundle::start).isInstanceOf(BundleException.class);
        admission.stop();
        admit("development");
        bundle.start();
        assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void nothingIsLeftInTheTemporaryFolder() throws Exception {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        long before = packed(temporary);
        admit("production");
        refused(BundleFile.pager("1.0.0").in(folder), "is not signed");
        assertThat(packed(temporary)).isEqualTo(before);
    }

    private static long packed(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(each -> each.getFileName().toString().matches("bundle-.*\\.jar"))
                    .count();
        }
    }

    private void admit(String mode) {
        admission = new Admission(node.context(), TestNode.settings(mode, "etc/trusted"));
        admission.start();
    }

    private Path pager(Signer signer) {
        return BundleFile.pager("1.0.0").to(folder.resolve(System.identityHashCode(signer) + ".jar"));
    }

    private Path system(String path) {
        return node.base().resolve("home/system").resolve(path);
    }

    private void starts(BundleFile file) throws Exception {
        Bundle bundle = node.install(file.in(folder));
        bundle.start();
        assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
    }

    private Bundle refused(Path file, String reason) throws Exception {
        for (Bundle before : node.context().getBundles()) {
            if ("com.example.pager".equals(before.getSymbolicName())) {
                before.uninstall();
            }
        }
        Bundle bundle = node.install(file);
        assertThat(admission.refusal(bundle)).as(file.toString()).get().satisfies(refusal -> {
            assertThat(refusal.reason()).contains(reason);
            assertThat(refusal.cure()).isNotBlank();
        });
        assertThatThrownBy(bundle::start).isInstanceOf(BundleException.class);
        assertThat(bundle.getState()).isEqualTo(Bundle.INSTALLED);
        return bundle;
    }

    /** Signed, then one entry changed, added or, without content, removed. */
    private Path changed(BundleFile file, String name, String entry, String content) throws Exception {
        Path jar = partner.sign(file.to(folder.resolve(name + ".jar")));
        try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            Path inside = zip.getPath(entry);
            if (content == null) {
                Files.delete(inside);
            } else {
                if (inside.getParent() != null) {
                    Files.createDirectories(inside.getParent());
                }
                Files.writeString(inside, content);
            }
        }
        return jar;
    }

    private static void edit(Path jar, String entry, String from, String to) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            String text = Files.readString(zip.getPath(entry));
            assertThat(text).contains(from);
            try (OutputStream out = Files.newOutputStream(zip.getPath(entry))) {
                out.write(text.replace(from, to).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
    }
}
