package io.tocsin.lab.phone;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the plant has seen since it started, was reset or marked. Line figures are measured here, not told by whoever calls.
 *
 * @param originates calls asked for and begun
 * @param refused originates answered with an error: unknown trunk, an id that lives
 * @param pickedUp calls that somebody, or a machine, picked up
 * @param pressed keys pressed by people
 * @param messages media heard from beginning to end
 * @param cut media cut short
 * @param left media that a machine recorded whole, after its beep
 * @param inbound calls from people
 * @param inboundLost calls from people with no application to take them, or not taken in time
 * @param telephones distinct numbers called
 * @param again calls to a number that had been called before
 * @param noLine calls told congestion because every line was busy
 * @param throttled calls told congestion because they came too fast
 * @param calls channels up now, both directions
 * @param lines calls out at once, at most
 * @param busy lines busy now
 * @param mostBusy the most at once
 * @param lineSeconds busy lines, integrated
 * @param seconds since then
 * @param callSeconds how long calls that ended had their line, on average; 0 without any
 * @param gapP50Ms from the end of a call on a line to the next call on it, median; 0 without any
 * @param gapP95Ms of the slowest twentieth
 * @param gapMaxMs the longest
 * @param perSecond calls begun in each second, whole seconds only, the first hour's
 * @param causes how calls out ended: how many by cause of Q.850
 * @param faxes calls asked for to send a fax
 * @param faxPages pages of them that arrived
 * @param requests asked over ARI
 * @param connections applications connected now
 */
public record PlantCounters(
        long originates,
        long refused,
        long pickedUp,
        long pressed,
        long messages,
        long cut,
        long left,
        long inbound,
        long inboundLost,
        long telephones,
        long again,
        long noLine,
        long throttled,
        int calls,
        int lines,
        int busy,
        int mostBusy,
        double lineSeconds,
        double seconds,
        double callSeconds,
        double gapP50Ms,
        double gapP95Ms,
        double gapMaxMs,
        List<Integer> perSecond,
        Map<Integer, Long> causes,
        long faxes,
        long faxPages,
        long requests,
        int connections) {

    /** The share of the lines that were busy, 0 to 1. */
    public double linesBusy() {
        return seconds == 0 ? 0 : lineSeconds / (lines * seconds);
    }

    /** One line of JSON. */
    public String toJson() {
        return "{\"originates\":" + originates + ",\"refused\":" + refused + ",\"pickedUp\":" + pickedUp
                + ",\"pressed\":" + pressed + ",\"messages\":" + messages + ",\"cut\":" + cut + ",\"left\":" + left
                + ",\"inbound\":" + inbound + ",\"inboundLost\":" + inboundLost + ",\"telephones\":" + telephones
                + ",\"again\":" + again + ",\"noLine\":" + noLine + ",\"throttled\":" + throttled + ",\"calls\":"
                + calls + ",\"lines\":" + lines + ",\"busy\":" + busy + ",\"mostBusy\":" + mostBusy
                + ",\"lineSeconds\":" + lineSeconds + ",\"seconds\":" + seconds + ",\"callSeconds\":" + callSeconds
                + ",\"linesBusy\":" + linesBusy()
                + ",\"gapP50Ms\":" + gapP50Ms + ",\"gapP95Ms\":" + gapP95Ms + ",\"gapMaxMs\":" + gapMaxMs
                + ",\"perSecond\":" + perSecond + ",\"causes\":"
                + new TreeMap<>(causes)
                        .entrySet().stream()
                                .map(cause -> "\"" + cause.getKey() + "\":" + cause.getValue())
                                .collect(Collectors.joining(",", "{", "}"))
                + ",\"faxes\":" + faxes + ",\"faxPages\":" + faxPages + ",\"requests\":" + requests
                + ",\"connections\":" + connections + "}";
    }
}
