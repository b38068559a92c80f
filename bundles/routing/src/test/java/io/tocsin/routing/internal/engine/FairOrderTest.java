package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.channel.api.OutboundMessage.Category;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairOrderTest {
    private final FairOrder fair = new FairOrder();

    private record Batch(Category category, FairOrder.Shares shares, int tenantId, long alertId, int messages)
            implements FairOrder.Waiting {}

    private static List<Batch> batches(int n, Category category, int agency, int tenant, long alert) {
        return batches(n, category, new FairOrder.Shares(agency, 1, 1), tenant, alert);
    }

    private static List<Batch> batches(int n, Category category, FairOrder.Shares shares, int tenant, long alert) {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            batches.add(new Batch(category, shares, tenant, alert, 500));
        }
        return batches;
    }

    private List<Batch> served(List<Batch> waiting, int turns) {
        List<Batch> served = new ArrayList<>();
        fair.serve(waiting, b -> served.size() < turns && served.add(b));
        return served;
    }

    private static long of(List<Batch> served, long alert) {
        return served.stream().filter(b -> b.alertId == alert).count();
    }

    @Test
    void lifeSafetyOvertakes() {
        List<Batch> waiting = batches(50, Category.OPERATIONAL, 1, 1, 1);
        waiting.addAll(batches(3, Category.LIFE_SAFETY, 2, 2, 2));
        assertThat(served(waiting, 5).subList(0, 3)).allMatch(b -> b.category == Category.LIFE_SAFETY);
    }

    @Test
    void nobodyStarvesBehindLifeSafety() {
        List<Batch> waiting = batches(100, Category.LIFE_SAFETY, 1, 1, 1);
        waiting.addAll(batches(100, Category.INFORMATION, 1, 1, 2));
        assertThat(of(served(waiting, 64), 2)).isBetween(3L, 5L);
    }

    @Test
    void aLargeAlertLeavesASmallOneItsShare() {
        List<Batch> waiting = batches(800, Category.OPERATIONAL, 1, 1, 1);
        waiting.addAll(batches(10, Category.OPERATIONAL, 1, 1, 2));
        assertThat(of(served(waiting, 20), 2)).isEqualTo(10);
    }

    @Test
    void agenciesShareWhateverTheNumberOfTheirTenants() {
        List<Batch> waiting = new ArrayList<>();
        for (int tenant = 1; tenant <= 10; tenant++) {
            waiting.addAll(batches(40, Category.OPERATIONAL, 1, tenant, tenant));
        }
        waiting.addAll(batches(40, Category.OPERATIONAL, 2, 99, 99));
        assertThat(of(served(waiting, 40), 99)).isEqualTo(20);
    }

    @Test
    void informationYieldsToOperationalFourToOne() {
        List<Batch> waiting = batches(100, Category.OPERATIONAL, 1, 1, 1);
        waiting.addAll(batches(100, Category.INFORMATION, 1, 1, 2));
        assertThat(of(served(waiting, 50), 2)).isBetween(9L, 11L);
    }

    @Test
    void anAgencyOfWeightThreeGetsThreeOfFour() {
        List<Batch> waiting = batches(100, Category.OPERATIONAL, new FairOrder.Shares(1, 3, 1), 1, 1);
        waiting.addAll(batches(100, Category.OPERATIONAL, new FairOrder.Shares(2, 1, 1), 2, 2));
        List<Batch> served = served(waiting, 80);
        assertThat(of(served, 1)).isEqualTo(60);
        // At any moment, not only in the end.
        for (int i = 4; i <= 80; i += 4) {
            assertThat(of(served.subList(0, i), 1)).isBetween(i * 3L / 4 - 1, i * 3L / 4 + 1);
        }
    }

    @Test
    void tenantsShareByWeightWithinTheirAgencyOnly() {
        List<Batch> waiting = batches(100, Category.OPERATIONAL, new FairOrder.Shares(1, 1, 100), 1, 1);
        waiting.addAll(batches(100, Category.OPERATIONAL, new FairOrder.Shares(1, 1, 25), 2, 2));
        waiting.addAll(batches(100, Category.OPERATIONAL, new FairOrder.Shares(2, 1, 1), 3, 3));
        List<Batch> served = served(waiting, 100);
        assertThat(of(served, 3)).isEqualTo(50);
        assertThat(of(served, 1)).isEqualTo(40);
        assertThat(of(served, 2)).isEqualTo(10);
    }

    @Test
    void nobodyStarvesBehindTheHeaviest() {
        List<Batch> waiting = batches(1000, Category.OPERATIONAL, new FairOrder.Shares(1, 100, 1), 1, 1);
        waiting.addAll(batches(10, Category.INFORMATION, new FairOrder.Shares(2, 1, 1), 2, 2));
        assertThat(of(served(waiting, 101), 2)).isEqualTo(1);
    }

    @Test
    void aHeavyNewcomerIsNeitherOwedThePastNorMadeToWait() {
        served(batches(100, Category.OPERATIONAL, new FairOrder.Shares(1, 1, 1), 1, 1), 100);
        List<Batch> waiting = batches(100, Category.OPERATIONAL, new FairOrder.Shares(1, 1, 1), 1, 1);
        waiting.addAll(batches(100, Category.OPERATIONAL, new FairOrder.Shares(2, 3, 1), 2, 2));
        assertThat(of(served(waiting, 40), 2)).isEqualTo(30);
    }

    @Test
    void aWeightBelowOneIsRefused() {
        assertThatThrownBy(() -> new FairOrder.Shares(1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FairOrder.Shares(1, 1, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNewcomerIsNotOwedThePast() {
        served(batches(100, Category.OPERATIONAL, 1, 1, 1), 100);
        List<Batch> waiting = batches(100, Category.OPERATIONAL, 1, 1, 1);
        waiting.addAll(batches(100, Category.OPERATIONAL, 1, 1, 2));
        assertThat(of(served(waiting, 20), 1)).isEqualTo(10);
    }
}
