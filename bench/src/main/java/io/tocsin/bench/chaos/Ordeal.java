package io.tocsin.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.bench.chaos.Verdict.Count;
import io.tocsin.bench.chaos.Verdict.Speed;
import io.tocsin.persistence.testing.Conservation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * One alert to everybody of a site, and the faults done to it: launched, struck when so much of it has left, waited for, and
 * then held against what the carrier saw.
 */
final class Ordeal {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    /** Shares of the messages: what is measured begins, the first strike comes, strikes end, measuring ends. */
    private static final double BEGIN = 0.05;

    private static final double FIRST = 0.2;
    private static final double LAST = 0.8;
    private static final double END = 0.95;

    private final Site site;
    private final List<Fault> faults;
    private final double calm;
    private final List<Harm> harms = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    /** A strike, from its first moment to the end of the harm. */
    private record Harm(long from, long over) {}

    private Ordeal(Site site, List<Fault> faults, double calm) {
        this.site = site;
        this.faults = faults;
        this.calm = calm;
    }

    /**
     * @param faults in the order they are done; one that comes several times is struck several times
     * @param calm messages a second of an alert left alone right before; 0: none was, the baseline is this alert's own rate
     *     until the first strike
     */
    static Verdict of(Site site, List<Fault> faults, double calm) throws Exception {
        return new Ordeal(site, faults, calm).run();
    }

    private Verdict run() throws Exception {
        site.smsc().command("/reset");
        List<AutoCloseable> held = new ArrayList<>();
        try (Watch watch = Watch.start(site)) {
            for (Fault fault : faults) {
                if (fault.held()) {
                    held.add(fault.hold(site));
                }
            }
            long launched = System.nanoTime();
            long alert = site.launch();
            watch.alert(alert);
            strike(watch.throughput(), alert);
            awaitEnd(alert);
            double seconds = (System.nanoTime() - launched) / 1e9;
            Count count = count(alert, watch);
            site.api().post(Site.path(alert) + "/closing", Map.of());
            return new Verdict(
                    faults.isEmpty()
                            ? "none"
                            : faults.stream().map(Fault::word).distinct().collect(Collectors.joining("+")),
                    "",
                    site.people(),
                    wrong,
                    speed(watch.throughput()),
                    count,
                    seconds);
        } finally {
            for (AutoCloseable each : held) {
                each.close();
            }
        }
    }

    private void strike(Throughput throughput, long alert) throws Exception {
        List<Fault> strikes = faults.stream().filter(fault -> !fault.held()).toList();
        for (int i = 0; i < strikes.size(); i++) {
            double share = FIRST + (LAST - FIRST) * i / strikes.size();
            if (!awaitLeft(throughput, share)) {
                return;
            }
            long from = System.nanoTime();
            harms.add(new Harm(from, strikes.get(i).strike(site, alert)));
            awaitRecovery(throughput);
        }
    }

    private boolean awaitLeft(Throughput throughput, double share) {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (throughput.messages() < share * site.people()) {
            if (System.nanoTime() > limit) {
                wrong.add("only " + throughput.messages() + " of " + site.people() + " messages had left after "
                        + LIMIT.toMinutes() + " minutes");
                return false;
            }
            Site.pause(BETWEEN_LOOKS);
        }
        return true;
    }

    /** The next strike comes once this one is over, or has had its time, or little is left to see it by. */
    private void awaitRecovery(Throughput throughput) {
        Harm harm = harms.get(harms.size() - 1);
        long limit = harm.over() + Math.round(Verdict.GOAL * 1e9);
        double baseline = baseline(throughput);
        while (System.nanoTime() < limit
                && throughput.messages() < LAST * site.people()
                && throughput.recovery(harm.over(), Long.MAX_VALUE, baseline).isEmpty()) {
            Site.pause(BETWEEN_LOOKS);
        }
    }

