package io.tocsin.alerting.api;

import io.tocsin.audit.api.Actor;
import io.tocsin.routing.api.Alert;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Corrections and all-clears: what is said afterwards to the people of an alert. Each is an alert of its own with an audience, keys and a
 * report of its own; it asks nothing, and what names a choice of the first in reply to its number is the first's answer. It goes by the channels of the
 * first, step by step, until each person is delivered to; that of an exercise is an exercise. An alert that still runs ends with it, in
 * the same transaction: nobody is alerted after they were told that it is over. Blocks (database).
 *
 * @since 1.6
 */
@ProviderType
public interface FollowUps {

    /** What is said. */
    enum Kind {
        CORRECTION,
        ALL_CLEAR;

        /** As written in the API, the journal and the database. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** To whom. */
    enum Whom {
        /** Whoever the first alert reached, or may have reached: whose message is in doubt or on its way among them. */
        REACHED,
        /** Everybody it was meant for. */
        EVERYBODY;

        /** As written in the API, the journal and the database. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param texts by language (BCP 47) that the first alert was written in or one of its people reads: what is said by every channel, after
     *     the words that mark what it is. Empty: as prepared. The first alert's first language must be there; who reads another that is not, or
     *     is blank, is told in that one, or in the base language of theirs ({@code fr} for {@code fr-CA})
     */
    record Request(Kind kind, Whom whom, Map<String, String> texts) {
        public Request {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(whom, "whom");
            texts = Map.copyOf(texts);
        }
    }

    /**
     * @param texts as asked for, or prepared: to be edited
     * @param ends whether the first alert still runs and would end
     * @param preview what it would do
     * @param readers by language of the people it is for, who gets which text, the most people first; none while nobody is; since 1.7
     */
    record Draft(Map<String, String> texts, boolean ends, Alerts.Preview preview, List<Reader> readers) {

        /** Nobody's language is known. */
        public Draft(Map<String, String> texts, boolean ends, Alerts.Preview preview) {
            this(texts, ends, preview, List.of());
        }
    }

    /**
     * @param language theirs, BCP 47
     * @param told the language of the text they get; another than theirs when that has none
     * @since 1.7
     */
    record Reader(String language, int people, String told) {}

    /** @param alertId of the other alert */
    record Link(
            long alertId, Kind kind, Whom whom, String title, Alert.State state, int recipients, Instant launchedAt) {}

    /**
     * @param of what the alert follows up; the {@code kind} is its own
     * @param followUps earliest first
     */
    record Links(Optional<Link> of, List<Link> followUps) {}

    /**
     * Prepares one, without doing it.
     *
     * @throws java.util.NoSuchElementException if the tenant has no such alert
     * @throws LaunchRefusedException if it was somebody's trial
     */
    Draft draft(int tenantId, long alertId, Request request);

    /**
     * Whom no step would reach, all of them, as {@link Alerts#unreachable}.
     *
     * @throws java.util.NoSuchElementException if the tenant has no such alert
     * @since 1.7
     */
    List<Unreachable.Person> unreachable(
            int tenantId, long alertId, Request request, Optional<Long> afterContactId, int limit);

    /**
     * Launches one.
     *
     * @param idempotencyKey the same key with the same request returns the first one's alert
     * @param onBehalf whether somebody of the agency launches, for which the tenant must have given its consent
     * @throws java.util.NoSuchElementException if the tenant has no such alert
     * @throws LaunchRefusedException as a launch; also if an all-clear is there already, and when a correction says what the alert said.
     *     Never for the number of running alerts or of recipients
     */
    Alert launch(
            int tenantId,
            long alertId,
            Request request,
            Optional<String> idempotencyKey,
            boolean onBehalf,
            Actor actor);

    /** @throws java.util.NoSuchElementException if the tenant has no such alert */
    Links links(int tenantId, long alertId);
}
