package io.tocsin.routing.internal.ledger;

import io.tocsin.routing.api.Totals;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

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

    private People(byte[] letters, long flagged) {
        this.letters = letters;
        this.flagged = flagged;
        for (byte letter : letters) {
            counts[letter]++;
        }
    }

    /** Everybody of an alert nothing is known of yet. */
    static People pending(int number) {
        byte[] letters = new byte[number];
        Arrays.fill(letters, (byte) PENDING);
        return new People(letters, 0);
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
                return new People(row.getString(1).getBytes(StandardCharsets.US_ASCII), row.getLong(2));
            }
        }
    }

    /** Of an alert with one wave and without an observation: those it has no target for may be reached by a later step. */
    void lookAtUntargeted(Connection connection, int tenantId, long alertId) throws SQLException {
        Plans.wholeAlert(connection);
        try (PreparedStatement query = connection.prepareStatement(
                """
                select r.recipient_no, left(person_state(false, false, true, false,
                    jsonb_path_exists(r.endpoints, '$[*] ? (@.kind == $kinds[*])',
                        (select kinds_of_later_steps(?, ?))), false), 1)
                from wave w
                join recipient r on r.tenant_id = w.tenant_id and r.alert_id = w.alert_id
                left join target x on w.everybody is null and x.tenant_id = r.tenant_id and x.alert_id = r.alert_id
                    and x.recipient_no = r.recipient_no
                where w.tenant_id = ? and w.alert_id = ? and x.recipient_no is null
                  -- of a wave of everybody, targets are written when they are leased
                  and not coalesce(jsonb_path_exists(r.endpoints, '$[*] ? (@.kind == $kinds[*])', w.everybody), false)
                """)) {
            for (int i = 0; i < 2; i++) {
                query.setInt(2 * i + 1, tenantId);
                query.setLong(2 * i + 2, alertId);
            }
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    becomes(row.getInt(1), row.getString(2).charAt(0));
                }
            }
        }
    }

    /** A message to this person was delivered. Whoever answered stays answered. */
    void delivered(int recipientNo) {
        if (has(recipientNo) && letters[recipientNo - 1] != ANSWERED) {
            becomes(recipientNo, DELIVERED);
        }
    }

    void answered(int recipientNo) {
        if (has(recipientNo)) {
            becomes(recipientNo, ANSWERED);
        }
    }

    /** Whether an acceptance by a carrier leaves this person where they stand: pending, or reached already. */
    boolean awaits(int recipientNo) {
        return has(recipientNo)
                && (letters[recipientNo - 1] == PENDING
                        || letters[recipientNo - 1] == DELIVERED
                        || letters[recipientNo - 1] == ANSWERED);
    }

    private boolean has(int recipientNo) {
        return recipientNo >= 1 && recipientNo <= letters.length;
    }

    private void becomes(int recipientNo, char letter) {
        counts[letters[recipientNo - 1]]--;
        letters[recipientNo - 1] = (byte) letter;
        counts[letter]++;
    }

    /** @param published which these letters do not tell */
    Totals totals(long published) {
        return new Totals(
                letters.length,
                counts[ANSWERED],
                counts[DELIVERED],
                counts[FAILED],
                counts[UNKNOWN],
                counts[PENDING],
                flagged,
                published);
    }
}
