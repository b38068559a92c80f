package io.tocsin.channel.publish.internal;

import io.tocsin.channel.api.SendOutcome;
import io.tocsin.channel.api.SendOutcome.Accepted;
import io.tocsin.channel.api.SendOutcome.Fault;
import io.tocsin.channel.api.SendOutcome.InDoubt;
import io.tocsin.channel.api.SendOutcome.Rejected;
import io.tocsin.channel.api.SendOutcome.Retry;
import io.tocsin.channel.api.SendOutcome.Scope;
import io.tocsin.channel.publish.internal.HttpCall.Answer;
import io.tocsin.channel.publish.internal.HttpCall.Unanswered;
import io.tocsin.channel.publish.internal.HttpCall.Unreached;
import io.tocsin.channel.publish.internal.Outlet.Handle;
import io.tocsin.channel.publish.internal.PublishSettings.Mastodon;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts a message on an account of another server; changes the post if the alert was posted there before. The server does the
 * same key once (Idempotency-Key), so that trying again after a doubt posts nothing twice.
 */
final class Posting extends Pending {
    private static final Logger LOG = LoggerFactory.getLogger(Posting.class);
    private static final String STATUSES = "/api/v1/statuses";
    /** How many posts an account remembers: what is older is posted anew when it is corrected. */
    private static final int MOST_REMEMBERED = 500;

    private final Handle handle;
    private final Mastodon mastodon;
    private final PublishSettings settings;
    private final PageFile posted;
    private final Entry entry;
    private final StatusPost post;
    private final String reference;
    private final ScheduledExecutorService timer;
    private final AccountHealth health;
    private final Clock clock;

    /**
     * @param posted what was posted on that account before
     * @param reference our id of the message: the carrier's when the server gives none
     */
    Posting(
            Handle handle,
            PublishSettings settings,
            PageFile posted,
            Entry entry,
            StatusPost post,
            String reference,
            ScheduledExecutorService timer,
            AccountHealth health,
            Clock clock) {
        this.handle = handle;
        this.mastodon = settings.mastodon().orElseThrow();
        this.settings = settings;
        this.posted = posted;
        this.entry = entry;
        this.post = post;
        this.reference = reference;
        this.timer = timer;
        this.health = health;
        this.clock = clock;
    }

    @Override
    public void run() {
        Optional<Entry> before = before();
        Optional<String> remote = before.flatMap(Entry::remoteId);
        if (remote.isPresent() && entry.saysTheSameAs(before.get())) {
            outcome.complete(new Accepted(remote.get()));
            return;
        }
        try {
            Optional<Answer> answer =
                    remote.isPresent() ? exchange("PUT", STATUSES + "/" + remote.get()) : exchange("POST", STATUSES);
            if (remote.isPresent() && answer.isPresent() && isGone(answer.get())) {
                stays();
                answer = exchange("POST", STATUSES);
            }
            answer.ifPresent(this::answered);
        } catch (Unreached why) {
            health.down(handle.toString(), mastodon.server().authority() + " " + why.getMessage());
            giveUp(
                    why.isForbidden()
                            ? new Rejected(why.code(), Fault.ACCOUNT)
                            : new Retry(why.code(), alone() ? settings.retryInterval() : Duration.ZERO, scope()));
        } catch (Unanswered why) {
            outcome.complete(new InDoubt(why.getMessage()));
        } catch (RejectedExecutionException noTime) {
            abandon(); // the account is being closed
        }
    }

    private Optional<Entry> before() {
        try {
            return posted.find(entry.id());
        } catch (IOException unreadable) {
            LOG.warn(
                    "publish.posts-unreadable outlet={} problem=\"{}\"",
                    handle,
                    unreadable.getClass().getSimpleName());
            return Optional.empty();
        }
    }

    /** Empty: it ended meanwhile, nobody waits for it. */
    private Optional<Answer> exchange(String method, String path) throws Unreached, Unanswered {
        try (HttpCall call = mastodon.call()) {
            outcome.whenComplete((ended, failure) -> call.close());
            Future<?> connecting = timer.schedule(
                    () -> {
                        health.down(handle.toString(), mastodon.server().authority() + " did not connect in time");
                        giveUp(new Retry("connect-timeout", Duration.ZERO, scope()));
                    },
                    settings.connectTimeout().toMillis(),
                    TimeUnit.MILLISECONDS);
            try {
                call.connect();
            } finally {
                connecting.cancel(false);
            }
            if (outcome.isDone() || !leave()) {
                return Optional.empty();
            }
            Future<?> answering = timer.schedule(
                    () -> outcome.complete(new InDoubt("response-timeout")),
                    settings.responseTimeout().toMillis(),
                    TimeUnit.MILLISECONDS);
            try {
                return Optional.of(call.exchange(
                        method, path, post.headers(mastodon.tokens().get(handle)), post.body()));
            } finally {
                answering.cancel(false);
            }
        }
    }

    /** Somebody removed the post by hand, or the server forgot it. */
    private static boolean isGone(Answer answer) {
        return answer.status() == 404 || answer.status() == 410;
    }

    private void answered(Answer answer) {
        int status = answer.status();
        if (status >= 200 && status <= 299) {
            Optional<String> id = StatusPost.id(answer.body());
            remember(id);
            health.up(handle.toString());
            outcome.complete(new Accepted(id.orElse(reference)));
            return;
        }
        if (status == 401 || status == 403) {
            health.down(handle.toString(), refusal(status));
        }
        outcome.complete(outcome(answer));
    }

    /** Follows the outlet's name. */
    static String refusal(int status) {
        return "is refused by its server (HTTP " + status
                + "): check mastodon-token, and that its application may write statuses";
    }

    /** What cannot be remembered is only posted anew when it is corrected. */
    private void remember(Optional<String> id) {
        try {
            posted.put(id.map(entry::postedAs).orElse(entry), MOST_REMEMBERED);
        } catch (IOException e) {
            LOG.warn(
                    "publish.post-not-remembered outlet={} problem=\"{}\"",
                    handle,
                    e.getClass().getSimpleName());
        }
    }

    private SendOutcome outcome(Answer answer) {
        int status = answer.status();
        String code = "http-" + status;
        if (status == 408 || status == 425 || status == 429 || status >= 500) {
            Duration after = RateLimit.pause(answer.headers(), clock.instant());
            boolean busy = status == 429 || status == 503;
            if (alone() && busy) {
                Duration least = settings.retryInterval();
                return new Retry(code, after.compareTo(least) > 0 ? after : least, Scope.ACCOUNT);
            }
            return new Retry(code, after, Scope.MESSAGE);
        }
        return new Rejected(
                code,
                switch (status) {
                    case 401, 402, 403, 407 -> Fault.ACCOUNT;
                    case 400, 411, 413, 415, 417, 422, 431 -> Fault.CONTENT;
                    default -> Fault.ADDRESS; // 3xx, 404, 405, 410: there is no such server here
                });
    }

    /** Whether what concerns this outlet concerns the whole account. */
    private boolean alone() {
        return settings.site().isEmpty() && mastodon.tokens().size() == 1;
    }

    private Scope scope() {
        // one server for all handles: only pages would still work
        return settings.site().isEmpty() ? Scope.ACCOUNT : Scope.MESSAGE;
    }
}
