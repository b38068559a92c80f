package io.tocsin.directory.api;

import io.tocsin.audit.api.Actor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** The people of a tenant. Every change is journaled in its transaction. Blocks (database). */
@ProviderType
public interface Contacts {

    Optional<Contact> find(int tenantId, long contactId);

    /** Active contacts by id: those that meet everything the search asks for. */
    List<Contact> list(int tenantId, Search search, long afterContactId, int limit);

    /**
     * Active contacts by id.
     *
     * @param search words looked for in names, external id and addresses; empty: all
     * @param tag only those with this tag
     */
    default List<Contact> list(
            int tenantId, Optional<String> search, Optional<String> tag, long afterContactId, int limit) {
        return list(tenantId, new Search(search, tag, Optional.empty()), afterContactId, limit);
    }

    /**
     * Active contacts by family name, then first name, whatever accents and capitals they are written with: a window of the
     * whole, for tables that are scrolled.
     *
     * @param skip how many come before the window
     * @since 1.3
     */
    List<Contact> window(int tenantId, Search search, int skip, int limit);

    long count(int tenantId);

    /**
     * How many active contacts meet everything the search asks for.
     *
     * @since 1.3
     */
    long count(int tenantId, Search search);

    /**
     * The tags that active contacts have, the most frequent first.
     *
     * @since 1.3
     */
    List<TagCount> tags(int tenantId);

    /**
     * Where active contacts live, gathered in the cells of a grid: a few hundred at most, however many people there are.
     *
     * @param within only there; empty: wherever anybody lives
     * @throws RefusedException if it is no box
     * @since 1.4
     */
    PeopleMap map(int tenantId, Optional<PeopleMap.Box> within);

    /**
     * Creates (id 0) or replaces a contact; telephone numbers are normalised to E.164.
     *
     * @throws RefusedException naming each field that is wrong
     * @throws io.tocsin.persistence.api.StaleRecordException if the version is behind
     */
    Contact save(int tenantId, Contact contact, Actor actor);

    /** Marks a contact removed; its place in past alerts stays. @return false if there is none */
    boolean remove(int tenantId, long contactId, Actor actor);

    /**
     * What is asked of contacts; empty: nothing, so all of them.
     *
     * @param words looked for in names, external id and addresses
     * @param tag which they have
     * @param household of which they are, as the tenant names it
     * @param list whose people they are now
     */
    record Search(Optional<String> words, Optional<String> tag, Optional<String> household, Optional<String> list) {
        public Search(Optional<String> words, Optional<String> tag, Optional<String> household) {
            this(words, tag, household, Optional.empty());
        }

        /** Everybody. */
        public static final Search ALL = new Search(Optional.empty(), Optional.empty(), Optional.empty());

        /** The people who share a household. */
        public static Search ofHousehold(String household) {
            return new Search(Optional.empty(), Optional.empty(), Optional.of(household));
        }
    }

    /** @since 1.3 */
    record TagCount(String tag, int people) {}

    /**
     * @param externalId the tenant's own key of the person, unique in the tenant
     * @param place where the person lives, to six decimals (eleven centimetres); empty if unknown
     */
    record Contact(
            long id,
            String externalId,
            String firstName,
            String lastName,
            String language,
            Optional<String> household,
            Set<String> tags,
            Map<String, String> variables,
            String origin,
            String legalBasis,
            List<Endpoint> endpoints,
            int version,
            Optional<Place> place) {

        /** A contact of whom no place is known. */
        public Contact(
                long id,
                String externalId,
                String firstName,
                String lastName,
                String language,
                Optional<String> household,
                Set<String> tags,
                Map<String, String> variables,
                String origin,
                String legalBasis,
                List<Endpoint> endpoints,
                int version) {
            this(
                    id,
                    externalId,
                    firstName,
                    lastName,
                    language,
                    household,
                    tags,
                    variables,
                    origin,
                    legalBasis,
                    endpoints,
                    version,
                    Optional.empty());
        }
    }

    /**
     * One way to reach a person; the list's order is the rank.
     *
     * @param kind {@code mobile}, {@code landline}, {@code email}, {@code fax}, {@code webhook} or {@code publication}; for telephones decided by the number
     * @param address E.164, mailbox or URL
     * @param writtenAs as the tenant wrote it
     */
    record Endpoint(String kind, String address, String writtenAs, String origin, String legalBasis) {}
}
