package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.Alert;
import io.tocsin.routing.internal.ledger.Plans;
import io.tocsin.routing.internal.ledger.PolicyJson;
import io.tocsin.routing.internal.ledger.WaveWriter;
import io.tocsin.routing.internal.ledger.WaveWriter.Replacement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides about targets whose time has come: tried again, tried at the person's next endpoint, sent again though it may have
 * arrived, or left as they are. New targets take over from old ones; nothing is changed in place.
 */
final class FollowUp {
    private static final int AT_ONCE = 5000;

    private final Alert alert;
    private final Instant now;

    FollowUp(Alert alert, Instant now) {
        this.alert = alert;
        this.now = now;
    }

    /** A target about which a decision is due. @param state what is known of it by now */
    record Due(
            int waveNo,
            int position,
            String kind,
            String code,
            String state,
            String person,
            boolean over,
            int root,
            String channel,
            int maxAttempts,
            int recipientNo,
            String address,
            int tryNo,
            boolean possibleDuplicate,
            String endpoints) {}

    /** A wave to be opened for the targets decided together. */
    private record WaveKey(int root, String kind) {}

    /** Decides about everything due, up to some thousands. @return how many targets were taken over */
    int decide(Connection connection) throws SQLException {
        Map<WaveKey, List<Replacement>> waves = new LinkedHashMap<>();
        Map<WaveKey, Set<String>> codes = new HashMap<>();
        Map<String, Set<String>> kinds = new HashMap<>();
        Set<Integer> people = new HashSet<>();
        for (Due due : due(connection)) {
            if (!kinds.containsKey(due.channel)) {
                kinds.put(due.channel, kinds(connection, due.channel));
            }
            Optional<Replacement> replacement = decide(due, kinds.get(due.channel));
            if (replacement.isPresent()) {
                WaveKey key = new WaveKey(due.root, due.kind.equals("in-doubt") ? "resend" : "retry");
                waves.computeIfAbsent(key, k -> new ArrayList<>()).add(replacement.get());
                codes.computeIfAbsent(key, k -> new TreeSet<>()).add(due.code.isEmpty() ? due.kind : due.code);
                people.add(due.recipientNo);
            }
        }
        for (Map.Entry<WaveKey, List<Replacement>> wave : waves.entrySet()) {
            WaveKey key = wave.getKey();
            String rule = (key.kind.equals("resend") ? "sent again after a doubt: " : "tried again after: ")
                    + String.join(", ", first(codes.get(key)));
            WaveWriter.openReplacements(connection, alert, key.kind, key.root, rule, once(wave.getValue()), now);
        }
        return people.size();
    }

    /** A target may be due twice (two segments failed): it is taken over once. */
    private static List<Replacement> once(List<Replacement> replacements) {
        Set<List<Integer>> seen = new HashSet<>();
        return replacements.stream()
                .filter(r -> seen.add(List.of(r.waveNo(), r.position())))
                .toList();
    }

    private static Set<String> first(Set<String> codes) {
        Set<String> few = new LinkedHashSet<>();
        codes.stream().limit(5).forEach(few::add);
        return few;
    }

    /**
     * The policy. An account's trouble costs no attempt: the message certainly never left. A doubt may be sent again once even
     * when a step allows a single attempt, because that is what the category asks for.
     */
    static Optional<Replacement> decide(Due due, Set<String> kinds) {
        if (due.over || due.person.equals("answered") || due.person.equals("delivered")) {
            return Optional.empty();
        }
        return switch (due.kind) {
            case "not-sent" -> due.state.equals("retry") ? again(due, due.tryNo, false) : Optional.empty();
            case "retry" ->
                !due.state.equals("retry")
                        ? Optional.empty()
                        : due.tryNo < due.maxAttempts ? again(due, due.tryNo + 1, false) : nextEndpoint(due, kinds);
            case "failed" -> due.state.equals("failed") ? nextEndpoint(due, kinds) : Optional.empty();
            case "in-doubt" ->
                due.state.equals("in-doubt") && due.tryNo < Math.max(2, due.maxAttempts)
                        ? again(due, due.tryNo + 1, true)
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Replacement> again(Due due, int tryNo, boolean possibleDuplicate) {
        return Optional.of(new Replacement(
                due.recipientNo,
                due.address,
                due.waveNo,
                due.position,
                possibleDuplicate || due.possibleDuplicate,
                tryNo));
    }

    private static Optional<Replacement> nextEndpoint(Due due, Set<String> kinds) {
        List<String> addresses = PolicyJson.addresses(due.endpoints, kinds);
        int next = addresses.indexOf(due.address) + 1;
        return next == 0 || next >= addresses.size()
                ? Optional.empty()
                : Optional.of(new Replacement(
                        due.recipientNo, addresses.get(next), due.waveNo, due.position, due.possibleDuplicate, 1));
    }

    private List<Due> due(Connection connection) throws SQLException {
        Plans.fewRows(connection);
        try (PreparedStatement query = connection.prepareStatement(
                """
                with due as (
                    delete from followup f
                    where f.ctid = any (array(
                        select ctid from followup where tenant_id = ? and alert_id = ? and due_at <= ? order by due_at limit ?))
                    returning f.wave_no, f.position, f.kind, f.code
                )
                select d.wave_no, d.position, d.kind, d.code, observed_of(t.tenant_id, t.alert_id, t.wave_no, t.position),
                    p.state, g.closed_at is not null or g.deadline <= ?, w.root_wave, w.channel, w.max_attempts,
                    t.recipient_no, t.address, t.try_no, t.possible_duplicate, r.endpoints::text
                from due d
                join target t on t.tenant_id = ? and t.alert_id = ? and t.wave_no = d.wave_no and t.position = d.position
                join wave w on w.tenant_id = t.tenant_id and w.alert_id = t.alert_id and w.wave_no = t.wave_no
                join wave g on g.tenant_id = w.tenant_id and g.alert_id = w.alert_id and g.wave_no = w.root_wave
                join recipient r
                    on r.tenant_id = t.tenant_id and r.alert_id = t.alert_id and r.recipient_no = t.recipient_no
                cross join lateral person_of(t.tenant_id, t.alert_id, t.recipient_no) p
                """)) {
            query.setInt(1, alert.tenantId());
            query.setLong(2, alert.alertId());
            query.setTimestamp(3, Timestamp.from(now));
            query.setInt(4, AT_ONCE);
            query.setTimestamp(5, Timestamp.from(now));
            query.setInt(6, alert.tenantId());
            query.setLong(7, alert.alertId());
            List<Due> due = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    due.add(new Due(
                            row.getInt(1),
                            row.getInt(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getBoolean(7),
                            row.getInt(8),
                            row.getString(9),
                            row.getInt(10),
                            row.getInt(11),
                            row.getString(12),
                            row.getInt(13),
                            row.getBoolean(14),
                            row.getString(15)));
                }
            }
            return due;
        }
    }

    private static Set<String> kinds(Connection connection, String channel) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select kind from channel_endpoint_kind where channel = ?")) {
            query.setString(1, channel);
            Set<String> kinds = new HashSet<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    kinds.add(row.getString(1));
                }
            }
            return kinds;
        }
    }
}
