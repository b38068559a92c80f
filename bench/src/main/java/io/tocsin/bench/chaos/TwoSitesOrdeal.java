package io.tocsin.bench.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.peers.sites.SiteName;
import io.tocsin.persistence.testing.Conservation;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One alert on two sites, with another by telephone beside it where there are switches, the faults done to them, and what they came
 * to, held against what carriers and telephones saw.
 */
public final class TwoSitesOrdeal implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final TwoSites sites;
    private final AcknowledgedRows rows;
    private final long alert;
    private final Optional<CallsOrdeal> calls;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    /** What was done, and how many seconds until the platform had got over it. */
    public record Step(String fault, String measured, double seconds) {}

    /**
     * What the alert came to.
     *
     * @param wrong what is lost, doubled or does not add up; empty: nothing is
     * @param lostRows rows acknowledged to somebody beside the nodes and not there
     */
    public record Outcome(
            List<Step> steps,
            List<String> wrong,
            int acknowledged,
            int lostRows,
            long lost,
            long duplicates,
            long flagged,
            long unflagged,
            long delivered,
            Optional<CallsOrdeal.Count> calls) {

        /** One line, as scripts read it. */
        ObjectNode json() {
            ObjectNode json = new ObjectMapper().createObjectNode();
            ArrayNode each = json.putArray("steps");
            steps.forEach(step -> each.addObject()
                    .put("fault", step.fault())
                    .put("measured", step.measured())
                    .put("seconds", Math.round(step.seconds() * 10) / 10.0));
            json.put("acknowledgedRows", acknowledged).put("lostRows", lostRows);
            json.put("lost", lost).put("duplicates", duplicates).put("flagged", flagged);
            json.put("unflagged", unflagged).put("delivered", delivered);
            calls.ifPresent(count -> count.into(json.putObject("calls")));
            if (!wrong.isEmpty()) {
                wrong.forEach(json.putArray("wrong")::add);
            }
            return json;
        }

        @Override
        public String toString() {
            return json().toString();
        }
    }

    private TwoSitesOrdeal(TwoSites sites, AcknowledgedRows rows, long alert, Optional<CallsOrdeal> calls) {
        this.sites = sites;
        this.rows = rows;
        this.alert = alert;
        this.calls = calls;
    }

    /** Launches an alert to everybody. @param at the site whose door is used */
    public static TwoSitesOrdeal begin(TwoSites sites, SiteName at)
            throws IOException, InterruptedException, SQLException {
        sites.carriers().reset();
        AcknowledgedRows rows = AcknowledgedRows.start(sites.databases());
        long alert = sites.launch(at);
        Optional<CallsOrdeal> calls = Optional.empty();
        if (sites.switches().isPresent()) {
            SiteSwitches switches = sites.switches().get();
            switches.reset();
            calls = Optional.of(new CallsOrdeal(sites, switches, sites.launch(at, ChaosTenant.CALL_SCENARIO)));
        }
        return new TwoSitesOrdeal(sites, rows, alert, calls);
    }

    /** Empty: nobody is called. */
    Optional<CallsOrdeal> calls() {
        return calls;
    }

    /** Messages the carrier has taken so far, at either site. */
    public long left() {
        return sites.carriers().messages();
    }

    /** Until so many more messages have left. @return seconds it took */
    public double awaitMore(long messages) {
        long from = System.nanoTime();
        long goal = left() + messages;
        TwoSites.await(
                messages + " more messages of " + sites.people() + " have left",
                () -> left() >= goal || left() >= sites.people());
        return (System.nanoTime() - from) / 1e9;
    }

    /** Until a node that is gone holds no batch any more. */
    public void awaitTakenOver(SiteName gone) {
        TwoSites.await("no batch is held by the node of site " + gone.word(), () -> held(gone) == 0);
    }

    /** Batches of the alert that a site's node holds; more than there are while nobody can say. */
    long held(SiteName site) {
        return held(site, alert);
    }

    long held(SiteName site, long alert) {
        try (Connection connection = sites.databases().connect();
                var query = connection.prepareStatement(
                        "select count(*) from batch where alert_id = ? and lease_owner like ? and lease_until >"
                                + " now()")) {
            query.setLong(1, alert);
            query.setString(2, "site-" + site.word() + "%");
            var row = query.executeQuery();
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Notes what a fault took. */
    public void measured(String fault, String what, double seconds) {
        Step step = new Step(fault, what, seconds);
        steps.add(step);
        System.err.printf("tocsin: two sites: %s: %s after %.1f s%n", fault, what, seconds);
    }

    /** The longest time since the last ask in which nobody could write anything. @return seconds */
    public double longestWithoutWriting() {
        return rows.longestGap();
    }

    /** Waits for the alert's end, and counts. */
    public Outcome end() throws SQLException, IOException, InterruptedException {
        awaitEnd(alert);
        if (calls.isPresent()) {
            awaitEnd(calls.get().alert());
            sites.finish(calls.get().alert());
        }
        rows.close();
        sites.finish(alert);
        SiteCarriers.Seen seen = sites.carriers().seen();
        Conservation.Account account;
        Optional<CallsOrdeal.Count> called = Optional.empty();
        Map<String, Integer> announced = new HashMap<>();
        try (Connection connection = sites.databases().connect()) {
            account = Conservation.of(connection, tenant(connection), alert);
            if (calls.isPresent()) {
                called = Optional.of(calls.get().end(connection, tenant(connection)));
                wrong.addAll(called.get().wrong());
            }
            try (var query = connection.prepareStatement(
                    "select address, count(*) from target where alert_id = ? and possible_duplicate group by"
                            + " address")) {
                query.setLong(1, alert);
                var row = query.executeQuery();
                while (row.next()) {
                    announced.put(row.getString(1), row.getInt(2));
                }
            }
        }
        Set<Long> lostRows = rows.lost();
        wrong.addAll(account.broken());
        note(lostRows.size(), "rows that were acknowledged and are lost");
        note(sites.people() - seen.destinations(), "people who got nothing");
        note(seen.duplicates(), "messages that left twice under one reference");
        note(Math.abs(account.recipients() - sites.people()), "people too few or too many in the alert");
        note(account.pending(), "people still pending");
        long unflagged = Ordeal.unflagged(seen.copies(), announced);
        note(unflagged, "second copies nobody announced");
        return new Outcome(
                List.copyOf(steps),
                List.copyOf(wrong),
                rows.count(),
                lostRows.size(),
                sites.people() - seen.destinations(),
                seen.messages() - seen.destinations(),
                account.flagged(),
                unflagged,
                account.delivered(),
                called);
    }

    private void note(long count, String what) {
        if (count != 0) {
            wrong.add(count + " " + what);
        }
    }

    private void awaitEnd(long alert) throws InterruptedException {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < limit) {
            try (Connection connection = sites.databases().connect();
                    var query = connection.prepareStatement("select pending from alert_totals(?, ?)")) {
                query.setInt(1, tenant(connection));
                query.setLong(2, alert);
                var row = query.executeQuery();
                row.next();
                if (row.getLong(1) == 0 && sites.carriers().undelivered() == 0) {
                    return;
                }
            } catch (SQLException e) {
                // No primary just now: looked at again.
            }
            Site.pause(BETWEEN_LOOKS);
        }
        wrong.add("the alert had not come to its end after " + LIMIT.toMinutes() + " minutes");
    }

    private static int tenant(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement("select tenant_id from tenant where slug = ?")) {
            query.setString(1, ChaosTenant.TENANT);
            var row = query.executeQuery();
            row.next();
            return row.getInt(1);
        }
    }

    @Override
    public void close() throws InterruptedException {
        rows.close();
    }
}
