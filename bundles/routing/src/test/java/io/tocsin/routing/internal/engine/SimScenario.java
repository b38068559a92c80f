package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.Channel;
import io.tocsin.channel.api.ChannelAccount;
import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.ChannelProvider;
import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.CarrierAccounts;
import io.tocsin.routing.api.DispatchPolicy;
import io.tocsin.routing.api.DispatchPolicy.Step;
import io.tocsin.routing.api.DispatchPolicy.Until;
import io.tocsin.routing.api.Ledger.Message;
import io.tocsin.routing.internal.engine.Sim.Actor;
import io.tocsin.routing.internal.engine.SimCarrier.Fate;
import io.tocsin.routing.internal.engine.SimStore.Recipient;
import io.tocsin.routing.internal.engine.SimStore.SimAlert;
import io.tocsin.routing.internal.engine.SimStore.SimBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One seeded run: some nodes, carriers, alerts, and everything that can go wrong with them for a while; then nothing does any
 * more, and everything must come to its end, with every law kept.
 */
final class SimScenario {
    private static final Duration LONGEST = Duration.ofMinutes(15);

    final Sim sim;
    final SimMonitor monitor;
    final SimDatabase database;
    private final Actor world = new Actor("world");
    private final Map<Integer, SimCarrier> carriers = new TreeMap<>();
    private final Map<String, SimNode> nodes = new TreeMap<>();
    private final List<CarrierAccounts.Route> routes = new ArrayList<>();
    private final Duration troubled;
    private final int microBatch;
    private final int groupSize;
    private boolean clocksMoved;

    SimScenario(long seed, boolean wholeTrace) {
        sim = new Sim(seed, wholeTrace);
        monitor = new SimMonitor(sim);
        database = new SimDatabase(sim, sim.between(3, 25), monitor);
        monitor.watch(database.store);
        troubled = sim.between(Duration.ofSeconds(15), Duration.ofSeconds(60));
        microBatch = sim.between(1, 10);
        groupSize = sim.between(1, 20);
        database.store.agencies.putAll(Map.of(1, 1, 2, 1, 3, 2));
        account(11, "sms", 1, 1);
        if (sim.maybe(0.5)) {
            account(12, "sms", 1, 2);
        }
        account(13, "sms", 2, 1);
        account(21, "mail", 1, 1);
        account(22, "mail", 2, 1);
        for (int i = 1; i <= sim.between(1, 3); i++) {
            start("n" + i);
        }
        for (int i = 0; i < sim.between(1, 4); i++) {
            sim.after(sim.between(Duration.ZERO, Duration.ofSeconds(12)), world, this::launch);
        }
        troubles();
        sim.after(troubled, world, this::heal);
    }

    private void account(int id, String channel, int agency, int rank) {
        carriers.put(id, new SimCarrier(sim, id, sim.between(1, 8), monitor));
        routes.add(new CarrierAccounts.Route(
                id,
                channel + "-" + id,
                channel,
                agency,
                Optional.empty(),
                agency == 1 ? List.of(1, 2) : List.of(3),
                rank,
                sim.maybe(0.3) ? Optional.of(sim.between(5, 60)) : Optional.empty(),
                1));
    }

    private Settings settings(String name) {
        return new Settings(
                name,
                Duration.ofSeconds(3),
                microBatch,
                groupSize,
                Duration.ofMillis(20),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                Duration.ofSeconds(1),
                Duration.ofSeconds(20),
                1095,
                7);
    }

    private void start(String name) {
        Providers providers = new Providers();
        SimNode node = new SimNode(sim, settings(name), new Accounts(), providers, database, monitor);
        for (String type : List.of("sms", "mail")) {
            providers.add(new Providers.Installed(type, List.of(), "1", new Provider(node)));
        }
        nodes.put(name, node);
        node.start();
    }

    private void launch() {
        int tenant = sim.between(1, 3);
        Category category = sim.oneOf(List.of(Category.values()));
        List<Step> steps = new ArrayList<>();
        boolean asked = sim.maybe(0.3);
        for (int i = 0; i < sim.between(1, 2); i++) {
            steps.add(new Step(
                    i == 0 || sim.maybe(0.3) ? "sms" : "mail",
                    sim.between(Duration.ofSeconds(8), Duration.ofSeconds(40)),
                    sim.between(1, 3),
                    asked && sim.maybe(0.7) ? Until.ANSWERED : Until.DELIVERED));
        }
        List<Recipient> people = new ArrayList<>();
        int recipients = sim.between(1, 60);
        for (int no = 1; no <= recipients; no++) {
            people.add(new Recipient(no, "Personne " + no, "fr", "{}", endpoints(no)));
        }
        SimAlert alert = database.quietly(t -> database.store.launch(
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
                                asked ? Map.of("1", "Oui") : Map.of(),
                                Map.of(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        recipients,
                        "sim",
                        sim.instant(),
                        Optional.empty()),
                List.of(
                        new Message("sms", "fr", "", "Bonjour {{name}}", Optional.empty()),
                        new Message("mail", "fr", "Alerte", "Bonjour {{name}}", Optional.empty())),
                people));
        sim.tell("launch", alert.alertId, tenant, category, recipients, steps);
        for (int i = 0; i < sim.between(0, recipients / 2); i++) {
            int person = sim.between(1, recipients);
            sim.after(sim.between(Duration.ZERO, troubled), world, () -> {
                sim.tell("answer", alert.alertId, person);
                database.quietly(t -> database.store.answer(alert.alertId, person, sim.instant()));
            });
        }
    }

