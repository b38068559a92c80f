package io.tocsin.bench.chaos;

import io.tocsin.bench.Options;
import io.tocsin.bench.chaos.TwoSitesOrdeal.Outcome;
import io.tocsin.peers.sites.SiteName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Faults of sites, links and databases done to a platform on two sites, several in a row and one alert each: {@code ./tocsin chaos
 * --two-sites}. Which, and where, comes from a seed that is printed. With {@code --voice N} so many people are called besides, by an
 * Asterisk at each site. Exits 1 when somebody was lost, got a second copy or call that was not flagged, pressed a key that was not
 * counted, an acknowledged row is gone, or the ledger does not add up.
 */
public final class TwoSitesChaos {
    private static final int FAULTS_IN_A_ROW = 3;
    private static final int LEAST = 1000;
    private static final int CALLED = 150;
    /** As many numbers as are kept for fiction. */
    private static final int MOST_CALLED = 10_000;

    private TwoSitesChaos() {}

    public static void main(String[] args) throws Exception {
        try {
            System.exit(run(new Options(
                    args, Set.of("two-sites", "seed", "sequences", "recipients", "rate", "voice", "fault", "json"))));
        } catch (IllegalArgumentException e) {
            System.err.println("tocsin: chaos: " + e.getMessage());
            System.exit(2);
        }
    }

    private static int run(Options options) throws Exception {
        int people = options.number("recipients", 9000);
        if (people < LEAST) {
            throw new IllegalArgumentException(
                    "--recipients " + people + " leaves no time for a fault; write " + LEAST + " or more");
        }
        int rate = options.number("rate", 60);
        int sequences = options.number("sequences", 3);
        int seed = options.number("seed", new Random().nextInt(1_000_000));
        List<SiteFault> asked = faults(options.text("fault", ""));
        int called = options.number("voice", asked.stream().anyMatch(SiteFault::ofCalls) ? CALLED : 0);
        if (called < 0 || called > MOST_CALLED) {
            throw new IllegalArgumentException(
                    "--voice " + called + " people: there are numbers for 1 to " + MOST_CALLED);
        }
        if (called == 0 && asked.stream().anyMatch(SiteFault::ofCalls)) {
            throw new IllegalArgumentException("a fault of a switch needs people who are called: --voice " + CALLED);
        }
        System.err.printf("tocsin: two sites: %d sequences, --seed %d%n", sequences, seed);
        int wrong = 0;
        try (TwoSites sites = TwoSites.start(people, rate, called)) {
            for (int i = 0; i < sequences; i++) {
                // Each its own, so that one that went wrong is told again alone.
                Random random = new Random(seed + i);
                Outcome outcome = sequence(sites, asked, random);
                System.out.println(
                        options.json()
                                ? outcome.json().put("seed", seed + i).toString()
                                : "seed " + (seed + i) + ": " + (outcome.wrong().isEmpty() ? "right" : "WRONG") + ": "
                                        + outcome);
                if (!outcome.wrong().isEmpty()) {
                    wrong++;
                    System.setProperty("tocsin.keep", "true");
                }
            }
        }
        System.err.printf("tocsin: two sites: %d sequences, %d wrong%n", sequences, wrong);
        return wrong > 0 ? 1 : 0;
    }

    private static Outcome sequence(TwoSites sites, List<SiteFault> asked, Random random) throws Exception {
        List<SiteFault> faults = new ArrayList<>(asked);
        List<SiteFault> possible = Arrays.stream(SiteFault.values())
                .filter(fault -> sites.switches().isPresent() || !fault.ofCalls())
                .toList();
        while (faults.size() < FAULTS_IN_A_ROW && asked.isEmpty()) {
            faults.add(possible.get(random.nextInt(possible.size())));
        }
        System.err.println(
                "tocsin: two sites: " + faults.stream().map(SiteFault::word).collect(Collectors.joining(", ")));
        try (TwoSitesOrdeal ordeal = TwoSitesOrdeal.begin(sites, site(random))) {
            for (SiteFault fault : faults) {
                ordeal.awaitMore(sites.people() / 20);
                fault.on(sites, ordeal, site(random));
            }
            return ordeal.end();
        }
    }

    private static SiteName site(Random random) {
        return random.nextBoolean() ? SiteName.A : SiteName.B;
    }

    private static List<SiteFault> faults(String words) {
        List<SiteFault> faults = new ArrayList<>();
        for (String word : words.isEmpty() ? new String[0] : words.split(",")) {
            faults.add(Arrays.stream(SiteFault.values())
                    .filter(fault -> fault.word().equals(word.strip()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no fault '" + word + "'; there are "
                            + Arrays.stream(SiteFault.values())
                                    .map(SiteFault::word)
                                    .collect(Collectors.joining(", ")))));
        }
        return faults;
    }
}
