package io.tocsin.audit.api;

import io.tocsin.persistence.api.DatabaseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Which of the operator's runbooks were drilled, when, by whom, and how it went. Each drill is an entry of the platform's journal
 * ({@code runbook.drilled}) and nothing else: what was drilled stays drilled. Callable from any thread; blocks for the database.
 *
 * @since 1.2
 */
@ProviderType
public interface Drills {
    /** Longest note, in characters. */
    int MAX_NOTE = 500;

    /** Longest drill. */
    Duration MAX_TOOK = Duration.ofDays(7);

    /** What is written down for a bad day: docs/two-sites.md and docs/operations.md, in their order. */
    enum Runbook {
        PLANNED_SWITCH,
        SITE_LOST,
        LINK_CUT,
        SITE_CUT_OFF,
        RETURN,
        ROLLING_UPGRADE,
        RESTORE;

        /** As doors write it: {@code planned-switch}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Optional<Runbook> of(String word) {
            return Arrays.stream(values())
                    .filter(runbook -> runbook.word().equals(word))
                    .findFirst();
        }
    }

    /**
     * A drill as it was recorded.
     *
     * @param actor who recorded it
     * @param worked whether it ended as the runbook says
     * @param took until what the runbook promises was so, when somebody measured it
     */
    record Drill(Instant at, String actor, boolean worked, Optional<Duration> took, String note) {}

    /**
     * Where a runbook stands.
     *
     * @param last whether it worked or not; empty: never drilled
     * @param lastWorked when it last worked
     * @param overdue whether that is longer ago than the operator allows, or never was
     */
    record Standing(Runbook runbook, Optional<Drill> last, Optional<Instant> lastWorked, boolean overdue) {}

    /** Every runbook, drilled or not. @throws DatabaseException when the database fails */
    List<Standing> standings();

    /**
     * Records a drill of just now.
     *
     * @param note for people; may be empty
     * @throws IllegalArgumentException when it took less than nothing or longer than {@link #MAX_TOOK}, or the note is too long: says which
     * @throws DatabaseException when the database fails
     */
    Drill record(Runbook runbook, boolean worked, Optional<Duration> took, String note, Actor actor);
}
