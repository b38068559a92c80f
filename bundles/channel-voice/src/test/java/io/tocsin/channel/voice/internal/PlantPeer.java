package io.tocsin.channel.voice.internal;

import io.tocsin.channel.testkit.CarrierPeer;
import io.tocsin.lab.people.PhoneFate;
import io.tocsin.lab.people.PhonePeople;
import io.tocsin.lab.phone.PlacedCall;
import io.tocsin.lab.phone.PlantOptions;
import io.tocsin.lab.phone.SimulatedPlant;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The simulated plant as the contract's carrier; what it says can be held back. */
final class PlantPeer implements CarrierPeer {
    private static final String SECRET = "Sehr-geheim-7";

    private final SimulatedPlant plant;
    private final HeldBack wire;
    private final AtomicInteger read = new AtomicInteger();
    private volatile Answer answer = Answer.ACCEPT;

    PlantPeer() throws IOException {
        plant = SimulatedPlant.start(PlantOptions.builder()
                .account("tocsin", SECRET)
                .people(this::called)
                .build());
        wire = new HeldBack(plant.port());
    }

    private PhonePeople.Reaction called(PhonePeople.Ring ring) {
        read.incrementAndGet();
        return switch (answer) {
            case THROTTLE -> refuses(PhoneFate.CONGESTION);
            case REFUSE_ADDRESS -> refuses(PhoneFate.UNALLOCATED);
            case DROP -> {
                new Thread(plant::crash, "plant-crash").start();
                yield refuses(PhoneFate.RINGS_OUT);
            }
            case ACCEPT, STALL ->
                new PhonePeople.Answers(
                        Duration.ofMillis(5),
                        false,
                        Duration.ZERO,
                        List.of(),
                        Optional.empty(),
                        Duration.ofMinutes(5),
                        Duration.ZERO);
        };
    }

    private static PhonePeople.Refuses refuses(PhoneFate fate) {
        return new PhonePeople.Refuses(fate, Duration.ofMillis(5), false, Optional.empty());
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(
                "host", "127.0.0.1",
                "port", String.valueOf(wire.port()),
                "user", "tocsin",
                "password", SECRET,
                "lines", "20",
                "caller-id", "+33162000001",
                "reconnect-patience", "20s");
    }

    @Override
    public List<String> secretSettings() {
        return List.of("password");
    }

    @Override
    public void answer(Answer now) {
        answer = now;
        wire.hold(now == Answer.STALL);
    }

    @Override
    public List<String> accepted() {
        return plant.placed().stream()
                .filter(call -> !call.heard().isEmpty())
                .map(PlacedCall::telephone)
                .toList();
    }

    @Override
    public int read() {
        return read.get();
    }

    @Override
    public void close() {
        wire.close();
        plant.close();
    }
}
