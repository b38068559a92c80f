package io.tocsin.bench.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.peers.sites.SiteName;
import io.tocsin.persistence.testing.Conservation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The alert by telephone that runs beside the one by text message, held against what each telephone saw. */
public final class CallsOrdeal {
    private final TwoSites sites;
    private final SiteSwitches switches;
    private final long alert;

    /**
     * What it came to.
     *
     * @param wrong what is lost, doubled or does not add up; empty: nothing is
     * @param calls that telephones rang for
     * @param again calls beyond each person's first
     * @param flagged people announced to be called, perhaps, a second time
     * @param unflagged calls beyond a person's first, those announced, and those after one that ended without a key
     * @param answered people whose key was counted
     */
    public record Count(
            List<String> wrong, int called, long calls, long again, long flagged, long unflagged, long answered) {
        ObjectNode into(ObjectNode json) {
            return json.put("called", called)
                    .put("calls", calls)
                    .put("again", again)
                    .put("flagged", flagged)
                    .put("unflagged", unflagged)
                    .put("answered", answered);
        }
    }

    CallsOrdeal(TwoSites sites, SiteSwitches switches, long alert) {
        this.sites = sites;
        this.switches = switches;
        this.alert = alert;
    }

    long alert() {
        return alert;
    }

    /** Whether everybody's telephone rang: nothing more need leave. */
    private boolean everybodyRung() {
        return switches.rung() >= sites.called();
    }

    /**
     * Until a site's switch has begun so many more calls, or there is nobody left to be called.
     *
     * @return whether it has
     */
    boolean awaitMore(SiteName site, int calls) {
        long goal = switches.begun(site) + calls;
        TwoSites.await(
                calls + " more calls by the switch of site " + site.word(),
                () -> switches.begun(site) >= goal || everybodyRung());
        return switches.begun(site) >= goal;
    }

    /** Lines of the account that nodes may fill, as the ledger has them; more than there are while nobody can say. */
    long linesHeld() {
        try (Connection connection = sites.databases().connect();
                var query = connection.prepareStatement(
                        """
                        select coalesce(sum(l.held), 0) from account_lines l
                        join carrier_account a using (account_id)
                        where a.channel = 'voice' and l.until > clock_timestamp()
                        """)) {
            var row = query.executeQuery();
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Counts, when it has come to its end. */
    Count end(Connection connection, int tenant) throws SQLException {
        Conservation.Account account = Conservation.of(connection, tenant, alert);
        SiteSwitches.Seen seen = switches.seen();
        List<String> wrong = new ArrayList<>(account.broken());
        long silent = 0;
        long unheard = 0;
        long unflagged = 0;
        // A try that ended before anybody was rung, or without a key, is over for certain: another is no second copy.
        try (var query = connection.prepareStatement(
                """
                select t.address, count(*) filter (where t.possible_duplicate),
                    count(*) filter (where exists (select from attempt x where x.tenant_id = t.tenant_id
                        and x.alert_id = t.alert_id and x.wave_no = t.wave_no and x.position = t.position
                        and x.kind = 'retry'
                        and x.code not in ('switch-away', 'channel-closed', 'route-stopped', 'switch-refused'))),
                    max(n.choice)
                from target t
                left join answer n on n.tenant_id = t.tenant_id and n.alert_id = t.alert_id
                    and n.recipient_no = t.recipient_no
                where t.tenant_id = ? and t.alert_id = ? group by t.address
                """)) {
            query.setInt(1, tenant);
            query.setLong(2, alert);
            var row = query.executeQuery();
            while (row.next()) {
                String number = ChaosTenant.national(row.getString(1));
                int calls = seen.calls().getOrDefault(number, 0);
                unflagged += Math.max(0, calls - 1 - row.getInt(2) - row.getInt(3));
                silent += calls == 0 ? 1 : 0;
                boolean counted = SiteSwitches.key(number).equals(row.getString(4));
                unheard += counted == seen.pickedUp().contains(number) ? 0 : 1;
            }
        }
        note(wrong, silent, "people whose telephone never rang");
        note(wrong, unheard, "people whose key was not counted as they pressed it");
        note(wrong, unflagged, "second calls nobody announced");
        note(wrong, Math.abs(account.recipients() - sites.called()), "people too few or too many to be called");
        note(wrong, account.pending(), "people still pending by telephone");
        note(wrong, sites.called() - account.answered(), "people who were called and are not counted as answered");
        long calls =
                seen.calls().values().stream().mapToLong(Integer::longValue).sum();
        return new Count(
                List.copyOf(wrong),
                sites.called(),
                calls,
                calls - seen.calls().size(),
                account.flagged(),
                unflagged,
                account.answered());
    }

    private static void note(List<String> wrong, long count, String what) {
        if (count != 0) {
            wrong.add(count + " " + what);
        }
    }
}
