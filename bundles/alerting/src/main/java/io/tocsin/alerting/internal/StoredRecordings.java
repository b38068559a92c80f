package io.tocsin.alerting.internal;

import io.tocsin.alerting.api.LaunchRefusedException;
import io.tocsin.alerting.api.LaunchRefusedException.Problem;
import io.tocsin.alerting.api.Recordings;
import io.tocsin.alerting.api.Scenario;
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
import java.util.HexFormat;
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
    private final ScenarioTable scenarios = new ScenarioTable();
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
        if (!VoiceRules.RECORDING.matcher(slug).matches()) {
            throw refused(
                    "slug", "\"" + slug + "\" must be 1 to 52 of a-z, 0-9 and -, starting with a letter or digit");
        }
        if (name.isBlank() || name.length() > 200) {
            throw refused("name", "must be 1 to 200 characters");
        }
        Recording reader = intake.get()
                .orElseThrow(() -> new RecordingException(
                        RecordingException.Reason.DECODER,
                        "nothing on this node can read recordings: start the bundle io.tocsin.speech (feature"
                                + " tocsin-speech)"));
        Recording.Recorded read = reader.read(upload, LIMITS);
        byte[] sha256 = sha256(read.sound().alaw());
        Recorded stored = database.inTenant(tenantId, connection -> {
            if (table.find(connection, tenantId, slug).isEmpty()
                    && table.hashes(connection, tenantId).size() >= MOST) {
                throw refused("slug", MOST + " recordings are there already; remove those not in use");
            }
            table.keepSound(connection, tenantId, sha256, read.sound());
            table.name(connection, tenantId, slug, name.strip(), sha256, actor.name(), clock.instant());
            journal.append(
                    connection,
                    tenantId,
                    actor,
                    "recording.saved",
                    "recording",
                    slug,
                    Map.of(
                            "sha256",
                            HexFormat.of().formatHex(sha256),
                            "millis",
                            read.measure().duration().toMillis()));
            return table.find(connection, tenantId, slug).orElseThrow();
        });
        return new Saved(stored, read.measure(), read.format(), read.warnings());
    }

    @Override
    public boolean remove(int tenantId, String slug, Actor actor) {
        return database.inTenant(tenantId, connection -> {
            List<String> users = scenarios.active(connection, tenantId).stream()
                    .filter(scenario -> uses(scenario, slug))
                    .map(Scenario::slug)
                    .toList();
            if (!users.isEmpty()) {
                throw refused(
                        "slug",
                        "is heard in the scenarios " + users + "; take {{recording." + slug + "}} out of them first");
            }
            if (!table.remove(connection, tenantId, slug)) {
                return false;
            }
            journal.append(connection, tenantId, actor, "recording.removed", "recording", slug, Map.of());
            return true;
        });
    }

    private static boolean uses(Scenario scenario, String slug) {
        return scenario.messages().values().stream()
                .flatMap(channels -> channels.values().stream())
                .flatMap(message -> ScenarioRules.places(message).stream())
                .anyMatch(place -> Variables.isRecording(place)
                        && Variables.recording(place).equals(slug));
    }

    private static byte[] sha256(byte[] alaw) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(alaw);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static LaunchRefusedException refused(String field, String problem) {
        return new LaunchRefusedException(List.of(new Problem(field, problem)));
    }
}