    private String endpoints(int no) {
        StringBuilder json = new StringBuilder("[");
        int mobiles = sim.maybe(0.05) ? 0 : sim.maybe(0.2) ? 2 : 1;
        for (int i = 0; i < mobiles; i++) {
            json.append(String.format("{\"kind\":\"mobile\",\"address\":\"+3363998%d%03d\"},", i, no));
        }
        if (sim.maybe(0.5)) {
            json.append(String.format("{\"kind\":\"email\",\"address\":\"p%d@example.org\"},", no));
        }
        if (json.length() > 1) {
            json.setLength(json.length() - 1);
        }
        return json.append(']').toString();
    }

    // What goes wrong.

    private void troubles() {
        for (SimCarrier carrier : carriers.values()) {
            if (sim.maybe(0.8)) {
                carrier.fates = fates();
            }
            carrier.slowest = sim.between(Duration.ofMillis(2), Duration.ofSeconds(sim.maybe(0.3) ? 5 : 1));
            carrier.receiptsTwice = sim.maybe(0.5) ? 0.3 : 0;
            carrier.receiptsFirst = sim.maybe(0.5) ? 0.5 : 0;
            carrier.silences = sim.maybe(0.5) ? 0.2 : 0;
            carrier.referencesEchoed = sim.oneOf(List.of(0.0, 0.5, 1.0));
        }
        List<Runnable> kinds = new ArrayList<>(List.of(
                this::crashOne,
                this::crashOne,
                this::stopOne,
                this::freezeOne,
                this::freezeOne,
                this::moveClock,
                this::stealLeases,
                this::databaseAway,
                this::databaseSlow,
                this::databaseFlaky,
                this::answersLost,
                this::crashInside,
                this::carrierDrops,
                this::carrierDrops,
                this::accountChanges,
                this::pauseAlert,
                this::cancelAlert,
                this::relaunch,
                this::strangers));
        // A run has some kinds of trouble only, so that each is met alone, too.
        List<Runnable> met = kinds.stream().filter(k -> sim.maybe(0.45)).toList();
        for (int i = 0; !met.isEmpty() && i < sim.between(0, 14); i++) {
            sim.after(sim.between(Duration.ZERO, troubled), world, sim.oneOf(met));
        }
    }

    private List<Fate> fates() {
        List<Fate> fates = new ArrayList<>();
        for (int i = 0; i < sim.between(2, 10); i++) {
            fates.add(Fate.ACCEPTED);
        }
        for (Fate fate : Fate.values()) {
            if (sim.maybe(0.3)) {
                fates.add(fate);
            }
        }
        return fates;
    }

    private SimNode anyNode() {
        return sim.oneOf(List.copyOf(nodes.values()));
    }

    private void crashOne() {
        SimNode node = anyNode();
        if (!node.gone()) {
            sim.tell("trouble: crash", node.owner());
            node.crash();
        }
        again(node);
    }

    private void again(SimNode node) {
        sim.after(sim.between(Duration.ofMillis(200), Duration.ofSeconds(12)), world, () -> {
            if (node.gone() && nodes.get(node.name()) == node) {
                start(node.name());
            }
        });
    }

    private void stopOne() {
        SimNode node = anyNode();
        node.stop();
        sim.after(Duration.ofSeconds(40), world, () -> again(node));
    }

    private void freezeOne() {
        anyNode().freeze(sim.between(Duration.ofMillis(500), Duration.ofSeconds(15)));
    }

    private void moveClock() {
        clocksMoved = true;
        Duration far = sim.between(Duration.ofSeconds(1), sim.oneOf(List.of(Duration.ofMinutes(1), Duration.ofMinutes(4))));
        anyNode().skew(sim.maybe(0.5) ? far : far.negated());
    }

    /** As an operator's hand, or a database restored from a moment ago, could. */
    private void stealLeases() {
        for (SimBatch b : database.store.batches()) {
            if (b.owner != null && sim.maybe(0.5)) {
                sim.tell("trouble: lease runs out at once", b.key);
                b.until = java.time.Instant.EPOCH;
            }
        }
    }

    private void databaseAway() {
        sim.tell("trouble: database away");
        database.away = true;
        sim.after(sim.between(Duration.ofMillis(100), Duration.ofSeconds(12)), world, () -> database.away = false);
    }

    private void databaseSlow() {
        sim.tell("trouble: database slow");
        database.slowest = sim.between(Duration.ofMillis(50), Duration.ofSeconds(4));
        sim.after(sim.between(Duration.ofSeconds(1), Duration.ofSeconds(12)), world, () ->
                database.slowest = Duration.ofMillis(3));
    }

