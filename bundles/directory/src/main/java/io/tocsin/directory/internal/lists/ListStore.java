package io.tocsin.directory.internal.lists;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.directory.api.Area;
import io.tocsin.directory.api.ContactLists;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.api.RefusedException.Problem;
import io.tocsin.directory.internal.Sql;
import io.tocsin.directory.internal.value.CleanText;
import io.tocsin.directory.internal.value.Tags;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.StaleRecordException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Lists in PostgreSQL. A tags list without any tag is everyone. */
@Component(service = ContactLists.class)
public final class ListStore implements ContactLists {
    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final int MAX_NAME = 200;
    private static final int NAMED = 10;

    private static final String READ =
            """
            select list_id, slug, name, kind, all_tags, any_tags, none_tags, includes, excludes, version, area
            from contact_list where tenant_id = ? order by slug
            """;

    private static final String SAVE =
            """
            insert into contact_list (tenant_id, slug, name, kind, all_tags, any_tags, none_tags, includes, excludes, area)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)
            on conflict (tenant_id, slug) do update set name = excluded.name, kind = excluded.kind,
                all_tags = excluded.all_tags, any_tags = excluded.any_tags, none_tags = excluded.none_tags,
                includes = excluded.includes, excludes = excluded.excludes, area = excluded.area, updated_at = now(),
                version = contact_list.version + 1
            returning version
            """;

    /** Serialises edits of one tenant's lists: two saves at once could close a circle that neither sees. */
    private static final String LOCK = "select pg_advisory_xact_lock(?, ?)";

    private static final int LOCK_SPACE = 0x6c6973;

    private static final String UNKNOWN_MEMBERS =
            """
            select w.external_id, count(*) over () from unnest(?::text[]) as w(external_id)
            where not exists (select from contact c
                where c.tenant_id = ? and c.external_id = w.external_id and c.state = 'active')
            order by w.external_id limit ?
            """;

    private static final String ADD_MEMBERS =
            """
            insert into list_member (tenant_id, list_id, contact_id)
            select c.tenant_id, ?, c.contact_id from contact c
            where c.tenant_id = ? and c.external_id = any (?::text[])
            on conflict do nothing
            """;

    private static final String REMOVE_MEMBERS =
            """
            delete from list_member where tenant_id = ? and list_id = ? and contact_id in (
                select c.contact_id from contact c where c.tenant_id = ? and c.external_id = any (?::text[]))
            """;

    /** Removed people keep their place, and it does not count. */
    private static final String MEMBERS =
            """
            select count(*) from list_member m join contact c on c.tenant_id = m.tenant_id and c.contact_id = m.contact_id
            where m.tenant_id = ? and m.list_id = ? and c.state = 'active'
            """;

    private final Database database;
    private final Journal journal;

    @Activate
    public ListStore(@Reference Database database, @Reference Journal journal) {
        this.database = database;
        this.journal = journal;
    }

    @Override
    public List<ContactList> lists(int tenantId) {
        return database.inTenant(
                tenantId,
                connection -> new ArrayList<>(stored(connection, tenantId).values().stream()
                        .map(Stored::list)
                        .toList()));
    }

    @Override
    public Optional<ContactList> list(int tenantId, String slug) {
        return database.inTenant(tenantId, connection -> Optional.ofNullable(
                        stored(connection, tenantId).get(slug))
                .map(Stored::list));
    }

    @Override
    public ContactList save(int tenantId, ContactList given, Actor actor) {
        return save(tenantId, given, actor, there -> {});
    }

    @Override
    public ContactList replace(int tenantId, ContactList given, Actor actor) {
        return save(tenantId, given, actor, there -> {
            if (there == null) {
                throw new RefusedException("slug", "'" + given.slug() + "' was deleted meanwhile: create it anew");
            }
            if (there.list().version() != given.version()) {
                throw new StaleRecordException("list " + given.slug());
            }
        });
    }

    @Override
    public ContactList create(int tenantId, ContactList given, Actor actor) {
        return save(tenantId, given, actor, there -> {
            if (there != null) {
                throw new RefusedException(
                        "slug",
                        "there is a list '" + given.slug() + "' already ("
                                + there.list().name() + "): give this one another name");
            }
        });
    }

