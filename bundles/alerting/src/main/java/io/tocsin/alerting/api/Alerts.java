package io.tocsin.alerting.api;

import io.tocsin.audit.api.Actor;
import io.tocsin.audit.api.Evidence;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Ledger;
import io.tocsin.routing.api.Totals;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Launching and following alerts. Every change is one transaction with its journal entry. Blocks (database).
 *
 * <p>An alert of another tenant does not exist here: {@link java.util.NoSuchElementException}.
 */
@ProviderType
public interface Alerts {

    /** What a launch would do, without doing it: head-count, reach and cost by channel, problems that would refuse it. */
    Preview preview(int tenantId, LaunchRequest request);

    /**
     * Whom no step of a launch would reach, all of them: by name, then by number. Freezes the audience as a preview does, for every call.
     *
     * @param afterContactId the last one read; empty: from the beginning
     * @throws LaunchRefusedException if nobody can be looked up, such as for an unknown list; and if the last one read is nobody of them any more
     * @since 1.7
     */
    List<Unreachable.Person> unreachable(int tenantId, LaunchRequest request, Optional<Long> afterContactId, int limit);

    /**
     * Launches: alert, frozen audience, wave 1, its batches and the journal entry in one transaction.
     *
     * @param idempotencyKey the same key with the same request returns the first launch's alert
     * @throws LaunchRefusedException for an empty audience, missing variables (naming contacts and variable), quotas,
     *     unknown lists, a suspended tenant, or a key used for another request
     */
    Alert launch(int tenantId, LaunchRequest request, Optional<String> idempotencyKey, Actor actor);

    /**
     * The same of a scenario that is not stored, or not like this: what it would do once it is saved.
     *
     * @param request its {@code scenario} is not looked at
     * @since 1.5
     */
    Preview preview(int tenantId, Scenario draft, LaunchRequest request);

    /**
     * Launches a scenario as an exercise for one person: whoever tries it on themselves. Like every launch it counts against the quotas,
     * is journaled, and reaches nobody else; it is no rehearsal of the scenario. The actor's trials that still run are cancelled: one
     * person holds one place among the running alerts at most.
     *
     * @param variables values for this launch
     * @param onBehalf whether somebody of the tenant's agency tries it: then as {@link #launchOnBehalf}, for whom they say they are is theirs to choose
     * @throws LaunchRefusedException as a launch, when {@code actor} has not said who they are ({@link #iAm}), and when the tenant does not
     *     consent to what is done on its behalf
     * @since 1.5
     */
    Alert tryOnMe(
            int tenantId,
            String scenario,
            Map<String, String> variables,
            String idempotencyKey,
            Actor actor,
            boolean onBehalf);

    /**
     * The contact of this tenant that somebody said they are; empty: they have not, or it is gone.
     *
     * @since 1.5
     */
    Optional<Long> whoIs(int tenantId, Actor actor);

    /**
     * Says which contact the actor is; journaled, for whoever is named gets their trials.
     *
     * @throws LaunchRefusedException if there is no such contact
     * @since 1.5
     */
    void iAm(int tenantId, long contactId, Actor actor);

    /**
     * As {@link #launch}, by somebody of the tenant's agency in the tenant's name. The journal names the consent.
     *
     * @throws LaunchRefusedException also if the tenant does not consent to it at this moment
     * @since 1.5
     */
    Alert launchOnBehalf(int tenantId, LaunchRequest request, Optional<String> idempotencyKey, Actor actor);

    /**
     * Corrections and all-clears.
     *
     * @since 1.6
     */
    FollowUps followUps();

    Optional<Alert> find(int tenantId, long alertId);

    List<Alert> list(int tenantId, Optional<Long> beforeAlertId, int limit);

    /**
     * As {@link #list}, with what each is beside others.
     *
     * @param kind empty: all
     * @since 1.7
     */
    List<Listed> listed(int tenantId, Optional<Kind> kind, Optional<Long> beforeAlertId, int limit);

