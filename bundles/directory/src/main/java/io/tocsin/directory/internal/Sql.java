package io.tocsin.directory.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs bound statements on the caller's connection. */
public final class Sql {
    private Sql() {}

    /** Reads one row into a value. */
    @FunctionalInterface
    public interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** @return the values of all rows; a null value is left out */
    public static <T> List<T> query(Connection connection, String sql, Reading<T> reading, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = bound(connection, sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            List<T> values = new ArrayList<>();
            while (rows.next()) {
                T value = reading.of(rows);
                if (value != null) {
                    values.add(value);
                }
            }
            return values;
        }
    }

    public static <T> Optional<T> one(Connection connection, String sql, Reading<T> reading, Object... parameters)
            throws SQLException {
        return query(connection, sql, reading, parameters).stream().findFirst();
    }

    /** @return how many rows were touched */
    public static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = bound(connection, sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    /** Arrays of texts are bound as {@code text[]}, everything else as the driver does. */
    public static PreparedStatement bound(Connection connection, String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            Object parameter = parameters[i];
            if (parameter instanceof String[] texts) {
                statement.setArray(i + 1, connection.createArrayOf("text", texts));
            } else {
                statement.setObject(i + 1, parameter);
            }
        }
        return statement;
    }
}
