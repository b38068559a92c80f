package io.tocsin.audit.internal;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Drills;
import io.tocsin.audit.api.Journal;
import io.tocsin.audit.api.Journal.Search;
import io.tocsin.persistence.api.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** {@link Drills} out of the platform's journal. */
@Component(service = Drills.class, configurationPid = JournaledDrills.PID)
@Designate(ocd = JournaledDrills.Settings.class)
public final class JournaledDrills implements Drills {
    static final String PID = "io.tocsin.audit.drills";

    private static final String ACTION = "runbook.drilled";
    private static final String OBJECT = "runbook";

    /** How far back a drill that worked is looked for, in drills of the same runbook. */
    private static final int LOOKED_AT = 200;

    /** When a runbook counts as not drilled lately. */
    @ObjectClassDefinition(id = PID, name = "Tocsin drills")
    public @interface Settings {
        @AttributeDefinition(
                description = "A runbook that did not work in a drill for so many days is overdue; 1 to 3650")
        int overdueDays() default 180;
    }

    private final Database database;
    private final Journal journal;
    private final Clock clock;
    private volatile Duration overdue;

    @Activate
    public JournaledDrills(@Reference Database database, @Reference Journal journal, Settings settings) {
        this(database, journal, settings, Clock.systemUTC());
    }

    JournaledDrills(Database database, Journal journal, Settings settings, Clock clock) {
        this.database = database;
        this.journal = journal;
        this.clock = clock;
        modified(settings);
    }

    /** @throws IllegalArgumentException naming the setting and what it may be */
    @Modified
    void modified(Settings settings) {
        if (settings.overdueDays() < 1 || settings.overdueDays() > 3650) {
            throw new IllegalArgumentException(
                    PID + ": overdueDays is " + settings.overdueDays() + "; write 1 to 3650");
        }
        overdue = Duration.ofDays(settings.overdueDays());
    }

    @Override
    public List<Standing> standings() {
        return database.asEngine(connection -> Arrays.stream(Runbook.values())
                .map(runbook -> standing(
                        runbook,
                        journal.find(connection, Journal.PLATFORM, of(runbook), Optional.empty(), LOOKED_AT).stream()
                                .map(JournaledDrills::drill)
                                .toList()))
                .toList());
    }

    private Standing standing(Runbook runbook, List<Drill> latestFirst) {
        Optional<Instant> worked =
                latestFirst.stream().filter(Drill::worked).map(Drill::at).findFirst();
        return new Standing(
                runbook,
                latestFirst.stream().findFirst(),
                worked,
                worked.filter(at -> at.isAfter(clock.instant().minus(overdue))).isEmpty());
    }

    private static Search of(Runbook runbook) {
        return new Search(
                Optional.empty(),
                Optional.of(ACTION),
                Optional.of(OBJECT),
                Optional.of(runbook.word()),
                Optional.empty(),
                Optional.empty());
    }

    private static Drill drill(Journal.Entry entry) {
        Map<String, Object> said = entry.details();
        return new Drill(
                entry.at(),
                entry.actor().name(),
                Boolean.TRUE.equals(said.get("worked")),
                Optional.ofNullable(said.get("millis")).map(millis -> Duration.ofMillis(((Number) millis).longValue())),
                String.valueOf(said.get("note")));
    }

    @Override
    public Drill record(Runbook runbook, boolean worked, Optional<Duration> took, String note, Actor actor) {
        if (took.filter(time -> time.isNegative() || time.compareTo(MAX_TOOK) > 0)
                .isPresent()) {
            throw new IllegalArgumentException("seconds: from 0 to " + MAX_TOOK.toSeconds());
        }
        if (note.length() > MAX_NOTE) {
            throw new IllegalArgumentException("note: " + MAX_NOTE + " characters at most, not " + note.length());
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("worked", worked);
        took.ifPresent(time -> details.put("millis", time.toMillis()));
        details.put("note", note);
        return database.asEngine(connection -> {
            journal.append(connection, Journal.PLATFORM, actor, ACTION, OBJECT, runbook.word(), details);
            return drill(journal.find(connection, Journal.PLATFORM, of(runbook), Optional.empty(), 1)
                    .get(0));
        });
    }
}