    Status status(int tenantId, long alertId);

    List<Ledger.PersonState> people(
            int tenantId, long alertId, Optional<Totals.State> state, int afterRecipientNo, int limit);

    List<Ledger.Observation> history(int tenantId, long alertId, int recipientNo);

    Status pause(int tenantId, long alertId, Actor actor);

    default Status resume(int tenantId, long alertId, Actor actor) {
        return resume(tenantId, alertId, Optional.empty(), actor);
    }

    /**
     * Resumes a paused alert.
     *
     * @param idempotencyKey the same key for the same alert resumes once: a repetition that comes late, after the alert
     *     was paused again on purpose, changes nothing
     * @throws LaunchRefusedException if the alert has ended, or for a key used for another request
     */
    Status resume(int tenantId, long alertId, Optional<String> idempotencyKey, Actor actor);

    /** Cancels: committed before anybody is counted. The status returned states who was already reached. */
    Status cancel(int tenantId, long alertId, Actor actor);

    Status close(int tenantId, long alertId, Actor actor);

    default Ledger.OpenedWave relaunch(
            int tenantId, long alertId, List<Totals.State> states, String channel, Duration patience, Actor actor) {
        return relaunch(tenantId, alertId, new RelaunchRequest(states, channel, patience), Optional.empty(), actor);
    }

    /**
     * Opens a wave for the people in a state: those who did not answer, by another channel.
     *
     * @param idempotencyKey the same key with the same request returns the wave first opened with it
     * @throws LaunchRefusedException if the tenant is limited to other channels, if the scenario has no message for that one, if nobody is left to reach, or for
     *     a key used for another request
     */
    Ledger.OpenedWave relaunch(
            int tenantId, long alertId, RelaunchRequest request, Optional<String> idempotencyKey, Actor actor);

    /**
     * Writes the evidence package of an alert ({@link Evidence}). Of an alert that has ended, its end is in the journal, with
     * totals and seal, before: the package contains it. Blocks until written.
     *
     * @param out where to write; not closed
     * @throws java.util.NoSuchElementException if the tenant has no such alert
     * @throws IOException if the stream fails
     */
    void evidence(int tenantId, long alertId, Evidence.Variant variant, Actor actor, OutputStream out)
            throws IOException;

    /** The page behind an answer link; empty for a token that is not ours. Never records anything. */
    Optional<AnswerPage> answerPage(String token);

    /**
     * Records the answer given through a link.
     *
     * @return false if it is not the person's first answer
     * @throws java.util.NoSuchElementException if the token is not ours
     * @throws LaunchRefusedException if the choice is not one of the question's
     */
    boolean answer(String token, String choice, String origin);

    /**
     * @param variables values for this launch, over the scenario's defaults and under the contact's own
     * @param lists slugs instead of the scenario's own lists
     * @param patience instead of every cascade step's patience: a crisis, or an exercise, in a hurry
     */
    record LaunchRequest(
            String scenario,
            boolean drill,
            Map<String, String> variables,
            Optional<List<String>> lists,
            Optional<Duration> patience) {}

    /** @param states whom: for instance DELIVERED, FAILED, UNKNOWN = everyone who did not answer */
    record RelaunchRequest(List<Totals.State> states, String channel, Duration patience) {}

    /**
     * What an alert is; each is one of these.
     *
     * @since 1.7
     */
    enum Kind {
        ALERT,
        /** A rehearsal. */
        DRILL,
        /** Of a scenario, by somebody on themselves. */
        TRIAL,
        /** A correction or an all-clear, of a drill too. */
        FOLLOW_UP;

        /** As written in the API. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * @param links what it follows, and what follows it
     * @param lateAnswers whose answer came after its end
     * @since 1.7
     */
    record Listed(Alert alert, Kind kind, FollowUps.Links links, long lateAnswers) {}

