package io.tocsin.bench.chaos;

import io.tocsin.lab.smsc.ReceivedMessage;
import io.tocsin.lab.smsc.SimulatedSmsc;
import io.tocsin.lab.smsc.SmscOptions;
import io.tocsin.peers.sites.Relay;
import io.tocsin.peers.sites.SiteName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** One carrier with an SMSC for each site, and the way of each node to its own. Thread-safe. */
public final class SiteCarriers implements AutoCloseable {
    /** What one SMSC counts up from before the other's begin: a carrier's ids are its own whichever of them gave them. */
    private static final long IDS = 1_000_000_000L;

    private record Carrier(SimulatedSmsc smsc, Relay way) {}

    /**
     * What the people got.
     *
     * @param messages complete ones
     * @param destinations people who got one or more
     * @param duplicates messages that left twice under one reference
     * @param copies by number, where it got more than one
     */
    record Seen(long messages, long destinations, long duplicates, Map<String, Integer> copies) {}

    private final Map<SiteName, Carrier> carriers = new EnumMap<>(SiteName.class);

    private SiteCarriers() {}

    /** @param here this machine's address, as the sites see it */
    static SiteCarriers start(String here, String password) throws IOException {
        SiteCarriers carriers = new SiteCarriers();
        try {
            for (SiteName site : List.of(SiteName.A, SiteName.B)) {
                SimulatedSmsc smsc = SimulatedSmsc.start(SmscOptions.builder()
                        .account("tocsin", password)
                        .latency(Duration.ofMillis(300))
                        .receiptDelay(Duration.ofMillis(200))
                        .referenceTag(0x1400)
                        .firstId(IDS * (1 + site.ordinal()))
                        .build());
                try {
                    Relay way = Relay.open(here, new InetSocketAddress(InetAddress.getLoopbackAddress(), smsc.port()));
                    carriers.carriers.put(site, new Carrier(smsc, way));
                } catch (IOException e) {
                    smsc.close();
                    throw e;
                }
            }
            return carriers;
        } catch (IOException e) {
            carriers.close();
            throw e;
        }
    }

    int port(SiteName site) {
        return way(site).port();
    }

    /** Of a site's node to its SMSC. */
    public Relay way(SiteName site) {
        return carriers.get(site).way;
    }

    /** Of both sites. */
    Stream<Relay> ways() {
        return carriers.values().stream().map(Carrier::way);
    }

    /** Complete messages that a site's SMSC has taken. */
    long messages(SiteName site) {
        return carriers.get(site).smsc.counters().messages();
    }

    long messages() {
        return carriers.keySet().stream().mapToLong(this::messages).sum();
    }

    /** Receipts and replies that nobody has acknowledged yet. */
    long undelivered() {
        return carriers.values().stream()
                .mapToLong(each -> each.smsc.counters().undelivered())
                .sum();
    }

    void reset() {
        carriers.values().forEach(each -> each.smsc.reset());
    }

    /** Counted over both: a second copy is one wherever it left. */
    Seen seen() {
        Map<String, Integer> copies = new HashMap<>();
        Set<List<String>> references = new HashSet<>();
        long messages = 0;
        long duplicates = 0;
        for (ReceivedMessage each : carriers.values().stream()
                .map(carrier -> carrier.smsc.messages())
                .flatMap(Collection::stream)
                .toList()) {
            messages++;
            copies.merge(each.destination(), 1, Integer::sum);
            if (each.reference().isPresent()
                    && !references.add(
                            List.of(each.destination(), each.reference().get()))) {
                duplicates++;
            }
        }
        int destinations = copies.size();
        copies.values().removeIf(count -> count == 1);
        return new Seen(messages, destinations, duplicates, copies);
    }

    @Override
    public void close() throws IOException {
        for (Carrier each : carriers.values()) {
            each.way.close();
            each.smsc.close();
        }
    }
}
