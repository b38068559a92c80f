package io.tocsin.routing.internal.ledger;

import io.tocsin.routing.api.Totals;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Where each person of an alert stands: a letter each, by recipient number, and how many of each letter. Not thread-safe. */
final class People {
    private static final char ANSWERED = 'a';
    private static final char DELIVERED = 'd';
    private static final char FAILED = 'f';
    private static final char UNKNOWN = 'u';
    private static final char PENDING = 'p';

    private final byte[] letters;
    private final int[] counts = new int[128];
    private final long flagged;

    People(String letters, long flagged) {
        this.letters = letters.getBytes(StandardCharsets.US_ASCII);
        this.flagged = flagged;
        for (byte letter : this.letters) {
            counts[letter]++;
        }
    }

    /** Looks at everybody: the same function that counts the totals. */
    static People count(Connection connection, int tenantId, long alertId) throws SQLException {
        Plans.wholeAlert(connection);
        try (PreparedStatement query = connection.prepareStatement(
                """
                select coalesce(string_agg(left(p.state, 1), '' order by p.recipient_no), ''),
                    count(*) filter (where p.flagged)
                from alert_people(?, ?) p
                """)) {
            query.setInt(1, tenantId);
            query.setLong(2, alertId);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new People(row.getString(1), row.getLong(2));
            }
        }
    }

    /** A message to this person was delivered. Whoever answered stays answered. */
    void delivered(int recipientNo) {
        if (letters[recipientNo - 1] != ANSWERED) {
            becomes(recipientNo, DELIVERED);
        }
    }

    void answered(int recipientNo) {
        becomes(recipientNo, ANSWERED);
    }

    private void becomes(int recipientNo, char letter) {
        counts[letters[recipientNo - 1]]--;
        letters[recipientNo - 1] = (byte) letter;
        counts[letter]++;
    }

    Totals totals() {
        return new Totals(
                letters.length,
                counts[ANSWERED],
                counts[DELIVERED],
                counts[FAILED],
                counts[UNKNOWN],
                counts[PENDING],
                flagged);
    }
}