    /**
     * What came when it was over.
     *
     * @param answers whose answer came after the end; they are among the answered
     * @param despiteLater of all answers, those by a reply to a number from which a correction or an all-clear had gone to the same
     *     person since: taken for this alert's, for what came later asks nothing
     * @param passedOn replies to this one's number that were answers to the alert it follows, and count there
     * @since 1.7
     */
    record Late(long answers, long despiteLater, long passedOn) {
        public static final Late NONE = new Late(0, 0, 0);
    }

    /**
     * @param problems what would refuse the launch
     * @param warnings what would not, and should be known: whose own values an SMS will shorten, that nothing but publishing is meant
     * @param costs by channel of the cascade; none when the launch would be refused before anybody is looked up
     * @param calls by language written: how long its first reader would listen; since 1.3
     * @param forecast how long it would take; since 1.6
     * @param unreachable whom no step would reach; since 1.6
     * @param languages how many people read each, by BCP 47 tag; since 1.7
     */
    record Preview(
            int people,
            Map<String, Integer> reachableByChannel,
            List<LaunchRefusedException.Problem> problems,
            Map<String, String> sampleTexts,
            List<LaunchRefusedException.Problem> warnings,
            Map<String, Cost> costs,
            Map<String, CallLength> calls,
            Forecast forecast,
            Unreachable unreachable,
            Map<String, Integer> languages) {

        /** Nobody's language is known. */
        public Preview(
                int people,
                Map<String, Integer> reachableByChannel,
                List<LaunchRefusedException.Problem> problems,
                Map<String, String> sampleTexts,
                List<LaunchRefusedException.Problem> warnings,
                Map<String, Cost> costs,
                Map<String, CallLength> calls,
                Forecast forecast,
                Unreachable unreachable) {
            this(
                    people,
                    reachableByChannel,
                    problems,
                    sampleTexts,
                    warnings,
                    costs,
                    calls,
                    forecast,
                    unreachable,
                    Map.of());
        }

        /** Nothing is foreseen, and everybody is reached by some step. */
        public Preview(
                int people,
                Map<String, Integer> reachableByChannel,
                List<LaunchRefusedException.Problem> problems,
                Map<String, String> sampleTexts,
                List<LaunchRefusedException.Problem> warnings,
                Map<String, Cost> costs,
                Map<String, CallLength> calls) {
            this(
                    people,
                    reachableByChannel,
                    problems,
                    sampleTexts,
                    warnings,
                    costs,
                    calls,
                    Forecast.NONE,
                    Unreachable.NOBODY);
        }

        /** Nobody is called. */
        public Preview(
                int people,
                Map<String, Integer> reachableByChannel,
                List<LaunchRefusedException.Problem> problems,
                Map<String, String> sampleTexts,
                List<LaunchRefusedException.Problem> warnings,
                Map<String, Cost> costs) {
            this(people, reachableByChannel, problems, sampleTexts, warnings, costs, Map.of());
        }

        /** Costs are not known yet. */
        public Preview(
                int people,
                Map<String, Integer> reachableByChannel,
                List<LaunchRefusedException.Problem> problems,
                Map<String, String> sampleTexts,
                List<LaunchRefusedException.Problem> warnings) {
            this(people, reachableByChannel, problems, sampleTexts, warnings, Map.of());
        }

        public Preview(
                int people,
                Map<String, Integer> reachableByChannel,
                List<LaunchRefusedException.Problem> problems,
                Map<String, String> sampleTexts) {
            this(people, reachableByChannel, problems, sampleTexts, List.of());
        }

        /** The same, with what channels say stands against some of its messages. @since 1.4 */
        public Preview objecting(List<LaunchRefusedException.Problem> objections) {
            List<LaunchRefusedException.Problem> all = new ArrayList<>(warnings);
            all.addAll(objections);
            return new Preview(
                    people,
                    reachableByChannel,
                    problems,
                    sampleTexts,
                    List.copyOf(all),
                    costs,
                    calls,
                    forecast,
                    unreachable,
                    languages);
        }

        /** The same, with what it would cost. */
        public Preview costing(Map<String, Cost> known) {
            return new Preview(
                    people,
                    reachableByChannel,
                    problems,
                    sampleTexts,
                    warnings,
                    known,
                    calls,
                    forecast,
                    unreachable,
                    languages);
        }

        /** The same, refused for more reasons. @since 1.6 */
        public Preview refusing(List<LaunchRefusedException.Problem> more) {
            List<LaunchRefusedException.Problem> all = new ArrayList<>(problems);
            all.addAll(more);
            return new Preview(
                    people,
                    reachableByChannel,
                    List.copyOf(all),
                    sampleTexts,
                    warnings,
                    costs,
                    calls,
                    forecast,
                    unreachable,
                    languages);
        }

        /** For who may not see people. @since 1.6 */
        public Preview unnamed() {
            return new Preview(
                    people,
                    reachableByChannel,
                    problems,
                    sampleTexts,
                    warnings,
                    costs,
                    calls,
                    forecast,
                    unreachable.unnamed(),
                    languages);
        }
    }

