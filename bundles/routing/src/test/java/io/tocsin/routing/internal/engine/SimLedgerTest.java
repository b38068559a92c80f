package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.Ledger.Message;
import io.tocsin.routing.api.Totals;
import io.tocsin.routing.internal.engine.SimStore.Recipient;
import io.tocsin.routing.internal.ledger.WaveWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The simulation's ledger keeps the contract. */
class SimLedgerTest extends LedgerContract {

    @Override
    World world() {
        return new InMemory();
    }

    private static final class InMemory implements World {
        private Instant now = Instant.parse("2026-03-01T06:00:00Z");
        private final SimStore store = new SimStore(() -> now, WaveWriter.BATCH);
        private final SimLedger ledger = new SimLedger(store, statement -> {});
        private int tenants;

        @Override
        public DispatchLedger ledger() {
            return ledger;
        }

        @Override
        public int tenant() {
            store.shares.put(++tenants, new FairOrder.Shares(1, 1, 1));
            return tenants;
        }

        @Override
        public int cap(int tenant, double perSecond, List<String> channels, String... prefixes) {
            int id = store.caps.size() + 1;
            store.caps.put(
                    id,
                    new SimStore.SimCap(
                            1,
                            tenant,
                            Set.copyOf(channels),
                            List.of(prefixes),
                            new CapPermits(id, perSecond, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, 0)));
            return id;
        }

        @Override
        public void weigh(int tenant, int agencyWeight, int tenantWeight) {
            store.shares.put(tenant, new FairOrder.Shares(1, agencyWeight, tenantWeight));
        }

        @Override
        public long launch(int tenant, Category category, int recipients, List<Step> steps) {
            List<Recipient> people = new ArrayList<>();
            for (int no = 1; no <= recipients; no++) {
                people.add(new Recipient(
                        no,
                        "Personne " + no,
                        "fr",
                        "{}",
                        """
                        [{"kind":"mobile","address":"%s"},{"kind":"mobile","address":"%s"},{"kind":"email","address":"%s"}]
                        """
                                .formatted(address(no, 0), address(no, 1), address(no, 2))));
            }
            return committed(store.launch(
                            new Alert(
                                    tenant,
                                    0,
                                    "crue",
                                    1,
                                    "Crue",
                                    category,
                                    false,
                                    Alert.State.RUNNING,
                                    new DispatchPolicy(
                                            steps,
                                            Map.of(),
                                            Map.of(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty()),
                                    recipients,
                                    "test",
                                    now(),
                                    Optional.empty()),
                            List.of(new Message("sms", "fr", "", "Bonjour", Optional.empty())),
                            people))
                    .alertId;
        }

        private <T> T committed(T result) {
            store.commit();
            return result;
        }

        @Override
        public String address(int recipientNo, int rank) {
            return rank == 2
                    ? "p" + recipientNo + "@example.org"
                    : "+3363998" + rank + String.format("%03d", recipientNo);
        }

        @Override
        public boolean answer(int tenant, long alert, int recipientNo) {
            return committed(store.answer(alert, recipientNo, now()));
        }

        @Override
        public boolean pause(int tenant, long alert) {
            return committed(store.pause(alert, now()));
        }

        @Override
        public boolean resume(int tenant, long alert) {
            return committed(store.resume(alert, now()));
        }

        @Override
        public boolean cancel(int tenant, long alert) {
            return committed(store.end(store.alert(tenant, alert), Alert.State.CANCELLED, now()));
        }

        @Override
        public int relaunch(int tenant, long alert, List<Integer> people) {
            return committed(store.relaunch(alert, "sms", Duration.ofMinutes(1), 1, people, now()));
        }

        @Override
        public Totals totals(int tenant, long alert) {
            return store.totals(alert);
        }

        @Override
        public Map<String, Long> observations(int tenant, long alert) {
            return store.observations(alert);
        }

        @Override
        public Alert.State state(int tenant, long alert) {
            return store.alert(tenant, alert).state;
        }

        @Override
        public void leasesRunOut(int tenant, long alert) {
            store.batches().stream()
                    .filter(b -> b.key.alertId() == alert && b.owner != null)
                    .forEach(b -> b.until = Instant.EPOCH);
        }

        /** A little later each time, as a real clock is. */
        @Override
        public Instant now() {
            now = now.plusNanos(1_000_000);
            return now;
        }
    }
}
