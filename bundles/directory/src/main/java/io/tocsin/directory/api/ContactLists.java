package io.tocsin.directory.api;

import io.tocsin.audit.api.Actor;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** Lists of people: static, by tags, by area, or nested. Resolved at launch, never before. Blocks (database). */
@ProviderType
public interface ContactLists {

    List<ContactList> lists(int tenantId);

    Optional<ContactList> list(int tenantId, String slug);

    /**
     * Creates or replaces a list by its slug.
     *
     * @throws RefusedException for an unknown included list or a nesting that contains itself
     */
    ContactList save(int tenantId, ContactList list, Actor actor);

    /**
     * Replaces the list of this slug, if it still is the version given; the version saved is the list's.
     *
     * @throws RefusedException as {@link #save(int, ContactList, Actor)}, or if there is no such list any more
     * @throws io.tocsin.persistence.api.StaleRecordException if somebody else changed it meanwhile
     * @since 1.3
     */
    ContactList replace(int tenantId, ContactList list, Actor actor);

    /**
     * Creates a list whose slug is free.
     *
     * @throws RefusedException as {@link #save(int, ContactList, Actor)}, or if there is one of this slug already
     * @since 1.3
     */
    ContactList create(int tenantId, ContactList list, Actor actor);

    boolean delete(int tenantId, String slug, Actor actor);

    /** Replaces the members of a static list. @throws RefusedException naming external ids that do not exist */
    int setMembers(int tenantId, String slug, List<String> externalIds, Actor actor);

    /**
     * Adds members to a static list and takes others out; whoever is there already, or not, stays as they are. What two
     * people do at once is done for both.
     *
     * @return how many members it has now
     * @throws RefusedException naming external ids to add that do not exist
     * @throws java.util.NoSuchElementException if there is no such list
     * @since 1.3
     */
    int changeMembers(int tenantId, String slug, Set<String> add, Set<String> remove, Actor actor);

    /** How many people a set of lists holds now, each once, and how many have an endpoint of each kind. */
    HeadCount count(int tenantId, List<String> slugs);

    /**
     * How many people a list would hold if it were saved as it is given; a static one holds nobody yet.
     *
     * @throws RefusedException as {@link #save(int, ContactList, Actor)}
     * @since 1.3
     */
    HeadCount countOf(int tenantId, ContactList draft);

    /**
     * Why there may be nobody: how many contacts have no place, and so are in no area. In the caller's transaction.
     *
     * @return empty if none of the lists, nor any they are made of, is of kind area
     * @throws RefusedException naming lists that do not exist
     * @since 1.4
     */
    Optional<Integer> withoutPlace(Connection connection, int tenantId, List<String> slugs);

    /**
     * Which of these lists are drawn on the map, or made of lists that are, and hold nobody now. In the caller's transaction.
     *
     * @throws RefusedException naming lists that do not exist
     * @since 1.4
     */
    List<String> emptyAreas(Connection connection, int tenantId, List<String> slugs);

    /**
     * Freezes the people of the lists as the recipients of an alert: numbered from 1, each person once, with name,
     * language, variables and ranked endpoints as they are now. In the caller's transaction.
     *
     * @return how many
     * @throws RefusedException naming lists that do not exist
     */
    int freeze(Connection connection, int tenantId, long alertId, List<String> slugs);

    /**
     * Freezes one contact as the only recipient of an alert. In the caller's transaction.
     *
     * @return 1; 0 if there is no such contact, or it is out of use
     * @since 1.3
     */
    int freeze(Connection connection, int tenantId, long alertId, long contactId);

    /**
     * @param kind {@code static}, {@code tags}, {@code area} or {@code nested}
     * @param allTags tags narrow a list of kind area, too
     * @param version of the definition: members that come and go do not change it
     * @param area where the people of a list of kind area live; empty for any other
     */
    record ContactList(
            String slug,
            String name,
            String kind,
            Set<String> allTags,
            Set<String> anyTags,
            Set<String> noneTags,
            List<String> includes,
            List<String> excludes,
            int version,
            Optional<Area> area) {

        /** A list without an area. */
        public ContactList(
                String slug,
                String name,
                String kind,
                Set<String> allTags,
                Set<String> anyTags,
                Set<String> noneTags,
                List<String> includes,
                List<String> excludes,
                int version) {
            this(slug, name, kind, allTags, anyTags, noneTags, includes, excludes, version, Optional.empty());
        }

        public ContactList(
                String slug,
                String name,
                String kind,
                Set<String> allTags,
                Set<String> anyTags,
                Set<String> noneTags,
                List<String> includes,
                List<String> excludes) {
            this(slug, name, kind, allTags, anyTags, noneTags, includes, excludes, 0);
        }
    }

    /**
     * @param withoutPlace how many contacts of the tenant have no place, and so are in no area; empty where no area plays a part
     */
    record HeadCount(int people, Map<String, Integer> byEndpointKind, Optional<Integer> withoutPlace) {
        public HeadCount(int people, Map<String, Integer> byEndpointKind) {
            this(people, byEndpointKind, Optional.empty());
        }
    }
}