    /**
     * How long a call is listened to.
     *
     * @param message as often as it is said
     * @param question once; zero when nothing is asked, or the message asks itself
     * @since 1.3
     */
    record CallLength(Duration message, Duration question) {}

    /**
     * What it would cost to write once to everybody a channel reaches, as the channel itself says; no more than that is promised. What is
     * tried again comes on top; a later step of a cascade writes only to those who are not reached before it.
     *
     * @param messages one for each person the channel reaches
     * @param asked of them, how many the channel was asked about, with the text as that person would get it; where they are fewer, the others are
     *     taken to be like them
     * @param parts units the carrier charges for, such as SMS segments; empty: unknown
     * @param price of all messages, in units of the currency; empty: unknown
     * @param currency ISO 4217 code, if the channel knows it
     * @param unknown why the parts or the price are unknown
     * @since 1.2
     */
    record Cost(
            int messages,
            int asked,
            Optional<Long> parts,
            Optional<BigDecimal> price,
            Optional<String> currency,
            Optional<String> unknown) {}

    /**
     * @param waves a step of the cascade or a relaunch each, its retries in one and its resends in one ({@link
     *     Ledger#progressByStep})
     * @param held what cannot leave although the alert runs, with the reason and the cure; none as a rule
     * @param late what came when it was over; since 1.7
     */
    record Status(
            Alert alert,
            Totals totals,
            List<Ledger.WaveProgress> waves,
            Map<String, Long> answers,
            Instant at,
            List<LaunchRefusedException.Problem> held,
            Late late) {

        /** Nothing came late. */
        public Status(
                Alert alert,
                Totals totals,
                List<Ledger.WaveProgress> waves,
                Map<String, Long> answers,
                Instant at,
                List<LaunchRefusedException.Problem> held) {
            this(alert, totals, waves, answers, at, held, Late.NONE);
        }

        /** Nothing is held. */
        public Status(
                Alert alert, Totals totals, List<Ledger.WaveProgress> waves, Map<String, Long> answers, Instant at) {
            this(alert, totals, waves, answers, at, List.of());
        }
    }

    /**
     * Languages are BCP 47 tags.
     *
     * @param language the person's
     * @param textLanguage the one the text is written in: another than the person's when the scenario has no text in it
     * @param tenantLanguage the one of title and choices
     */
    record AnswerPage(
            String tenantName,
            String title,
            boolean drill,
            String language,
            String text,
            Map<String, String> choices,
            Optional<String> alreadyAnswered,
            String textLanguage,
            String tenantLanguage) {

        /** All in one language. */
        public AnswerPage(
                String tenantName,
                String title,
                boolean drill,
                String language,
                String text,
                Map<String, String> choices,
                Optional<String> alreadyAnswered) {
            this(tenantName, title, drill, language, text, choices, alreadyAnswered, language, language);
        }
    }
}
