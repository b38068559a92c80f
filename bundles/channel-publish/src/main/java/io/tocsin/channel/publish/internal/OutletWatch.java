package io.tocsin.channel.publish.internal;

import io.tocsin.channel.publish.internal.HttpCall.Answer;
import io.tocsin.channel.publish.internal.HttpCall.Unanswered;
import io.tocsin.channel.publish.internal.HttpCall.Unreached;
import io.tocsin.channel.publish.internal.Outlet.Handle;
import io.tocsin.channel.publish.internal.PublishSettings.Mastodon;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Looks whether outlets work, without publishing anything: that the folder can be written to, and that the server is there and
 * knows the tokens ({@code GET /api/v1/accounts/verify_credentials}). Blocks.
 */
final class OutletWatch {
    private final PublishSettings settings;
    private final PublicFolder folder;
    private final ScheduledExecutorService timer;
    private final AccountHealth health;
    private volatile HttpCall asking;
    private volatile boolean stopped;

    OutletWatch(PublishSettings settings, PublicFolder folder, ScheduledExecutorService timer, AccountHealth health) {
        this.settings = settings;
        this.folder = folder;
        this.timer = timer;
        this.health = health;
    }

    void look() {
        try {
            settings.site().ifPresent(this::lookAtPages);
            settings.mastodon().ifPresent(this::lookAtServer);
        } catch (RejectedExecutionException e) {
            stop(); // there is no time any more: the account is being closed
        }
    }

    /** Ends a look that goes on; what it would have found is told to nobody. */
    void stop() {
        stopped = true;
        HttpCall now = asking;
        if (now != null) {
            now.close();
        }
    }

    private void lookAtPages(Site site) {
        try {
            folder.open(site);
            folder.probe(site.name());
            health.up(PagePublication.OUTLET);
        } catch (IOException e) {
            health.down(PagePublication.OUTLET, PagePublication.notWritable(e));
        }
    }

    private void lookAtServer(Mastodon mastodon) {
        for (Map.Entry<Handle, String> each : mastodon.tokens().entrySet()) {
            String handle = each.getKey().toString();
            try {
                Answer answer = ask(mastodon, each.getValue());
                if (stopped) {
                    return;
                }
                if (answer.status() == 401) {
                    health.down(handle, Posting.refusal(401));
                } else if (answer.status() >= 500) {
                    away(mastodon, "is not well (HTTP " + answer.status() + ")");
                    return;
                } else {
                    health.up(handle); // 403: a token that may only write; 404: a server that knows no such question
                }
            } catch (Unreached why) {
                away(mastodon, why.getMessage());
                return;
            } catch (Unanswered why) {
                away(mastodon, "does not answer (" + why.getMessage() + ")");
                return;
            }
        }
    }

    /** One server for all. */
    private void away(Mastodon mastodon, String why) {
        if (!stopped) {
            Set<String> all =
                    mastodon.tokens().keySet().stream().map(Handle::toString).collect(Collectors.toSet());
            health.down(all, mastodon.server().authority() + " " + why);
        }
    }

    private Answer ask(Mastodon mastodon, String token) throws Unreached, Unanswered {
        try (HttpCall call = mastodon.call()) {
            asking = call;
            Future<?> connecting = limited(call, settings.connectTimeout());
            try {
                call.connect();
            } finally {
                connecting.cancel(false);
            }
            Future<?> answering = limited(call, settings.responseTimeout());
            try {
                return call.exchange(
                        "GET",
                        "/api/v1/accounts/verify_credentials",
                        Map.of("Authorization", "Bearer " + token),
                        new byte[0]);
            } finally {
                answering.cancel(false);
            }
        } finally {
            asking = null;
        }
    }

    private Future<?> limited(HttpCall call, Duration limit) {
        return timer.schedule(call::close, limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
