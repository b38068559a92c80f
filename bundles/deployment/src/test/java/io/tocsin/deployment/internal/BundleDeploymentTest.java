package io.tocsin.deployment.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.deployment.api.ChannelDeployment.Deployed;
import io.tocsin.deployment.api.ChannelDeployment.Problem;
import io.tocsin.deployment.api.DeploymentException;
import io.tocsin.deployment.partner.PagerActivator;
import io.tocsin.deployment.partner.PagerProvider;
import io.tocsin.deployment.partner.ThrowingActivator;
import io.tocsin.deployment.partner.ThrowingComponent;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** Channels come and go in a real framework; only who serves is decided by a stand-in for dispatch. */
class BundleDeploymentTest {
    private static final String PAGER = "com.example.pager";

    @TempDir
    private Path folder;

    private TestNode node;
    private Admission admission;
    private SupersededVersions superseded;
    private ScriptedDispatch dispatch;
    private BundleDeployment deployment;
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        node = new TestNode(folder.resolve("node"));
        admission = new Admission(node.context(), TestNode.settings("development", "etc/trusted"));
        admission.start();
        superseded = new SupersededVersions(node.context());
        dispatch = new ScriptedDispatch(node.context(), superseded);
        deployment = new BundleDeployment(
                node.context(), dispatch, dispatch, dispatch, admission, superseded, node.components());
    }

    @AfterEach
    void stop() throws Exception {
        deployment.stop();
        superseded.stop();
        dispatch.close();
        admission.stop();
        node.close();
    }

    @Test
    void aChannelIsInstalledAndItsFileMayGo() throws Exception {
        Path file = BundleFile.pager("1.0.0").in(folder);
        Deployed done = deployment.install(file, told::add);
        Files.delete(file);
        assertThat(done).isEqualTo(new Deployed(List.of("pager"), PAGER, "1.0.0", Optional.empty()));
        assertThat(told).anySatisfy(line -> assertThat(line).contains("pager 1.0.0: SERVING"));
        assertThat(node.bundles(PAGER)).containsExactly("1.0.0 active");
        assertThat(deployment.problems()).isEmpty();
    }

    @Test
    void theOldVersionGoesAloneAndWhollyAndIsKeptToRollBack() throws Exception {
        install("1.0.0");
        WeakReference<ClassLoader> old =
                new WeakReference<>(bundle("1.0.0").adapt(BundleWiring.class).getClassLoader());
        node.refreshed();
        Deployed done = deployment.update(BundleFile.pager("1.0.1").in(folder), told::add);
        assertThat(done.replaced()).contains("1.0.0");
        assertThat(node.bundles(PAGER)).containsExactly("1.0.0 idle", "1.0.1 active");
        assertThat(node.refreshed()).containsExactly(PAGER + "/1.0.0");
        assertThat(told).contains(PAGER + "/1.0.0: drained and stopped");
        assertThat(deployment.problems()).isEmpty();
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            System.gc();
            return old.get() == null;
        });
    }

    @Test
    void rollingBackTwiceGoesForwardAgain() {
        install("1.0.0");
        update("1.0.1");
        Deployed back = deployment.rollback("pager", told::add);
        assertThat(back.version()).isEqualTo("1.0.0");
        assertThat(back.replaced()).contains("1.0.1");
        assertThat(node.bundles(PAGER)).containsExactly("1.0.0 active", "1.0.1 idle");
        assertThat(deployment.rollback("pager", told::add).version()).isEqualTo("1.0.1");
        assertThat(node.bundles(PAGER)).containsExactly("1.0.0 idle", "1.0.1 active");
    }

    @Test
    void oneVersionIsKeptAndNoMore() throws Exception {
        install("1.0.0");
        update("1.0.1");
        update("1.0.2");
        assertThat(node.bundles(PAGER)).containsExactly("1.0.1 idle", "1.0.2 active");
        try (Stream<Path> kept = Files.list(node.base().resolve("data/channels"))) {
            assertThat(kept.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            PAGER + "_1.0.1.jar", PAGER + "_1.0.1.jar.stopped", PAGER + "_1.0.2.jar");
        }
    }

    @Test
    void aLowerVersionIsTakenWhenItIsAskedFor() {
        install("2.0.0");
        update("1.0.0");
        assertThat(node.bundles(PAGER)).containsExactly("1.0.0 active", "2.0.0 idle");
    }

    @Test
    void aVersionThatCameByItselfReplacesTheOneBeforeToo() throws Exception {
        install("1.0.0");
        node.install(BundleFile.pager("1.0.1").in(folder)).start();
        await().atMost(Duration.ofMinutes(2))
                .until(() -> node.bundles(PAGER).equals(List.of("1.0.0 idle", "1.0.1 active")));
    }

    @Test
    void aBundleWithTwoChannelsIsStoppedWhenBothAreReplaced() throws Exception {
        deployment.install(
                BundleFile.pager("1.0.0").header("Types", "pager siren").in(folder), told::add);
        Deployed done = deployment.update(
                BundleFile.pager("1.0.1").header("Types", "pager siren").in(folder), told::add);
        assertThat(done.channels()).containsExactly("pager", "siren");
        assertThat(node.bundles(PAGER)).containsExactly("1.0.0 idle", "1.0.1 active");
        update("1.0.2");
        assertThat(node.bundles(PAGER)).contains("1.0.1 active", "1.0.2 active");
    }

    @Test
    void aVersionThatDoesNotProveItselfLeavesTheOldOneInPlaceAndNothingOfItself() throws Exception {
        install("1.0.0");
        dispatch.unfit("1.0.1");
        refused(() -> deployment.update(BundleFile.pager("1.0.1").in(folder), told::add))
                .hasMessageContaining("pager 1.0.1 does not serve: its accounts did not come up within 30 s");
        assertThat(node.bundles(PAGER)).containsExactly("1.0.0 active");
        assertThat(node.base().resolve("data/channels").resolve(PAGER + "_1.0.1.jar"))
                .doesNotExist();
    }

    @Test
    void aRollbackThatFailsPutsThePreviousVersionBackToSleep() {
        install("1.0.0");
        update("1.0.1");
        dispatch.unfit("1.0.0");
        refused(() -> deployment.rollback("pager", told::add)).hasMessageContaining("does not serve");
        assertThat(node.bundles(PAGER)).containsExactly("1.0.0 idle", "1.0.1 active");
    }

    @Test
    void whatCannotBeDeployedIsRefusedWithTheCure() throws Exception {
        Path first = BundleFile.pager("1.0.0").in(folder);
        refused(() -> deployment.update(first, told::add)).hasMessageContaining("tocsin:channel-install");
        refused(() -> deployment.rollback("pager", told::add))
                .hasMessageContaining("no version of channel pager serves");
        deployment.install(first, told::add);
        refused(() -> deployment.install(BundleFile.pager("1.0.1").in(folder), told::add))
                .hasMessageContaining("tocsin:channel-update");
        refused(() -> deployment.update(first, told::add)).hasMessageContaining("-snapshot: ${tstamp}");
        refused(() -> deployment.rollback("pager", told::add)).hasMessageContaining("is kept but the one that serves");
        refused(() -> deployment.update(folder.resolve("none.jar"), told::add))
                .hasMessageContaining("there is no file");
        refused(() -> deployment.update(Files.writeString(folder.resolve("text.jar"), "no zip"), told::add))
                .hasMessageContaining("is no jar that can be read");
        refused(() -> deployment.install(
                        BundleFile.named("com.example.tool", "1").in(folder), told::add))
                .hasMessageContaining("does not import io.tocsin.channel.api");
        refused(() -> deployment.install(BundleFile.pager("one").in(folder), told::add))
                .hasMessageContaining("Bundle-Version");
        refused(() -> deployment.install(
                        BundleFile.pager("1.0.0")
                                .header("Bundle-SymbolicName", "../etc")
                                .to(folder.resolve("away.jar")),
                        told::add))
                .hasMessageContaining("is not one");
        refused(() -> deployment.update(
                        BundleFile.pager("1.0.3")
                                .header("Bundle-SymbolicName", PAGER + ";singleton:=true")
                                .in(folder),
                        told::add))
                .hasMessageContaining("side by side");
        assertThat(node.bundles(PAGER)).containsExactly("1.0.0 active");
    }

    @Test
    void aTypeThatIsTakenIsRefusedAndTheBundleGoes() {
        install("1.0.0");
        Path other = BundleFile.channel("com.example.other", "2.0.0", PagerActivator.class)
                .classes(PagerProvider.class)
                .in(folder);
        refused(() -> deployment.install(other, told::add)).hasMessageContaining("pager 2.0.0 does not serve");
        assertThat(node.bundles("com.example.other")).isEmpty();
        assertThat(node.bundles(PAGER)).containsExactly("1.0.0 active");
    }

    @Test
    void aBundleThatDoesNotResolveNamesWhatIsMissing() {
        Path file = BundleFile.pager("1.0.0")
                .header("Import-Package", "io.tocsin.channel.api,org.osgi.framework,com.example.modem")
                .in(folder);
        refused(() -> deployment.install(file, told::add))
                .hasMessageContaining("nothing on this node provides package (com.example.modem)");
        assertThat(node.bundles(PAGER)).isEmpty();
    }

    @Test
    void aBundleThatThrowsAtItsStartIsNamedWithWhatItThrew() {
        refused(() -> deployment.install(
                        BundleFile.channel(PAGER, "1.0.0", ThrowingActivator.class)
                                .in(folder),
                        told::add))
                .hasMessageContaining("the pager's licence is missing");
        refused(() -> deployment.install(component(ThrowingComponent.class, "").in(folder), told::add))
                .hasMessageContaining("component com.example.pager.Provider threw when it was activated")
                .hasMessageContaining("no modem is plugged in");
        assertThat(node.bundles(PAGER)).isEmpty();
    }

    @Test
    void aBundleOfWhichNothingComesIsNamedWithWhatItWaitsFor() {
        refused(() -> deployment.install(
                        component(
                                        PagerProvider.class,
                                        "<reference name=\"modem\" interface=\"com.example.Modem\" bind=\"set\"/>")
                                .in(folder),
                        told::add))
                .hasMessageContaining("waits for a service: com.example.Modem");
        refused(() -> deployment.install(
                        BundleFile.named(PAGER, "1.0.0")
                                .header("Import-Package", "io.tocsin.channel.api")
                                .in(folder),
                        told::add))
                .hasMessageContaining("provides no channel")
                .hasMessageContaining("@ChannelType");
        assertThat(node.bundles(PAGER)).isEmpty();
    }

    @Test
    void whatWasDroppedAndDoesNotServeIsListedWithReasonAndCure() throws Exception {
        install("1.0.0");
        node.install(BundleFile.channel("com.example.idle", "1.0.0", PagerActivator.class)
                .in(folder));
        Bundle throwing = node.install(BundleFile.channel("com.example.throws", "1.0.0", ThrowingActivator.class)
                .in(folder));
        refusedToStart(throwing);
        refusedToStart(node.install(BundleFile.channel("com.example.greedy", "1.0.0", PagerActivator.class)
                .header("Import-Package", "io.tocsin.channel.api,org.osgi.framework,io.tocsin.routing.api")
                .in(folder)));
        refusedToStart(node.install(BundleFile.channel("com.example.unresolved", "1.0.0", PagerActivator.class)
                .header(
                        "Import-Package",
                        "io.tocsin.channel.api,org.osgi.framework,com.example.modem;version=\"[2,3)\"")
                .in(folder)));
        List<Problem> problems = deployment.problems();
        assertThat(problems)
                .extracting(Problem::symbolicName)
                .containsExactly(
                        "com.example.greedy", "com.example.idle", "com.example.throws", "com.example.unresolved");
        assertThat(problems.get(0).reason()).contains("imports io.tocsin.routing.api");
        assertThat(problems.get(2).cure()).contains("bundle:start " + throwing.getBundleId());
        assertThat(problems.get(3).reason()).contains("com.example.modem", "2.0.0");
        assertThat(problems).allSatisfy(each -> assertThat(each.cure()).isNotBlank());
    }

    @Test
    void aChannelWithOpenAccountsIsRemovedOnlyByForce() throws Exception {
        install("1.0.0");
        update("1.0.1");
        dispatch.account("commune.pager", "pager");
        refused(() -> deployment.remove("pager", false, told::add))
                .hasMessageContaining("commune.pager")
                .hasMessageContaining("--force");
        assertThat(node.bundles(PAGER)).containsExactly("1.0.0 idle", "1.0.1 active");
        assertThat(deployment.remove("pager", true, told::add)).containsExactly(PAGER + "/1.0.0", PAGER + "/1.0.1");
        assertThat(node.bundles(PAGER)).isEmpty();
        try (Stream<Path> kept = Files.list(node.base().resolve("data/channels"))) {
            assertThat(kept).isEmpty();
        }
        refused(() -> deployment.remove("pager", true, told::add))
                .hasMessageContaining("no channel pager is installed");
    }

    @Test
    void aChannelThatDoesNotServeIsRemovedByItsNameAndItsFileWithIt() throws Exception {
        Path dropped = BundleFile.channel("com.example.throws", "1.0.0", ThrowingActivator.class)
                .to(node.base().resolve("deploy/throws.jar"));
        refusedToStart(node.install(dropped));
        assertThat(deployment.remove("com.example.throws", false, told::add))
                .containsExactly("com.example.throws/1.0.0");
        assertThat(dropped).doesNotExist();
        assertThat(deployment.problems()).isEmpty();
    }

    @Test
    void channelsReturnWhenTheCacheWasMadeAnewAndASleepingOneSleepsOn() throws Exception {
        install("1.0.0");
        update("1.0.1");
        deployment.rollback("pager", told::add);
        for (String version : List.of("1.0.0", "1.0.1")) {
            bundle(version).uninstall();
        }
        ReturningChannels returning = new ReturningChannels(node.context(), dispatch, admission);
        returning.start();
        await().atMost(Duration.ofMinutes(2)).until(() -> !dispatch.chosen().isEmpty());
        returning.stop();
        assertThat(node.bundles(PAGER)).containsExactly("1.0.0 active", "1.0.1 idle");
        assertThat(dispatch.chosen()).containsExactly(bundle("1.0.0").getBundleId());
    }

    private void install(String version) {
        deployment.install(BundleFile.pager(version).in(folder), told::add);
    }

    private void update(String version) {
        deployment.update(BundleFile.pager(version).in(folder), told::add);
    }

    private Bundle bundle(String version) {
        return Stream.of(node.context().getBundles())
                .filter(each -> PAGER.equals(each.getSymbolicName())
                        && each.getVersion().toString().equals(version))
                .findFirst()
                .orElseThrow();
    }

    private static BundleFile component(Class<?> type, String inside) {
        return BundleFile.named(PAGER, "1.0.0")
                .header("Import-Package", "io.tocsin.channel.api")
                .header("Service-Component", "OSGI-INF/provider.xml")
                .with(
                        "OSGI-INF/provider.xml",
                        """
                        <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="com.example.pager.Provider">
                          <implementation class="%s"/>
                          <property name="channel.type" value="pager"/>
                          <service><provide interface="io.tocsin.channel.api.ChannelProvider"/></service>
                          %s
                        </scr:component>
                        """
                                .formatted(type.getName(), inside))
                .classes(type);
    }

    private static void refusedToStart(Bundle bundle) {
        assertThatThrownBy(bundle::start).isInstanceOf(org.osgi.framework.BundleException.class);
    }

    private static AbstractThrowableAssert<?, ?> refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOf(DeploymentException.class);
    }
}
