package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.bench.RunningNode;
import io.tocsin.portal.testing.Vitest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * What people do with the portal, in a real browser against a running node: told in {@code bundles/portal/web/stories}, counted
 * here. Pictures of every screen are left in {@code target/portal}.
 */
class PortalStory {
    private static final String TENANT = "saint-aurel-sur-loue";
    private static final String LOGIN = "maire@saint-aurel";
    private static final String PASSWORD = "une mairie dans un navigateur";
    private static final String AGENCY_LOGIN = "support@agence-franc-comtoise";
    private static final String AGENCY_PASSWORD = "une agence dans un navigateur";
    private static final Path ROOT = Path.of(System.getProperty("tocsin.root"));
    private static final Path REPORT = ROOT.resolve("itests/stories/target/portal");

    @TestFactory
    List<DynamicNode> portal() throws Exception {
        Map<String, String> environment =
                Map.of("TOCSIN_SECRET_SAINT_AUREL_MAIRE", PASSWORD, "TOCSIN_SECRET_AGENCE_SUPPORT", AGENCY_PASSWORD);
        try (RunningNode node = RunningNode.start(List.of(TENANT), environment, "--lab")) {
            Desk mayor = Desk.open(node, TENANT, LOGIN, PASSWORD);
            mayor.launch("portal", mayor.request("inondation", false, Duration.ofMinutes(2)));
            Map<String, String> told = new HashMap<>(environment);
            told.put("PORTAL_URL", "http://127.0.0.1:" + node.http());
            told.put("PORTAL_TENANT", TENANT);
            told.put("PORTAL_LOGIN", LOGIN);
            told.put("PORTAL_PASSWORD", PASSWORD);
            told.put("PORTAL_AGENCY_LOGIN", AGENCY_LOGIN);
            told.put("PORTAL_AGENCY_PASSWORD", AGENCY_PASSWORD);
            told.put(
                    "PORTAL_OPERATOR_PASSWORD",
                    Files.readString(node.data().resolve("operator-password")).strip());
            told.put("PORTAL_SHOTS", REPORT.resolve("screens").toString());
            // With these the stories stop and start the node as its operator would.
            told.put("PORTAL_LAUNCHER", ROOT.resolve("tocsin").toString());
            told.put("TOCSIN_HOME", node.home().toString());
            told.put("TOCSIN_TENANTS", node.tenants().toString());
            told.put("TOCSIN_HEAP", "512m");
            List<DynamicNode> stories = new Vitest(ROOT.resolve("bundles/portal/web")).run("stories", REPORT, told);
            // The node that is closed is another process than the one that was opened: it would not be looked into.
            node.checkConservation();
            assertThat(Files.list(REPORT.resolve("screens"))).hasSizeGreaterThan(40);
            return stories;
        }
    }
}
