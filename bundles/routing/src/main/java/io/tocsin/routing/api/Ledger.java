package io.tocsin.routing.api;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the domain does to an alert's dispatch. Every call joins the transaction of the connection it is given (bound to
 * the tenant, or the engine's) and takes effect on every node once that commits.
 */
@ProviderType
public interface Ledger {

    /**
     * Stores a running alert and its messages. Its recipients must then be inserted into {@code recipient} (numbered
     * from 1, without holes) and {@link #openFirstWave} called, in the same transaction.
     *
     * @param alert with {@code alertId} 0; the stored one is returned
     * @param messages of each channel, the first is what people read whose language (and whose tenant's) is not written
     */
    Alert create(Connection connection, Alert alert, List<Message> messages);

    /** Sets the number of recipients and opens wave 1 of the cascade: targets, batches, due now. */
    Alert openFirstWave(Connection connection, int tenantId, long alertId, int recipients);

    /**
     * Opens a wave for a chosen set of people. An alert that is closed runs again until that wave is over.
     *
     * @param rule what chose them, in words, for the evidence
     * @param recipientNos the people; those without an endpoint for the channel are left out
     * @return the wave's number and how many targets it has; 0 targets opens nothing
     * @throws IllegalStateException if the alert was cancelled
     */
    OpenedWave relaunch(
            Connection connection,
            int tenantId,
            long alertId,
            String channel,
            Duration patience,
            int maxAttempts,
            String rule,
            List<Integer> recipientNos);

    Optional<Alert> alert(Connection connection, int tenantId, long alertId);

    /** Alerts of a tenant, latest launch first, before {@code beforeAlertId} when given. */
    List<Alert> alerts(Connection connection, int tenantId, Optional<Long> beforeAlertId, int limit);

    /**
     * Those of a tenant that are named, latest launch first.
     *
     * @since 1.11
     */
    List<Alert> alerts(Connection connection, int tenantId, Collection<Long> alertIds);

    /** Nothing more leaves until {@link #resume}; what is in the window finishes. Running alerts only. */
    boolean pause(Connection connection, int tenantId, long alertId);

    boolean resume(Connection connection, int tenantId, long alertId);

    /** Ends a running or paused alert: nothing more leaves; those never tried count as failed ({@code cancelled}). */
    boolean cancel(Connection connection, int tenantId, long alertId, Instant at);

    /** Ends a running or paused alert as done; what has no receipt by now is unknown. */
    boolean close(Connection connection, int tenantId, long alertId, Instant at);

    /**
     * Records a person's answer. Only the first counts; it stops everything still pending for that person.
     *
     * @return whether it was the first
     */
    boolean answer(
            Connection connection,
            int tenantId,
            long alertId,
            int recipientNo,
            String choice,
            String channel,
            String source,
            Instant at);

    /** The five-way count of people, exact, by the SQL function that every story and bench uses. */
    Totals totals(Connection connection, int tenantId, long alertId);

    /** Counts of observations by wave and kind: cheap, for progress. One a wave: as many as there were moments of retrying. */
    List<WaveProgress> progress(Connection connection, int tenantId, long alertId);

    /**
     * The same for people: a cascade's step or a relaunch is one line, all its retries are one ({@code retry}) and all its resends
     * ({@code resend}), so that an alert with thousands of moments of retrying has a few lines. Whatever is counted is summed; the
     * wave number is that of the first.
     *
     * @since 1.9
     */
    List<WaveProgress> progressByStep(Connection connection, int tenantId, long alertId);

    /** People by state, after a recipient number, for boards and lists. */
    List<PersonState> people(
            Connection connection,
            int tenantId,
            long alertId,
            Optional<Totals.State> state,
            int afterRecipientNo,
            int limit);

    /**
     * Everything observed of one person, in the order we recorded it: carriers' clocks lie. Their answer as wave 0, kind
     * {@code answered}, the choice as code. Observations are kept as long as attempts are.
     */
    List<Observation> history(Connection connection, int tenantId, long alertId, int recipientNo);

    record Message(String channel, String language, String subject, String text, Optional<String> html) {}

    record OpenedWave(int waveNo, int targets) {}

    /**
     * A wave; or what several of a step were together.
     *
     * @param targets messages it is to send
     * @param openedAt when the (first) wave opened
     * @param closed whether nothing of it is open any more
     * @param observations by kind, how many there were: of a message in parts, each part's is one
     * @param tries of retries and resends told by step, which they were; since 1.9
     * @param messages by kind, how many messages were observed, each counted once; a receipt of parts is counted with the first of them. A
     *     kind is left out where nobody told messages from parts, as before this was counted; since 1.11
     */
    record WaveProgress(
            int waveNo,
            String kind,
            int step,
            String channel,
            String rule,
            int targets,
            Instant openedAt,
            Instant deadline,
            boolean closed,
            Map<String, Long> observations,
            Optional<Tries> tries,
            Map<String, Long> messages) {

        /** Nobody told messages from parts. */
        public WaveProgress(
                int waveNo,
                String kind,
                int step,
                String channel,
                String rule,
                int targets,
                Instant openedAt,
                Instant deadline,
                boolean closed,
                Map<String, Long> observations,
                Optional<Tries> tries) {
            this(waveNo, kind, step, channel, rule, targets, openedAt, deadline, closed, observations, tries, Map.of());
        }

        /** One wave. */
        public WaveProgress(
                int waveNo,
                String kind,
                int step,
                String channel,
                String rule,
                int targets,
                Instant openedAt,
                Instant deadline,
                boolean closed,
                Map<String, Long> observations) {
            this(
                    waveNo,
                    kind,
                    step,
                    channel,
                    rule,
                    targets,
                    openedAt,
                    deadline,
                    closed,
                    observations,
                    Optional.empty());
        }
    }

    /**
     * The retries of a step, or its resends.
     *
     * @param rootWave the wave of the cascade's step or relaunch that goes on with them
     * @param waves in how many moments
     * @param people how many people were tried again, each counted once
     * @param first the lowest number of a try among them, the step's own being 1; 1 again at a person's next endpoint
     * @param last the highest
     * @param lastOpenedAt when the last of the waves opened
     * @since 1.9
     */
    record Tries(int rootWave, int waves, int people, int first, int last, Instant lastOpenedAt) {}

    record PersonState(
            int recipientNo,
            long contactId,
            String name,
            String language,
            Totals.State state,
            Optional<String> choice,
            Optional<String> lastChannel,
            Optional<String> lastCode,
            boolean possibleDuplicate) {}

    /**
     * @param at when it happened, by the clock of whoever observed it: a receipt's is the carrier's
     * @param recordedAt when we recorded it, by the database's clock
     */
    record Observation(
            int waveNo,
            String channel,
            String address,
            String kind,
            String code,
            Optional<String> carrierId,
            Instant at,
            Instant recordedAt) {

        /** Recorded as it happened. */
        public Observation(
                int waveNo,
                String channel,
                String address,
                String kind,
                String code,
                Optional<String> carrierId,
                Instant at) {
            this(waveNo, channel, address, kind, code, carrierId, at, at);
        }
    }
}
