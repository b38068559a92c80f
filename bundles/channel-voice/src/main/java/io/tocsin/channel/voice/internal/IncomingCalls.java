package io.tocsin.channel.voice.internal;

import io.tocsin.channel.api.ChannelEvents;
import io.tocsin.channel.api.InboundCall;
import io.tocsin.platform.asterisk.ari.AriChannel;
import io.tocsin.platform.asterisk.ari.AriEvent;
import io.tocsin.platform.asterisk.ari.Switch;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The calls that come in: each is offered to the core, which says what is done. The switch's event loop only, but for the number of them. */
final class IncomingCalls {
    private static final int NO_ROUTE = 3;

    /** The first argument of an application's calls that came in, as docs/voice.md has the dialplan say it. */
    private static final String CAME_IN = "in";

    private final VoiceSettings settings;
    private final ChannelEvents events;
    private final Clock clock;
    private final Switch asterisk;
    private final Calls calls;
    private final Map<String, InCall> incoming = new HashMap<>();
    private volatile int now;

    IncomingCalls(VoiceSettings settings, ChannelEvents events, Clock clock, Switch asterisk, Calls calls) {
        this.settings = settings;
        this.events = events;
        this.clock = clock;
        this.asterisk = asterisk;
        this.calls = calls;
    }

    /** A channel that nobody waited for. @return false if it is none that came in */
    boolean arrived(AriEvent.StasisStart start) {
        if (start.arguments().isEmpty() || !start.arguments().get(0).equals(CAME_IN)) {
            return false;
        }
        AriChannel channel = start.channel();
        String number = start.arguments().size() > 1 ? start.arguments().get(1) : channel.dialled();
        String from = settings.e164(channel.callerNumber());
        InboundCall call = new InboundCall(
                channel.id(),
                from.matches("\\+?[0-9]{3,15}") ? Optional.of(from) : Optional.empty(),
                settings.e164(number),
                clock.instant());
        InCall taken = new InCall(call, asterisk, settings, this::forget, calls);
        incoming.put(channel.id(), taken);
        now = incoming.size();
        asterisk.attach(channel.id(), taken.leg());
        events.called(call)
                .whenComplete((dialogue, failure) -> asterisk.execute(() -> {
                    if (failure != null || dialogue == null) {
                        taken.refuse(NO_ROUTE);
                    } else {
                        taken.take(dialogue);
                    }
                }));
        return true;
    }

    private void forget(InCall call) {
        incoming.remove(call.id());
        now = incoming.size();
    }

    boolean isEmpty() {
        return incoming.isEmpty();
    }

    /** From any thread. */
    int now() {
        return now;
    }

    /** There is a connection again. @param living the ids of channels */
    void resume(Set<String> living) {
        List.copyOf(incoming.values()).forEach(call -> call.resumed(living.contains(call.id())));
    }

    /** @param cause Q.850: what the callers are told */
    void refuseAll(int cause) {
        List.copyOf(incoming.values()).forEach(call -> call.refuse(cause));
    }
}
