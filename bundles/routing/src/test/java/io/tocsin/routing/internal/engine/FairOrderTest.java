package io.tocsin.routing.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.channel.api.OutboundMessage.Category;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairOrderTest {
    private final FairOrder fair = new FairOrder();

    private record Batch(Category category, int agencyId, int tenantId, long alertId, int messages)
            implements FairOrder.Waiting {}

    private static List<Batch> batches(int n, Category category, int agency, int tenant, long alert) {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            batches.add(new Batch(category, agency, tenant, alert, 500));
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
    void aNewcomerIsNotOwedThePast() {
        served(batches(100, Category.OPERATIONAL, 1, 1, 1), 100);
        List<Batch> waiting = batches(100, Category.OPERATIONAL, 1, 1, 1);
        waiting.addAll(batches(100, Category.OPERATIONAL, 1, 1, 2));
        assertThat(of(served(waiting, 20), 1)).isEqualTo(10);
    }
}
