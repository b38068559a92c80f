package io.tocsin.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.bench.Api;
import io.tocsin.bench.RunningNode;
import io.tocsin.peers.sites.SiteDatabases;
import io.tocsin.peers.sites.SiteName;
import io.tocsin.peers.sites.SiteNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

/**
 * A platform on two sites and a witness, all on this machine: a node at each site, PostgreSQL kept by Patroni, a carrier with a way
 * to it from each site, and, where people are called, an Asterisk beside each node. Closing takes it all away.
 */
public final class TwoSites implements AutoCloseable {
    private static final String CARRIER_PASSWORD = "sites-sm";
    private static final String SWITCH_USER = "tocsin";
    private static final String SWITCH_PASSWORD = "sites-switch";
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final SiteNetwork network;
    private final SiteDatabases databases;
    private final SiteCarriers carriers;
    private final Optional<SiteSwitches> switches;
    private final int people;
    private final int called;
    private final Map<SiteName, RunningNode> nodes = new EnumMap<>(SiteName.class);
    private final Map<SiteName, Api> doors = new EnumMap<>(SiteName.class);
    private final Thread interrupted = new Thread(this::abandon, "two-sites-interrupted");

    private TwoSites(
            SiteNetwork network,
            SiteDatabases databases,
            SiteCarriers carriers,
            Optional<SiteSwitches> switches,
            int people,
            int called) {
        this.network = network;
        this.databases = databases;
        this.carriers = carriers;
        this.switches = switches;
        this.people = people;
        this.called = called;
    }

