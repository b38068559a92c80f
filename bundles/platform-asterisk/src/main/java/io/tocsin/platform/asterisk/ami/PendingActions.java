package io.tocsin.platform.asterisk.ami;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.tocsin.platform.asterisk.internal.WireText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The actions of one connection that wait for their answers, and for their lists. On its event loop only. */
final class PendingActions {
    /** Who waits; called once. */
    interface Asker {
        /** @param events of the list, if one was asked for; else empty */
        void answered(AmiMessage response, List<AmiMessage> events);

        void failed(AmiException why);
    }

    private static final class Waiting {
        private final String what;
        private final boolean list;
        private final Asker asker;
        private final ScheduledFuture<?> limit;
        private AmiMessage response;
        private List<AmiMessage> events = new ArrayList<>();

        Waiting(String what, boolean list, Asker asker, ScheduledFuture<?> limit) {
            this.what = what;
            this.list = list;
            this.asker = asker;
            this.limit = limit;
        }
    }

    private final EventLoop loop;
    private final AmiSettings.Limits limits;
    private final Oddities oddities;
    private final Map<String, Waiting> waiting = new HashMap<>();
    private long last;

    PendingActions(EventLoop loop, AmiSettings.Limits limits, Oddities oddities) {
        this.loop = loop;
        this.limits = limits;
        this.oddities = oddities;
    }

    boolean full() {
        return waiting.size() >= limits.pending();
    }

    /** @return the id it gets */
    String add(String what, boolean list, Asker asker) {
        String id = "tocsin-" + ++last;
        ScheduledFuture<?> overdue = loop.schedule(
                () -> {
                    oddities.saw(Oddities.Kind.NO_ANSWER, what);
                    failed(
                            id,
                            AmiException.Kind.IN_DOUBT,
                            "no answer in " + limits.request().toMillis() + " ms");
                },
                limits.request().toMillis(),
                TimeUnit.MILLISECONDS);
        waiting.put(id, new Waiting(what, list, asker, overdue));
        return id;
    }

    void answered(AmiMessage response) {
        Waiting one = waiting.get(response.get("ActionID"));
        if (one == null || one.response != null) {
            oddities.saw(Oddities.Kind.UNEXPECTED_ANSWER, response.get("Response"));
        } else if (!response.get("Response").equals("Success")) {
            failed(
                    response.get("ActionID"),
                    AmiException.Kind.REFUSED,
                    WireText.logged(response.get("Message").replace(' ', '-')));
        } else if (one.list) {
            one.response = response;
        } else {
            remove(response.get("ActionID"));
            one.asker.answered(response, List.of());
        }
    }

    /** @return true if it was of a list that was asked for */
    boolean listed(AmiMessage event) {
        Waiting one = waiting.get(event.get("ActionID"));
        if (one == null || !one.list) {
            return false;
        }
        if (event.get("EventList").equalsIgnoreCase("Complete")) {
            remove(event.get("ActionID"));
            one.asker.answered(one.response == null ? event : one.response, List.copyOf(one.events));
        } else if (one.events.size() == limits.listed()) {
            failed(event.get("ActionID"), AmiException.Kind.IN_DOUBT, "a list of more than " + limits.listed());
        } else {
            one.events.add(event);
        }
        return true;
    }

    void failed(String id, AmiException.Kind kind, String why) {
        Waiting one = remove(id);
        if (one != null) {
            one.asker.failed(new AmiException(kind, one.what + ": " + why));
        }
    }

    /** The connection is gone: whether the switch had read them nobody knows. */
    void abandon(String why) {
        List.copyOf(waiting.keySet()).forEach(id -> failed(id, AmiException.Kind.IN_DOUBT, why));
    }

    private Waiting remove(String id) {
        Waiting one = waiting.remove(id);
        if (one != null) {
            one.limit.cancel(false);
        }
        return one;
    }
}
