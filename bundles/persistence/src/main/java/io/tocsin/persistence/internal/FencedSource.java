package io.tocsin.persistence.internal;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections to servers that may be worked on, each asked once who it is; and the end of those to a server that no longer
 * may be: a thread that waits for an answer from a server out of reach is freed at once instead of by a limit.
 */
final class FencedSource implements DataSource {
    private final PGSimpleDataSource source;
    private final Fence fence;
    private final Map<Connection, ServerIdentity> open = new ConcurrentHashMap<>();

    FencedSource(PGSimpleDataSource source, Fence fence) {
        this.source = source;
        this.fence = fence;
    }

    /** What it draws from. */
    PGSimpleDataSource source() {
        return source;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = source.getConnection();
        try {
            ServerIdentity server = ServerIdentity.of(connection);
            fence.pass(server);
            forgetClosed();
            open.put(connection, server);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void forgetClosed() throws SQLException {
        for (Connection each : open.keySet()) {
            if (each.isClosed()) {
                open.remove(each);
            }
        }
    }

    /** Ends connections, whatever waits on them: that fails with SQLSTATE 08. @return how many */
    int abort(Predicate<ServerIdentity> whose) {
        int ended = 0;
        for (Map.Entry<Connection, ServerIdentity> each : open.entrySet()) {
            if (whose.test(each.getValue()) && open.remove(each.getKey()) != null) {
                try {
                    if (!each.getKey().isClosed()) {
                        each.getKey().abort(Runnable::run);
                        ended++;
                    }
                } catch (SQLException e) {
                    // Gone by itself.
                }
            }
        }
        return ended;
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the role is the source's");
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        // The driver logs through java.util.logging.
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // Pools knows how many servers there are to be tried within it.
    }

    @Override
    public int getLoginTimeout() {
        return source.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(source)) {
            return type.cast(source);
        }
        throw new SQLException("no " + type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(source);
    }
}
