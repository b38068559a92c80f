package io.tocsin.alerting.api;

import io.tocsin.channel.api.OutboundMessage.Category;
import io.tocsin.routing.api.Alert;
import io.tocsin.routing.api.Totals;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What alerts came to: one by one, month by month, and of several tenants together. Figures of an alert are counted once, a moment after its
 * end, and kept; nothing here counts people. Blocks (database).
 *
 * @since 1.5
 */
@ProviderType
public interface Statistics {
    /** As far back as months are told. */
    int MOST_MONTHS = 60;

    /** Alerts of a tenant that fit, latest launch first, before {@code beforeAlertId} when given. */
    List<Past> past(int tenantId, Filter filter, Optional<Long> beforeAlertId, int limit);

    /** The same of one alert; empty if the tenant has none of that number. */
    Optional<Past> past(int tenantId, long alertId);

    /** What was said, as it was decided at launch: every channel and language, places for what is each person's own still in it. */
    List<Said> said(int tenantId, long alertId);

    /**
     * The latest months in which something was launched, drills and alerts apart, oldest first. Scenarios tried on one person are neither,
     * nor are corrections and all-clears: they belong to the alert they follow.
     *
     * @param months how many, the present one counted; 1 to {@link #MOST_MONTHS}
     * @throws IllegalArgumentException if they are more, or fewer than one
     */
    List<Month> months(int tenantId, int months);

    /**
     * What tenants used since a moment, in the order given.
     *
     * @param tenantIds resolved at the door: whoever asks may see them all
     */
    List<Usage> usage(List<Integer> tenantIds, Instant since);

    /**
     * How many were reached and had answered by when, so far: also of an alert that runs. Counts; blocks as long as that takes.
     *
     * @return in order, the last moment being the first after now; none when what was observed is no longer kept
     * @throws java.util.NoSuchElementException if the tenant has no such alert
     * @since 1.6
     */
    List<Moment> course(int tenantId, long alertId);

    /**
     * What the directory and the latest alert say of whether a tenant is ready.
     *
     * @param staleBefore people whose page nobody has touched since are stale
     * @since 1.6
     */
    Readiness readiness(int tenantId, Instant staleBefore);

    /**
     * @param contacts people who can be alerted
     * @param stale of them, whose page was touched by nobody, and by no import, since the moment asked for
     * @param nowhere of them, who have no endpoint at all
     * @param running alerts that run or are paused
     * @param last the latest live alert that has ended and was counted
     * @since 1.6
     */
    record Readiness(long contacts, long stale, long nowhere, int running, Optional<Last> last) {}

    /**
     * @param failed whom it reached by nothing
     * @since 1.6
     */
    record Last(long alertId, String title, Instant endedAt, long recipients, long failed) {}

    /** What is empty does not matter. @param from the earliest launch @param to the first moment that is too late */
    record Filter(Optional<Boolean> drill, Optional<String> scenario, Optional<Instant> from, Optional<Instant> to) {}

    /**
     * @param figures of one that has ended; a moment after its end
     * @param kind what it is; since 1.7
     * @param follows what it is the correction or the all-clear of; since 1.7
     * @param lateAnswers whose answer came after its end; since 1.7
     */
    record Past(
            long alertId,
            String scenario,
            int scenarioVersion,
            String title,
            Category category,
            boolean drill,
            Alert.State state,
            int recipients,
            String launchedBy,
            Instant launchedAt,
            Optional<Instant> endedAt,
            Optional<Figures> figures,
            Alerts.Kind kind,
            Optional<FollowUps.Link> follows,
            long lateAnswers) {

        /** An alert or a drill that follows nothing. */
        public Past(
                long alertId,
                String scenario,
                int scenarioVersion,
                String title,
                Category category,
                boolean drill,
                Alert.State state,
                int recipients,
                String launchedBy,
                Instant launchedAt,
                Optional<Instant> endedAt,
                Optional<Figures> figures) {
            this(
                    alertId,
                    scenario,
                    scenarioVersion,
                    title,
                    category,
                    drill,
                    state,
                    recipients,
                    launchedBy,
                    launchedAt,
                    endedAt,
                    figures,
                    drill ? Alerts.Kind.DRILL : Alerts.Kind.ALERT,
                    Optional.empty(),
                    0);
        }
    }

    /**
     * @param answerMedian seconds from the launch to the answer of one in two of those who answered
     * @param answerSlow the same of nine in ten
     * @param messages how many messages carriers accepted, by channel: one of several parts is one
     * @param reach how many were reached and had answered by when, in order; none when what was observed is no longer kept
     * @param unreached what was last seen of whoever was not reached, the most first, twenty at most
     */
    record Figures(
            Totals totals,
            Optional<Double> answerMedian,
            Optional<Double> answerSlow,
            Map<String, Long> messages,
            List<Moment> reach,
            List<Unreached> unreached) {}

    /** @param subject may be empty */
    record Said(String channel, String language, String subject, String text) {}

    /** @param seconds after the launch */
    record Moment(int seconds, long reached, long answered) {}

    /**
     * @param channel empty: nothing was ever tried
     * @param kind of the last observation, as in a person's history
     * @param code as the channel said it
     */
    record Unreached(Totals.State state, String channel, String kind, String code, long people) {}

    /**
     * @param month {@code 2026-11}, in the tenant's time zone
     * @param counted how many of the alerts have figures; sums and times are theirs
     * @param reached who answered, and who was delivered to
     * @param answerMedian seconds: the median of the alerts' own medians
     */
    record Month(
            String month,
            boolean drill,
            int alerts,
            int counted,
            long recipients,
            long reached,
            long answered,
            long messages,
            Optional<Double> answerMedian) {}

    /**
     * @param messages what carriers accepted of alerts launched since then, also of scenarios tried on one person and of what follows an alert,
     *     which are neither alerts nor drills
     * @param parts as carriers count and charge: a long SMS is several; since 1.7
     */
    record Usage(
            int tenantId,
            int running,
            int alerts,
            int drills,
            long messages,
            Optional<Instant> lastAlert,
            Optional<Instant> lastDrill,
            long parts) {

        /** Every message was one part. */
        public Usage(
                int tenantId,
                int running,
                int alerts,
                int drills,
                long messages,
                Optional<Instant> lastAlert,
                Optional<Instant> lastDrill) {
            this(tenantId, running, alerts, drills, messages, lastAlert, lastDrill, messages);
        }
    }
}
