package io.tocsin.routing.internal.ledger;

import io.tocsin.routing.api.Alert;
import io.tocsin.routing.internal.ledger.NewsReader.Observed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Which people a message was delivered to, told from observations as they come. Of a long message all segments must be: a
 * message whose acceptance came by here is decided here, of every other the ledger is asked. Five bytes a target, read in
 * pieces as they are met. Not thread-safe.
 */
final class Deliveries {
    /** Targets of a batch are written together, when it is leased: a piece is there whole, or not at all. */
    private static final int PIECE = WaveWriter.BATCH;

    private final Alert alert;
    private final Map<Place, Piece> pieces = new HashMap<>();
    /** Of messages in several segments, those not delivered yet. */
    private final Map<Place, Segments> segments = new HashMap<>();

    private record Place(int waveNo, int position) {}

    /** Who each target is meant for (0: no such target), and whether its message was accepted as one segment. */
    private record Piece(int[] recipientNos, boolean[] single) {}

    private static final class Segments {
        private int number = 1;
        private long accepted;
        private long delivered;

        private boolean all(long some) {
            long all = (1L << number) - 1;
            return (some & all) == all;
        }
    }

    Deliveries(Alert alert) {
        this.alert = alert;
    }

    /**
     * Takes observations in; may be told the same ones again.
     *
     * @param delivered is given the number of each recipient whose message is delivered with these
     * @param underWay is given the number of each recipient whose message a carrier has by these
     */
    void add(Connection connection, List<Observed> observed, IntConsumer delivered, IntConsumer underWay)
            throws SQLException {
        readPieces(connection, observed);
        for (Observed each : observed) {
            if (!each.kind().equals("delivered")) {
                note(each);
            }
            if (isUnderWay(each)) {
                underWay.accept(recipientNo(each.waveNo(), each.position()));
            }
        }
        Set<Place> unsure = new HashSet<>();
        for (Observed each : observed) {
            if (each.kind().equals("delivered")) {
                Place place = new Place(each.waveNo(), each.position());
                switch (decide(place, each)) {
                    case YES -> delivered.accept(recipientNo(place.waveNo, place.position));
                    case UNSURE -> unsure.add(place);
                    case NO -> {}
                }
            }
        }
        ask(connection, unsure, delivered);
    }

    static boolean isUnderWay(Observed each) {
        return each.kind().equals("accepted") || each.kind().equals("buffered");
    }

    private void note(Observed each) {
        Place place = new Place(each.waveNo(), each.position());
        Segments message = segments.get(place);
        if (message == null && each.segments() > 1) {
            message = new Segments();
            segments.put(place, message);
        }
        boolean accepted = each.kind().equals("accepted");
        if (message != null) {
            message.number = Math.max(message.number, each.segments());
            message.accepted |= accepted ? 1L << each.segment() : 0;
        } else if (accepted) {
            piece(each.waveNo(), each.position()).single[each.position() % PIECE] = true;
        }
    }

    private enum Decision {
        YES,
        NO,
        UNSURE
    }

    private Decision decide(Place place, Observed receipt) {
        Segments message = segments.get(place);
        if (message == null) {
            return receipt.segment() == 0 && piece(place.waveNo, place.position).single[place.position % PIECE]
                    ? Decision.YES
                    : Decision.UNSURE;
        }
        message.delivered |= 1L << receipt.segment();
        if (!message.all(message.accepted)) {
            return Decision.UNSURE;
        }
        if (!message.all(message.delivered)) {
            return Decision.NO;
        }
        segments.remove(place);
        return Decision.YES;
    }

    private int recipientNo(int waveNo, int position) {
        return piece(waveNo, position).recipientNos[position % PIECE];
    }

    private Piece piece(int waveNo, int position) {
        return pieces.get(new Place(waveNo, position / PIECE));
    }

    private void readPieces(Connection connection, List<Observed> observed) throws SQLException {
        for (Observed each : observed) {
            Place key = new Place(each.waveNo(), each.position() / PIECE);
            Piece known = pieces.get(key);
            if (known == null || known.recipientNos[each.position() % PIECE] == 0) {
                pieces.put(key, readPiece(connection, key));
            }
        }
    }

    private Piece readPiece(Connection connection, Place key) throws SQLException {
        int[] recipientNos = new int[PIECE];
        try (PreparedStatement query = connection.prepareStatement(
                """
                select position, recipient_no from target
                where tenant_id = ? and alert_id = ? and wave_no = ? and position >= ? and position < ?
                """)) {
            query.setInt(1, alert.tenantId());
            query.setLong(2, alert.alertId());
            query.setInt(3, key.waveNo);
            query.setInt(4, key.position * PIECE);
            query.setInt(5, (key.position + 1) * PIECE);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    recipientNos[row.getInt(1) % PIECE] = row.getInt(2);
                }
            }
        }
        return new Piece(recipientNos, new boolean[PIECE]);
    }

    /**
     * What is known of a target decides. The fence (offset 0) keeps a planner without statistics from reading all targets for
     * each of these.
     */
    private void ask(Connection connection, Set<Place> places, IntConsumer delivered) throws SQLException {
        if (places.isEmpty()) {
            return;
        }
        try (PreparedStatement query = connection.prepareStatement(
                """
                select n.wave_no, n.position
                from unnest(?::int[], ?::int[]) n (wave_no, position)
                cross join lateral (
                    select bit_or(case y.kind when 'delivered' then 1::bigint << y.segment else 0 end) as delivered,
                        max(y.segments)::integer as segments
                    from attempt y
                    where y.tenant_id = ? and y.alert_id = ? and y.wave_no = n.wave_no and y.position = n.position
                      and y.at >= ?
                    offset 0
                ) o
                where target_state(1, 0, o.delivered, o.segments) = 'delivered'
                """)) {
            query.setObject(1, places.stream().mapToInt(Place::waveNo).toArray());
            query.setObject(2, places.stream().mapToInt(Place::position).toArray());
            query.setInt(3, alert.tenantId());
            query.setLong(4, alert.alertId());
            query.setTimestamp(5, Timestamp.from(alert.launchedAt().minus(Duration.ofDays(1))));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    delivered.accept(recipientNo(row.getInt(1), row.getInt(2)));
                }
            }
        }
    }
}