    /** @param rule looks at the list that is there, or null, once nobody else can change it */
    private ContactList save(int tenantId, ContactList given, Actor actor, Consumer<Stored> rule) {
        ContactList list = checked(given);
        return database.inTenant(tenantId, connection -> {
            Sql.query(connection, LOCK, row -> null, LOCK_SPACE, tenantId);
            Map<String, Stored> stored = stored(connection, tenantId);
            rule.accept(stored.get(list.slug()));
            drafted(stored, list);
            int version = Sql.one(
                            connection,
                            SAVE,
                            row -> row.getInt(1),
                            tenantId,
                            list.slug(),
                            list.name(),
                            list.kind(),
                            list.allTags().toArray(String[]::new),
                            list.anyTags().toArray(String[]::new),
                            list.noneTags().toArray(String[]::new),
                            list.includes().toArray(String[]::new),
                            list.excludes().toArray(String[]::new),
                            list.area().map(AreaRule::json).orElse(null))
                    .orElseThrow();
            if (!list.kind().equals("static")) {
                dropMembers(connection, tenantId, list.slug());
            }
            journal.append(connection, tenantId, actor, "list.saved", "list", list.slug(), Map.of("kind", list.kind()));
            return versioned(list, version);
        });
    }

    /** @throws RefusedException if the lists do not fit together with this one among them */
    private static ListGraph drafted(Map<String, Stored> stored, ContactList list) {
        ListGraph graph = graph(stored).with(list);
        graph.inOrder("includes", list.includes());
        graph.inOrder("excludes", list.excludes());
        graph.inOrder("includes", List.of(list.slug()));
        return graph;
    }

    private static ContactList versioned(ContactList list, int version) {
        return new ContactList(
                list.slug(),
                list.name(),
                list.kind(),
                list.allTags(),
                list.anyTags(),
                list.noneTags(),
                list.includes(),
                list.excludes(),
                version,
                list.area());
    }

    private static ContactList checked(ContactList given) {
        List<Problem> problems = new ArrayList<>();
        String slug = given.slug() == null ? "" : given.slug();
        if (!SLUG.matcher(slug).matches()) {
            problems.add(new Problem(
                    "slug",
                    "'" + CleanText.of(slug)
                            + "': give 1 to 64 of a-z, 0-9 and '-', beginning with a letter or digit"));
        }
        String name = CleanText.of(given.name());
        if (name.isEmpty() || name.length() > MAX_NAME) {
            problems.add(new Problem("name", "give 1 to " + MAX_NAME + " characters"));
        }
        ContactList list = new ContactList(
                slug,
                name,
                given.kind() == null ? "" : given.kind(),
                tags(given.allTags()),
                tags(given.anyTags()),
                tags(given.noneTags()),
                given.includes() == null ? List.of() : List.copyOf(new LinkedHashSet<>(given.includes())),
                given.excludes() == null ? List.of() : List.copyOf(new LinkedHashSet<>(given.excludes())),
                given.version(),
                area(given, problems));
        boolean tagged = !list.allTags().isEmpty()
                || !list.anyTags().isEmpty()
                || !list.noneTags().isEmpty();
        boolean nests = !list.includes().isEmpty() || !list.excludes().isEmpty();
        switch (list.kind()) {
            case "static", "nested", "tags", "area" -> {
                if (tagged && !list.kind().equals("tags") && !list.kind().equals("area")) {
                    problems.add(new Problem("allTags", "tags belong to a list of kind tags or area"));
                }
                if (nests && !list.kind().equals("nested")) {
                    problems.add(new Problem("includes", "other lists belong to a list of kind nested"));
                }
                if (list.kind().equals("nested") && list.includes().isEmpty()) {
                    problems.add(new Problem("includes", "a nested list includes at least one list"));
                }
            }
            default -> problems.add(new Problem("kind", "'" + list.kind() + "' is none of static, tags, area, nested"));
        }
        if (!problems.isEmpty()) {
            throw new RefusedException(problems);
        }
        return list;
    }

    @SuppressWarnings("OptionalAssignedToNull") // what a JSON reader leaves where nothing was written
    private static Optional<Area> area(ContactList given, List<Problem> problems) {
        Optional<Area> area = given.area() == null ? Optional.empty() : given.area();
        if ("area".equals(given.kind())) {
            return AreaRule.checked(area, problems);
        }
        if (area.isPresent()) {
            problems.add(new Problem("area", "belongs to a list of kind area"));
        }
        return Optional.empty();
    }