    private void databaseFlaky() {
        sim.tell("trouble: database flaky");
        database.flaky = 0.2;
        sim.after(sim.between(Duration.ofSeconds(1), Duration.ofSeconds(15)), world, () -> database.flaky = 0);
    }

    private void answersLost() {
        sim.tell("trouble: answers lost");
        database.answersLost = 0.2;
        sim.after(sim.between(Duration.ofSeconds(1), Duration.ofSeconds(15)), world, () -> database.answersLost = 0);
    }

    private void crashInside() {
        sim.tell("trouble: crashes inside");
        database.crashes = 0.02;
        sim.after(sim.between(Duration.ofSeconds(1), Duration.ofSeconds(10)), world, () -> {
            database.crashes = 0;
            nodes.values().forEach(this::again);
        });
    }

    private void carrierDrops() {
        sim.oneOf(List.copyOf(carriers.values())).drop(sim.between(Duration.ofMillis(100), Duration.ofSeconds(8)));
    }

    private void accountChanges() {
        int i = sim.between(0, routes.size() - 1);
        CarrierAccounts.Route r = routes.get(i);
        sim.tell("account changes", r.name());
        routes.set(
                i,
                new CarrierAccounts.Route(
                        r.accountId(),
                        r.name(),
                        r.channel(),
                        r.agencyId(),
                        r.tenantId(),
                        r.tenants(),
                        r.rank(),
                        r.messagesPerSecond(),
                        r.version() + 1));
    }

    private Optional<SimAlert> anyAlert() {
        return database.store.alerts.isEmpty()
                ? Optional.empty()
                : Optional.of(sim.oneOf(List.copyOf(database.store.alerts.values())));
    }

    private void pauseAlert() {
        anyAlert().ifPresent(alert -> {
            sim.tell("pause", alert.alertId);
            database.quietly(t -> database.store.pause(alert.alertId, sim.instant()));
            sim.after(sim.between(Duration.ofMillis(100), Duration.ofSeconds(10)), world, () -> {
                sim.tell("resume", alert.alertId);
                database.quietly(t -> database.store.resume(alert.alertId, sim.instant()));
            });
        });
    }

    private void cancelAlert() {
        anyAlert().ifPresent(alert -> {
            sim.tell("cancel", alert.alertId);
            database.quietly(t -> database.store.end(alert, Alert.State.CANCELLED, sim.instant()));
        });
    }

    private void relaunch() {
        anyAlert().filter(a -> a.state != Alert.State.CANCELLED).ifPresent(alert -> {
            sim.tell("relaunch", alert.alertId);
            database.quietly(t -> database.store.relaunch(
                    alert.alertId,
                    sim.oneOf(List.of("sms", "mail")),
                    Duration.ofSeconds(15),
                    2,
                    List.of(1, 2, 3, 4, 5),
                    sim.instant()));
        });
    }

    private void strangers() {
        SimCarrier carrier = sim.oneOf(List.copyOf(carriers.values()));
        for (int i = 0; i < 5; i++) {
            carrier.stranger();
        }
    }

    private void heal() {
        sim.tell("all is well from here on");
        database.heal();
        carriers.values().forEach(SimCarrier::heal);
        for (SimNode node : List.copyOf(nodes.values())) {
            if (node.gone()) {
                start(node.name());
            } else {
                node.skew(Duration.ZERO);
            }
        }
    }

    // The run.

    /** @throws Sim.Violation when a law is broken */
    void run() {
        while (sim.nanos() < troubled.toNanos() + Duration.ofSeconds(2).toNanos()) {
            sim.pass(Duration.ofSeconds(2));
            monitor.conserved();
        }
        while (!quiet()) {
            if (sim.nanos() > LONGEST.toNanos()) {
                monitor.left();
                sim.violated("never comes to its end");
            }
            sim.pass(Duration.ofSeconds(2));
            for (SimNode node : List.copyOf(nodes.values())) {
                if (node.gone()) {
                    start(node.name());
                }
            }
            database.store.alerts.values().forEach(a -> database.store.resume(a.alertId, sim.instant()));
            database.store.commit();
        }
        // Receipts still waiting for their message are looked at once in a while.
        sim.pass(Duration.ofSeconds(12));
        monitor.settled(!clocksMoved);
    }

    private boolean quiet() {
        return database.store.alerts.values().stream().noneMatch(SimAlert::open)
                && database.store.batches().stream().allMatch(b -> b.settled && b.owner == null)
                && carriers.values().stream().allMatch(c -> c.undelivered() == 0)
                && nodes.values().stream().allMatch(SimNode::idle);
    }

    private final class Accounts implements CarrierAccounts {
        @Override
        public List<Route> enabled() {
            return List.copyOf(routes);
        }

        @Override
        public ChannelAccount open(int accountId) {
            return new ChannelAccount(Integer.toString(accountId), Map.of());
        }
    }

    private final class Provider implements ChannelProvider {
        private final SimNode node;

        Provider(SimNode node) {
            this.node = node;
        }

        @Override
        public Channel open(ChannelAccount account, ChannelEvents events) {
            return carriers.get(Integer.parseInt(account.id())).open(node, account, events);
        }
    }
}