    /** Until nobody is pending and every receipt was taken, as far as that comes. */
    private void awaitEnd(long alert) throws Exception {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < limit) {
            Optional<JsonNode> totals = site.totals(alert);
            if (totals.isPresent() && totals.get().get("pending").asLong() == 0 && quiet()) {
                return;
            }
            Site.pause(BETWEEN_LOOKS);
        }
        wrong.add("after " + LIMIT.toMinutes() + " minutes the alert had not come to its end: "
                + site.totals(alert).map(JsonNode::toString).orElse("the node does not say how it stands"));
    }

    private boolean quiet() throws Exception {
        return site.smsc().stats().get("undelivered").asLong() == 0;
    }

    private Count count(long alert, Watch watch) throws Exception {
        JsonNode seen = site.smsc().stats();
        Conservation.Account account;
        Map<String, Integer> announced;
        try (Connection connection = site.node().database()) {
            analyze(connection);
            account = Conservation.of(connection, site.tenantId(), alert);
            announced = announced(connection, alert);
        }
        wrong.addAll(account.broken());
        watch.ahead().ifPresent(wrong::add);
        long lost = site.people() - seen.get("destinations").asLong();
        if (lost > 0) {
            wrong.add(lost + " people got nothing");
        }
        if (account.recipients() != site.people()) {
            wrong.add("the alert has " + account.recipients() + " people, not " + site.people());
        }
        if (seen.get("duplicates").asLong() > 0) {
            wrong.add(seen.get("duplicates") + " messages left twice under one reference");
        }
        long unflagged = unflagged(site.smsc().copies(), announced);
        if (unflagged > 0) {
            wrong.add(unflagged + " second copies nobody announced");
        }
        return new Count(
                lost,
                seen.get("messages").asLong() - seen.get("destinations").asLong(),
                account.flagged(),
                unflagged,
                account.delivered(),
                watch.looks());
    }

    /** What follows looks at everybody, and the rows are younger than any statistics. */
    private static void analyze(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("analyze recipient, target, batch, attempt, followup, wave");
        }
    }

    /** Messages beyond the first and those announced, each number by itself. */
    static long unflagged(Map<String, Integer> copies, Map<String, Integer> announced) {
        return copies.entrySet().stream()
                .mapToLong(c -> Math.max(0, c.getValue() - 1 - announced.getOrDefault(c.getKey(), 0)))
                .sum();
    }

    /** Second copies that were flagged before they were sent, by number. */
    private Map<String, Integer> announced(Connection connection, long alert) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select address, count(*) from target
                where tenant_id = ? and alert_id = ? and possible_duplicate group by address
                """)) {
            query.setInt(1, site.tenantId());
            query.setLong(2, alert);
            Map<String, Integer> announced = new HashMap<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    announced.put(row.getString(1), row.getInt(2));
                }
            }
            return announced;
        }
    }

    private double baseline(Throughput throughput) {
        return calm > 0
                ? calm
                : throughput.rate(
                        throughput.reached(BEGIN * site.people()).orElseThrow(),
                        harms.get(0).from());
    }

    private Speed speed(Throughput throughput) {
        long begin = throughput.reached(BEGIN * site.people()).orElse(0);
        long end = throughput.reached(END * site.people()).orElse(begin);
        double whole = throughput.rate(begin, end);
        if (faults.isEmpty()) {
            return new Speed(whole, List.of(), 1, 1, 1);
        }
        double baseline = baseline(throughput);
        if (harms.isEmpty()) {
            long first = throughput.reached(1).orElse(begin);
            return new Speed(
                    baseline,
                    List.of(throughput.recovery(first, Long.MAX_VALUE, baseline)),
                    share(whole, baseline),
                    share(whole, baseline),
                    share(throughput.best(first), baseline));
        }
        List<OptionalDouble> recoveries = new ArrayList<>();
        double during = 0;
        double harmed = 0;
        for (int i = 0; i < harms.size(); i++) {
            Harm harm = harms.get(i);
            long next = i + 1 < harms.size() ? harms.get(i + 1).from() : Long.MAX_VALUE;
            recoveries.add(throughput.recovery(harm.over(), next, baseline));
            during += throughput.rate(harm.from(), harm.over()) * (harm.over() - harm.from());
            harmed += harm.over() - harm.from();
        }
        long over = harms.get(harms.size() - 1).over();
        return new Speed(
                baseline,
                recoveries,
                share(during / Math.max(1, harmed), baseline),
                share(throughput.rate(over, Math.max(over, end)), baseline),
                share(throughput.best(over), baseline));
    }

    private static double share(double rate, double baseline) {
        return baseline > 0 ? rate / baseline : 0;
    }
}
