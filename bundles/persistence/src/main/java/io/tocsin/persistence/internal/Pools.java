package io.tocsin.persistence.internal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections to one database, by role: pooled for the node's work, plain for what happens once. */
public final class Pools {
    private static final int CONNECT_SECONDS = 5;

    /** Among several servers, one that is out of reach must not use up the time in which the others could be tried. */
    private static final int CONNECT_SECONDS_EACH = 2;

    /** After which a server is asked again what it is: a standby may have been promoted. */
    private static final int RECHECK_SECONDS = 1;

    /** As long as the server waits for a peer that does not even acknowledge; one second idle and three probes come to as much. */
    private static final Duration NOTICED = Duration.ofSeconds(4);

    private Pools() {}

    /** @param name shown in thread names */
    static HikariDataSource pool(FencedSource fenced, String name, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(fenced);
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

    /**
     * What a pool draws from.
     *
     * @param name shown in {@code pg_stat_activity}
     * @param statementLimit after which the server gives a statement up
     */
    static PGSimpleDataSource working(DatabaseAddress address, String role, String name, Duration statementLimit) {
        PGSimpleDataSource source = plain(address, role);
        source.setApplicationName(name);
        source.setOptions("-c statement_timeout=" + statementLimit.toMillis()
                + " -c idle_in_transaction_session_timeout=" + statementLimit.toMillis());
        // A peer that vanished without a word: give up after the server itself would have.
        source.setSocketTimeout((int) statementLimit.plusSeconds(30).toSeconds());
        return source;
    }

    /**
     * Sessions that stand for who holds them: the server ends one whose peer vanished without a word after {@link #NOTICED}, and
     * the peer gives up on a server that does not answer. Never by cancelling: a commit whose wait for a standby is cancelled is
     * answered as if it had not been.
     *
     * @param name shown in {@code pg_stat_activity}
     */
    static PGSimpleDataSource own(DatabaseAddress address, String role, String name) {
        PGSimpleDataSource source = plain(address, role);
        source.setApplicationName(name);
        source.setOptions("-c tcp_keepalives_idle=1 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3"
                + " -c tcp_user_timeout=" + NOTICED.toMillis());
        source.setSocketTimeout((int) DatabaseWatch.GIVE_UP.toSeconds());
        return source;
    }

    public static PGSimpleDataSource plain(DatabaseAddress address, String role) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(address.url());
        source.setUser(role);
        source.setPassword(address.password(role));
        limitConnecting(source, address, address.servers() == 1 ? CONNECT_SECONDS : CONNECT_SECONDS_EACH);
        source.setTcpKeepAlive(true);
        source.setReWriteBatchedInserts(true);
        // The detail of a broken constraint quotes the row: personal data never reach an exception.
        source.setLogServerErrorDetail(false);
        return source;
    }

    /** The limit of a login holds for all servers together: each must have had its turn by then. */
    static void limitConnecting(PGSimpleDataSource source, DatabaseAddress address, int secondsEach) {
        source.setConnectTimeout(secondsEach);
        if (address.servers() == 1) {
            source.setLoginTimeout(secondsEach);
            return;
        }
        source.setLoginTimeout((secondsEach + 1) * address.servers());
        source.setHostRecheckSeconds(RECHECK_SECONDS);
    }
}
