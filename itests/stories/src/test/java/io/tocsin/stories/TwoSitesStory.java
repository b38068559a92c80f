package io.tocsin.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.bench.chaos.SiteFault;
import io.tocsin.bench.chaos.TwoSites;
import io.tocsin.bench.chaos.TwoSitesOrdeal;
import io.tocsin.bench.chaos.TwoSitesOrdeal.Outcome;
import io.tocsin.peers.sites.SiteName;
import org.junit.jupiter.api.Test;

/**
 * The short form of {@code ./tocsin chaos --two-sites --voice}: the switch of one site dies under its calls, then a node is killed, then
 * the site of the primary is cut off from the other and from the witness, the other goes on, and the one that was cut off comes back by
 * itself. Nobody is lost, nobody gets a second copy or call that was not announced, every key that was pressed counts, and no row that
 * was acknowledged is gone.
 */
class TwoSitesStory {
    private static final int PEOPLE = 3000;
    private static final int PER_SECOND = 30;
    private static final int CALLED = 150;

    @Test
    void aSiteIsCutOffInTheMiddleOfAnAlertAndNobodyIsLostOrDoubled() throws Exception {
        try (TwoSites sites = TwoSites.start(PEOPLE, PER_SECOND, CALLED)) {
            SiteName primary = sites.databases().awaitProtected();
            try (TwoSitesOrdeal ordeal = TwoSitesOrdeal.begin(sites, primary.peer())) {
                SiteFault.SWITCH_AT_ONE_SITE.on(sites, ordeal, primary.peer());
                ordeal.awaitMore(PEOPLE / 20);
                SiteFault.NODE_KILLED.on(sites, ordeal, primary);
                ordeal.awaitMore(PEOPLE / 20);
                SiteFault.SITE_CUT_OFF.on(sites, ordeal, primary);
                Outcome outcome = ordeal.end();
                System.err.println("two sites: " + outcome);
                assertThat(outcome.wrong()).as(outcome.toString()).isEmpty();
                assertThat(outcome.delivered()).as(outcome.toString()).isEqualTo(PEOPLE);
                assertThat(outcome.calls().orElseThrow().answered())
                        .as(outcome.toString())
                        .isEqualTo(CALLED);
                assertThat(outcome.acknowledged())
                        .as("rows written beside the alert")
                        .isPositive();
                assertThat(sites.node(primary).console("tocsin:database"))
                        .as("the node that was cut off works on the other site's server")
                        .contains(primary.peer().address());
            }
        }
    }
}
