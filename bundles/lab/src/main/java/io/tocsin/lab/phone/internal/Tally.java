package io.tocsin.lab.phone.internal;

import java.util.HashMap;
import java.util.Map;

/** Counts, on the loop only. */
final class Tally {
    long originates;
    long refused;
    long pickedUp;
    long pressed;
    long messages;
    long cut;
    long left;
    long inbound;
    long inboundLost;
    long again;
    long noLine;
    long throttled;
    long requests;
    long faxes;
    long faxPages;
    final Map<Integer, Long> causes = new HashMap<>();

    void ended(int cause) {
        causes.merge(cause, 1L, Long::sum);
    }

    void forget() {
        originates = refused = pickedUp = pressed = messages = cut = left = 0;
        inbound = inboundLost = again = noLine = throttled = requests = faxes = faxPages = 0;
        causes.clear();
    }
}
