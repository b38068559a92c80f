package io.tocsin.bench.chaos;

import io.tocsin.bench.Options;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Faults done to a running node, one alert each: {@code ./tocsin chaos}. Exits 1 when somebody was lost, got a second copy that
 * was not flagged, or the ledger does not add up. How soon throughput was back is measured and told; it is part of the
 * verdict with {@code --strict} only.
 */
public final class Chaos {
    private static final int DISK_MEGABYTES = 1500;
    private static final int LEAST = 2000;

    private Chaos() {}

    public static void main(String[] args) throws Exception {
        try {
            System.exit(run(new Options(args, Set.of("recipients", "rate", "fault", "strict", "json"))));
        } catch (IllegalArgumentException e) {
            System.err.println("tocsin: chaos: " + e.getMessage());
            System.exit(2);
        }
    }

    private static int run(Options options) throws Exception {
        int recipients = options.number("recipients", 50_000);
        if (recipients < LEAST) {
            throw new IllegalArgumentException(
                    "--recipients " + recipients + " leaves no time for a fault; write " + LEAST + " or more");
        }
        Set<Fault> faults = faults(options.text("fault", ""));
        List<Verdict> verdicts = new ArrayList<>();
        oneByOne(new Site.Ask(recipients, options.number("rate", 0), Map.of()), faults, verdict -> {
            verdicts.add(verdict);
            if (!verdict.right()) {
                // What the node wrote is what there is to find out by.
                System.setProperty("tocsin.keep", "true");
            }
            System.out.println(options.json() ? verdict.json().toString() : verdict.line());
        });
        long skipped = verdicts.stream().filter(Verdict::wasSkipped).count();
        long wrong = verdicts.stream().filter(v -> !v.right()).count();
        long missed = verdicts.stream().filter(Verdict::missed).count();
        long unjudged = verdicts.stream().filter(Verdict::unjudged).count();
        System.err.printf(
                "tocsin: %d alerts of %d people: %d right, %d wrong, %d skipped; %d back to speed later than %.0f s,"
                        + " %d too short to say%n",
                verdicts.size(),
                recipients,
                verdicts.size() - wrong - skipped,
                wrong,
                skipped,
                missed,
                Verdict.GOAL,
                unjudged);
        return wrong > 0 || options.given("strict") && missed > 0 ? 1 : 0;
    }

    private static Set<Fault> faults(String words) {
        return words.isEmpty()
                ? EnumSet.allOf(Fault.class)
                : Arrays.stream(words.split(","))
                        .map(word -> Fault.of(word.strip()))
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Fault.class)));
    }

    private static void oneByOne(Site.Ask ask, Set<Fault> faults, Consumer<Verdict> tell) throws Exception {
        Set<Fault> here = EnumSet.copyOf(faults);
        here.remove(Fault.DISK_FULL);
        if (!here.isEmpty()) {
            try (Site site = begin(ask, Optional.empty())) {
                for (Fault fault : here) {
                    tell.accept(ordeal(site, fault));
                }
            }
        }
        if (faults.contains(Fault.DISK_FULL)) {
            try (SmallDisk disk = SmallDisk.mount(DISK_MEGABYTES);
                    Site site = begin(ask, Optional.of(disk))) {
                tell.accept(ordeal(site, Fault.DISK_FULL));
            } catch (SmallDisk.NotMounted e) {
                tell.accept(Verdict.skipped(Fault.DISK_FULL, ask.people(), e.getMessage()));
            }
        }
    }

    /**
     * An alert left alone, then one with the fault. The first is the measure of the second: the machine's speed drifts from
     * minute to minute, and an alert's own first second is faster than the rest, because no receipt has come yet.
     */
    private static Verdict ordeal(Site site, Fault fault) throws Exception {
        Verdict calm = Ordeal.of(site, List.of(), 0);
        if (!calm.right()) {
            return calm;
        }
        System.err.printf(
                "tocsin: %s: %s (left alone: %.0f/s)%n",
                fault.word(), fault.meaning(), calm.speed().baseline());
        return Ordeal.of(
                site,
                Collections.nCopies(Math.max(1, fault.times()), fault),
                calm.speed().baseline());
    }

    /**
     * The short form: all the faults named, each struck once, in one alert.
     *
     * @param perSecond the account's throttle, so that the alert lasts long enough for them; 0 for none
     * @param graceSeconds how long a message in doubt waits before it is sent again
     */
    public static Verdict together(int people, int perSecond, int graceSeconds, List<Fault> faults) throws Exception {
        Map<String, Map<String, String>> settings =
                Map.of("io.tocsin.routing", Map.of("inDoubtGraceSeconds", String.valueOf(graceSeconds)));
        try (Site site = Site.start(new Site.Ask(people, perSecond, settings), Optional.empty())) {
            return Ordeal.of(site, faults, 0);
        }
    }

    /** A node that has just started is slower than later: an alert to warm up does not count. */
    private static Site begin(Site.Ask ask, Optional<SmallDisk> disk) throws Exception {
        System.err.println("tocsin: starting a node with " + ask.people() + " people; one alert to warm up");
        Site site = Site.start(ask, disk);
        try {
            Verdict verdict = Ordeal.of(site, List.of(), 0);
            if (!verdict.right()) {
                throw new IllegalStateException("the alert to warm up went wrong: " + verdict.line());
            }
            return site;
        } catch (Exception e) {
            site.close();
            throw e;
        }
    }
}
