package io.tocsin.directory.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.directory.api.Contacts.Contact;
import io.tocsin.directory.api.Contacts.Endpoint;
import io.tocsin.directory.api.Imports.ImportPlan;
import io.tocsin.directory.internal.contacts.ContactStore;
import io.tocsin.directory.internal.imports.ImportDesk;
import io.tocsin.directory.internal.lists.ListStore;
import io.tocsin.persistence.testing.TestDatabase;
import java.lang.annotation.Annotation;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The whole room on a real database, with a journal that remembers what it was told. */
public final class Room implements AutoCloseable {
    public static final Actor ACTOR = new Actor("agnes", "rest", "127.0.0.1");

    public final TestDatabase db = TestDatabase.start();
    public final Remembering journal = new Remembering();
    public final ContactStore contacts = new ContactStore(db.database(), journal, settings());
    public final ListStore lists = new ListStore(db.database(), journal);
    public final ImportDesk imports = new ImportDesk(db.database(), journal, settings());
    private final AtomicInteger tenants = new AtomicInteger();

    public int newTenant() {
        return db.tenant("commune-" + tenants.incrementAndGet());
    }

    /** Runs SQL as the engine and gives the first column of the first row. */
    public Object sql(String sql, Object... parameters) {
        return db.database().asEngine(connection -> {
            try (var statement = Sql.bound(connection, sql, parameters)) {
                if (!statement.execute()) {
                    return null;
                }
                var rows = statement.getResultSet();
                return rows.next() ? rows.getObject(1) : null;
            }
        });
    }

    public static ImportPlan plan(String source) {
        return new ImportPlan(source, Map.of(), false, false, "FR", "fr", "public task", Set.of());
    }

    public static Contact contact(String externalId, String last, Set<String> tags, String... mobiles) {
        return new Contact(
                0,
                externalId,
                "",
                last,
                "fr",
                Optional.empty(),
                tags,
                Map.of(),
                "console",
                "public task",
                List.of(mobiles).stream()
                        .map(m -> new Endpoint(m.contains("@") ? "email" : "mobile", m, "", "", ""))
                        .toList(),
                0);
    }

    /** Whatever the tests did: what a launch would freeze of a contact is what its endpoints say. */
    private void everyContactIsReady() {
        Object wrong = sql(
                """
                select string_agg(c.external_id, ', ') from contact c
                where c.reach is distinct from (
                    select coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'address', e.address) order by e.rank), '[]')
                    from endpoint e where e.tenant_id = c.tenant_id and e.contact_id = c.contact_id)
                """);
        if (wrong != null) {
            throw new AssertionError("contacts whose reach is not that of their endpoints: " + wrong);
        }
    }

    @Override
    public void close() {
        imports.close();
        try {
            everyContactIsReady();
        } finally {
            db.close();
        }
    }

    public static DirectorySettings settings() {
        return new DirectorySettings() {
            @Override
            public String region() {
                return "FR";
            }

            @Override
            public int max_file_mebibytes() {
                return 20;
            }

            @Override
            public int max_unpacked_mebibytes() {
                return 64;
            }

            @Override
            public int max_row_characters() {
                return 100_000;
            }

            @Override
            public int max_row_errors() {
                return 200;
            }

            @Override
            public int import_threads() {
                return 2;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return DirectorySettings.class;
            }
        };
    }

    public record Said(int tenantId, String action, String objectId, Map<String, ?> details) {}

    public static final class Remembering implements Journal {
        public final List<Said> said = new CopyOnWriteArrayList<>();

        @Override
        public void append(
                Connection connection,
                int tenantId,
                Actor actor,
                String action,
                String objectType,
                String objectId,
                Map<String, ?> details) {
            said.add(new Said(tenantId, action, objectId, details));
        }

        public List<String> actions(int tenantId) {
            return said.stream()
                    .filter(s -> s.tenantId() == tenantId)
                    .map(Said::action)
                    .toList();
        }

        @Override
        public List<Entry> read(Connection connection, int tenantId, long afterSeq, int limit) {
            return List.of();
        }

        @Override
        public Optional<Long> firstBroken(Connection connection, int tenantId) {
            return Optional.empty();
        }
    }
}
