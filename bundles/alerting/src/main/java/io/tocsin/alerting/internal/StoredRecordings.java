package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.Recordings;
import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Journal;
import io.tocsin.persistence.api.Database;
import io.tocsin.speech.api.Recording;
import io.tocsin.speech.api.Recording.RecordingException;
import io.tocsin.speech.api.Sound;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Recordings in the database, where every node finds them: each sound once, under its hash, and what a name means now. */
@Component(service = Recordings.class)
public final class StoredRecordings implements Recordings {
    private static final Recording.Limits LIMITS = new Recording.Limits(LONGEST, 40_000_000);

    private final Database database;
    private final Journal journal;
    private final Clock clock;
    private final RecordingTable table = new RecordingTable();
    private final AtomicReference<Optional<Recording>> intake = new AtomicReference<>(Optional.empty());

    @Activate
    public StoredRecordings(@Reference Database database, @Reference Journal journal) {
        this(database, journal, Clock.systemUTC());
    }

    StoredRecordings(Database database, Journal journal, Clock clock) {
        this.database = database;
        this.journal = journal;
        this.clock = clock;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void bindIntake(Recording bound) {
        intake.set(Optional.of(bound));
    }

    public void unbindIntake(Recording gone) {
        intake.updateAndGet(now -> now.filter(each -> each != gone));
    }

    @Override
    public List<Recorded> list(int tenantId) {
        return database.inTenant(tenantId, connection -> table.all(connection, tenantId));
    }

    @Override
    public Optional<Recorded> find(int tenantId, String slug) {
        return database.inTenant(tenantId, connection -> table.find(connection, tenantId, slug));
    }

    @Override
    public Optional<Sound> sound(int tenantId, String slug) {
        return database.inTenant(tenantId, connection -> table.sound(connection, tenantId, slug));
    }

    @Override
    public Saved save(int tenantId, String slug, String name, InputStream upload, Actor actor)
            throws RecordingException, IOException {
        KeptNames.check(slug, name);
        Recording reader = intake.get()
                .orElseThrow(() -> new RecordingException(
                        RecordingException.Reason.DECODER,
                        "nothing on this node can read recordings: start the bundle io.tocsin.speech (feature"
                                + " tocsin-speech)"));
        Recording.Recorded read = reader.read(upload, LIMITS);
        byte[] sha256 = sha256(read.sound().alaw());
        Recorded stored = database.inTenant(tenantId, connection -> {
            KeptNames.RECORDINGS.checkRoom(connection, tenantId, slug);
            table.keepSound(connection, tenantId, sha256, read.sound());
            KeptNames.RECORDINGS.save(
                    connection,
                    tenantId,
                    slug,
                    name,
                    sha256,
                    Map.of("millis", read.measure().duration().toMillis()),
                    journal,
                    actor,
                    clock.instant());
            return table.find(connection, tenantId, slug).orElseThrow();
        });
        return new Saved(stored, read.measure(), read.format(), read.warnings());
    }

    @Override
    public boolean remove(int tenantId, String slug, Actor actor) {
        return database.inTenant(
                tenantId, connection -> KeptNames.RECORDINGS.remove(connection, tenantId, slug, journal, actor));
    }

    private static byte[] sha256(byte[] alaw) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(alaw);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
