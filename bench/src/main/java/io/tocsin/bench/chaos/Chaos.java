package io.tocsin.bench.chaos;

import io.tocsin.bench.Options;
import java.io.IOException;
import java.sql.SQLException;
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
        System.err.printf(
                "tocsin: %d alerts of %d people: %d right, %d wrong, %d skipped; %d back to speed later than %.0f s%n",
                verdicts.size(), recipients, verdicts.size() - wrong - skipped, wrong, skipped, missed, Verdict.GOAL);
        return wrong > 0 || options.given("strict") && missed > 0 ? 1 : 0;
    }

    private static Set<Fault> faults(String words) {
        return words.isEmpty()
                ? EnumSet.allOf(Fault.class)
                : Arrays.stream(words.split(","))
                        .map(word -> Fault.of(word.strip()))
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Fault.class)));
    }

    /** Two alerts left alone, of which the second is the measure of what is held from the beginning; then one a fault. */
    private static void oneByOne(Site.Ask ask, Set<Fault> faults, Consumer<Verdict> tell) throws Exception {
        Set<Fault> onDisk = EnumSet.copyOf(faults);
        onDisk.retainAll(Set.of(Fault.DISK_FULL));
        faults.removeAll(onDisk);
        if (!faults.isEmpty()) {
            try (Site site = begin(ask, Optional.empty())) {
                warmUp(site);
                Verdict calm = Ordeal.of(site, List.of(), 0);
                tell.accept(calm);
                for (Fault fault : faults) {
                    say(fault);
                    List<Fault> strikes = Collections.nCopies(Math.max(1, fault.times()), fault);
                    tell.accept(Ordeal.of(site, strikes, calm.speed().baseline()));
                }
            }
        }
        if (!onDisk.isEmpty()) {
            say(Fault.DISK_FULL);
            try (SmallDisk disk = SmallDisk.mount(DISK_MEGABYTES);
                    Site site = begin(ask, Optional.of(disk))) {
                warmUp(site);
                tell.accept(Ordeal.of(site, List.of(Fault.DISK_FULL), 0));
            } catch (SmallDisk.NotMounted e) {
                tell.accept(Verdict.skipped(Fault.DISK_FULL, ask.people(), e.getMessage()));
            }
        }
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

    private static Site begin(Site.Ask ask, Optional<SmallDisk> disk)
            throws IOException, InterruptedException, SQLException {
        System.err.println("tocsin: starting a node with " + ask.people() + " people");
        return Site.start(ask, disk);
    }

    /** A node that has just started is slower than the one that is to be compared with itself. */
    private static void warmUp(Site site) throws Exception {
        System.err.println("tocsin: one alert to warm up, which does not count");
        Verdict verdict = Ordeal.of(site, List.of(), 0);
        if (!verdict.right()) {
            throw new IllegalStateException("the alert to warm up went wrong: " + verdict.line());
        }
    }

    private static void say(Fault fault) {
        System.err.println("tocsin: " + fault.word() + ": " + fault.meaning());
    }
}
