package io.tocsin.persistence.internal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Which server a connection ended at.
 *
 * @param system its data's identifier, the same on a primary and its standbys
 * @param timeline one more with each promotion; 0 on a standby
 * @param address where it listens; empty for a local socket
 */
record ServerIdentity(long system, long timeline, String address) {

    /** The journal's own file name carries the timeline at once; the control file learns it with the next checkpoint only. */
    static final String TIMELINE =
            """
            case when pg_is_in_recovery() then 0
                 else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint end""";

    private static final String QUERY = "select (select system_identifier from pg_control_system()), " + TIMELINE
            + ", coalesce(host(inet_server_addr()) || ':' || inet_server_port(), '')";

    private static final String DENIED = "42501";

    /** Whether work on the other was work on another server, or on another past of this one. */
    boolean differs(ServerIdentity other) {
        return system != other.system || timeline != other.timeline;
    }

    /** @throws SQLException naming the grant that is missing, or when the server does not answer */
    static ServerIdentity of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            row.next();
            return new ServerIdentity(row.getLong(1), row.getLong(2), row.getString(3));
        } catch (SQLException e) {
            if (DENIED.equals(e.getSQLState())) {
                throw new SQLException(
                        "PostgreSQL does not say which timeline it is on, so an old primary could not be told from the"
                                + " right one: grant execute on function pg_control_system(), pg_current_wal_lsn(),"
                                + " pg_walfile_name(pg_lsn) to public;",
                        DENIED,
                        e);
            }
            throw e;
        }
    }
}