    private static Set<String> tags(Set<String> given) {
        return given == null ? Set.of() : Tags.of(given);
    }

    @Override
    public boolean delete(int tenantId, String slug, Actor actor) {
        return database.inTenant(tenantId, connection -> {
            Sql.query(connection, LOCK, row -> null, LOCK_SPACE, tenantId);
            List<String> users = graph(stored(connection, tenantId)).users(slug);
            if (!users.isEmpty()) {
                throw new RefusedException(
                        "slug", "'" + slug + "' is part of " + String.join(", ", users) + ": take it out there first");
            }
            boolean there =
                    Sql.update(connection, "delete from contact_list where tenant_id = ? and slug = ?", tenantId, slug)
                            == 1;
            if (there) {
                journal.append(connection, tenantId, actor, "list.deleted", "list", slug, Map.of());
            }
            return there;
        });
    }

    /** @throws NoSuchElementException if there is no such list */
    @Override
    public int setMembers(int tenantId, String slug, List<String> externalIds, Actor actor) {
        return database.inTenant(tenantId, connection -> {
            int listId = lockedStatic(connection, tenantId, slug);
            String[] members = clean(externalIds);
            refuseUnknown(connection, tenantId, members);
            dropMembers(connection, tenantId, slug);
            int count = Sql.update(connection, ADD_MEMBERS, listId, tenantId, members);
            journal.append(connection, tenantId, actor, "list.members-set", "list", slug, Map.of("members", count));
            return count;
        });
    }

    @Override
    public int changeMembers(int tenantId, String slug, Set<String> add, Set<String> remove, Actor actor) {
        return database.inTenant(tenantId, connection -> {
            int listId = lockedStatic(connection, tenantId, slug);
            String[] added = clean(add);
            refuseUnknown(connection, tenantId, added);
            int out = Sql.update(connection, REMOVE_MEMBERS, tenantId, listId, tenantId, clean(remove));
            int in = Sql.update(connection, ADD_MEMBERS, listId, tenantId, added);
            if (in + out > 0) {
                journal.append(
                        connection,
                        tenantId,
                        actor,
                        "list.members-changed",
                        "list",
                        slug,
                        Map.of("added", in, "removed", out));
            }
            return Sql.one(connection, MEMBERS, row -> row.getInt(1), tenantId, listId)
                    .orElseThrow();
        });
    }

    /** @return the list's id, with nobody else at it until the transaction ends */
    private static int lockedStatic(Connection connection, int tenantId, String slug) throws SQLException {
        Sql.query(connection, LOCK, row -> null, LOCK_SPACE, tenantId);
        Stored stored = stored(connection, tenantId).get(slug);
        if (stored == null) {
            throw new NoSuchElementException("no list '" + slug + "'");
        }
        if (!stored.list().kind().equals("static")) {
            throw new RefusedException(
                    "slug", "'" + slug + "' is of kind " + stored.list().kind() + ": only a static list has members");
        }
        return stored.id();
    }

    private static String[] clean(Collection<String> externalIds) {
        return externalIds.stream().map(CleanText::of).distinct().toArray(String[]::new);
    }

    private static void refuseUnknown(Connection connection, int tenantId, String[] members) throws SQLException {
        long[] all = new long[1];
        List<String> unknown = Sql.query(
                connection,
                UNKNOWN_MEMBERS,
                row -> {
                    all[0] = row.getLong(2);
                    return row.getString(1);
                },
                members,
                tenantId,
                NAMED);
        if (!unknown.isEmpty()) {
            throw new RefusedException(
                    "externalIds",
                    all[0] + " are no contacts of this tenant: " + String.join(", ", unknown)
                            + (all[0] > unknown.size() ? ", …" : ""));
        }
    }

    private static void dropMembers(Connection connection, int tenantId, String slug) throws SQLException {
        Sql.update(
                connection,
                """
                delete from list_member m using contact_list l
                where m.tenant_id = ? and l.tenant_id = m.tenant_id and l.list_id = m.list_id and l.slug = ?
                """,
                tenantId,
                slug);
    }

    @Override
    public HeadCount count(int tenantId, List<String> slugs) {
        return database.inTenant(
                tenantId, connection -> audience(connection, tenantId, slugs).count());
    }

