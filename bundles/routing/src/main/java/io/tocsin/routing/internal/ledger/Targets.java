package io.tocsin.routing.internal.ledger;

import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.DispatchPolicy.Until;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who a wave tries: its rows of {@code target}. People who fall under the same caps get neighbouring positions, so that a
 * batch has people of one kind only; nobody is looked at twice when there are no caps.
 */
final class Targets {

    /** Neighbouring positions of people who fall under the same caps. @param caps in order; none: no cap at all */
    record Stretch(List<Integer> caps, int targets) {}

    /** Those with an address, numbered from 1 in the order they are to be tried. */
    private static final String CHOSEN =
            """
            select row_number() over (order by r.recipient_no) as n, r.recipient_no, r.address, null::integer as replaces_wave,
                null::integer as replaces_position, false as possible_duplicate, 1::smallint as try_no
            """;

    /** The fence (offset 0) keeps the planner from looking for each address twice: once to have it, once to see that it is there. */
    private static final String EVERYBODY = CHOSEN
            + """
            from (
                select recipient_no, first_address(endpoints, (select endpoint_kinds(array[?]))) as address
                from recipient where tenant_id = ? and alert_id = ?
                offset 0
            ) r
            where r.address is not null
            """;

    private static final String UNSATISFIED = CHOSEN
            + """
            from (
                select recipient_no, first_address(endpoints, (select endpoint_kinds(array[?]))) as address
                from recipient where tenant_id = ? and alert_id = ?
            ) r
            join alert_people(?, ?) p on p.recipient_no = r.recipient_no
            where r.address is not null and p.state <> all (?)
            """;

    private static final String NAMED = CHOSEN
            + """
            from (
                select recipient_no, first_address(endpoints, (select endpoint_kinds(array[?]))) as address
                from recipient where tenant_id = ? and alert_id = ? and recipient_no = any (?)
            ) r
            where r.address is not null
            """;

    private static final String REPLACED =
            """
            select row_number() over (order by n.recipient_no, n.replaces_position) as n, n.recipient_no, n.address,
                n.replaces_wave, n.replaces_position, n.possible_duplicate, n.try_no
            from unnest(?::int[], ?::text[], ?::int[], ?::int[], ?::boolean[], ?::smallint[])
                n (recipient_no, address, replaces_wave, replaces_position, possible_duplicate, try_no)
            where not exists (
                select from target y where y.tenant_id = ? and y.alert_id = ?
                  and y.replaces_wave = n.replaces_wave and y.replaces_position = n.replaces_position)
            """;

    private static final String PLACED =
            """
            insert into target (tenant_id, alert_id, wave_no, position, recipient_no, address, replaces_wave,
                replaces_position, possible_duplicate, try_no)
            select ?, ?, ?, p.n - 1, p.recipient_no, p.address, p.replaces_wave, p.replaces_position, p.possible_duplicate,
                p.try_no
            from (
            %s
            ) p
            """;

    /** Prefixes are met by their lengths, of which there are few: each address is looked up once a length, by hash. */
    private static final String PLACED_BY_CAPS =
            """
            with wave_of (tenant_id, alert_id, wave_no) as (
                values (?::integer, ?::bigint, ?::integer)
            ), people as materialized (
            %s
            ), rule as materialized (
                select r.cap_id, r.prefix from unnest(?::int[], ?::text[]) r (cap_id, prefix)
            ), under as (
                select p.n, array_agg(distinct r.cap_id order by r.cap_id) as caps
                from people p
                cross join (select distinct length(prefix) as digits from rule) d
                join rule r on r.prefix = left(p.address, d.digits)
                group by p.n
            ), placed as materialized (
                select p.*, coalesce(u.caps, '{}') as caps,
                    row_number() over (order by coalesce(u.caps, '{}'), p.n) as place
                from people p
                left join under u on u.n = p.n
            ), inserted as (
                insert into target (tenant_id, alert_id, wave_no, position, recipient_no, address, replaces_wave,
                    replaces_position, possible_duplicate, try_no)
                select w.tenant_id, w.alert_id, w.wave_no, p.place - 1, p.recipient_no, p.address, p.replaces_wave,
                    p.replaces_position, p.possible_duplicate, p.try_no
                from placed p cross join wave_of w
            )
            select caps, count(*) from placed group by caps order by min(place)
            """;

    private final Connection connection;
    private final Alert alert;
    private final int wave;
    private final String channel;
    private final List<CapPrefix> prefixes;

