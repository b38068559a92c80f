package io.tocsin.persistence.api;

import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Agencies, tenants, units, users and carrier accounts, mapped by Hibernate. Every call joins the transaction of the
 * connection it is given ({@link Database#asEngine} for the registry; {@link Database#inTenant} sees one tenant only).
 *
 * <p>Saving takes the record as a whole: an id of 0 inserts; otherwise the version must be the one read.
 *
 * @see StaleRecordException thrown by every save whose version is behind
 */
@ProviderType
public interface AdministrativeModel {

    Optional<Agency> agency(Connection connection, String slug);

    Optional<Agency> agency(Connection connection, int agencyId);

    List<Agency> agencies(Connection connection);

    Agency save(Connection connection, Agency agency);

    Optional<Tenant> tenant(Connection connection, String slug);

    Optional<Tenant> tenant(Connection connection, int tenantId);

    /** Tenants by slug. @param agencyId limits to one agency, when present */
    List<Tenant> tenants(Connection connection, Optional<Integer> agencyId);

    Tenant save(Connection connection, Tenant tenant);

    List<Unit> units(Connection connection, int tenantId);

    Unit save(Connection connection, Unit unit);

    Optional<User> user(Connection connection, String login);

    Optional<User> user(Connection connection, int userId);

    /** Users of a tenant, by login. */
    List<User> usersOfTenant(Connection connection, int tenantId);

    /** Users of an agency itself, by login. */
    List<User> usersOfAgency(Connection connection, int agencyId);

    /**
     * Users of neither a tenant nor an agency: the operators, by login.
     *
     * @since 1.1
     */
    List<User> usersOfPlatform(Connection connection);

    User save(Connection connection, User user);

    Optional<CarrierAccount> account(Connection connection, int accountId);

    /** Accounts a tenant may use: its own, then its agency's, each by rank. Disabled ones included. */
    List<CarrierAccount> accountsForTenant(Connection connection, int tenantId);

    List<CarrierAccount> accounts(Connection connection);

    CarrierAccount save(Connection connection, CarrierAccount account);

    void deleteAccount(Connection connection, int accountId);

    /**
     * @param state {@code active} or {@code suspended}: its own people and keys stay out; its tenants go on
     * @param weight 1 to 100: its share of a channel beside other agencies that wait for it too; 1 unless said
     */
    record Agency(int id, String slug, String name, String state, int weight, int version) {
        /** A new one. */
        public Agency(int id, String slug, String name) {
            this(id, slug, name, "active", 1, 0);
        }

        /** The same in another state. */
        public Agency in(String other) {
            return new Agency(id, slug, name, other, weight, version);
        }
    }

    /**
     * @param state {@code active} or {@code suspended}
     * @param source {@code api} or {@code files}
     * @param weight 1 to 100: its share of a channel beside other tenants of its agency that wait for it too; 1 unless said
     * @param channels the channel types it is limited to, kept in order without repetition; none: all there are
     */
    record Tenant(
            int id,
            int agencyId,
            String slug,
            String name,
            String kind,
            String language,
            String timeZone,
            String state,
            String source,
            Optional<String> smsSender,
            Optional<String> mailSender,
            int maxContacts,
            int maxRecipients,
            int maxRunningAlerts,
            int weight,
            List<String> channels,
            int version) {
        public Tenant {
            channels = List.copyOf(new TreeSet<>(channels));
        }

        /** One of weight 1 that may use every channel. */
        public Tenant(
                int id,
                int agencyId,
                String slug,
                String name,
                String kind,
                String language,
                String timeZone,
                String state,
                String source,
                Optional<String> smsSender,
                Optional<String> mailSender,
                int maxContacts,
                int maxRecipients,
                int maxRunningAlerts,
                int version) {
            this(
                    id,
                    agencyId,
                    slug,
                    name,
                    kind,
                    language,
                    timeZone,
                    state,
                    source,
                    smsSender,
                    mailSender,
                    maxContacts,
                    maxRecipients,
                    maxRunningAlerts,
                    1,
                    List.of(),
                    version);
        }

        /**
         * Whether the tenant may use channels of that type.
         *
         * @since 1.2
         */
        public boolean mayUse(String channel) {
            return channels.isEmpty() || channels.contains(channel);
        }
    }

    record Unit(int id, int tenantId, Optional<Integer> parentId, String slug, String name) {}

    /** @param passwordHash an Argon2id string, empty while no password is set */
    record User(
            int id,
            Optional<Integer> agencyId,
            Optional<Integer> tenantId,
            Optional<Integer> unitId,
            String login,
            String name,
            Optional<String> passwordHash,
            Set<String> roles,
            String state,
            int failedLogins,
            Optional<Instant> lockedUntil,
            int version) {
        /** Leaves the password's hash out. */
        @Override
        public String toString() {
            return "User[" + id + ", " + login + "]";
        }
    }

    /**
     * @param settings name to value; a secret is written {@code secret:NAME} and resolved only when a channel opens, or it is sealed and not here
     * @param rank lower is preferred
     */
    record CarrierAccount(
            int id,
            int agencyId,
            Optional<Integer> tenantId,
            String slug,
            String channel,
            Map<String, String> settings,
            int rank,
            Optional<Integer> messagesPerSecond,
            boolean enabled,
            int version) {}
}
