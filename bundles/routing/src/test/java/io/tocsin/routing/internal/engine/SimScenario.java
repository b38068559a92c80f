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
import java.util.Set;
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
    private Duration troubled = Duration.ZERO;
    private final int microBatch;
    private final int groupSize;
    private boolean clocksMoved;
    private boolean leasesStolen;
    private long calmFrom;
    private String lostForGood = "";

    /** A run in which nothing goes wrong and nobody launches anything, until somebody says so. */
    SimScenario(long seed, boolean wholeTrace, SimFlaw flaw, int batchSize, int microBatch, int groupSize) {
        sim = new Sim(seed, wholeTrace);
        monitor = new SimMonitor(sim);
        database = new SimDatabase(sim, batchSize, monitor, flaw);
        monitor.watch(database.store);
        this.microBatch = microBatch;
        this.groupSize = groupSize;
        weigh(1, 1);
        weigh(2, 1);
        database.store.shares.put(3, new FairOrder.Shares(2, 1, 1));
    }

    private int latestVersion = 1;

    /** A run as its seed has it. */
    static SimScenario of(long seed, boolean wholeTrace, SimFlaw flaw) {
        java.util.Random shape = new java.util.Random(seed);
        SimScenario scenario = new SimScenario(
                seed, wholeTrace, flaw, 3 + shape.nextInt(23), 1 + shape.nextInt(10), 1 + shape.nextInt(20));
        weights(scenario, shape);
        caps(scenario, new java.util.Random(seed * 31 + 7));
        scenario.furnish();
        return scenario;
    }

    /** In some runs an exchange, a site of it and another agency's exchange take so many messages a second and no more. */
    private static void caps(SimScenario scenario, java.util.Random shape) {
        if (shape.nextBoolean()) {
            scenario.cap(1, 1, 1 + shape.nextInt(12), Set.of(), "+3363998001", "+3363998002", "+3363998102");
            if (shape.nextBoolean()) {
                scenario.cap(2, 1, 0.5 + shape.nextInt(3), Set.of("sms"), "+3363998002");
            }
        }
        if (shape.nextBoolean()) {
            scenario.cap(3, 2, 1 + shape.nextInt(20), Set.of("sms", "phone"), "+33639980");
        }
    }

    /** @param agency 1, of tenants 1 and 2, or 2, of tenant 3 @param channels none: all */
    void cap(int id, int agency, double perSecond, Set<String> channels, String... prefixes) {
        database.store.caps.put(
                id,
                new SimStore.SimCap(
                        agency,
                        null,
                        channels,
                        List.of(prefixes),
                        new CapPermits(
                                id,
                                perSecond,
                                java.time.Instant.EPOCH,
                                java.time.Instant.EPOCH,
                                java.time.Instant.EPOCH,
                                0)));
    }

    private static void weights(SimScenario scenario, java.util.Random shape) {
        scenario.weigh(1, 1 + shape.nextInt(5));
        scenario.weigh(2, 1 + shape.nextInt(5));
    }

    /** @param tenant 1 or 2, both of agency 1 */
    void weigh(int tenant, int weight) {
        database.store.shares.put(tenant, new FairOrder.Shares(1, 1, weight));
    }

    private void furnish() {
        troubled = sim.between(Duration.ofSeconds(15), Duration.ofSeconds(60));
        account(11, "sms", 1, 1);
        if (sim.maybe(0.5)) {
            account(12, "sms", 1, 2);
        }
        account(13, "sms", 2, 1);
        account(21, "mail", 1, 1);
        account(22, "mail", 2, 1);
        account(31, "phone", 1, 1);
        account(32, "phone", 2, 1);
        int n = sim.between(1, 3);
        for (int i = 1; i <= n; i++) {
            start("n" + i);
        }
        lostForGood = n > 1 && sim.maybe(0.4) ? "n" + n : "";
        int alerts = sim.between(1, 4);
        for (int i = 0; i < alerts; i++) {
            sim.after(sim.between(Duration.ZERO, troubled.dividedBy(2)), world, this::launch);
        }
        troubles();
        sim.after(troubled, world, this::heal);
    }

    private void account(int id, String channel, int agency, int rank) {
        account(
                id,
                channel,
                agency,
                rank,
                sim.between(1, 8),
                sim.maybe(0.6) ? Optional.of(sim.between(2, 25)) : Optional.empty());
    }

    /** @param agency 1, of tenants 1 and 2, or 2, of tenant 3 */
    SimCarrier account(int id, String channel, int agency, int rank, int window, Optional<Integer> perSecond) {
        SimCarrier carrier = new SimCarrier(sim, id, window, channel.equals("phone"), monitor);
        carriers.put(id, carrier);
        routes.add(new CarrierAccounts.Route(
                id,
                channel + "-" + id,
                channel,
                agency,
                Optional.empty(),
                agency == 1 ? List.of(1, 2) : List.of(3),
                rank,
                perSecond,
                1));
        return carrier;
    }

    private Settings settings(String name) {
        return new Settings(
                name,
                Duration.ofSeconds(3),
                microBatch,
                groupSize,
                Duration.ofMillis(20),
                Duration.ofSeconds(4),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(20),
                1095,
                7,
                new Swap.Limits(Duration.ofSeconds(6), Duration.ofSeconds(4)));
    }

    void start(String name) {
        Providers providers = new Providers();
        SimNode node = new SimNode(sim, settings(name), new Accounts(), providers, database, monitor);
        for (String type : List.of("sms", "mail", "phone")) {
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
        int tried = sim.between(1, 2);
        for (int i = 0; i < tried; i++) {
            steps.add(new Step(
                    sim.maybe(0.3) ? "phone" : i == 0 || sim.maybe(0.3) ? "sms" : "mail",
                    sim.between(Duration.ofSeconds(8), Duration.ofSeconds(40)),
                    sim.between(1, 3),
                    asked && sim.maybe(0.7) ? Until.ANSWERED : Until.DELIVERED));
        }
        int recipients = sim.between(1, 60);
        SimAlert alert = launch(tenant, category, steps, asked, recipients);
        int answers = sim.between(0, recipients / 2);
        for (int i = 0; i < answers; i++) {
            int person = sim.between(1, recipients);
            sim.after(sim.between(Duration.ZERO, troubled), world, () -> {
                sim.tell("answer", alert.alertId, person);
                database.quietly(t -> database.store.answer(alert.alertId, person, sim.instant()));
            });
        }
    }

    SimAlert launch(int tenant, Category category, List<Step> steps, boolean asked, int recipients) {
        List<Recipient> people = new ArrayList<>();
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
                        new Message("mail", "fr", "Alerte", "Bonjour {{name}}", Optional.empty()),
                        new Message("phone", "fr", "", "Bonjour {{name}}", Optional.empty())),
                people));
        sim.tell("launch", alert.alertId, tenant, category, recipients, steps);
        return alert;
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
            carrier.speechless = sim.maybe(0.3) ? 0.3 : 0;
            carrier.broken = sim.maybe(0.3) ? sim.between(0, 3) : 0;
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
                this::sessionEnds,
                this::sessionEnds,
                this::cutOff,
                this::primarySwitches,
                this::databaseAway,
                this::databaseSlow,
                this::databaseFlaky,
                this::answersLost,
                this::crashInside,
                this::carrierDrops,
                this::carrierDrops,
                this::accountChanges,
                this::newVersion,
                this::newVersion,
                this::versionGoes,
                this::pauseAlert,
                this::cancelAlert,
                this::relaunch,
                this::strangers));
        // A run has some kinds of trouble only, so that each is met alone, too.
        List<Runnable> met = kinds.stream().filter(k -> sim.maybe(0.45)).toList();
        int times = met.isEmpty() ? 0 : sim.between(0, 12);
        for (int i = 0; i < times; i++) {
            sim.after(sim.between(Duration.ZERO, troubled), world, sim.oneOf(met));
        }
    }

    private List<Fate> fates() {
        List<Fate> fates = new ArrayList<>();
        int good = sim.between(2, 10);
        for (int i = 0; i < good; i++) {
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
        // Best while it has intended what it has not sent.
        List<SimNode> amidst = nodes.values().stream().filter(SimNode::amidst).toList();
        SimNode node = amidst.isEmpty() || sim.maybe(0.3) ? anyNode() : sim.oneOf(amidst);
        Duration time = sim.between(Duration.ofMillis(500), Duration.ofSeconds(25));
        node.freeze(time);
        calmFrom = Math.max(calmFrom, sim.nanos() + time.toNanos());
    }

    private void moveClock() {
        if (leasesStolen) {
            return;
        }
        clocksMoved = true;
        Duration far =
                sim.between(Duration.ofSeconds(1), sim.oneOf(List.of(Duration.ofMinutes(1), Duration.ofMinutes(4))));
        anyNode().skew(sim.maybe(0.5) ? far : far.negated());
    }

    /** As an operator's hand, or a database restored from a moment ago, could. */
    private void stealLeases() {
        // A lease that ends by decree and a clock ahead by more than a grace, together, are more than is promised.
        if (clocksMoved) {
            return;
        }
        leasesStolen = true;
        monitor.leasesStolen = true;
        for (SimBatch b : database.store.batches()) {
            if (b.owner != null && sim.maybe(0.5)) {
                sim.tell("trouble: lease runs out at once", b.key);
                b.until = java.time.Instant.EPOCH;
            }
        }
    }

    /** As a firewall or an administrator ends one. */
    private void sessionEnds() {
        SimNode node = anyNode();
        sim.tell("trouble: session ends", node.owner());
        database.endSessions(node);
    }

    /** The server sees that nobody is there any more, and there is: it stands still, and goes on with what it believes. */
    private void cutOff() {
        SimNode node =
                nodes.values().stream().filter(SimNode::amidst).findFirst().orElseGet(this::anyNode);
        Duration time = sim.between(Duration.ofMillis(200), Duration.ofSeconds(20));
        node.freeze(time);
        calmFrom = Math.max(calmFrom, sim.nanos() + time.toNanos());
        sim.after(sim.between(Duration.ZERO, Duration.ofSeconds(2)), world, () -> {
            sim.tell("trouble: cut off", node.owner());
            database.endSessions(node);
        });
    }

    private void primarySwitches() {
        databaseAway();
        database.endSessions();
    }

    private void databaseAway() {
        sim.tell("trouble: database away");
        database.away = true;
        sim.after(sim.between(Duration.ofMillis(100), Duration.ofSeconds(12)), world, () -> database.away = false);
    }

    private void databaseSlow() {
        sim.tell("trouble: database slow");
        database.slowest = sim.between(Duration.ofMillis(50), Duration.ofSeconds(4));
        sim.after(
                sim.between(Duration.ofSeconds(1), Duration.ofSeconds(12)),
                world,
                () -> database.slowest = Duration.ofMillis(3));
    }

    private void databaseFlaky() {
        sim.tell("trouble: database flaky");
        database.flaky = 0.2;
        sim.after(sim.between(Duration.ofSeconds(1), Duration.ofSeconds(15)), world, () -> database.flaky = 0);
    }

    private void answersLost() {
        sim.tell("trouble: answers lost");
        database.answersLost = 0.2;
        // What was asked for and not answered matters most to whoever has to give it back meanwhile.
        for (int i = 0; i < 4; i++) {
            sim.after(sim.between(Duration.ZERO, Duration.ofSeconds(6)), world, this::carrierDrops);
        }
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

    /** One that is no good is opened beside the one that serves, and nobody notices. */
    private void newVersion() {
        SimNode node = anyNode();
        if (!node.gone()) {
            boolean good = sim.maybe(0.7);
            ChannelProvider provider = good
                    ? new Provider(node)
                    : (account, events) -> {
                        throw new IllegalStateException("no good");
                    };
            node.comes(new Providers.Installed(
                    sim.oneOf(List.of("sms", "mail", "phone")),
                    List.of(),
                    Integer.toString(++latestVersion),
                    provider));
        }
    }

    private void versionGoes() {
        SimNode node = anyNode();
        if (!node.gone()) {
            node.goes(sim.oneOf(List.of("sms", "mail", "phone")));
        }
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
                    sim.oneOf(List.of("sms", "mail", "phone")),
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
            node.skew(Duration.ZERO);
        }
        restart();
    }

    /** One of the nodes that are gone may be gone for good; the first never is. */
    private void restart() {
        for (SimNode node : List.copyOf(nodes.values())) {
            if (node.gone() && !node.name().equals(lostForGood)) {
                start(node.name());
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
            restart();
            database.store.alerts.values().forEach(a -> database.store.resume(a.alertId, sim.instant()));
            database.store.commit();
        }
        // Receipts still waiting for their message are looked at once in a while.
        sim.pass(Duration.ofSeconds(12));
        monitor.settled(!clocksMoved);
        if (!clocksMoved) {
            monitor.doubtsFollowedUp(sim.began().plusNanos(Math.max(calmFrom, troubled.toNanos())), settings("any"));
        }
    }

    private boolean quiet() {
        return database.store.alerts.values().stream().noneMatch(SimAlert::open)
                && database.store.batches().stream().allMatch(b -> b.settled && b.owner == null)
                && carriers.values().stream().allMatch(c -> c.undelivered() == 0)
                && nodes.values().stream().allMatch(n -> n.gone() || n.idle());
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
