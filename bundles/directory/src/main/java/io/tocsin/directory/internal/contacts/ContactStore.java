package io.tocsin.directory.internal.contacts;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.directory.api.Contacts;
import io.tocsin.directory.api.PeopleMap;
import io.tocsin.directory.api.Place;
import io.tocsin.directory.api.RefusedException;
import io.tocsin.directory.internal.DirectorySettings;
import io.tocsin.directory.internal.Json;
import io.tocsin.directory.internal.Sql;
import io.tocsin.directory.internal.lists.ListStore;
import io.tocsin.directory.internal.value.CleanText;
import io.tocsin.directory.internal.value.PhoneCell;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.StaleRecordException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Contacts in PostgreSQL, one by one: what people edit. Files go through {@code Imports}. */
@Component(service = Contacts.class, configurationPid = "io.tocsin.directory")
public final class ContactStore implements Contacts {
    private static final int MAX_PAGE = 1_000;
    private static final int MAX_WORDS = 6;

    private static final String COLUMNS =
            """
            select c.contact_id, c.external_id, c.first_name, c.last_name, c.language, c.household, c.tags, c.variables,
                c.origin, c.legal_basis, c.version, c.latitude, c.longitude,
                array(select array[e.kind, e.address, e.written_as, e.origin, e.legal_basis] from endpoint e
                    where e.tenant_id = c.tenant_id and e.contact_id = c.contact_id order by e.rank) as endpoints
            """;

    private static final String ACTIVE = "from contact c where c.tenant_id = ? and c.state = 'active'";

    private static final String READ = COLUMNS + ACTIVE;

    /** As a telephone book sorts: the same whatever the database's own order is. */
    private static final String BY_NAME = " order by c.book_name, c.contact_id";

    /** The window is chosen first: only its people's addresses are read. */
    private static final String WINDOW = COLUMNS + "from (select c.* %s offset ? limit ?) c" + BY_NAME;

    private static final String TAGS =
            """
            select tag, count(*) from contact c, unnest(c.tags) tag
            where c.tenant_id = ? and c.state = 'active'
            group by tag order by count(*) desc, tag limit 1000
            """;

    /** A word somewhere in the names, with or without its accents, the external id or an address; the addresses are read once, not once a contact. */
    private static final String HAS_WORD =
            """
             and (position(folded(?) in c.book_name || ' ' || folded(c.external_id)) > 0
                or c.contact_id in (
                    select e.contact_id from endpoint e where e.tenant_id = ? and position(? in lower(e.address)) > 0))
            """;

    private static final String LIMITS =
            """
            select t.language, t.max_contacts - (
                select count(*) from contact c where c.tenant_id = t.tenant_id and c.state = 'active')
            from tenant t where t.tenant_id = ?
            """;

    /** A key that belonged to a removed person serves again. */
    private static final String ADD =
            """
            insert into contact (tenant_id, external_id, first_name, last_name, language, household, tags, variables, origin,
                legal_basis, latitude, longitude)
            values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?)
            on conflict (tenant_id, external_id) do update set first_name = excluded.first_name,
                last_name = excluded.last_name, language = excluded.language, household = excluded.household,
                tags = excluded.tags, variables = excluded.variables, origin = excluded.origin,
                legal_basis = excluded.legal_basis, latitude = excluded.latitude, longitude = excluded.longitude,
                state = 'active', version = contact.version + 1, updated_at = now()
            where contact.state = 'removed'
            returning contact_id
            """;

    private static final String CHANGE =
            """
            update contact set external_id = ?, first_name = ?, last_name = ?, language = ?, household = ?, tags = ?,
                variables = ?::jsonb, origin = ?, legal_basis = ?, latitude = ?, longitude = ?, version = version + 1, updated_at = now()
            where tenant_id = ? and contact_id = ? and version = ? and state = 'active'
            returning contact_id
            """;

    private static final String KEY_TAKEN =
            "select contact_id from contact where tenant_id = ? and external_id = ? and contact_id <> ?";

