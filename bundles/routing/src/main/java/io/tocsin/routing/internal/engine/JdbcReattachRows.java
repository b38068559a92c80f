package io.tocsin.routing.internal.engine;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Fact.Intent;
import io.tocsin.routing.internal.ledger.Plans;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** {@link ReattachRows} in PostgreSQL. */
final class JdbcReattachRows implements ReattachRows {
    /** In the place of an incarnation, of which the first is 1: whose message it is, and that nobody asks for it yet. */
    static final String NOBODY = "#0";

    private final Connection connection;

    JdbcReattachRows(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void canAsk(String channel) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into channel_reattaches values (?) on conflict do nothing")) {
            insert.setString(1, channel);
            insert.executeUpdate();
        }
    }

    @Override
    public void doubt(List<Doubt> doubts, Duration limit) throws SQLException {
        if (doubts.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into reattach (tenant_id, alert_id, wave_no, position, account_id, until, asked_by)
                values (?, ?, ?, ?, ?, now() + make_interval(secs => ?), ?)
                on conflict do nothing
                """)) {
            for (Doubt doubt : doubts) {
                bind(insert, 1, doubt.target());
                insert.setInt(5, doubt.accountId());
                insert.setDouble(6, seconds(limit));
                insert.setString(7, doubt.node() + NOBODY);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @Override
    public List<Question> take(
            Node node,
            Collection<Integer> accountIds,
            Collection<Integer> onlyOwn,
            int atMost,
            Duration lease,
            Duration limit)
            throws SQLException {
        Plans.fewRows(connection);
        try (PreparedStatement update = connection.prepareStatement(
                """
                with free as (
                    select q.tenant_id, q.alert_id, q.wave_no, q.position
                    from reattach q
                    where q.account_id = any (?) and q.ask_at <= now()
                      and (q.account_id <> all (?) or q.asked_by is null or split_part(q.asked_by, '#', 1) = ?)
                      and (q.asked_by is null or not exists (
                          select from node n
                          where n.name || '#' || n.incarnation = q.asked_by
                            and
                """
                        + JdbcNodeRows.LIVES
                        + """
                          ))
                      and (not q.found
                          or observed_of(q.tenant_id, q.alert_id, q.wave_no, q.position) not in ('delivered', 'failed'))
                    limit ? for update skip locked
                ), taken as (
                    update reattach q set asked_by = ?,
                        until = greatest(q.until, least(now() + make_interval(secs => ?), q.since + make_interval(secs => ?)))
                    from free f
                    where q.tenant_id = f.tenant_id and q.alert_id = f.alert_id and q.wave_no = f.wave_no
                      and q.position = f.position
                    returning q.tenant_id, q.alert_id, q.wave_no, q.position, q.account_id
                )
                select k.tenant_id, k.alert_id, k.wave_no, k.position, k.account_id, w.root_wave, t.recipient_no, t.address,
                    t.possible_duplicate, t.try_no, a.category, r.name, r.language, r.variables::text
                from taken k
                join alert a on a.tenant_id = k.tenant_id and a.alert_id = k.alert_id
                join wave w on w.tenant_id = k.tenant_id and w.alert_id = k.alert_id and w.wave_no = k.wave_no
                join target t on t.tenant_id = k.tenant_id and t.alert_id = k.alert_id and t.wave_no = k.wave_no
                    and t.position = k.position
                join recipient r on r.tenant_id = t.tenant_id and r.alert_id = t.alert_id and r.recipient_no = t.recipient_no
                """)) {
            update.setArray(1, connection.createArrayOf("int4", accountIds.toArray()));
            update.setArray(2, connection.createArrayOf("int4", onlyOwn.toArray()));
            update.setString(3, node.name());
            update.setDouble(4, seconds(lease));
            update.setInt(5, atMost);
            update.setString(6, node.owner());
            // Whoever asks may die of it: the others see that when its lease is over, and ask themselves.
            update.setDouble(7, seconds(limit.plus(lease)));
            update.setDouble(8, seconds(limit.multipliedBy(MOST_LIMITS)));
            List<Question> questions = new ArrayList<>();
            try (ResultSet row = update.executeQuery()) {
                while (row.next()) {
                    questions.add(new Question(
                            new Intent(
                                    new TargetRef(row.getInt(1), row.getLong(2), row.getInt(3), row.getInt(4)),
                                    null,
                                    row.getInt(6),
                                    row.getInt(7),
                                    row.getString(8),
                                    row.getBoolean(9),
                                    row.getInt(10),
                                    Category.values()[row.getInt(11)],
                                    row.getString(12),
                                    row.getString(13),
                                    row.getString(14),
                                    false),
                            row.getInt(5)));
                }
            }
            return questions;
        }
    }

    @Override
    public boolean found(TargetRef target, String owner) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update reattach q set found = true, asked_by = ?
                from (
                    select tenant_id, alert_id, wave_no, position, found from reattach
                    where tenant_id = ? and alert_id = ? and wave_no = ? and position = ? for update
                ) b
                where q.tenant_id = b.tenant_id and q.alert_id = b.alert_id and q.wave_no = b.wave_no
                  and q.position = b.position
                returning not b.found
                """)) {
            update.setString(1, owner);
            bind(update, 2, target);
            try (ResultSet row = update.executeQuery()) {
                return !row.next() || row.getBoolean(1);
            }
        }
    }

    @Override
    public void notFound(TargetRef target) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "delete from reattach where tenant_id = ? and alert_id = ? and wave_no = ? and position = ?")) {
            bind(delete, 1, target);
            delete.executeUpdate();
        }
    }

    @Override
    public void again(TargetRef target, Duration after) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                """
                update reattach set asked_by = split_part(asked_by, '#', 1) || ?,
                    ask_at = now() + make_interval(secs => ?)
                where tenant_id = ? and alert_id = ? and wave_no = ? and position = ?
                """)) {
            update.setString(1, NOBODY);
            update.setDouble(2, seconds(after));
            bind(update, 3, target);
            update.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, int first, TargetRef target) throws SQLException {
        statement.setInt(first, target.tenantId());
        statement.setLong(first + 1, target.alertId());
        statement.setInt(first + 2, target.waveNo());
        statement.setInt(first + 3, target.position());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
