package io.tocsin.bench.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What an alert came to that faults were done to.
 *
 * @param faults by name, joined by a plus; {@code none} for an alert left alone
 * @param skipped why the fault could not be done here; empty: it was
 * @param wrong what is lost, doubled or does not add up; empty: nothing is
 * @param seconds from the launch until nobody was pending
 */
public record Verdict(
        String faults, String skipped, int recipients, List<String> wrong, Speed speed, Count count, double seconds) {
    /** Throughput is to be back within so many seconds. */
    static final double GOAL = 10;

    /**
     * How fast the carrier got its messages.
     *
     * @param baseline messages a second of the alert left alone right before, or of this one until the first strike
     * @param recovery seconds to the baseline after each strike; empty: not before the next, or the last message
     * @param during share of the baseline while harm was done
     * @param after share of the baseline from the end of the last harm until nearly everything had left
     * @param best share of the baseline in the fastest second after the last harm
     */
    public record Speed(double baseline, List<OptionalDouble> recovery, double during, double after, double best) {
        static final Speed NONE = new Speed(0, List.of(), 0, 0, 0);

        public boolean met() {
            return recovery.stream().allMatch(r -> r.isPresent() && r.getAsDouble() <= GOAL);
        }

        /** Whether not one whole stretch was left after the last harm in which to be fast again: nothing was judged. */
        boolean tooShort() {
            return !met() && best == 0;
        }

        private String word() {
            return tooShort() ? "too short to say" : met() ? "met" : "missed";
        }

        OptionalDouble worst() {
            return recovery.stream().allMatch(OptionalDouble::isPresent)
                    ? recovery.stream().mapToDouble(OptionalDouble::getAsDouble).max()
                    : OptionalDouble.empty();
        }
    }

    /**
     * What the carrier saw, and what the ledger says.
     *
     * @param lost people who got nothing
     * @param duplicates messages beyond a person's first
     * @param flagged people announced to get, perhaps, a second copy
     * @param unflagged messages beyond a person's first and the copies announced for that person
     * @param delivered people with a receipt
     * @param looks how often, while it ran, the carrier was held against the intents on disk
     */
    public record Count(long lost, long duplicates, long flagged, long unflagged, long delivered, long looks) {
        static final Count NONE = new Count(0, 0, 0, 0, 0, 0);
    }

    static Verdict skipped(Fault fault, int recipients, String why) {
        return new Verdict(fault.word(), why, recipients, List.of(), Speed.NONE, Count.NONE, 0);
    }

    public boolean wasSkipped() {
        return !skipped.isEmpty();
    }

    public boolean right() {
        return wrong.isEmpty();
    }

    /** Whether throughput was not back in time. */
    public boolean missed() {
        return !wasSkipped() && !speed.met() && !speed.tooShort();
    }

    /** Whether the alert was over before throughput could be back: {@code --recipients} asks for more. */
    boolean unjudged() {
        return !wasSkipped() && speed.tooShort();
    }

    /** One line, as scripts read it. */
    public ObjectNode json() {
        ObjectNode json =
                new ObjectMapper().createObjectNode().put("fault", faults).put("recipients", recipients);
        if (wasSkipped()) {
            return json.put("skipped", skipped);
        }
        json.put("lost", count.lost).put("duplicates", count.duplicates).put("flagged", count.flagged);
        json.put("unflagged", count.unflagged).put("delivered", count.delivered);
        json.put("intentLooks", count.looks);
        json.put("baseline", Math.round(speed.baseline));
        if (!speed.recovery.isEmpty()) {
            speed.worst()
                    .ifPresentOrElse(
                            worst -> json.put("recoverySeconds", round(worst)), () -> json.putNull("recoverySeconds"));
            ArrayNode each = json.putArray("recoveries");
            speed.recovery.forEach(r -> r.ifPresentOrElse(seconds -> each.add(round(seconds)), each::addNull));
            json.put("recovered", speed.word());
            json.put("duringShare", round(speed.during)).put("afterShare", round(speed.after));
            json.put("bestShare", round(speed.best));
        }
        json.put("seconds", round(seconds));
        if (!right()) {
            wrong.forEach(json.putArray("wrong")::add);
        }
        return json;
    }

    /** One line, as people read it. */
    public String line() {
        if (wasSkipped()) {
            return "%-24s skipped: %s".formatted(faults, skipped);
        }
        String recovery = speed.recovery.isEmpty()
                ? ""
                : "; back to %.0f/s after %s s: %s (%.0f %% of it meanwhile, %.0f %% after, %.0f %% in its best second)"
                        .formatted(
                                speed.baseline,
                                String.join(
                                        ", ",
                                        speed.recovery.stream()
                                                .map(r -> r.isPresent() ? "%.1f".formatted(r.getAsDouble()) : "-")
                                                .toList()),
                                speed.word(),
                                100 * speed.during,
                                100 * speed.after,
                                100 * speed.best);
        return "%-24s %s: lost %d, second copies %d, flagged %d, unflagged %d%s%s"
                .formatted(
                        faults,
                        right() ? "right" : "WRONG",
                        count.lost,
                        count.duplicates,
                        count.flagged,
                        count.unflagged,
                        recovery,
                        right() ? "" : "; " + String.join("; ", wrong));
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
