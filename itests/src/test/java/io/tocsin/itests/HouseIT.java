package io.tocsin.itests;

import static java.util.stream.Collectors.joining;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** The house as it is wired: every bundle runs, every arrow points down, nobody shows what is internal. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class HouseIT {

    private static final String OURS = "io.tocsin.";

    /** Room → rooms whose packages it may import. A room that is not listed may import nothing of ours. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("platform-camel", Set.of()),
            Map.entry("portal", Set.of()),
            Map.entry("platform-asterisk", Set.of("platform-camel")),
            Map.entry("speech", Set.of()),
            Map.entry("channel-api", Set.of()),
            Map.entry("persistence", Set.of()),
            Map.entry("cluster", Set.of("persistence")),
            Map.entry("audit", Set.of("persistence")),
            Map.entry("routing", Set.of("persistence", "cluster", "audit", "channel-api", "platform-camel", "speech")),
            Map.entry("deployment", Set.of("routing", "channel-api")),
            Map.entry("directory", Set.of("persistence", "audit")),
            Map.entry(
                    "alerting",
                    Set.of("persistence", "cluster", "audit", "routing", "directory", "channel-api", "speech")),
            Map.entry(
                    "tenants",
                    Set.of(
                            "persistence",
                            "cluster",
                            "audit",
                            "routing",
                            "directory",
                            "alerting",
                            "channel-api",
                            "speech")),
            Map.entry(
                    "rest",
                    Set.of(
                            "persistence",
                            "cluster",
                            "audit",
                            "routing",
                            "directory",
                            "alerting",
                            "tenants",
                            "channel-api",
                            "speech")),
            Map.entry(
                    "phone",
                    Set.of(
                            "persistence",
                            "audit",
                            "routing",
                            "directory",
                            "alerting",
                            "tenants",
                            "channel-api",
                            "speech")),
            Map.entry(
                    "shell",
                    Set.of(
                            "persistence",
                            "cluster",
                            "audit",
                            "routing",
                            "deployment",
                            "directory",
                            "alerting",
                            "tenants",
                            "channel-api")));

    /** Any channel, ours or a partner's: the SPI and Camel, nothing else. */
    private static final Set<String> CHANNEL_ARROWS = Set.of("channel-api", "platform-camel", "platform-asterisk");

    /** Channels of the production set: without them {@link #CHANNEL_ARROWS} would be asked of nobody. */
    private static final Set<String> CHANNELS =
            Set.of("channel-sms", "channel-mail", "channel-webhook", "channel-publish", "channel-voice", "channel-fax");

    private static final List<String> WHOLE_BUNDLES =
            List.of(BundleNamespace.BUNDLE_NAMESPACE, HostNamespace.HOST_NAMESPACE);

    @Inject
    private BundleContext context;

    @Configuration
    public Option[] distribution() {
        return Distribution.node();
    }

    @Test
    public void everyBundleRuns() {
        String idle = Stream.of(context.getBundles())
                .filter(bundle -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null)
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE && bundle.getState() != Bundle.STARTING)
                .map(bundle -> bundle.getSymbolicName() + " is in state " + bundle.getState())
                .collect(joining("\n"));
        assertEquals("", idle);
    }

    @Test
    public void everyRoomOfTheTableIsThere() {
        List<String> present = rooms().map(HouseIT::room).toList();
        String missing = Stream.concat(ARROWS.keySet().stream(), CHANNELS.stream())
                .filter(room -> !present.contains(room))
                .sorted()
                .collect(joining(", "));
        assertEquals("", missing);
        assertTrue("the lab is in the production set", !present.contains("lab"));
    }

    @Test
    public void arrowsPointDown() {
        List<String> wrong = new ArrayList<>();
        rooms().forEach(bundle -> {
            String room = room(bundle);
            Set<String> allowed = room.startsWith("channel-") && !ARROWS.containsKey(room)
                    ? CHANNEL_ARROWS
                    : ARROWS.getOrDefault(room, Set.of());
            for (BundleWire wire :
                    bundle.adapt(BundleWiring.class).getRequiredWires(PackageNamespace.PACKAGE_NAMESPACE)) {
                Bundle provider = wire.getProvider().getBundle();
                if (isOurs(provider) && provider != bundle && !allowed.contains(room(provider))) {
                    wrong.add(room + " imports "
                            + wire.getCapability().getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE) + " of "
                            + room(provider) + "; it may import of " + allowed + " only");
                }
            }
            // A room that requires a bundle, or is a fragment of one, sees packages that no import names.
            for (String whole : WHOLE_BUNDLES) {
                for (BundleWire wire : bundle.adapt(BundleWiring.class).getRequiredWires(whole)) {
                    Bundle provider = wire.getProvider().getBundle();
                    if (isOurs(provider) && provider != bundle) {
                        wrong.add(room + " is bound to " + room(provider) + " by " + whole
                                + "; rooms meet by imported packages only");
                    }
                }
            }
        });
        assertEquals(List.of(), wrong);
    }

    @Test
    public void onlyApiLeavesARoom() {
        List<String> wrong = rooms().filter(bundle -> !room(bundle).startsWith("platform-"))
                .flatMap(bundle -> exported(bundle)
                        .filter(name -> !isApi(name, room(bundle)))
                        .map(name -> room(bundle) + " exports " + name + ", which is no part of its api"))
                .toList();
        assertEquals(List.of(), wrong);
    }

    /** {@code io.tocsin.ROOM.api} and what is below it; not {@code io.tocsin.ROOM.apiary}. */
    private static boolean isApi(String name, String room) {
        String api = OURS + room.replace('-', '.').replaceFirst("\\.api$", "") + ".api";
        return name.equals(api) || name.startsWith(api + ".");
    }

    private static boolean isOurs(Bundle bundle) {
        return bundle.getSymbolicName() != null && bundle.getSymbolicName().startsWith(OURS);
    }

    private static Stream<String> exported(Bundle bundle) {
        return bundle.adapt(BundleWiring.class).getCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream()
                .map(capability -> (String) capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE));
    }

    private Stream<Bundle> rooms() {
        return Stream.of(context.getBundles())
                .filter(HouseIT::isOurs)
                .filter(bundle -> bundle.adapt(BundleWiring.class) != null);
    }

    private static String room(Bundle bundle) {
        return bundle.getSymbolicName().substring(OURS.length());
    }
}
