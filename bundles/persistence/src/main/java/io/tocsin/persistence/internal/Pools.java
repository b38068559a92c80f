package io.tocsin.persistence.internal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections to one database, by role: pooled for the node's work, plain for what happens once. */
public final class Pools {
    private static final int CONNECT_SECONDS = 5;

    private Pools() {}

    /**
     * @param name shown in thread names and in {@code pg_stat_activity}
     * @param statementLimit after which the server gives a statement up
     */
    static HikariDataSource pool(DatabaseAddress address, String role, String name, int size, Duration statementLimit) {
        PGSimpleDataSource source = plain(address, role);
        source.setApplicationName(name);
        source.setOptions("-c statement_timeout=" + statementLimit.toMillis()
                + " -c idle_in_transaction_session_timeout=" + statementLimit.toMillis());
        // A peer that vanished without a word: give up after the server itself would have.
        source.setSocketTimeout((int) statementLimit.plusSeconds(30).toSeconds());
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setAutoCommit(false);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(Math.min(size, 2));
        config.setConnectionTimeout(Duration.ofSeconds(CONNECT_SECONDS).toMillis());
        config.setValidationTimeout(Duration.ofSeconds(1).toMillis());
        config.setKeepaliveTime(Duration.ofSeconds(30).toMillis());
        config.setMaxLifetime(Duration.ofMinutes(30).toMillis());
        // The pool opens even while the database is away, and serves again when it returns.
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    public static PGSimpleDataSource plain(DatabaseAddress address, String role) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(address.url());
        source.setUser(role);
        source.setPassword(address.password(role));
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setLoginTimeout(CONNECT_SECONDS);
        source.setTcpKeepAlive(true);
        source.setReWriteBatchedInserts(true);
        // The detail of a broken constraint quotes the row: personal data never reach an exception.
        source.setLogServerErrorDetail(false);
        return source;
    }
}
