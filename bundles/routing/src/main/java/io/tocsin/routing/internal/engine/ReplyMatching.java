package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.Alert;
import io.tocsin.routing.internal.TargetRef;
import io.tocsin.routing.internal.engine.Replies.Received;
import io.tocsin.routing.internal.ledger.AlertRows;
import io.tocsin.routing.internal.ledger.Plans;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whose a reply is, of which alert, and what it means there. Our reference says it, where the protocol carries one. Otherwise the address
 * does, in the alert that wrote to it: one that is open before one that ended not long ago; of those, one whose messages left by other
 * accounts only than the reply came in on comes last; of those, the latest. A correction or an all-clear asks nothing: what names a choice of the alert it
 * follows is that one's answer, and never its own (decision 45).
 *
 * <p>For one transaction of one group of replies. What is asked goes by the address first ({@code materialized}): of an alert launched a
 * moment ago no statistics say that it has more rows than an address.
 */
final class ReplyMatching {
    /** How long after its end an alert still takes answers by address. */
    private static final Duration AFTER_THE_END = Duration.ofHours(24);

    /** A number that more alerts wrote to within a day is no person's. */
    private static final int MOST_ALERTS = 16;

    private final Connection connection;
    private final Instant now;
    private final Map<Long, Alert> alerts = new HashMap<>();

    ReplyMatching(Connection connection, Instant now) throws SQLException {
        Plans.fewRows(connection);
        this.connection = connection;
        this.now = now;
    }

    record Person(int tenantId, long alertId, int recipientNo) {}

    /**
     * @param choice empty: not understood
     * @param passed the later alert of the same number that asks nothing, if there is one: why it is not that one's
     */
    record Matched(Person person, Optional<String> choice, Optional<Long> passed) {}

    private record Candidate(Person person, Instant launchedAt, boolean open) {
        private long alertId() {
            return person.alertId;
        }
    }

    /** @return empty: nobody we know wrote it */
    Optional<Matched> match(Received received) throws SQLException {
        Optional<TargetRef> reference = received.message().reference().flatMap(TargetRef::parse);
        if (reference.isPresent() && received.tenants().contains(reference.get().tenantId())) {
            Optional<Person> referred = byReference(reference.get());
            if (referred.isPresent()) {
                return Optional.of(meant(referred.get(), received));
            }
        }
        List<Candidate> candidates = byAddress(received);
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        Person latest = candidates.get(0).person;
        if (candidates.size() > 1 && alert(latest).policy().choices().isEmpty()) {
            Optional<Matched> answer = ofTheFollowed(latest, candidates, received);
            if (answer.isPresent()) {
                return answer;
            }
        }
        return Optional.of(meant(latest, received));
    }

    private Matched meant(Person person, Received received) throws SQLException {
        return new Matched(
                person,
                Choices.read(
                        alert(person).policy().choices(), received.message().text()),
                Optional.empty());
    }

    /** An answer to the nearest alert before that asks something, if the text names one of its choices. */
    private Optional<Matched> ofTheFollowed(Person latest, List<Candidate> candidates, Received received)
            throws SQLException {
        List<Long> followed = followed(latest);
        for (long alertId : followed) {
            for (Candidate candidate : candidates) {
                Map<String, String> choices = candidate.alertId() == alertId
                        ? alert(candidate.person).policy().choices()
                        : Map.of();
                if (!choices.isEmpty()) {
                    return Choices.read(choices, received.message().text())
                            .map(choice ->
                                    new Matched(candidate.person, Optional.of(choice), Optional.of(latest.alertId)));
                }
            }
        }
        return Optional.empty();
    }

