package io.tocsin.cluster.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Carriers that one node reaches and another does not, as the nodes told the database. */
final class CarrierReach {
    /** Until then it may be a connection that is being made: a node that starts, an account that changed. */
    private static final Duration PASSING = Duration.ofSeconds(10);

    private CarrierReach() {}

    /**
     * Accounts by which some nodes that live can send and others cannot, in words, for each channel and each such set of nodes.
     *
     * @param silence after which a node does not live
     */
    static List<String> uneven(Connection connection, Duration silence) throws SQLException {
        String sql =
                """
                with said as (
                    select r.account_id, r.sends, r.since,
                           n.name || case when coalesce(n.site, '') = '' then '' else ' (' || n.site || ')' end as place
                    from node_account r join node n on n.name = r.node
                    where n.heartbeat > now() - make_interval(secs => ?)
                ), uneven as (
                    select account_id, string_agg(place, ', ' order by place) filter (where sends) as by,
                           string_agg(place, ', ' order by place) filter (where not sends) as without
                    from said group by account_id
                    having bool_or(sends) and bool_or(not sends and since < now() - make_interval(secs => ?))
                )
                select a.channel, u.by, u.without, count(*) from uneven u join carrier_account a using (account_id)
                group by 1, 2, 3 order by 1, 2, 3
                """;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setDouble(1, silence.toMillis() / 1000.0);
            query.setDouble(2, PASSING.toMillis() / 1000.0);
            List<String> uneven = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    long accounts = row.getLong(4);
                    uneven.add(row.getString(1) + " leaves from " + row.getString(2) + " only, not from "
                            + row.getString(3) + ", by " + accounts + (accounts == 1 ? " account" : " accounts")
                            + ": tocsin:accounts there says why");
                }
            }
            return uneven;
        }
    }
}
