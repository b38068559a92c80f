package io.tocsin.phone.internal;

import io.tocsin.channel.api.InboundCall;
import io.tocsin.routing.api.IncomingCalls.Line;
import java.util.ArrayList;
import java.util.List;

/** A call that came in, and what is to be put away when it is over. */
final class Caller {
    private final Line line;
    private final InboundCall call;
    private final List<Runnable> atTheEnd = new ArrayList<>();

    Caller(Line line, InboundCall call) {
        this.line = line;
        this.call = call;
    }

    Line line() {
        return line;
    }

    InboundCall call() {
        return call;
    }

    /** Whom limits are for: the number shown, or all who show none on this line. A stranger chose it; limits of the line come on top. */
    String source() {
        return call.from().orElse("withheld") + "@" + line.accountId();
    }

    /** For journals and logs: no more of a number than its last two digits. */
    String masked() {
        return call.from()
                .map(number -> "…" + number.substring(Math.max(0, number.length() - 2)))
                .orElse("withheld");
    }

    synchronized void atTheEnd(Runnable tidying) {
        atTheEnd.add(tidying);
    }

    /** Puts everything away, once. */
    synchronized void over() {
        atTheEnd.forEach(Runnable::run);
        atTheEnd.clear();
    }
}
