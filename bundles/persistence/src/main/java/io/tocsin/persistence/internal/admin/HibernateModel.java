package io.tocsin.persistence.internal.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.persistence.api.AdministrativeModel;
import io.tocsin.persistence.api.DatabaseException;
import io.tocsin.persistence.api.StaleRecordException;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.hibernate.JDBCException;
import org.hibernate.SessionFactory;
import org.hibernate.StaleStateException;
import org.hibernate.StatelessSession;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.hibernate.jpa.HibernatePersistenceProvider;
import org.hibernate.type.format.jackson.JacksonJsonFormatMapper;

/**
 * The administrative model on Hibernate. Sessions are stateless and live for one call on the caller's connection: what a
 * save says is sent at once, in the caller's transaction, and nothing is remembered between calls.
 */
public final class HibernateModel implements AdministrativeModel, AutoCloseable {
    private final SessionFactory sessions;
    private final Clock clock;

    public HibernateModel(Clock clock) {
        this.clock = clock;
        HibernatePersistenceConfiguration configuration = new HibernatePersistenceConfiguration("tocsin");
        configuration.managedClasses(
                AgencyEntity.class, TenantEntity.class, UnitEntity.class, UserEntity.class, CarrierAccountEntity.class);
        configuration.properties(Map.of(
                // In a bundle nothing is found through the thread's class loader.
                AvailableSettings.CLASSLOADERS,
                List.of(HibernateModel.class.getClassLoader()),
                AvailableSettings.TC_CLASSLOADER,
                "never",
                // The model is made before any connection: every session brings its own.
                AvailableSettings.JAKARTA_HBM2DDL_DB_NAME,
                "PostgreSQL",
                AvailableSettings.ALLOW_METADATA_ON_BOOT,
                false,
                AvailableSettings.JAKARTA_HBM2DDL_DB_MAJOR_VERSION,
                "15",
                // The transaction is the caller's.
                AvailableSettings.ALLOW_UPDATE_OUTSIDE_TRANSACTION,
                true,
                AvailableSettings.PREFERRED_INSTANT_JDBC_TYPE,
                "TIMESTAMP_WITH_TIMEZONE",
                AvailableSettings.JSON_FORMAT_MAPPER,
                new JacksonJsonFormatMapper(new ObjectMapper())));
        this.sessions = new HibernatePersistenceProvider()
                .createEntityManagerFactory(configuration)
                .unwrap(SessionFactory.class);
    }

    @Override
    public Optional<Agency> agency(Connection connection, String slug) {
        return first(connection, AgencyEntity.class, "from Agency where slug = :slug", Map.of("slug", slug));
    }

    @Override
    public Optional<Agency> agency(Connection connection, int agencyId) {
        return byId(connection, AgencyEntity.class, agencyId);
    }

    @Override
    public List<Agency> agencies(Connection connection) {
        return all(connection, AgencyEntity.class, "from Agency order by slug", Map.of());
    }

    @Override
    public Agency save(Connection connection, Agency agency) {
        return save(connection, AgencyEntity.of(agency), agency.id(), "agency " + agency.slug());
    }

    @Override
    public Optional<Tenant> tenant(Connection connection, String slug) {
        return first(connection, TenantEntity.class, "from Tenant where slug = :slug", Map.of("slug", slug));
    }

    @Override
    public Optional<Tenant> tenant(Connection connection, int tenantId) {
        return byId(connection, TenantEntity.class, tenantId);
    }

    @Override
    public List<Tenant> tenants(Connection connection, Optional<Integer> agencyId) {
        return agencyId.map(agency -> all(
                        connection,
                        TenantEntity.class,
                        "from Tenant where agencyId = :agency order by slug",
                        Map.of("agency", agency)))
                .orElseGet(() -> all(connection, TenantEntity.class, "from Tenant order by slug", Map.of()));
    }

    @Override
    public Tenant save(Connection connection, Tenant tenant) {
        return save(connection, TenantEntity.of(tenant, clock.instant()), tenant.id(), "tenant " + tenant.slug());
    }

    @Override
    public List<Unit> units(Connection connection, int tenantId) {
        return all(
                connection,
                UnitEntity.class,
                "from Unit where tenantId = :tenant order by slug",
                Map.of("tenant", tenantId));
    }