    @Override
    public HeadCount countOf(int tenantId, ContactList given) {
        ContactList list = checked(given);
        return database.inTenant(tenantId, connection -> {
            Map<String, Stored> stored = stored(connection, tenantId);
            List<ContactList> inOrder = drafted(stored, list).inOrder("includes", List.of(list.slug()));
            Map<String, Integer> ids = ids(stored);
            // No list has this number: a draft of a static one finds nobody.
            ids.put(list.slug(), 0);
            return Audience.resolve(connection, tenantId, ids, inOrder, Set.of(list.slug()))
                    .count();
        });
    }

    /**
     * The people of a list as they are now, into the temporary table {@code audience} of this transaction.
     *
     * @throws RefusedException if there is no such list
     */
    public static void resolve(Connection connection, int tenantId, String slug) throws SQLException {
        audience(connection, tenantId, List.of(slug));
    }

    @Override
    public Optional<Integer> withoutPlace(Connection connection, int tenantId, List<String> slugs) {
        try {
            return isByArea(graph(stored(connection, tenantId)), slugs)
                    ? Optional.of(Audience.withoutPlace(connection, tenantId))
                    : Optional.empty();
        } catch (SQLException e) {
            throw new io.tocsin.persistence.api.DatabaseException(e);
        }
    }

    @Override
    public List<String> emptyAreas(Connection connection, int tenantId, List<String> slugs) {
        try {
            ListGraph graph = graph(stored(connection, tenantId));
            List<String> empty = new ArrayList<>();
            for (String slug : slugs) {
                if (isByArea(graph, List.of(slug))
                        && audience(connection, tenantId, List.of(slug)).people() == 0) {
                    empty.add(slug);
                }
            }
            return List.copyOf(empty);
        } catch (SQLException e) {
            throw new io.tocsin.persistence.api.DatabaseException(e);
        }
    }

    private static boolean isByArea(ListGraph graph, List<String> slugs) {
        return graph.inOrder("lists", slugs).stream()
                .anyMatch(list -> list.area().isPresent());
    }

    @Override
    public int freeze(Connection connection, int tenantId, long alertId, List<String> slugs) {
        try {
            return audience(connection, tenantId, slugs).freeze(alertId);
        } catch (SQLException e) {
            throw new io.tocsin.persistence.api.DatabaseException(e);
        }
    }

    @Override
    public int freeze(Connection connection, int tenantId, long alertId, long contactId) {
        try {
            return Audience.of(connection, tenantId, contactId).freeze(alertId);
        } catch (SQLException e) {
            throw new io.tocsin.persistence.api.DatabaseException(e);
        }
    }

    private static Audience audience(Connection connection, int tenantId, List<String> slugs) throws SQLException {
        if (slugs.isEmpty()) {
            throw new RefusedException("lists", "name at least one list");
        }
        Map<String, Stored> stored = stored(connection, tenantId);
        List<ContactList> inOrder = graph(stored).inOrder("lists", slugs);
        return Audience.resolve(connection, tenantId, ids(stored), inOrder, new LinkedHashSet<>(slugs));
    }

    private static Map<String, Integer> ids(Map<String, Stored> stored) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        stored.forEach((slug, list) -> ids.put(slug, list.id()));
        return ids;
    }

    private static ListGraph graph(Map<String, Stored> stored) {
        return new ListGraph(stored.values().stream().map(Stored::list).toList());
    }

    private static Map<String, Stored> stored(Connection connection, int tenantId) throws SQLException {
        Map<String, Stored> stored = new LinkedHashMap<>();
        Sql.query(connection, READ, row -> stored.put(row.getString("slug"), stored(row)), tenantId);
        return stored;
    }

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getInt("list_id"),
                new ContactList(
                        row.getString("slug"),
                        row.getString("name"),
                        row.getString("kind"),
                        new TreeSet<>(texts(row, "all_tags")),
                        new TreeSet<>(texts(row, "any_tags")),
                        new TreeSet<>(texts(row, "none_tags")),
                        texts(row, "includes"),
                        texts(row, "excludes"),
                        row.getInt("version"),
                        Optional.ofNullable(row.getString("area")).map(AreaRule::of)));
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    private record Stored(int id, ContactList list) {}
}
