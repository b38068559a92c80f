package io.tocsin.routing.internal.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Binds many keys at once as arrays: one statement whatever their number. */
final class Rows {
    private Rows() {}

    /** Binds tenant, alert, wave and batch numbers as four arrays from parameter {@code first} on. */
    static void bindKeys(Connection connection, PreparedStatement statement, int first, List<HeldBatch.Key> keys)
            throws SQLException {
        int n = keys.size();
        int[] tenants = new int[n];
        long[] alerts = new long[n];
        int[] waves = new int[n];
        int[] batches = new int[n];
        for (int i = 0; i < n; i++) {
            HeldBatch.Key key = keys.get(i);
            tenants[i] = key.tenantId();
            alerts[i] = key.alertId();
            waves[i] = key.waveNo();
            batches[i] = key.batchNo();
        }
        statement.setObject(first, tenants);
        statement.setObject(first + 1, alerts);
        statement.setObject(first + 2, waves);
        statement.setObject(first + 3, batches);
    }
}