    private static final String ADD_ENDPOINT =
            """
            insert into endpoint (tenant_id, contact_id, rank, kind, address, written_as, origin, legal_basis)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String READY =
            """
            update contact c set reach = (
                select coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'address', e.address) order by e.rank), '[]')
                from endpoint e where e.tenant_id = c.tenant_id and e.contact_id = c.contact_id)
            where c.tenant_id = ? and c.contact_id = ?
            """;

    private static final String REMOVE =
            """
            update contact set state = 'removed', version = version + 1, updated_at = now()
            where tenant_id = ? and contact_id = ? and state = 'active'
            returning external_id
            """;

    private final Database database;
    private final Journal journal;
    private final PhoneCell phones;

    @Activate
    public ContactStore(@Reference Database database, @Reference Journal journal, DirectorySettings settings) {
        this.database = database;
        this.journal = journal;
        this.phones = new PhoneCell(settings.region());
    }

    @Override
    public Optional<Contact> find(int tenantId, long contactId) {
        return database.inTenant(tenantId, connection -> find(connection, tenantId, contactId));
    }

    private static Optional<Contact> find(Connection connection, int tenantId, long contactId) throws SQLException {
        return Sql.one(connection, READ + " and c.contact_id = ?", ContactStore::contact, tenantId, contactId);
    }

    @Override
    public List<Contact> list(int tenantId, Search search, long afterContactId, int limit) {
        Asked asked = new Asked(tenantId, search);
        String sql = READ + asked.conditions() + " and c.contact_id > ? order by c.contact_id limit ?";
        return database.inTenant(tenantId, connection -> {
            asked.prepare(connection);
            return Sql.query(connection, sql, ContactStore::contact, asked.parameters(afterContactId, page(limit)));
        });
    }

    @Override
    public List<Contact> window(int tenantId, Search search, int skip, int limit) {
        Asked asked = new Asked(tenantId, search);
        String sql = WINDOW.formatted(ACTIVE + asked.conditions() + BY_NAME);
        return database.inTenant(tenantId, connection -> {
            asked.prepare(connection);
            return Sql.query(connection, sql, ContactStore::contact, asked.parameters(Math.max(0, skip), page(limit)));
        });
    }

    @Override
    public long count(int tenantId, Search search) {
        Asked asked = new Asked(tenantId, search);
        return database.inTenant(tenantId, connection -> {
            asked.prepare(connection);
            return Sql.one(
                            connection,
                            "select count(*) " + ACTIVE + asked.conditions(),
                            row -> row.getLong(1),
                            asked.parameters())
                    .orElseThrow();
        });
    }

    @Override
    public List<TagCount> tags(int tenantId) {
        return database.inTenant(
                tenantId,
                connection ->
                        Sql.query(connection, TAGS, row -> new TagCount(row.getString(1), row.getInt(2)), tenantId));
    }

    @Override
    public PeopleMap map(int tenantId, Optional<PeopleMap.Box> within) {
        return database.inTenant(tenantId, connection -> PlaceGrid.read(connection, tenantId, within));
    }

    private static int page(int limit) {
        return Math.max(1, Math.min(limit, MAX_PAGE));
    }

    /** A search as SQL: conditions on a contact {@code c} of the tenant, and what is bound to them in order. */
    private static final class Asked {
        private final int tenantId;
        private final Optional<String> list;
        private final StringBuilder conditions = new StringBuilder();
        private final List<Object> parameters = new ArrayList<>();

        Asked(int tenantId, Search search) {
            this.tenantId = tenantId;
            this.list = search.list().map(String::strip).filter(l -> !l.isEmpty());
            parameters.add(tenantId);
            for (String word : search.words().map(ContactStore::words).orElse(List.of())) {
                conditions.append(HAS_WORD);
                parameters.addAll(List.of(word, tenantId, word));
            }
            search.tag()
                    .map(t -> CleanText.of(t).toLowerCase(java.util.Locale.ROOT))
                    .filter(t -> !t.isEmpty())
                    .ifPresent(t -> {
                        conditions.append(" and c.tags @> ?::text[]");
                        parameters.add(new String[] {t});
                    });
            search.household().map(CleanText::of).filter(h -> !h.isEmpty()).ifPresent(h -> {
                conditions.append(" and c.household = ?");
                parameters.add(h);
            });
            if (list.isPresent()) {
                conditions.append(" and c.contact_id in (select a.contact_id from audience a)");
            }
        }

        /** @throws RefusedException if the list does not exist */
        void prepare(Connection connection) throws SQLException {
            if (list.isPresent()) {
                ListStore.resolve(connection, tenantId, list.get());
            }
        }

        String conditions() {
            return conditions.toString();
        }

        Object[] parameters(Object... more) {
            List<Object> all = new ArrayList<>(parameters);
            all.addAll(List.of(more));
            return all.toArray();
        }
    }

    /** "06 39 98 00 01" is one number, not five words. */
    private static List<String> words(String search) {
        String text = CleanText.of(search).toLowerCase(java.util.Locale.ROOT);
        String digits = text.replaceAll("[^0-9]", "");
        if (digits.length() >= 4 && text.matches("[0-9+ ().\\-/]+")) {
            return List.of(digits.replaceFirst("^0+", ""));
        }
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(" ")).limit(MAX_WORDS).toList();
    }

    @Override
    public long count(int tenantId) {
        return database.inTenant(tenantId, connection -> Sql.one(
                        connection,
                        "select count(*) from contact where tenant_id = ? and state = 'active'",
                        row -> row.getLong(1),
                        tenantId)
                .orElseThrow());
    }

    @Override
    public Contact save(int tenantId, Contact given, Actor actor) {
        return database.inTenant(tenantId, connection -> {
            Limits limits = Sql.one(connection, LIMITS, row -> new Limits(row.getString(1), row.getLong(2)), tenantId)
                    .orElseThrow(() -> new RefusedException("tenant", "does not exist"));
            Contact contact = ContactForm.checked(given, phones, limits.language());
            boolean isNew = contact.id() == 0;
            if (isNew && limits.left() <= 0) {
                throw new RefusedException(
                        "max_contacts",
                        "the tenant has as many contacts as it may: remove some, or ask the agency to raise the limit");
            }
            long id = isNew ? add(connection, tenantId, contact) : change(connection, tenantId, contact);
            replaceEndpoints(connection, tenantId, id, contact.endpoints());
            journal.append(
                    connection,
                    tenantId,
                    actor,
                    isNew ? "contact.created" : "contact.changed",
                    "contact",
                    Long.toString(id),
                    Map.of(
                            "externalId",
                            contact.externalId(),
                            "endpoints",
                            contact.endpoints().size()));
            return find(connection, tenantId, id).orElseThrow();
        });
    }

    private static long add(Connection connection, int tenantId, Contact contact) throws SQLException {
        return Sql.one(
                        connection,
                        ADD,
                        row -> row.getLong(1),
                        tenantId,
                        contact.externalId(),
                        contact.firstName(),
                        contact.lastName(),
                        contact.language(),
                        contact.household().orElse(null),
                        contact.tags().toArray(String[]::new),
                        Json.write(contact.variables()),
                        contact.origin(),
                        contact.legalBasis(),
                        latitude(contact),
                        longitude(contact))
                .orElseThrow(() -> keyTaken(contact));
    }

    private static long change(Connection connection, int tenantId, Contact contact) throws SQLException {
        if (Sql.one(connection, KEY_TAKEN, row -> row.getLong(1), tenantId, contact.externalId(), contact.id())
                .isPresent()) {
            throw keyTaken(contact);
        }
        return Sql.one(
                        connection,
                        CHANGE,
                        row -> row.getLong(1),
                        contact.externalId(),
                        contact.firstName(),
                        contact.lastName(),
                        contact.language(),
                        contact.household().orElse(null),
                        contact.tags().toArray(String[]::new),
                        Json.write(contact.variables()),
                        contact.origin(),
                        contact.legalBasis(),
                        latitude(contact),
                        longitude(contact),
                        tenantId,
                        contact.id(),
                        contact.version())
                .orElseThrow(() -> new StaleRecordException("contact " + contact.id()));
    }

    private static Double latitude(Contact contact) {
        return contact.place().map(Place::latitude).orElse(null);
    }

    private static Double longitude(Contact contact) {
        return contact.place().map(Place::longitude).orElse(null);
    }

    private static RefusedException keyTaken(Contact contact) {
        return new RefusedException(
                "externalId",
                "'" + contact.externalId() + "' belongs to another contact: each person needs a key of their own");
    }

    private static void replaceEndpoints(Connection connection, int tenantId, long contactId, List<Endpoint> endpoints)
            throws SQLException {
        Sql.update(connection, "delete from endpoint where tenant_id = ? and contact_id = ?", tenantId, contactId);
        try (PreparedStatement insert = connection.prepareStatement(ADD_ENDPOINT)) {
            for (int i = 0; i < endpoints.size(); i++) {
                Endpoint endpoint = endpoints.get(i);
                insert.setInt(1, tenantId);
                insert.setLong(2, contactId);
                insert.setInt(3, i + 1);
                insert.setString(4, endpoint.kind());
                insert.setString(5, endpoint.address());
                insert.setString(6, endpoint.writtenAs());
                insert.setString(7, endpoint.origin());
                insert.setString(8, endpoint.legalBasis());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        Sql.update(connection, READY, tenantId, contactId);
    }

    @Override
    public boolean remove(int tenantId, long contactId, Actor actor) {
        return database.inTenant(tenantId, connection -> {
            Optional<String> externalId = Sql.one(connection, REMOVE, row -> row.getString(1), tenantId, contactId);
            externalId.ifPresent(id -> journal.append(
                    connection,
                    tenantId,
                    actor,
                    "contact.removed",
                    "contact",
                    Long.toString(contactId),
                    Map.of("externalId", id)));
            return externalId.isPresent();
        });
    }

    private static Contact contact(ResultSet row) throws SQLException {
        Set<String> tags = new TreeSet<>(List.of((String[]) row.getArray("tags").getArray()));
        return new Contact(
                row.getLong("contact_id"),
                row.getString("external_id"),
                row.getString("first_name"),
                row.getString("last_name"),
                row.getString("language"),
                Optional.ofNullable(row.getString("household")),
                tags,
                Json.texts(row.getString("variables")),
                row.getString("origin"),
                row.getString("legal_basis"),
                endpoints((Object[]) row.getArray("endpoints").getArray()),
                row.getInt("version"),
                place(row));
    }

    private static Optional<Place> place(ResultSet row) throws SQLException {
        double latitude = row.getDouble("latitude");
        return row.wasNull() ? Optional.empty() : Optional.of(new Place(latitude, row.getDouble("longitude")));
    }

    private static List<Endpoint> endpoints(Object[] rows) {
        return Arrays.stream(rows)
                .map(row -> (Object[]) row)
                .map(e -> new Endpoint((String) e[0], (String) e[1], (String) e[2], (String) e[3], (String) e[4]))
                .toList();
    }

    private record Limits(String language, long left) {}
}
