package io.tocsin.bench;

import io.tocsin.persistence.testing.Conservation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** A node's embedded database, entered as its superuser: to prepare large audiences and to read PostgreSQL's own counters. */
final class Postgres {
    /** Numbers come in no order, as people's do: neighbours in an order would flatter every index of addresses. */
    private static final int STEP = 7_368_787;

    private final PGSimpleDataSource source = new PGSimpleDataSource();

    /** @param home the node's {@code data/postgres} */
    Postgres(Path home) throws IOException {
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {
            Integer.parseInt(Files.readString(home.resolve("port")).strip())
        });
        source.setUser("postgres");
        source.setPassword(Files.readString(home.resolve("superuser-password")).strip());
        source.setDatabaseName("tocsin");
    }

    Connection connect() throws SQLException {
        return source.getConnection();
    }

    void run(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long number(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** A question asked many times, on a connection of its own. */
    final class Question implements AutoCloseable {
        private final Connection connection = connect();
        private final PreparedStatement statement;

        private Question(String sql) throws SQLException {
            statement = connection.prepareStatement(sql);
        }

        long number() throws SQLException {
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    Question ask(String sql) throws SQLException {
        return new Question(sql);
    }

    /** How an alert stands by the law of conservation, counted in the ledger. */
    Conservation.Account account(String tenant, long alertId) throws SQLException {
        int tenantId = (int) number("select tenant_id from tenant where slug = '" + tenant + "'");
        try (Connection connection = connect()) {
            return Conservation.of(connection, tenantId, alertId);
        }
    }

    /** Seconds to COPY some of a table's rows, in binary, into an empty table with the same indexes and checks. */
    double secondsToCopy(String table, String condition) throws SQLException, IOException {
        Path rows = Files.createTempFile("bench-" + table, ".copy");
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            PGConnection pg = connection.unwrap(PGConnection.class);
            try (OutputStream out = Files.newOutputStream(rows)) {
                pg.getCopyAPI()
                        .copyOut(
                                "copy (select * from " + table + " where " + condition + ") to stdout (format binary)",
                                out);
            }
            statement.execute("drop table if exists control_" + table);
            statement.execute(
                    "create table control_" + table + " (like " + table + " including all excluding generated)");
            long from = System.nanoTime();
            try (InputStream in = Files.newInputStream(rows)) {
                pg.getCopyAPI().copyIn("copy control_" + table + " from stdin (format binary)", in, 1 << 20);
            }
            return (System.nanoTime() - from) / 1e9;
        } finally {
            Files.deleteIfExists(rows);
        }
    }

    /** Transactions committed in the database so far. */
    long commits() throws SQLException {
        return number("select xact_commit from pg_stat_database where datname = current_database()");
    }

    /** The server's first process, whose descendants do the work. */
    long pid() throws SQLException, IOException {
        Path data;
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("show data_directory")) {
            rows.next();
            data = Path.of(rows.getString(1));
        }
        return Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    }

    /**
     * Contacts of a tenant made in place, each with a number that cannot ring: 14 digits under a range kept for fiction.
     *
     * @param before how many people were made for other tenants: theirs are other numbers
     */
    void populate(String tenant, int before, int people) throws SQLException {
        run(
                """
                insert into contact (tenant_id, external_id, first_name, last_name, language, tags, variables, origin, legal_basis,
                    reach)
                select t.tenant_id, 'b' || i, 'Prénom', 'Nom' || i, 'fr', '{bench}',
                       jsonb_build_object('numero', i::text), 'bench', 'bench',
                       jsonb_build_array(jsonb_build_object('kind', 'mobile', 'address', '+33639980'
                           || lpad((i::bigint * %d %% 10000000)::text, 7, '0')))
                from tenant t, generate_series(%d, %d) i where t.slug = '%s'
                """
                        .formatted(STEP, before + 1, before + people, tenant));
        run(
                """
                insert into endpoint (tenant_id, contact_id, rank, kind, address, written_as, origin, legal_basis)
                select c.tenant_id, c.contact_id, 1, 'mobile', c.reach -> 0 ->> 'address', '', 'bench', 'bench'
                from contact c join tenant t using (tenant_id) where t.slug = '%s' and c.external_id like 'b%%'
                """
                        .formatted(tenant));
    }

    /** The number of the n-th person made, from 1, of all tenants together. */
    static String number(int nth) {
        return "+33639980%07d".formatted((long) nth * STEP % 10_000_000);
    }
}
