package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Lexicons;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.Database;
import io.tocsin.persistence.api.StaleRecordException;
import io.tocsin.speech.api.Lexicon;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Lexicons in the database, every version kept, every change journaled. */
@Component(service = Lexicons.class)
public final class StoredLexicons implements Lexicons {
    private final Database database;
    private final Journal journal;
    private final Clock clock;
    private final LexiconTable table = new LexiconTable();

    @Activate
    public StoredLexicons(@Reference Database database, @Reference Journal journal) {
        this(database, journal, Clock.systemUTC());
    }

    StoredLexicons(Database database, Journal journal, Clock clock) {
        this.database = database;
        this.journal = journal;
        this.clock = clock;
    }

    @Override
    public Current current(int tenantId) {
        return database.inTenant(tenantId, connection -> table.current(connection, tenantId));
    }

    @Override
    public Current save(int tenantId, Lexicon lexicon, Optional<Integer> expectedVersion, Actor actor) {
        return database.inTenant(tenantId, connection -> {
            Current present = table.current(connection, tenantId);
            if (expectedVersion.isPresent() && expectedVersion.get() != present.version()) {
                throw new StaleRecordException("the lexicon");
            }
            if (present.lexicon().equals(lexicon)) {
                return present;
            }
            int next = present.version() + 1;
            if (!table.add(connection, tenantId, next, lexicon, actor.name(), clock.instant())) {
                throw new StaleRecordException("the lexicon");
            }
            journal.append(
                    connection,
                    tenantId,
                    actor,
                    "lexicon.saved",
                    "lexicon",
                    Integer.toString(next),
                    Map.of("words", lexicon.entries().size()));
            return table.current(connection, tenantId);
        });
    }
}