    Targets(Connection connection, Alert alert, int wave, String channel) throws SQLException {
        this.connection = connection;
        this.alert = alert;
        this.wave = wave;
        this.channel = channel;
        this.prefixes = prefixes(connection, alert.tenantId(), channel);
    }

    private interface Binding {
        /** Binds the parameters of a choice from {@code first} on. @return the next free one */
        int bind(PreparedStatement statement, int first) throws SQLException;
    }

    /** Whether caps count this channel for this tenant. */
    boolean underCaps() {
        return !prefixes.isEmpty();
    }

    /** Those of a first step of whom some may fall under caps: else {@link WaveOfEverybody} opens it, and sooner. */
    List<Stretch> everybody() throws SQLException {
        return place(EVERYBODY, this::bindAddresses);
    }

    /** Those whom a step did not satisfy. */
    List<Stretch> unsatisfied(Until until) throws SQLException {
        Plans.wholeAlert(connection);
        Array satisfied = connection.createArrayOf(
                "text", until == Until.ANSWERED ? new String[] {"answered"} : new String[] {"answered", "delivered"});
        return place(UNSATISFIED, (statement, first) -> {
            int next = bindAddresses(statement, first);
            statement.setInt(next, alert.tenantId());
            statement.setLong(next + 1, alert.alertId());
            statement.setArray(next + 2, satisfied);
            return next + 3;
        });
    }

    List<Stretch> named(List<Integer> recipientNos) throws SQLException {
        return place(NAMED, (statement, first) -> {
            int next = bindAddresses(statement, first);
            statement.setArray(next, array("int4", recipientNos.stream()));
            return next + 1;
        });
    }

    /** Those nobody took over yet. */
    List<Stretch> replacing(List<Replacement> replacements) throws SQLException {
        return place(REPLACED, (statement, first) -> {
            statement.setArray(first, array("int4", replacements.stream().map(Replacement::recipientNo)));
            statement.setArray(first + 1, array("text", replacements.stream().map(Replacement::address)));
            statement.setArray(first + 2, array("int4", replacements.stream().map(Replacement::waveNo)));
            statement.setArray(first + 3, array("int4", replacements.stream().map(Replacement::position)));
            statement.setArray(first + 4, array("bool", replacements.stream().map(Replacement::possibleDuplicate)));
            statement.setArray(first + 5, array("int2", replacements.stream().map(r -> (short) r.tryNo())));
            statement.setInt(first + 6, alert.tenantId());
            statement.setLong(first + 7, alert.alertId());
            return first + 8;
        });
    }

    private int bindAddresses(PreparedStatement statement, int first) throws SQLException {
        statement.setString(first, channel);
        statement.setInt(first + 1, alert.tenantId());
        statement.setLong(first + 2, alert.alertId());
        return first + 3;
    }

    private Array array(String type, Stream<?> values) throws SQLException {
        return connection.createArrayOf(type, values.toArray());
    }

    private List<Stretch> place(String choice, Binding binding) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement((prefixes.isEmpty() ? PLACED : PLACED_BY_CAPS).formatted(choice))) {
            insert.setInt(1, alert.tenantId());
            insert.setLong(2, alert.alertId());
            insert.setInt(3, wave);
            int next = binding.bind(insert, 4);
            if (prefixes.isEmpty()) {
                int targets = insert.executeUpdate();
                return targets == 0 ? List.of() : List.of(new Stretch(List.of(), targets));
            }
            insert.setArray(next, array("int4", prefixes.stream().map(CapPrefix::capId)));
            insert.setArray(next + 1, array("text", prefixes.stream().map(CapPrefix::prefix)));
            List<Stretch> stretches = new ArrayList<>();
            try (ResultSet row = insert.executeQuery()) {
                while (row.next()) {
                    stretches.add(
                            new Stretch(List.of((Integer[]) row.getArray(1).getArray()), row.getInt(2)));
                }
            }
            return stretches;
        }
    }

    private record CapPrefix(int capId, String prefix) {}

    /** Of the caps that count this channel for this tenant. */
    private static List<CapPrefix> prefixes(Connection connection, int tenantId, String channel) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select c.cap_id, p.prefix
                from tenant t
                join cap c on c.tenant_id = t.tenant_id or c.tenant_id is null and c.agency_id = t.agency_id
                cross join unnest(c.prefixes) p (prefix)
                where t.tenant_id = ? and (c.channels = '{}' or ? = any (c.channels))
                """)) {
            query.setInt(1, tenantId);
            query.setString(2, channel);
            List<CapPrefix> prefixes = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    prefixes.add(new CapPrefix(row.getInt(1), row.getString(2)));
                }
            }
            return prefixes;
        }
    }
}