    /** What an alert follows, and what that followed in turn: nearest first. */
    private List<Long> followed(Person latest) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                with recursive followed (alert_id, step) as (
                    select of_alert_id, 1 from alert_follow_up where tenant_id = ? and alert_id = ?
                    union all
                    select f.of_alert_id, d.step + 1
                    from followed d join alert_follow_up f on f.tenant_id = ? and f.alert_id = d.alert_id
                )
                select alert_id from followed order by step
                """)) {
            query.setInt(1, latest.tenantId);
            query.setLong(2, latest.alertId);
            query.setInt(3, latest.tenantId);
            List<Long> followed = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    followed.add(row.getLong(1));
                }
            }
            return followed;
        }
    }

    private Alert alert(Person person) throws SQLException {
        Alert alert = alerts.get(person.alertId);
        if (alert == null) {
            alert = AlertRows.find(connection, person.tenantId, person.alertId).orElseThrow();
            alerts.put(person.alertId, alert);
        }
        return alert;
    }

    private Optional<Person> byReference(TargetRef target) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                """
                select tenant_id, alert_id, recipient_no from target
                where tenant_id = ? and alert_id = ? and wave_no = ? and position = ?
                """)) {
            query.setInt(1, target.tenantId());
            query.setLong(2, target.alertId());
            query.setInt(3, target.waveNo());
            query.setInt(4, target.position());
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new Person(row.getInt(1), row.getLong(2), row.getInt(3)))
                        : Optional.empty();
            }
        }
    }

    /** Each alert that wrote to the address and still takes answers, once; the likeliest first. */
    private List<Candidate> byAddress(Received received) throws SQLException {
        List<Candidate> candidates = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                """
                with t as materialized (
                    select tenant_id, alert_id, wave_no, recipient_no from target where address in (?, lower(?))
                )
                select x.tenant_id, x.alert_id, x.recipient_no, x.launched_at, x.ended_at is null
                from (
                    select distinct on (t.alert_id) t.tenant_id, t.alert_id, t.recipient_no, a.launched_at, a.ended_at
                    from t join alert a on a.tenant_id = t.tenant_id and a.alert_id = t.alert_id
                    where t.tenant_id = any (?) and (a.ended_at is null or a.ended_at > ?)
                    order by t.alert_id desc, t.wave_no desc
                ) x
                order by x.ended_at is null desc, x.alert_id desc limit ?
                """)) {
            query.setString(1, received.message().from());
            query.setString(2, received.message().from());
            query.setArray(
                    3, connection.createArrayOf("int4", received.tenants().toArray()));
            query.setTimestamp(4, Timestamp.from(now.minus(AFTER_THE_END)));
            query.setInt(5, MOST_ALERTS);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    candidates.add(new Candidate(
                            new Person(row.getInt(1), row.getLong(2), row.getInt(3)),
                            row.getTimestamp(4).toInstant(),
                            row.getBoolean(5)));
                }
            }
        }
        if (candidates.size() > 1) {
            Set<Long> elsewhere = leftElsewhere(received, candidates);
            // stable: the latest stays before the others of its kind
            candidates.sort(Comparator.comparing((Candidate candidate) -> !candidate.open())
                    .thenComparing(candidate -> elsewhere.contains(candidate.alertId())));
        }
        return candidates;
    }

    /** Those of them whose messages to the address left by other accounts than the reply came in on only. */
    private Set<Long> leftElsewhere(Received received, List<Candidate> candidates) throws SQLException {
        Instant earliest = candidates.stream()
                .map(Candidate::launchedAt)
                .min(Comparator.naturalOrder())
                .orElse(now);
        try (PreparedStatement query = connection.prepareStatement(
                """
                with t as materialized (
                    select tenant_id, alert_id, wave_no, position from target where address in (?, lower(?))
                )
                select t.alert_id
                from t
                join attempt o on o.tenant_id = t.tenant_id and o.alert_id = t.alert_id and o.wave_no = t.wave_no
                    and o."position" = t."position"
                where t.alert_id = any (?) and t.tenant_id = any (?)
                  and o.kind = 'accepted' and o.at >= ?
                group by t.alert_id having not bool_or(o.account_id = ?)
                """)) {
            query.setString(1, received.message().from());
            query.setString(2, received.message().from());
            query.setArray(
                    3,
                    connection.createArrayOf(
                            "int8", candidates.stream().map(Candidate::alertId).toArray()));
            query.setArray(
                    4, connection.createArrayOf("int4", received.tenants().toArray()));
            query.setInt(6, received.accountId());
            query.setTimestamp(5, Timestamp.from(earliest.minus(Duration.ofDays(1))));
            Set<Long> elsewhere = new HashSet<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    elsewhere.add(row.getLong(1));
                }
            }
            return elsewhere;
        }
    }
}