    /**
     * @param people who are written to
     * @param perSecond the account's throttle, for both nodes together
     * @param called people who are called besides; 0: there is no switch
     */
    public static TwoSites start(int people, int perSecond, int called)
            throws IOException, SQLException, InterruptedException {
        SiteNetwork network = SiteNetwork.open();
        SiteDatabases databases = null;
        SiteCarriers carriers = null;
        SiteSwitches switches = null;
        TwoSites sites = null;
        try {
            databases = SiteDatabases.start(network);
            carriers = SiteCarriers.start(network.here(), CARRIER_PASSWORD);
            if (called > 0) {
                switches = SiteSwitches.start(network, SWITCH_USER, SWITCH_PASSWORD);
            }
            sites = new TwoSites(network, databases, carriers, Optional.ofNullable(switches), people, called);
            Runtime.getRuntime().addShutdownHook(sites.interrupted);
            sites.startNodes(perSecond);
            return sites;
        } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
            if (sites != null) {
                sites.close();
            } else {
                close(switches, carriers, databases, network);
            }
            throw e;
        }
    }

    /** Both at once: most of what a node does first is reading its own code. */
    private void startNodes(int perSecond) throws IOException, SQLException, InterruptedException {
        List<CompletableFuture<RunningNode>> starting = List.of(
                CompletableFuture.supplyAsync(() -> node(SiteName.A, perSecond)),
                CompletableFuture.supplyAsync(() -> node(SiteName.B, perSecond)));
        RuntimeException failed = null;
        for (int i = 0; i < starting.size(); i++) {
            try {
                nodes.put(SiteName.values()[i], starting.get(i).join());
            } catch (CompletionException e) {
                failed = new IllegalStateException(e.getCause());
            }
        }
        if (failed != null) {
            throw failed;
        }
        for (SiteName site : nodes.keySet()) {
            awaitTenant(site);
        }
        try (Connection connection = databases.connect()) {
            ChaosTenant.populate(connection, people);
            if (called > 0) {
                ChaosTenant.populateCalled(connection, called);
            }
        }
    }

    private RunningNode node(SiteName site, int perSecond) {
        try {
            Path secret = Files.createTempFile("tocsin-owner-", "");
            Files.writeString(secret, SiteDatabases.OWNER_PASSWORD);
            secret.toFile().deleteOnExit();
            Map<String, String> environment = new TreeMap<>(Map.of(
                    "TOCSIN_HEAP",
                    "512m",
                    "TOCSIN_JAVA_OPTS",
                    "-Djdk.net.hosts.file=" + databases.names(),
                    "TOCSIN_DB_USER",
                    SiteDatabases.OWNER,
                    "TOCSIN_DB_PASSWORD_FILE",
                    secret.toString(),
                    // One account; each site has its own way to the carrier, and its own switch.
                    "TOCSIN_LAB_SMS_PORT",
                    String.valueOf(carriers.port(site)),
                    "TOCSIN_SECRET_LAB_SMS",
                    CARRIER_PASSWORD,
                    "TOCSIN_SECRET_CHAOS_USER",
                    ChaosTenant.PASSWORD));
            switches.map(each -> each.ari(site)).ifPresent(ari -> {
                environment.put("TOCSIN_CHAOS_SWITCH_HOST", ari.getHost());
                environment.put("TOCSIN_CHAOS_SWITCH_PORT", String.valueOf(ari.getPort()));
                environment.put("TOCSIN_SECRET_CHAOS_SWITCH", SWITCH_PASSWORD);
            });
            return RunningNode.start(
                    environment,
                    List.of("--node", "site-" + site.word(), "--db", databases.url()),
                    tenants -> write(tenants, site, perSecond),
                    new RunningNode.Place(network.at(site), network.outside(site)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(Path tenants, SiteName site, int perSecond) throws IOException {
        Path node = tenants.resolveSibling("nodes/site-" + site.word());
        Path etc = Files.createDirectories(node.resolve("etc"));
        Files.writeString(etc.resolve("io.tocsin.routing.cfg"), "inDoubtGraceSeconds = 5\n");
        // An operator's own file: the launcher leaves alone what differs from what was shipped.
        Files.writeString(
                etc.resolve("org.apache.felix.http.cfg"),
                "org.apache.felix.http.host = 0.0.0.0\norg.osgi.service.http.port = 8181\n");
        Files.writeString(
                Files.createDirectories(node.resolve("etc.shipped")).resolve("org.apache.felix.http.cfg"), "\n");
        ChaosTenant.write(tenants, people, perSecond, network.here(), "${lab.sms.port:2775}");
        if (called > 0) {
            ChaosTenant.writeCalls(
                    tenants, SiteSwitches.LINES, "${chaos.switch.host:127.0.0.1}", "${chaos.switch.port:8088}");
        }
    }

    public SiteNetwork network() {
        return network;
    }

    public SiteDatabases databases() {
        return databases;
    }

    public RunningNode node(SiteName site) {
        return nodes.get(site);
    }

    public SiteCarriers carriers() {
        return carriers;
    }

    /** Empty: nobody is called. */
    public Optional<SiteSwitches> switches() {
        return switches;
    }

    /** People who are written to. */
    public int people() {
        return people;
    }

    /** People who are called besides. */
    int called() {
        return called;
    }

    /** Starts a node that was killed, and waits until it answers. */
    public void restart(SiteName site) throws IOException, InterruptedException {
        node(site).start();
        doors.put(site, node(site).api());
    }

    /** Kills a node, and starts it with a clock that is off. @param ahead zero: the machine's own clock */
    public void restartWithClock(SiteName site, Duration ahead) throws IOException, InterruptedException {
        RunningNode node = node(site);
        node.kill();
        boolean own = ahead.isZero();
        node.surround("LD_PRELOAD", own ? null : databases.clock().toString());
        node.surround("FAKETIME", own ? null : (ahead.isNegative() ? "" : "+") + ahead.toSeconds() + "s");
        // What a JVM waits by goes on as it does.
        node.surround("FAKETIME_DONT_FAKE_MONOTONIC", own ? null : "1");
        restart(site);
    }

    /** Launches at a site, to all who are written to. @return the alert's id */
    public long launch(SiteName site) throws IOException, InterruptedException {
        return launch(site, ChaosTenant.SCENARIO);
    }

    long launch(SiteName site, String scenario) throws IOException, InterruptedException {
        return door(site)
                .launch(ChaosTenant.TENANT, UUID.randomUUID().toString(), Map.of("scenario", scenario, "drill", false))
                .expect(201)
                .get("alertId")
                .asLong();
    }

    /** Ends an alert that has come to its end, so that the next is the only one. */
    void finish(long alert) throws IOException, InterruptedException {
        door(SiteName.A).post(Site.path(alert) + "/closing", Map.of());
    }

    private Api door(SiteName site) throws IOException, InterruptedException {
        Api door = doors.get(site);
        if (door == null) {
            door = node(site).api();
            doors.put(site, door);
        }
        if (door.get("/api/v1/tenants/" + ChaosTenant.TENANT + "/folder").status() == 401) {
            door.signIn(ChaosTenant.LOGIN, ChaosTenant.PASSWORD);
        }
        return door;
    }

    /** What a node's health says of its database server: its state, then what is to be known; empty when it does not answer. */
    public String database(SiteName site) throws InterruptedException {
        return check(site, "database server");
    }

    /** Whether a node's health names a state by its code. */
    public boolean named(SiteName site, String code) {
        try {
            return !check(site, "condition " + code).isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String check(SiteName site, String name) throws InterruptedException {
        try {
            for (JsonNode check : node(site).api().get("/health/ready").json().path("checks")) {
                if (check.get("name").asText().equals(name)) {
                    return check.get("state").asText() + " "
                            + check.path("detail").asText();
                }
            }
        } catch (IOException e) {
            // Stopped, or killed: that is what is being looked into.
        }
        return "";
    }

    private void awaitTenant(SiteName site) throws IOException, InterruptedException {
        long limit = System.nanoTime() + LIMIT.toNanos();
        Api api = node(site).api();
        while (true) {
            int up = 0;
            for (JsonNode check : api.get("/health/ready").json().path("checks")) {
                if (check.get("name").asText().startsWith("account " + ChaosTenant.TENANT)
                        && check.get("state").asText().equals("up")) {
                    up++;
                }
            }
            if (up == (called > 0 ? 2 : 1)) {
                return;
            }
            if (System.nanoTime() > limit) {
                throw new IOException("the accounts are not up at site " + site.word() + " after " + LIMIT + ": "
                        + api.get("/health/ready").raw().body());
            }
            Site.pause(BETWEEN_LOOKS);
        }
    }

    /** Waits for something. @throws IllegalStateException saying what did not happen */
    public static void await(String what, BooleanSupplier happened) {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("after " + LIMIT + " not yet: " + what);
            }
            Site.pause(BETWEEN_LOOKS);
        }
    }

    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(interrupted);
        try {
            for (RunningNode node : nodes.values()) {
                node.close();
            }
        } finally {
            close(switches.orElse(null), carriers, databases, network);
        }
    }

    private static void close(
            SiteSwitches switches, SiteCarriers carriers, SiteDatabases databases, SiteNetwork network)
            throws IOException {
        try (network;
                databases;
                carriers;
                switches) {
            // In the order that closing has: the ways to the carriers first, the network last.
        }
    }

    /** Somebody pressed Ctrl-C: nothing is left running; nothing is checked either. */
    private void abandon() {
        try {
            for (RunningNode node : nodes.values()) {
                node.close();
            }
            close(switches.orElse(null), carriers, databases, network);
        } catch (IOException | RuntimeException e) {
            System.err.println("tocsin: two sites: not all could be taken away: " + e.getMessage());
        }
    }
}
