package io.tocsin.platform.asterisk.ari;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.tocsin.platform.asterisk.internal.WireText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The requests of one connection that wait for their answers. On its event loop only. */
final class PendingRequests {
    /**
     * Who waits for an answer; called once. No stage of a future: each would wrap a failure in an exception with a trace, by the
     * thousand at the moment when a link drops.
     */
    interface Asker {
        void answered(AriMessage.Response response);

        void failed(AriException why);
    }

    private record Waiting(AriRequest request, Asker asker, ScheduledFuture<?> limit) {}

    private final EventLoop loop;
    private final Duration limit;
    private final int most;
    private final Oddities oddities;
    private final Map<String, Waiting> waiting = new HashMap<>();
    private long last;

    PendingRequests(EventLoop loop, AriSettings.Limits limits, Oddities oddities) {
        this.loop = loop;
        this.limit = limits.request();
        this.most = limits.pending();
        this.oddities = oddities;
    }

    boolean full() {
        return waiting.size() >= most;
    }

    /** @return the transaction it gets */
    String add(AriRequest request, Asker asker) {
        String transaction = Long.toString(++last);
        ScheduledFuture<?> overdue = loop.schedule(() -> giveUp(transaction), limit.toMillis(), TimeUnit.MILLISECONDS);
        waiting.put(transaction, new Waiting(request, asker, overdue));
        return transaction;
    }

    private void giveUp(String transaction) {
        Waiting one = waiting.remove(transaction);
        if (one != null) {
            oddities.saw(Oddities.Kind.NO_ANSWER, one.request().what());
            one.asker()
                    .failed(AriException.inDoubt(one.request().what() + ": no answer in " + limit.toMillis() + " ms"));
        }
    }

    void answered(AriMessage.Response response) {
        Waiting one = waiting.remove(response.transaction());
        if (one == null) {
            oddities.saw(Oddities.Kind.UNEXPECTED_ANSWER, "status-" + response.status());
            return;
        }
        one.limit().cancel(false);
        if (response.succeeded()) {
            one.asker().answered(response);
        } else {
            one.asker()
                    .failed(new AriException(
                            AriException.Kind.REFUSED,
                            response.status(),
                            one.request().what() + ": " + response.status() + " "
                                    + WireText.logged(response.reason())));
        }
    }

    /** One that could not be written. */
    void failed(String transaction, AriException why) {
        Waiting one = waiting.remove(transaction);
        if (one != null) {
            one.limit().cancel(false);
            one.asker().failed(why);
        }
    }

    /** The connection is gone: whether the switch had read them nobody knows. */
    void abandon(String why) {
        List<Waiting> all = new ArrayList<>(waiting.values());
        waiting.clear();
        for (Waiting one : all) {
            one.limit().cancel(false);
            one.asker().failed(AriException.inDoubt(one.request().what() + ": " + why));
        }
    }
}