    @Override
    public Unit save(Connection connection, Unit unit) {
        return save(connection, UnitEntity.of(unit), unit.id(), "unit " + unit.slug());
    }

    @Override
    public Optional<User> user(Connection connection, String login) {
        return first(connection, UserEntity.class, "from User where login = :login", Map.of("login", login));
    }

    @Override
    public Optional<User> user(Connection connection, int userId) {
        return byId(connection, UserEntity.class, userId);
    }

    @Override
    public List<User> usersOfTenant(Connection connection, int tenantId) {
        return all(
                connection,
                UserEntity.class,
                "from User where tenantId = :tenant order by login",
                Map.of("tenant", tenantId));
    }

    @Override
    public List<User> usersOfAgency(Connection connection, int agencyId) {
        return all(
                connection,
                UserEntity.class,
                "from User where agencyId = :agency and tenantId is null order by login",
                Map.of("agency", agencyId));
    }

    @Override
    public List<User> usersOfPlatform(Connection connection) {
        return all(
                connection,
                UserEntity.class,
                "from User where agencyId is null and tenantId is null order by login",
                Map.of());
    }

    @Override
    public User save(Connection connection, User user) {
        return save(connection, UserEntity.of(user, clock.instant()), user.id(), "user " + user.id());
    }

    @Override
    public Optional<CarrierAccount> account(Connection connection, int accountId) {
        return byId(connection, CarrierAccountEntity.class, accountId);
    }

    @Override
    public List<CarrierAccount> accountsForTenant(Connection connection, int tenantId) {
        return all(
                connection,
                CarrierAccountEntity.class,
                """
                from CarrierAccount a
                where a.tenantId = :tenant
                   or a.tenantId is null and a.agencyId = (select t.agencyId from Tenant t where t.id = :tenant)
                order by case when a.tenantId is null then 1 else 0 end, a.rank, a.slug
                """,
                Map.of("tenant", tenantId));
    }

    @Override
    public List<CarrierAccount> accounts(Connection connection) {
        return all(
                connection,
                CarrierAccountEntity.class,
                "from CarrierAccount order by agencyId, tenantId nulls first, rank, slug",
                Map.of());
    }

    @Override
    public CarrierAccount save(Connection connection, CarrierAccount account) {
        return save(connection, CarrierAccountEntity.of(account), account.id(), "carrier account " + account.slug());
    }

    @Override
    public void deleteAccount(Connection connection, int accountId) {
        session(connection, "carrier account " + accountId, session -> session.createMutationQuery(
                        "delete from CarrierAccount where id = :id")
                .setParameter("id", accountId)
                .executeUpdate());
    }

    @Override
    public void close() {
        sessions.close();
    }

    private <R, E extends Row<R>> Optional<R> byId(Connection connection, Class<E> type, int id) {
        return session(connection, type.getSimpleName(), session -> Optional.ofNullable(session.get(type, id))
                .map(Row::read));
    }

    private <R, E extends Row<R>> Optional<R> first(
            Connection connection, Class<E> type, String query, Map<String, Object> parameters) {
        return all(connection, type, query, parameters).stream().findFirst();
    }

    private <R, E extends Row<R>> List<R> all(
            Connection connection, Class<E> type, String query, Map<String, Object> parameters) {
        return session(connection, type.getSimpleName(), session -> {
            var selection = session.createSelectionQuery(query, type);
            parameters.forEach(selection::setParameter);
            return selection.getResultList().stream().map(Row::read).toList();
        });
    }

    private <R> R save(Connection connection, Row<R> row, int id, String what) {
        return session(connection, what, session -> {
            if (id == 0) {
                session.insert(row);
            } else {
                session.update(row);
            }
            return row.read();
        });
    }

    private <T> T session(Connection connection, String what, Function<StatelessSession, T> work) {
        try (StatelessSession session =
                sessions.withStatelessOptions().connection(connection).openStatelessSession()) {
            return work.apply(session);
        } catch (OptimisticLockException | StaleStateException e) {
            throw new StaleRecordException(what);
        } catch (PersistenceException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof StaleStateException) {
                    throw new StaleRecordException(what);
                }
                if (cause instanceof JDBCException jdbc) {
                    throw new DatabaseException(jdbc.getSQLException());
                }
                if (cause instanceof SQLException sql) {
                    throw new DatabaseException(sql);
                }
            }
            throw e;
        }
    }
}
