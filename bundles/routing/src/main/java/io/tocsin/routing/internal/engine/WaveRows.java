package io.tocsin.routing.internal.engine;

import io.tocsin.routing.api.Alert;
import io.tocsin.routing.internal.ledger.Replacement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Alerts, their waves and what is to be decided about them. */
interface WaveRows {

    /** A running alert. @param followups whether a decision about one of its targets is due */
    record Pending(int tenantId, long alertId, boolean followups, boolean openWaves) {}

    /** A cascade or relaunch wave with its retries and resends. */
    record Group(int tenantId, long alertId, int root) {}

    /**
     * How far a group is.
     *
     * @param drained no batch of it can still send
     * @param leased a batch of it is held under a lease that runs
     * @param ended observations that may have ended somebody's way: a hint, from the tallies
     */
    record GroupState(
            Group group,
            String kind,
            int step,
            String channel,
            int targets,
            Instant deadline,
            boolean drained,
            boolean leased,
            long ended,
            long delivered,
            long answered) {}

    /**
     * A target about which a decision is due.
     *
     * @param state what is known of it by now
     * @param person where its person stands by now
     * @param over whether its step is
     */
    record Due(
            int waveNo,
            int position,
            String kind,
            String code,
            String state,
            String person,
            boolean over,
            int root,
            String channel,
            int maxAttempts,
            int recipientNo,
            String address,
            int tryNo,
            boolean possibleDuplicate,
            String endpoints) {}

    List<Pending> running(Instant now) throws SQLException;

    /** Takes a running alert's row until the transaction ends, unless somebody has it: then they decide. */
    Optional<Alert> hold(int tenantId, long alertId) throws SQLException;

    Optional<Alert> find(int tenantId, long alertId) throws SQLException;

    /** Open groups of an alert. */
    List<GroupState> groups(int tenantId, long alertId) throws SQLException;

    /** Consumes decisions that are due, the earliest first; not those about messages somebody is to ask for ({@link ReattachRows}). */
    List<Due> takeDue(int tenantId, long alertId, Instant now, int atMost) throws SQLException;

    /** Kinds of endpoint a channel reaches. */
    Set<String> endpointKinds(String channel) throws SQLException;

    /** Opens a retry or resend wave; targets somebody already took over are left out. */
    void openReplacements(Alert alert, String kind, int root, String rule, List<Replacement> replacements, Instant now)
            throws SQLException;

    /** Opens the first step from {@code step} on that has somebody to try, if any. */
    void openStep(Alert alert, int step, Instant now) throws SQLException;

    /** Gives a group the whole of its patience again, from now. */
    void extend(Group group, Instant now) throws SQLException;

    /** How many people of a group are not at their end. */
    long undecided(Group group, boolean answerAwaited) throws SQLException;

    /** Closes a group. What nobody has leased will not leave any more; a lease still running is settled by its holder. */
    void close(Group group, Instant now) throws SQLException;

    boolean nothingOpen(int tenantId, long alertId) throws SQLException;

    /** Ends a running or paused alert as done. */
    void endAsDone(int tenantId, long alertId, Instant now) throws SQLException;

    /** An alert with its texts and its tenant's language. */
    record Launched(Alert alert, String tenantName, String tenantLanguage, List<AlertText.Written> messages) {}

    Optional<Launched> launched(int tenantId, long alertId) throws SQLException;
}
